use std::str::FromStr;

use frontdesk::{
    Inbound,
    types::{Delivery, Media, PhoneNumber, SupportNumber},
};

use crate::{Form, FormError};

/// Twilio sends no more media with a message.
const MAX_MEDIA: usize = 10;

/// Reads the webhook of an incoming message: `MessageSid`, `From`, `To`, `Body`, and the media fields.
/// With `OptOutType`, Twilio has answered STOP, START or HELP itself (Advanced Opt-Out).
pub fn inbound(form: &Form<'_>) -> Result<Inbound, FormError> {
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
    let body = form.get("Body").ok_or(FormError::Missing { field: "Body" })?;
    Ok(Inbound {
        provider: "twilio".into(),
        id: message_sid(form)?.to_owned(),
        from: parsed::<PhoneNumber>(form, "From")?,
        to: parsed::<SupportNumber>(form, "To")?,
        body: body.to_owned(),
        media,
        answered_by_provider: form.get("OptOutType").is_some_and(|kind| !kind.is_empty()),
    })
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

    #[test]
    fn an_incoming_message_is_read_with_its_media() {
        let form = Form::parse(TEXT.as_bytes()).unwrap();
        let text = inbound(&form).unwrap();
        assert_eq!((text.id.as_str(), text.body.as_str()), ("MM1", "See"));
        let types: Vec<_> = text.media.iter().map(|m| m.content_type.as_str()).collect();
        assert_eq!(types, ["image/png", "application/octet-stream"]);
        assert!(!text.answered_by_provider);
        let short = TEXT.replace("%2B12025550100", "12345") + "&OptOutType=STOP";
        let text = inbound(&Form::parse(short.as_bytes()).unwrap()).unwrap();
        assert_eq!(text.to, "12345".parse().unwrap());
        assert!(text.answered_by_provider);
    }

    #[test]
    fn a_missing_or_malformed_field_is_named() {
        for field in ["MessageSid", "From", "To", "Body"] {
            let body = without(field);
            let error = inbound(&Form::parse(body.as_bytes()).unwrap()).unwrap_err();
            assert_eq!(
                error,
                FormError::Missing { field: Box::leak(field.to_owned().into_boxed_str()) }
            );
        }
        for (field, value) in [
            ("From", "12345"),
            ("From", "x"),
            ("To", "hello"),
            ("NumMedia", "x"),
            ("NumMedia", "11"),
            ("MessageSid", "a%20b"),
        ] {
            let body = format!("{}&{field}={value}", without(field));
            let error = inbound(&Form::parse(body.as_bytes()).unwrap()).unwrap_err();
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
