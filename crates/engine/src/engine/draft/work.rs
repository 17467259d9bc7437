//! The work that a commit's events ask for: texts, pictures, posts of the CRM.

use frontdesk_tendlc::{ContentType, advertises};
use frontdesk_types::{Fact, Instant, MessageId, Purpose, SessionId};

use super::{Draft, line::Counted};
use crate::{
    engine::media,
    store::{AutomaticText, Line, NewWork, Task, Urgency},
};

impl Draft {
    /// The work that the events ask for.
    pub(super) fn work(&mut self) -> Vec<NewWork> {
        let mut work = Vec::new();
        let counted = self.count_automatic_texts();
        let of = |id| counted.iter().find(|(of, _)| of == id).map(|(_, counted)| counted);
        // Nothing is fetched for those who are not heard.
        let ignored = self.events.iter().any(|event| matches!(event.fact, Fact::Ignored { .. }));
        for event in &self.events {
            match (&event.fact, self.subject) {
                (Fact::OutboundMessage { id, purpose, body, .. }, _) => {
                    let automatic = match of(id) {
                        None => None,
                        Some(Counted::Leaves(text)) => Some(*text),
                        Some(Counted::Withheld(_)) => continue,
                    };
                    let text = TextOf {
                        purpose: *purpose,
                        kind: self.notice_kind,
                        automatic,
                        opt_in_text: self.shows_opt_in_text.as_ref() == Some(id),
                        offers: self.notice_kind == Some(ContentType::Informational)
                            && advertises(body, ContentType::Informational).is_some(),
                    };
                    work.push(text_work(self.line, id, text, body, self.at));
                }
                (Fact::Assigned { .. }, Some(session)) if !self.before.connected => {
                    work.push(crm_work(session, "match", Task::MatchContact { session }, self.at));
                    work.push(crm_work(
                        session,
                        "connected",
                        Task::PostConnected { session },
                        self.at,
                    ));
                }
                (Fact::InboundMessage { .. }, session) if !ignored => {
                    work.extend(media::work_of(session, self.line, event));
                }
                (Fact::Ended { .. }, Some(session)) if self.before.connected => {
                    work.push(crm_work(session, "ended", Task::PostEnded { session }, self.at));
                }
                _ => {}
            }
        }
        for (id, counted) in counted {
            if let Counted::Withheld(delivery) = counted {
                self.emit(Fact::Delivery { id, delivery });
            }
        }
        work
    }
}

/// The purpose and kind of a text that is to leave, and how it counts.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct TextOf {
    pub(in crate::engine) purpose: Purpose,
    /// Where its purpose does not tell.
    pub(in crate::engine) kind: Option<ContentType>,
    /// How it counts, if nobody wrote it.
    pub(in crate::engine) automatic: Option<AutomaticText>,
    /// It has the opt-in text: the ledger enters that it was shown when the text has left.
    pub(in crate::engine) opt_in_text: bool,
    /// It is a notice that advertises although it says that it informs: the gate may hold it where others leave.
    pub(in crate::engine) offers: bool,
}

/// A text that is to leave. Those of one lane leave one after the other. What the gate holds, or what fails, keeps only its own
/// lane waiting: a promotion that is held for the night, and a notice that advertises, keep no notice, no answer and no confirmation of a
/// revocation.
pub(in crate::engine) fn text_work(
    line: Line,
    id: &MessageId,
    TextOf { purpose, kind, automatic, opt_in_text, offers }: TextOf,
    body: &str,
    at: Instant,
) -> NewWork {
    let (kind_of_lane, urgency) = match (purpose, kind) {
        (Purpose::OptOutConfirmation, _) => ("confirmation", Urgency::Confirmation),
        (Purpose::Notification, Some(ContentType::Promotional)) => ("promotion", Urgency::Notice),
        (Purpose::Notification, Some(ContentType::Conversational)) => ("prompt", Urgency::Notice),
        (Purpose::Notification, _) if offers => ("offer", Urgency::Notice),
        (Purpose::Notification, _) => ("notice", Urgency::Notice),
        _ => ("text", Urgency::Answer),
    };
    NewWork {
        key: id.to_string(),
        lane: lane(kind_of_lane, line),
        task: Task::SendText {
            id: id.clone(),
            line,
            purpose,
            body: body.to_owned(),
            kind,
            automatic,
            opt_in_text,
        },
        not_before: at,
        urgency,
    }
}

fn lane(kind: &str, line: Line) -> String {
    format!("{kind} {}-{}", line.consumer.digits(), line.number)
}

/// The lanes of a line in which texts wait that a revocation takes back.
pub(in crate::engine) fn revocable_lanes(line: Line) -> impl Iterator<Item = String> {
    ["notice", "offer", "promotion", "prompt", "text"].into_iter().map(move |kind| lane(kind, line))
}

fn crm_work(session: SessionId, what: &str, task: Task, at: Instant) -> NewWork {
    NewWork {
        key: format!("{session}-crm-{what}"),
        lane: format!("crm {session}"),
        task,
        not_before: at,
        urgency: Urgency::Answer,
    }
}
