//! Pictures and videos (SMS-7): judged by their content, kept, and refused without losing the text.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    Inbound, MediaError, MediaView,
    store::MemoryStore,
    types::{AgentStatus, Fact, Media, MediaKind, MediaRefusal, SessionId},
};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, World};

const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00 and so on";

/// A text with pictures at these URLs, all of which say that they are JPEG.
fn with_pictures(world: &World, id: &str, body: &str, urls: &[&str]) {
    let media = |url: &&str| Media { url: (*url).into(), content_type: "image/jpeg".into() };
    let media = urls.iter().map(media).collect();
    let inbound = Inbound { media, ..World::inbound(id, CONSUMER, NUMBER, body) };
    block_on(world.engine.receive(inbound)).unwrap();
    world.settle();
}

fn hang(world: &World, url: &str, picture: Result<&[u8], MediaError>) {
    let picture = picture.map(<[u8]>::to_vec);
    world.gallery.pictures.lock().unwrap().insert(url.into(), picture);
}

fn refused(world: &World) -> Vec<(u8, MediaRefusal)> {
    let reason = |fact: Fact| match fact {
        Fact::MediaRefused { index, reason, .. } => Some((index, reason)),
        _ => None,
    };
    world.events().into_iter().filter_map(|event| reason(event.fact)).collect()
}

fn kept(world: &World, session: SessionId, id: &str, index: u8) -> Option<MediaView> {
    block_on(world.engine.media(session, None, id, index)).unwrap()
}

#[test]
fn pictures_are_kept_as_what_they_are_and_the_others_are_refused_once() {
    let mut world = World::new();
    let session = world.chat();
    let sent = world.sent().len();
    let large = [GIF, &vec![0; 6_000_000]].concat();
    hang(&world, "gif", Ok(GIF));
    hang(&world, "page", Ok(b"<script>alert(1)</script>"));
    hang(&world, "large", Ok(&large));
    with_pictures(&world, "MM1", "Look at these", &["gif", "page", "large", "nowhere"]);
    let expected = MediaView { kind: MediaKind::Gif, content: GIF.to_vec() };
    assert_eq!(kept(&world, session, "MM1", 0), Some(expected), "not a JPEG, whatever it says");
    for other in 1..=4 {
        assert_eq!(kept(&world, session, "MM1", other), None);
    }
    let why = [MediaRefusal::Unsupported, MediaRefusal::TooLarge, MediaRefusal::Unavailable];
    assert_eq!(refused(&world), [(1, why[0]), (2, why[1]), (3, why[2])]);
    // Told once; the text is there.
    assert_eq!(world.sent().len(), sent + 1);
    assert_eq!(world.sent_with("we cannot take this file"), 1);
    let text =
        |fact: &Fact| matches!(fact, Fact::InboundMessage { body, .. } if body == "Look at these");
    assert_eq!(world.count(text), 1);
    // Delivered twice, fetched once; with nothing wrong, nothing is said.
    with_pictures(&world, "MM1", "Look at these", &["gif"]);
    with_pictures(&world, "MM2", "", &["gif"]);
    assert_eq!(world.count(|fact| matches!(fact, Fact::MediaStored { .. })), 2);
    assert_eq!(world.sent().len(), sent + 1);
}

#[test]
fn a_provider_that_is_slow_is_asked_again_also_after_a_restart() {
    let mut world = World::new();
    let session = world.chat();
    let busy = || Err(MediaError::Temporary { reason: "503".into() });
    hang(&world, "gif", busy());
    with_pictures(&world, "MM1", "Look", &["gif"]);
    assert_eq!(kept(&world, session, "MM1", 0), None);
    assert!(refused(&world).is_empty());
    let world = world.restart(CENTER);
    hang(&world, "gif", Ok(GIF));
    world.pass(TimeDelta::minutes(1));
    assert!(kept(&world, session, "MM1", 0).is_some());
    // One that never answers is given up aloud, and the consumer hears of it.
    hang(&world, "never", busy());
    with_pictures(&world, "MM2", "Look", &["never"]);
    for _ in 0..60 {
        world.pass(TimeDelta::hours(2));
    }
    assert_eq!(refused(&world), [(0, MediaRefusal::Unavailable)]);
    assert_eq!(block_on(world.engine.dead_letters(9)).unwrap().len(), 1);
    assert_eq!(world.sent_with("we cannot take this file"), 1);
}

#[test]
fn thousands_of_pictures_are_as_many_as_a_message_can_have() {
    let mut world = World::new();
    let session = world.chat();
    hang(&world, "gif", Ok(GIF));
    with_pictures(&world, "MM1", "All of them", &vec!["gif"; 3_000]);
    assert_eq!(world.count(|fact| matches!(fact, Fact::MediaStored { .. })), 10);
    assert!(kept(&world, session, "MM1", 9).is_some());
    assert_eq!(refused(&world), [(10, MediaRefusal::TooMany)]);
}

#[test]
fn nothing_is_fetched_for_those_who_are_not_heard() {
    let mut world = World::new();
    hang(&world, "gif", Ok(GIF));
    hang(&world, "page", Ok(b"<html>"));
    world.text("STOP");
    let sent = world.sent().len();
    with_pictures(&world, "MM1", "Look", &["gif", "page"]);
    assert!(block_on(world.engine.set_blocked(CONSUMER.parse().unwrap(), true)).unwrap());
    with_pictures(&world, "MM2", "Look", &["gif", "page"]);
    assert_eq!(world.count(|fact| matches!(fact, Fact::MediaStored { .. })), 0);
    assert_eq!(world.sent().len(), sent);
}

#[test]
fn the_limit_is_a_setting() {
    let config = CENTER.to_owned() + "[media]\nlimit_mb = 1\n";
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    world.set_status("ana", AgentStatus::Available);
    let session = world.chat();
    let two = [GIF, &vec![0; 2_000_000]].concat();
    hang(&world, "large", Ok(&two));
    with_pictures(&world, "MM1", "Look", &["large"]);
    assert_eq!(refused(&world), [(0, MediaRefusal::TooLarge)]);
    assert_eq!(world.sent_with("we cannot take this file"), 1);
    assert_eq!(kept(&world, session, "MM1", 0), None);
}

/// A phone that answers each text with a picture that is not taken.
#[test]
fn sms_16_what_is_said_about_pictures_counts() {
    let mut world = World::new();
    let _ = world.chat();
    hang(&world, "page", Ok(b"<script>alert(1)</script>"));
    for n in 0..30 {
        with_pictures(&world, &format!("MM{n}"), "", &["page"]);
    }
    assert_eq!(world.sent().len(), 20);
    let told = world.sent_with("we cannot take this file");
    world.pass(TimeDelta::minutes(61));
    with_pictures(&world, "MM30", "", &["page"]);
    assert_eq!(world.sent_with("we cannot take this file"), told + 1);
}
