use std::str::FromStr;

use frontdesk::{
    Inbound, SenderText,
    types::{Delivery, Media, PhoneNumber, Provider, SupportNumber},
};

use crate::{Form, FormError};

/// Twilio sends no more media with a message.
const MAX_MEDIA: usize = 10;

/// The shortest and longest short code, and the longest name of a sender.
const SHORT_CODE: std::ops::RangeInclusive<usize> = 3..=8;
const LONGEST_NAME: usize = 11;

/// What the webhook of an incoming message brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text from a telephone.
    Text(Inbound),
    /// A text from a short code or a name, which nobody can answer.
    FromSender(SenderText),
}

/// Reads the webhook of an incoming message: `MessageSid`, `From`, `To`, `Body`, and the media fields. A picture may come
/// without a `Body`. With `OptOutType`, Twilio has answered STOP, START or HELP itself (Advanced Opt-Out).
pub fn incoming(form: &Form<'_>) -> Result<Incoming, FormError> {
    let media = media(form)?;
    let body = match form.get("Body") {
        Some(body) => body.to_owned(),
        None if !media.is_empty() => String::new(),
        None => return Err(FormError::Missing { field: "Body" }),
    };
    let (provider, id) = (Provider::from("twilio"), message_sid(form)?.to_owned());
    let to = parsed::<SupportNumber>(form, "To")?;
    match parsed::<PhoneNumber>(form, "From") {
        Ok(from) => {
            let answered_by_provider = form.get("OptOutType").is_some_and(|kind| !kind.is_empty());
            Ok(Incoming::Text(Inbound {
                provider,
                id,
                from,
                to,
                body,
                media,
                answered_by_provider,
            }))
        }
        Err(error) => match form.get("From").filter(|from| is_sender(from)) {
            Some(sender) => {
                let sender = sender.to_owned();
                Ok(Incoming::FromSender(SenderText { provider, id, sender, to, body, media }))
            }
            None => Err(error),
        },
    }
}

/// A short code, or a name as carriers allow them: up to eleven letters, digits, spaces and a few marks, with a letter.
fn is_sender(from: &str) -> bool {
    let is_code = SHORT_CODE.contains(&from.len()) && from.bytes().all(|b| b.is_ascii_digit());
    let named =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '&' | '.' | '+');
    let is_name = (1..=LONGEST_NAME).contains(&from.len())
        && from.chars().all(named)
        && from.bytes().any(|b| b.is_ascii_alphabetic());
    is_code || is_name
}

fn media(form: &Form<'_>) -> Result<Vec<Media>, FormError> {
    let count = match form.get("NumMedia").unwrap_or_default() {
        "" => 0,
        text => number("NumMedia", text)?,
    };
    if count > MAX_MEDIA {
        let reason = format!("found {count}, allowed are 0 to {MAX_MEDIA}");
        return Err(FormError::Malformed { field: "NumMedia", reason });
    }
    let mut media = Vec::with_capacity(count);
    for i in 0..count {
        let url =
            form.get(&format!("MediaUrl{i}")).ok_or(FormError::Missing { field: "MediaUrl" })?;
        let content_type =
            form.get(&format!("MediaContentType{i}")).unwrap_or("application/octet-stream");
        media.push(Media { url: url.to_owned(), content_type: content_type.to_owned() });
    }
    Ok(media)
}

/// A message's progress, as Twilio reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Twilio's id of the message.
    pub message_sid: String,
    /// Our number, that it was sent from.
    pub from: SupportNumber,
    /// Who it was sent to.
    pub to: PhoneNumber,
    /// How far it has come; `None` for the steps on the way (queued, sending, sent).
    pub delivery: Option<Delivery>,
    /// It failed because the consumer has opted out with the carrier (error 21610).
    pub opted_out: bool,
}

/// Reads the webhook of a status change.
pub fn status(form: &Form<'_>) -> Result<Status, FormError> {
    let delivery = match form.required("MessageStatus")? {
        "delivered" | "read" => Some(Delivery::Delivered),
        "failed" | "undelivered" | "canceled" => {
            let code = form.get("ErrorCode").filter(|code| !code.is_empty()).unwrap_or("unknown");
            Some(Delivery::Failed { reason: code.chars().take(20).collect() })
        }
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => None,
        _ => {
            let reason = "allowed are accepted, scheduled, queued, sending, sent, delivered, read, failed, \
                          undelivered, canceled";
            return Err(FormError::Malformed { field: "MessageStatus", reason: reason.into() });
        }
    };
    Ok(Status {
        message_sid: message_sid(form)?.to_owned(),
        from: parsed(form, "From")?,
        to: parsed(form, "To")?,
        delivery,
        opted_out: form.get("ErrorCode") == Some("21610"),
    })
}

fn message_sid<'a>(form: &'a Form<'_>) -> Result<&'a str, FormError> {
    let sid =
        form.required("MessageSid").or_else(|error| form.required("SmsSid").map_err(|_| error))?;
    if sid.len() <= 64 && sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
        Ok(sid)
    } else {
        let reason = "allowed are up to 64 letters and digits".into();
        Err(FormError::Malformed { field: "MessageSid", reason })
    }
}

fn parsed<T: FromStr<Err: ToString>>(form: &Form<'_>, field: &'static str) -> Result<T, FormError> {
    form.required(field)?
        .parse()
        .map_err(|error: T::Err| FormError::Malformed { field, reason: error.to_string() })
}

fn number(field: &'static str, text: &str) -> Result<usize, FormError> {
    text.parse().map_err(|_| FormError::Malformed { field, reason: "not a number".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ToCountry=US&SmsMessageSid=SM1&NumMedia=2&MessageSid=MM1&AccountSid=AC1&From=%2B12025550123\
        &To=%2B12025550100&Body=See&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F1&MediaContentType0=image%2Fpng\
        &MediaUrl1=https%3A%2F%2Fapi.twilio.com%2F2&ApiVersion=2010-04-01";

    fn without(field: &str) -> String {
        let keep = |pair: &&str| !pair.trim().starts_with(&format!("{field}="));
        TEXT.split('&').filter(keep).collect::<Vec<_>>().join("&")
    }

    fn text(form: &Form<'_>) -> Inbound {
        match incoming(form).unwrap() {
            Incoming::Text(text) => text,
            other @ Incoming::FromSender(_) => panic!("{other:?}"),
        }
    }

    #[test]
    fn sms_7_a_picture_without_a_text_is_kept() {
        let body = without("Body");
        let text = text(&Form::parse(body.as_bytes()).unwrap());
        assert_eq!((text.body.as_str(), text.media.len()), ("", 2));
    }

    #[test]
    fn sms_8_a_text_from_a_short_code_or_a_name_is_told_apart() {
        for sender in ["68849", "123", "GOVUK", "My%20Bank", "T-Mobile"] {
            let body = format!("{}&From={sender}", without("From"));
            let incoming = incoming(&Form::parse(body.as_bytes()).unwrap()).unwrap();
            let Incoming::FromSender(text) = incoming else { panic!("{incoming:?}") };
            assert_eq!((text.sender, text.media.len()), (sender.replace("%20", " "), 2));
        }
    }

    #[test]
    fn an_incoming_message_is_read_with_its_media() {
        let form = Form::parse(TEXT.as_bytes()).unwrap();
        let text = text(&form);
        assert_eq!((text.id.as_str(), text.body.as_str()), ("MM1", "See"));
        let types: Vec<_> = text.media.iter().map(|m| m.content_type.as_str()).collect();
        assert_eq!(types, ["image/png", "application/octet-stream"]);
        assert!(!text.answered_by_provider);
        let short = TEXT.replace("%2B12025550100", "12345") + "&OptOutType=STOP";
        let text = self::text(&Form::parse(short.as_bytes()).unwrap());
        assert_eq!(text.to, "12345".parse().unwrap());
        assert!(text.answered_by_provider);
    }

    #[test]
    fn a_missing_or_malformed_field_is_named() {
        for field in ["MessageSid", "From", "To", "Body"] {
            let body = without(field).replace("NumMedia=2", "NumMedia=0");
            let error = incoming(&Form::parse(body.as_bytes()).unwrap()).unwrap_err();
            assert_eq!(
                error,
                FormError::Missing { field: Box::leak(field.to_owned().into_boxed_str()) }
            );
        }
        for (field, value) in [
            ("From", "%2B1202"),
            ("From", "whatsapp:%2B12025550123"),
            ("From", "<script>"),
            ("From", "12"),
            ("From", "a name that is too long"),
            ("To", "hello"),
            ("NumMedia", "x"),
            ("NumMedia", "11"),
            ("MessageSid", "a%20b"),
        ] {
            let body = format!("{}&{field}={value}", without(field));
            let error = incoming(&Form::parse(body.as_bytes()).unwrap()).unwrap_err();
            assert!(
                matches!(&error, FormError::Malformed { field: f, .. } if *f == field),
                "{field}: {error}"
            );
        }
    }

    #[test]
    fn a_status_says_how_far_a_message_has_come() {
        let read = |word: &str| {
            let body = format!(
                "MessageSid=SM1&From=%2B12025550100&To=%2B12025550123&MessageStatus={word}"
            );
            status(&Form::parse(body.as_bytes()).unwrap()).map(|status| status.delivery)
        };
        assert_eq!(read("sent"), Ok(None));
        assert_eq!(read("delivered"), Ok(Some(Delivery::Delivered)));
        assert_eq!(
            read("undelivered&ErrorCode=30007"),
            Ok(Some(Delivery::Failed { reason: "30007".into() }))
        );
        let body =
            "MessageSid=SM1&From=12345&To=%2B12025550123&MessageStatus=failed&ErrorCode=21610";
        assert!(status(&Form::parse(body.as_bytes()).unwrap()).unwrap().opted_out);
        assert!(matches!(read("eaten"), Err(FormError::Malformed { field: "MessageStatus", .. })));
    }
}
