use std::borrow::Cow;

use percent_encoding::percent_decode;

/// What is wrong with a webhook's form. Carries no numbers and no texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A field is not what it should be.
    #[error("the field {field} is not valid: {reason}")]
    Malformed {
        /// Which.
        field: &'static str,
        /// What is allowed.
        reason: String,
    },
    /// A field is not there.
    #[error("the field {field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A name or value is not UTF-8.
    #[error("the field {field} is not UTF-8")]
    NotUtf8 {
        /// Which, as far as it can be told.
        field: String,
    },
}

/// A form as it was posted: names and values, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form<'a> {
    fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Form<'a> {
    /// Decodes `application/x-www-form-urlencoded`. Bytes that are not UTF-8 are an error, not a
    /// replacement character: nothing of a text may be lost silently.
    pub fn parse(body: &'a [u8]) -> Result<Self, FormError> {
        let mut fields = Vec::with_capacity(24);
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let not_utf8 =
                || FormError::NotUtf8 { field: String::from_utf8_lossy(name).into_owned() };
            let decoded = decode(name).ok_or_else(not_utf8)?;
            let value = decode(halves.next().unwrap_or_default()).ok_or_else(not_utf8)?;
            fields.push((decoded, value));
        }
        Ok(Self { fields })
    }

    /// The names and values, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub(crate) fn required(&self, field: &'static str) -> Result<&str, FormError> {
        self.get(field).filter(|value| !value.is_empty()).ok_or(FormError::Missing { field })
    }
}

fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if !bytes.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    }
    let spaced: Vec<u8> =
        bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_are_decoded_whole_or_not_at_all() {
        let form = Form::parse(b"Body=a+b%21%20%F0%9F%99%82&To=&&Lone&X=1=2").unwrap();
        let fields: Vec<_> = form.fields().collect();
        assert_eq!(fields, [("Body", "a b! 🙂"), ("To", ""), ("Lone", ""), ("X", "1=2")]);
        assert_eq!(form.required("To"), Err(FormError::Missing { field: "To" }));
        let error = Form::parse(b"A=1&Body=%FF%FE").unwrap_err();
        assert_eq!(error, FormError::NotUtf8 { field: "Body".into() });
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Form::parse(&bytes);
        }
    }
}
