use std::{collections::BTreeMap, fmt, marker::PhantomData, net::IpAddr};

use chrono_tz::Tz;
use frontdesk_types::Instant;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::Digest;
use crate::{ContentType, utc::utc};

/// The proof of an entry of the ledger. A dispute asks for more than an id: the form as it was shown, the device, the person who
/// entered it, the double opt-in.
///
/// As JSON a text, where there is nothing but a reference, and otherwise an object:
///
/// ```
/// use frontdesk_tendlc::Evidence;
///
/// let id: Evidence = serde_json::from_str(r#""SM0123""#)?;
/// assert_eq!(id, "SM0123".into());
/// let form = r#"{"reference":"record 4711","form":"checkout, version 7","ip":"192.0.2.7","zone":"America/Chicago"}"#;
/// let evidence: Evidence = serde_json::from_str(form)?;
/// assert_eq!(serde_json::to_string(&evidence)?, form);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(into = "Form")]
pub struct Evidence {
    /// The provider's id of the message, the address of a form's record, the number of a paper.
    pub reference: String,
    /// Everything else, where there is more.
    pub details: Option<Box<EvidenceDetails>>,
}

/// Evidence of consent that was given elsewhere than in a text. Each field is at most [`EvidenceDetails::LONGEST`] characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceDetails {
    /// The form, with its version or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The SHA-256 of a picture of the form, as the consumer saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screenshot: Option<Digest>,
    /// The network address that the form was sent from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<IpAddr>,
    /// The browser or app that the form was sent with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The person or system that entered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered_by: Option<String>,
    /// The confirmation that the number is the consumer's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub double_opt_in: Option<DoubleOptIn>,
    /// The kinds of texts that the consumer agreed to, where the form tells them apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ContentType>,
    /// The time zone that the consumer was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
    /// The list that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<ListSource>,
}

/// A consumer was sent a code, or a question, and answered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoubleOptIn {
    /// When the question left.
    pub asked: Instant,
    /// The code or word that it asked for.
    pub code: String,
    /// When the consumer answered.
    pub confirmed: Instant,
}

/// The list that an entry was imported with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSource {
    /// The person or credential that imported it.
    pub imported_by: String,
    /// The name of the file.
    pub file: String,
    /// The SHA-256 of the file.
    pub sha256: Digest,
    /// The line of the file, from 1.
    pub line: u64,
}

/// As it is written.
#[derive(Serialize)]
#[serde(untagged)]
enum Form {
    Reference(String),
    Details {
        reference: String,
        #[serde(flatten)]
        details: Box<EvidenceDetails>,
    },
}

/// As it is read.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    reference: String,
    #[serde(flatten)]
    details: EvidenceDetails,
    /// Fields that there are not.
    #[serde(flatten)]
    unknown: BTreeMap<String, serde_json::Value>,
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrObject(PhantomData))
    }
}

impl TryFrom<Fields> for Evidence {
    type Error = String;

    fn try_from(Fields { reference, details, unknown }: Fields) -> Result<Self, String> {
        match unknown.keys().next() {
            Some(field) => Err(format!("unknown field `{field}`")),
            None => Ok(Self::of(reference, details)),
        }
    }
}

impl Object for Evidence {
    type Fields = Fields;
    const EXPECTED: &str = "a text, or an object with the evidence's fields";
}

/// Reads a value that stands in JSON as a text or as an object. Errors name the field of the object.
pub(super) struct TextOrObject<T>(pub(super) PhantomData<T>);

/// A value that is read by [`TextOrObject`].
pub(super) trait Object:
    for<'a> From<&'a str> + TryFrom<Self::Fields, Error: fmt::Display>
{
    /// The object.
    type Fields;
    /// The expected form, for the error where something else is found.
    const EXPECTED: &str;
}

impl<'de, T> Visitor<'de> for TextOrObject<T>
where
    T: Object<Fields: Deserialize<'de>>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(text.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let fields = T::Fields::deserialize(MapAccessDeserializer::new(map))?;
        fields.try_into().map_err(de::Error::custom)
    }
}

impl From<Evidence> for Form {
    fn from(Evidence { reference, details }: Evidence) -> Self {
        match details {
            None => Self::Reference(reference),
            Some(details) => Self::Details { reference, details },
        }
    }
}

/// Nothing but a reference.
impl From<&str> for Evidence {
    fn from(reference: &str) -> Self {
        Self { reference: reference.to_owned(), details: None }
    }
}

impl Evidence {
    /// A reference with details. Details without any field are none.
    pub fn of(reference: String, details: EvidenceDetails) -> Self {
        let details = (details != EvidenceDetails::default()).then(|| Box::new(details));
        Self { reference, details }
    }

    /// Whether it is the same evidence, whichever list it came with.
    pub fn is_same(&self, other: &Self) -> bool {
        let apart = |evidence: &Self| {
            let details = evidence.details.as_deref().cloned().unwrap_or_default();
            EvidenceDetails { list: None, ..details }
        };
        self.reference == other.reference && apart(self) == apart(other)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.reference.is_empty() && self.details.is_none()
    }
}

impl EvidenceDetails {
    /// The longest text in a field, in characters.
    pub const LONGEST: usize = 1_024;

    /// The first field whose text is too long, with its length in characters.
    pub fn too_long(&self) -> Option<(&'static str, usize)> {
        let code = self.double_opt_in.as_ref().map(|asked| &asked.code);
        let list = self.list.as_ref();
        let fields = [
            ("form", self.form.as_ref()),
            ("user_agent", self.user_agent.as_ref()),
            ("entered_by", self.entered_by.as_ref()),
            ("double_opt_in.code", code),
            ("list.imported_by", list.map(|list| &list.imported_by)),
            ("list.file", list.map(|list| &list.file)),
        ];
        let length = |(name, text): (_, Option<&String>)| Some((name, text?.chars().count()));
        fields.into_iter().filter_map(length).find(|(_, length)| *length > Self::LONGEST)
    }
}

/// Each field after a comma: `record 4711, form: checkout, version 7, ip: 192.0.2.7`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.reference.is_empty() {
            parts.push(self.reference.clone());
        }
        if let Some(details) = &self.details {
            details.describe(&mut parts);
        }
        f.write_str(&parts.join(", "))
    }
}

impl EvidenceDetails {
    fn describe(&self, parts: &mut Vec<String>) {
        let texts = [
            ("form", self.form.clone()),
            ("screenshot SHA-256", self.screenshot.map(|digest| digest.to_string())),
            ("ip", self.ip.map(|ip| ip.to_string())),
            ("user agent", self.user_agent.clone()),
            ("entered by", self.entered_by.clone()),
        ];
        let named = |(name, text): (_, Option<String>)| Some(format!("{name}: {}", text?));
        parts.extend(texts.into_iter().filter_map(named));
        if let Some(DoubleOptIn { asked, code, confirmed }) = &self.double_opt_in {
            let (asked, confirmed) = (utc(*asked), utc(*confirmed));
            parts.push(format!("double opt-in: asked {asked}, `{code}`, confirmed {confirmed}"));
        }
        if !self.kinds.is_empty() {
            let kinds: Vec<_> = self.kinds.iter().map(ToString::to_string).collect();
            parts.push(format!("agreed to: {}", kinds.join(" and ")));
        }
        if let Some(zone) = self.zone {
            parts.push(format!("zone: {zone}"));
        }
        if let Some(ListSource { imported_by, file, sha256, line }) = &self.list {
            let list = format!("list: {file}, line {line}, SHA-256 {sha256}, by {imported_by}");
            parts.push(list);
        }
    }
}
