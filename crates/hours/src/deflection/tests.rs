use std::collections::BTreeMap;

use super::*;

fn id(text: &str) -> QueueId {
    text.parse().unwrap()
}

fn one(offer: Alternative) -> Deflection {
    Deflection::new(Medium::Call, Channel::Ivr, vec![offer]).unwrap()
}

/// A menu `main` of `sales` and `support`.
#[derive(Default)]
struct Menu {
    open: Vec<QueueId>,
    own: BTreeMap<QueueId, Deflection>,
    center: Option<Deflection>,
    leaves: Vec<QueueId>,
}

impl<'a> MenuHours<'a> for &'a Menu {
    fn is_open(&self, queue: &QueueId) -> bool {
        self.open.contains(queue)
    }

    fn own(&self, node: &QueueId) -> Option<&'a Deflection> {
        let menu: &'a Menu = self;
        menu.own.get(node)
    }

    fn center(&self) -> Option<&'a Deflection> {
        let menu: &'a Menu = self;
        menu.center.as_ref()
    }

    fn leaves(&self, node: &QueueId) -> Box<dyn Iterator<Item = &'a QueueId> + 'a> {
        let menu: &'a Menu = self;
        let is_menu = node.as_str() == "main";
        Box::new(menu.leaves.iter().filter(move |_| is_menu))
    }
}

/// Who is open, and what leads where: `sales>support` is a queue, `main=voicemail` anything else; `*` is the center.
fn menu(open: &str, own: &str) -> Menu {
    let open = open.split_whitespace().map(id).collect();
    let mut menu = Menu { open, leaves: vec![id("sales"), id("support")], ..Menu::default() };
    for word in own.split_whitespace() {
        let (node, offer) = if let Some((node, queue)) = word.split_once('>') {
            (node, Alternative::Queue(id(queue)))
        } else {
            let (node, what) = word.split_once('=').unwrap();
            let offer = match what {
                "voicemail" => Alternative::Voicemail,
                "message" => Alternative::Message,
                number => Alternative::PhoneNumber(number.parse().unwrap()),
            };
            (node, offer)
        };
        let deflection = one(offer);
        match node {
            "*" => menu.center = Some(deflection),
            node => drop(menu.own.insert(id(node), deflection)),
        }
    }
    menu
}

fn said(answer: &Answer<'_>) -> String {
    match answer {
        Answer::Closed => "closed".into(),
        Answer::Deflected { node, own, deflection } => {
            let whose = if *own { "its own" } else { "the center's" };
            let offers: Vec<String> = deflection.offers().iter().map(ToString::to_string).collect();
            format!("{node}: {} ({whose})", offers.join(", "))
        }
        Answer::Menu => "the menu".into(),
        Answer::Open { queue } => format!("waits in {queue}"),
    }
}

/// The five worked cases of the product. A parent's own hours are not asked: open or closed, its queues decide.
#[test]
fn hrs_5_the_five_cases() {
    for (case, open, own, at, expected) in [
        ("parent closed, one leaf open", "sales", "main=voicemail", "main", "the menu"),
        (
            "the closed leaf of it",
            "sales",
            "main=voicemail *=message",
            "support",
            "support: message (the center's)",
        ),
        (
            "parent closed, leaves closed with none",
            "",
            "main=voicemail",
            "main",
            "main: voicemail (its own)",
        ),
        ("… and none of the parent's", "", "*=message", "main", "main: message (the center's)"),
        ("… and none at all", "", "", "main", "closed"),
        (
            "parent closed, leaves closed with their own",
            "",
            "main=message sales=voicemail support=voicemail",
            "main",
            "the menu",
        ),
        (
            "… chosen",
            "",
            "main=message sales=voicemail support=voicemail",
            "sales",
            "sales: voicemail (its own)",
        ),
        (
            "… one of them with its own is enough",
            "",
            "main=message sales=voicemail",
            "main",
            "the menu",
        ),
        (
            "… the other chosen, not the parent's",
            "",
            "main=message sales=voicemail",
            "support",
            "closed",
        ),
        (
            "parent open, leaves all closed with none",
            "main",
            "main=voicemail",
            "main",
            "main: voicemail (its own)",
        ),
        (
            "parent open, some leaves open",
            "main sales",
            "main=voicemail *=message",
            "main",
            "the menu",
        ),
        ("… the open one", "main sales", "main=voicemail *=message", "sales", "waits in sales"),
        (
            "… the closed one",
            "main sales",
            "main=voicemail *=message",
            "support",
            "support: message (the center's)",
        ),
    ] {
        assert_eq!(said(&answer(&&menu(open, own), &id(at))), expected, "{case}");
    }
}

#[test]
fn hrs_6_a_queue_instead_is_the_first_that_is_open() {
    for (open, own, at, expected) in [
        ("support", "sales>support", "sales", "waits in support"),
        ("night", "sales>support support>night", "sales", "waits in night"),
        ("", "sales>support support=voicemail", "sales", "support: voicemail (its own)"),
        ("", "sales>support *=message", "sales", "support: message (the center's)"),
        ("", "sales>support", "sales", "closed"),
        ("night", "*>night", "sales", "waits in night"),
        // A queue is not led to itself.
        ("", "*>night", "sales", "closed"),
        ("night", "main>night", "main", "waits in night"),
        // Configuration refuses circles; there is an end all the same.
        ("", "sales>support support>sales", "sales", "closed"),
    ] {
        assert_eq!(said(&answer(&&menu(open, own), &id(at))), expected, "{open} {own}");
    }
}

#[test]
fn hrs_6_to_9_what_can_be_offered_where() {
    use Alternative::{Email, Message, PhoneNumber, Queue, ScheduledCall, Voicemail};
    use Channel::{Ivr, Mobile, Sms, Web};
    use Medium::{Call, Chat};
    let (number, queue) = (PhoneNumber("+12025550177".parse().unwrap()), Queue(id("night")));
    let said = |medium, entry_point, offers: &[&Alternative]| {
        let offers = offers.iter().map(|offer| (*offer).clone()).collect();
        Deflection::new(medium, entry_point, offers)
            .map_or_else(|error| error.to_string(), |_| "fine".into())
    };
    for offer in [&queue, &number, &Voicemail, &Message] {
        assert_eq!(said(Call, Ivr, &[offer]), "fine");
    }
    assert_eq!(
        said(Call, Ivr, &[&Voicemail, &Message]),
        "voicemail stands alone: nothing else can be offered beside it"
    );
    assert_eq!(said(Call, Ivr, &[&Email]), "email is not for calls through Ivr");
    assert_eq!(said(Call, Mobile, &[&ScheduledCall, &Email, &number, &Voicemail]), "fine");
    assert_eq!(said(Call, Mobile, &[&queue]), "fine");
    assert_eq!(
        said(Call, Mobile, &[&Email, &queue]),
        "the queue night stands alone: nothing else can be offered beside it"
    );
    assert_eq!(said(Call, Web, &[&ScheduledCall, &Email]), "fine");
    assert_eq!(said(Call, Web, &[&Voicemail]), "voicemail is not for calls through Web");
    assert_eq!(said(Call, Web, &[&number]), "the number +12025550177 is not for calls through Web");
    assert_eq!(said(Call, Web, &[&Email, &Email]), "offers email twice");
    assert_eq!(said(Chat, Web, &[&Email]), "fine");
    assert_eq!(said(Chat, Mobile, &[&Message]), "fine");
    assert_eq!(
        said(Chat, Mobile, &[&Message, &Email]),
        "message stands alone: nothing else can be offered beside it"
    );
    assert_eq!(said(Chat, Web, &[&queue]), "the queue night is not for chats through Web");
    assert_eq!(said(Chat, Sms, &[&queue]), "fine");
    assert_eq!(said(Chat, Sms, &[&Email]), "email is not for chats through Sms");
    assert_eq!(said(Chat, Ivr, &[&Message]), "message is not for chats through Ivr");
    assert_eq!(said(Call, Web, &[]), "offers nothing");
}
