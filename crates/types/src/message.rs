use serde::{Deserialize, Serialize};

use crate::{AgentId, Instant};

/// How a consumer reaches the center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// A phone call through the phone menu.
    Ivr,
    /// The mobile SDK.
    Mobile,
    /// Text messages.
    Sms,
    /// The web SDK.
    Web,
}

/// A picture or video that came with a message: where the provider keeps it, and what it says it is.
/// The declared type is a claim, not a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Media {
    /// Where the provider keeps it.
    pub url: String,
    /// The declared content type, `image/jpeg` for example.
    pub content_type: String,
}

/// The kinds of pictures and videos that are taken (SMS-7), by what they are, not by what they say they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaKind {
    /// A picture.
    Gif,
    /// A picture.
    Jpeg,
    /// A video.
    Mp4,
    /// A picture.
    Png,
    /// A video (MOV).
    QuickTime,
    /// A video.
    ThreeGpp,
    /// A picture.
    Webp,
}

impl MediaKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Gif, Self::Jpeg, Self::Mp4, Self::Png, Self::QuickTime, Self::ThreeGpp, Self::Webp];

    /// The content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
            Self::Jpeg => "image/jpeg",
            Self::Mp4 => "video/mp4",
            Self::Png => "image/png",
            Self::QuickTime => "video/quicktime",
            Self::ThreeGpp => "video/3gpp",
            Self::Webp => "image/webp",
        }
    }
}

/// Why a picture or video is not there (SMS-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaRefusal {
    /// It has more bytes than are taken.
    TooLarge,
    /// It came with too many others.
    TooMany,
    /// The provider does not have it any more, or it is where nothing is fetched from.
    Unavailable,
    /// It is of a kind that is not taken, whatever it says.
    Unsupported,
}

/// Who wrote an outgoing message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// An agent's own words.
    Agent(AgentId),
    /// A predefined message of the platform.
    System,
}

/// What an outgoing message is for. The compliance gate decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// The queue is closed (HRS-9).
    AfterHours,
    /// The link of the app, sent by the agent of a call (SMS-35).
    AppLink,
    /// An agent answers the consumer.
    AgentReply,
    /// An agent has taken the session (SMS-5).
    Assigned,
    /// The offer to go on by text instead of waiting on the phone was accepted (SMS-31).
    Deflection,
    /// The chat is put aside soon (SMS-22).
    DismissalWarning,
    /// A dismissed chat goes on (SMS-21).
    DismissedResponse,
    /// First contact, with the opt-in text (SMS-2).
    Greeting,
    /// The answer to HELP (SMS-13).
    Help,
    /// A notice outside of any session (SMS-34).
    Notification,
    /// The answer to a text that answers a notice (SMS-34).
    NotificationReply,
    /// A reply matched no option (SMS-4).
    NotUnderstood,
    /// The one answer to START (SMS-12).
    OptInConfirmation,
    /// The one answer to STOP (SMS-11); it alone passes the gate that the opt-out has closed.
    OptOutConfirmation,
    /// Asks whether a text was meant as an opt-out (SMS-16).
    OptOutQuestion,
    /// The first text of a session that the center begins, with the opt-in text where consent is not on
    /// record (SMS-32).
    Outreach,
    /// The menu (SMS-3).
    Prompt,
    /// A picture or video was of a kind or size that is not taken (SMS-7).
    UnsupportedMedia,
    /// To somebody who waits on the phone (SMS-29).
    WaitTime,
    /// An agent is being looked for (SMS-5).
    Waiting,
}

/// Something that speaks against a text, but did not keep it back.
///
/// ```json
/// {"rule":"prohibited_content","category":"prize","reason":"promises a prize","words":["you have won"]}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Remark {
    /// The id of the rule of the gate.
    pub rule: String,
    /// The category, as exceptions name it; of a rule without categories, its id.
    pub category: String,
    /// In words, without those of the text.
    pub reason: String,
    /// The words of the text that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// How far an outgoing message has come.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Delivery {
    /// The provider has taken it.
    Accepted {
        /// The provider's id of the message.
        provider_id: String,
        /// Remarks of the compliance gate about it (DLC-5).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remarks: Vec<Remark>,
    },
    /// The provider cannot be used with these settings: the text is tried again until an operator has mended them.
    Delayed {
        /// A short reason; never the text or a number.
        reason: String,
    },
    /// It reached the consumer's device.
    Delivered,
    /// It will not arrive.
    Failed {
        /// The provider's error code or a short reason; never the text or a number.
        reason: String,
    },
    /// The compliance gate holds it back (DLC-4).
    Held {
        /// Until then; it is looked at again.
        until: Instant,
        /// Every reason of the gate, in words.
        reasons: Vec<String>,
        /// The ids of their rules.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rules: Vec<String>,
    },
    /// The compliance gate did not let it out.
    Refused {
        /// Every reason of the gate, in words.
        reasons: Vec<String>,
        /// The ids of their rules.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rules: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_5_a_text_that_left_before_there_were_remarks_has_none() {
        let before = r#"{"status":"accepted","provider_id":"SM1"}"#;
        let read: Delivery = serde_json::from_str(before).unwrap();
        assert_eq!(read, Delivery::Accepted { provider_id: "SM1".into(), remarks: Vec::new() });
        assert_eq!(serde_json::to_string(&read).unwrap(), before);
    }
}
