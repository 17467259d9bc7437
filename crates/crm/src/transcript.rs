use std::fmt::Write;

use frontdesk_types::{
    Author, DismissedBy, Event, Fact, Instant, Media, SessionId, TransferTarget,
};
use serde::{Deserialize, Serialize};

/// Who a line of a transcript is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// An agent.
    Agent(String),
    /// The consumer.
    Consumer,
    /// The platform: greetings, menus, and what happened.
    System,
}

/// A line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// Who.
    pub sender: Sender,
    /// What.
    pub text: String,
    /// Pictures and videos that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
}

impl Line {
    /// The line that an event makes; `None` for what no reader of a transcript wants to see.
    pub fn of(event: &Event) -> Option<Self> {
        let line =
            |sender, text: String| Some(Self { at: event.at, sender, text, media: Vec::new() });
        match &event.fact {
            Fact::InboundMessage { body, media, .. } => {
                Some(Self { media: media.clone(), ..line(Sender::Consumer, body.clone())? })
            }
            Fact::OutboundMessage { author: Author::Agent(agent), body, .. } => {
                line(Sender::Agent(agent.to_string()), body.clone())
            }
            Fact::OutboundMessage { author: Author::System, body, .. } => {
                line(Sender::System, body.clone())
            }
            Fact::Queued { queue } => line(Sender::System, format!("[queued: {queue}]")),
            Fact::Assigned { agent, .. } => line(Sender::System, format!("[assigned: {agent}]")),
            Fact::ReturnedToQueue { agent, .. } => line(Sender::System, format!("[{agent} left]")),
            Fact::MenuEntered { node, .. } => line(Sender::System, format!("[menu: {node}]")),
            Fact::LanguageChanged { language } => {
                line(Sender::System, format!("[language: {language}]"))
            }
            Fact::AgentLeft { agent } => line(Sender::System, format!("[{agent} left]")),
            Fact::Dismissed { by: DismissedBy::Inactivity, .. } => {
                line(Sender::System, "[chat dismissed: nobody wrote]".into())
            }
            Fact::Dismissed { .. } => line(Sender::System, "[chat dismissed]".into()),
            Fact::Resumed { .. } => line(Sender::System, "[chat resumed]".into()),
            Fact::HandedOver { agent, queue } => {
                line(Sender::System, format!("[{agent} hands over to {queue}]"))
            }
            Fact::TransferStarted { agent, to } => {
                let to = match to {
                    TransferTarget::Agent(agent) => agent.as_str(),
                    TransferTarget::Queue(queue) => queue.as_str(),
                };
                line(Sender::System, format!("[transfer from {agent} to {to}]"))
            }
            Fact::TransferFailed { agent, .. } => {
                line(Sender::System, format!("[transfer failed, {agent} goes on]"))
            }
            Fact::OptedOut { .. } => line(Sender::System, "[opted out]".into()),
            Fact::Ended { reason } => line(Sender::System, format!("[ended: {}]", reason.words())),
            _ => None,
        }
    }
}

/// A transcript as text (CRM-8): a header with id and date, then the lines, consecutive ones of a sender
/// under one heading.
pub fn text(session: SessionId, lines: &[Line]) -> String {
    let mut out = format!("Chat {session}");
    if let Some(first) = lines.first() {
        let _ = write!(out, ", {}", first.at.format("%Y-%m-%d"));
    }
    out.push('\n');
    let mut last: Option<&Sender> = None;
    for line in lines {
        if last != Some(&line.sender) {
            let sender = match &line.sender {
                Sender::Agent(agent) => agent.as_str(),
                Sender::Consumer => "Consumer",
                Sender::System => "System",
            };
            let _ = writeln!(out, "\n{} {sender}", line.at.format("%H:%M:%S"));
            last = Some(&line.sender);
        }
        let _ = writeln!(out, "{}", line.text);
        for media in &line.media {
            let _ = writeln!(out, "({}: {})", media.content_type, media.url);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_lines_of_a_sender_stand_together() {
        let line = |second: u32, sender, text: &str| Line {
            at: format!("2026-11-21T15:00:{second:02}Z").parse().unwrap(),
            sender,
            text: text.into(),
            media: Vec::new(),
        };
        let lines = [
            line(1, Sender::Consumer, "Hello"),
            line(2, Sender::Consumer, "Anyone?"),
            line(3, Sender::Agent("ana".into()), "Hi!"),
        ];
        assert_eq!(
            text(SessionId(7), &lines),
            "Chat 7, 2026-11-21\n\n15:00:01 Consumer\nHello\nAnyone?\n\n15:00:03 ana\nHi!\n"
        );
    }
}
