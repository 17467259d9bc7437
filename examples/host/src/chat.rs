//! `frontdesk chat`: a conversation with the configured center, consumer and agent side by side.

use std::{
    io::{BufRead, IsTerminal},
    path::Path,
    sync::Arc,
};

use chrono::TimeDelta;
use frontdesk::{
    Center, Clock, Engine, Inbound, ManualClock, Parts, SystemClock,
    store::EventQuery,
    types::{AgentId, AgentStatus, Author, Event, Fact, SessionId, SupportNumber},
};
use futures::executor::block_on;

use crate::{
    output,
    settings::{self, HostError},
};

const HELP: &str = "\
  any text        the consumer texts it
  @ any text      the agent writes it
  /take           the agent takes the oldest offer
  /end            the agent ends the chat
  /return         the agent gives the chat back to its queue
  /wait 61m       time passes (s, m, h; with --virtual)
  /quit";

/// The width of the consumer's column.
const COLUMN: usize = 46;

struct Chat {
    engine: Engine,
    clock: Option<Arc<ManualClock>>,
    agent: AgentId,
    number: SupportNumber,
    session: Option<SessionId>,
    texts: u32,
    seen: u64,
}

pub(crate) fn run(
    config: Option<&Path>,
    virtual_time: bool,
    number: Option<SupportNumber>,
) -> Result<(), HostError> {
    let (center, _) = settings::load(config)?;
    block_on(async {
        let Some(agent) = center.agents().keys().next().cloned() else {
            return Err(HostError::Refused("the configuration has no agent to chat with".into()));
        };
        let number = chosen(&center, number)?;
        let clock = virtual_time.then(|| Arc::new(ManualClock::new(SystemClock.now())));
        let parts = Parts {
            clock: match &clock {
                Some(clock) => Arc::clone(clock) as Arc<dyn Clock>,
                None => Arc::new(SystemClock),
            },
            ..Parts::in_memory(&center)
        };
        let engine = Engine::open(center, parts).await?;
        engine.set_status(&agent, AgentStatus::Available).await?;
        let mut chat = Chat { engine, clock, agent, number, session: None, texts: 0, seen: 0 };
        output::line(format_args!(
            "{:COLUMN$}| {} (agent)\n{HELP}\n",
            format!("consumer, texting {number}"),
            chat.agent
        ))?;
        chat.converse().await
    })
}

/// The number that is texted: the one that was asked for, if the center has it, or the first.
fn chosen(center: &Center, asked: Option<SupportNumber>) -> Result<SupportNumber, HostError> {
    let all: Vec<_> = center.numbers().map(|(number, _)| number).collect();
    let refused = |why: String| HostError::Refused(why);
    match asked {
        None => all
            .first()
            .copied()
            .ok_or_else(|| refused("the configuration has no number to text to".into())),
        Some(asked) if all.contains(&asked) => Ok(asked),
        Some(asked) => {
            let all: Vec<_> = all.iter().map(ToString::to_string).collect();
            Err(refused(format!("--number {asked}: the center has {}", all.join(", "))))
        }
    }
}

impl Chat {
    async fn converse(&mut self) -> Result<(), HostError> {
        let prompt = std::io::stdin().is_terminal();
        self.show().await?;
        loop {
            if prompt {
                output::write(format_args!("> "))?;
            }
            let mut line = Vec::new();
            let read = std::io::stdin().lock().read_until(b'\n', &mut line);
            if read.map_err(HostError::io("standard input"))? == 0 {
                return Ok(());
            }
            // What is no UTF-8 is shown as such, and ends nothing.
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line == "/quit" {
                return Ok(());
            }
            if let Err(refused) = self.act(line).await {
                output::line(format_args!("{:COLUMN$}| ({refused})", ""))?;
            }
            self.engine.settle().await?;
            self.show().await?;
        }
    }

    async fn act(&mut self, line: &str) -> Result<(), HostError> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let nothing = || HostError::Refused("the agent has no chat; /take one".into());
        match word {
            "" => {}
            "@" => {
                self.engine
                    .send(self.session.ok_or_else(nothing)?, &self.agent, rest.into())
                    .await?;
            }
            "/take" => {
                let offers = self.engine.offers(&self.agent)?;
                let offer =
                    offers.first().ok_or_else(|| HostError::Refused("nobody waits".into()))?;
                self.engine.accept(offer.session, &self.agent).await?;
                self.session = Some(offer.session);
            }
            "/end" => self.engine.end(self.session.ok_or_else(nothing)?, &self.agent).await?,
            "/return" => {
                self.engine.give_back(self.session.ok_or_else(nothing)?, &self.agent).await?;
            }
            "/wait" => self.wait(rest)?,
            "/help" => output::line(format_args!("{HELP}"))?,
            _ if is_command(word) => {
                let known = "`/help` tells what there is; a space before it makes it a text";
                return Err(HostError::Refused(format!("there is no command `{word}`: {known}")));
            }
            _ => self.text(line).await?,
        }
        Ok(())
    }

    async fn text(&mut self, body: &str) -> Result<(), HostError> {
        self.texts += 1;
        let wrong = |error: frontdesk::types::PhoneError| HostError::Refused(error.to_string());
        let from = "+12025550123".parse().map_err(wrong)?;
        let inbound = Inbound::new("chat", self.texts.to_string(), from, self.number, body);
        self.engine.receive(inbound).await?;
        Ok(())
    }

    fn wait(&self, text: &str) -> Result<(), HostError> {
        let wrong =
            || HostError::Refused(format!("`{text}` is not a time: allowed are 30s, 61m, 24h"));
        let clock = self
            .clock
            .as_ref()
            .ok_or_else(|| HostError::Refused("time is real without --virtual".into()))?;
        let unit = text.chars().last().ok_or_else(wrong)?;
        let number: i64 = text
            .strip_suffix(unit)
            .and_then(|n| n.parse().ok())
            .filter(|n| (0..100_000).contains(n))
            .ok_or_else(wrong)?;
        clock.advance(match unit {
            's' => TimeDelta::seconds(number),
            'm' => TimeDelta::minutes(number),
            'h' => TimeDelta::hours(number),
            _ => return Err(wrong()),
        });
        Ok(())
    }

    /// What happened since the last time.
    async fn show(&mut self) -> Result<(), HostError> {
        let center = self.engine.center();
        let query = EventQuery::After { position: self.seen, limit: usize::MAX };
        for record in self
            .engine
            .store()
            .events(center.id(), query)
            .await
            .map_err(frontdesk::EngineError::from)?
        {
            self.seen = record.position;
            for event in &record.events {
                print_event(event)?;
            }
        }
        Ok(())
    }
}

fn print_event(event: &Event) -> Result<(), HostError> {
    let time = event.at.format("%H:%M:%S");
    let note = match &event.fact {
        Fact::InboundMessage { body, .. } => return columns(&format!("{time}  → {body}"), ""),
        Fact::OutboundMessage { author, body, .. } => {
            let agent = match author {
                Author::Agent(agent) => format!("{agent}: {body}"),
                Author::System => String::new(),
            };
            return columns(&format!("{time}  ← {body}"), &agent);
        }
        Fact::Queued { queue } => format!("[waits in {queue}]"),
        Fact::Assigned { agent, .. } => format!("[{agent} has it]"),
        Fact::ReturnedToQueue { .. } => "[back in the queue]".into(),
        Fact::Ended { reason } => format!("[ended: {}]", reason.words()),
        Fact::OptedOut { .. } => "[opted out]".into(),
        Fact::OptedIn { .. } => "[opted in]".into(),
        Fact::Ignored { reason: Some(reason), .. } => format!("[ignored: {}]", reason.words()),
        Fact::AgentStatusChanged { agent, status, .. } => format!("[{agent} is {status}]"),
        _ => return Ok(()),
    };
    columns("", &format!("{time}  {note}"))
}

fn columns(left: &str, right: &str) -> Result<(), HostError> {
    let mut rows = Vec::new();
    for line in left.lines() {
        let mut row = String::new();
        for word in line.split_inclusive(' ') {
            if row.chars().count() + word.trim_end().chars().count() > COLUMN - 2 && !row.is_empty()
            {
                rows.push(std::mem::take(&mut row));
                row.push_str("            ");
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(String::new());
    }
    for (i, row) in rows.iter().enumerate() {
        let right = if i == 0 { right } else { "" };
        output::line(format_args!("{:COLUMN$}| {right}", row.trim_end()))?;
    }
    Ok(())
}

/// Whether a word looks like a command: a slash, and nothing but letters.
fn is_command(word: &str) -> bool {
    let name = word.strip_prefix('/').filter(|name| !name.is_empty());
    name.is_some_and(|name| name.chars().all(|letter| letter.is_ascii_alphabetic()))
}
