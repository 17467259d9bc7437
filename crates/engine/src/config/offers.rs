//! What can be offered instead of waiting, as configuration has it.

use frontdesk_types::{Alternative, PhoneError, QueueId};

/// What a word offers: `voicemail`, `queue:sales`, `number:+12025550177`. `allowed` is what may stand there, for the
/// problem; `has` knows the queues that consumers wait in.
pub(super) fn alternative(
    word: &str,
    has: impl Fn(&QueueId) -> bool,
    allowed: &str,
) -> Result<Alternative, String> {
    Ok(match word.split_once(':') {
        None if word == "callback" => Alternative::Callback,
        None if word == "email" => Alternative::Email,
        None if word == "message" => Alternative::Message,
        None if word == "scheduled_call" => Alternative::ScheduledCall,
        None if word == "voicemail" => Alternative::Voicemail,
        Some(("queue", id)) => {
            let known = id.parse().ok().filter(has);
            Alternative::Queue(
                known.ok_or_else(|| format!("there is no queue `{id}` that consumers wait in"))?,
            )
        }
        Some(("number", number)) => {
            let number = number.parse().map_err(|error: PhoneError| error.to_string())?;
            Alternative::PhoneNumber(number)
        }
        _ => return Err(format!("`{word}` cannot be offered; allowed are {allowed}")),
    })
}
