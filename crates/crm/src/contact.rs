use frontdesk_types::{ContactId, PhoneNumber, Region};
use serde::{Deserialize, Serialize};

/// A contact record, as far as frontdesk needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The CRM's id.
    pub id: ContactId,
    /// The display name.
    pub name: String,
    /// The phone number, as the CRM stores it.
    pub number: String,
}

/// What a look-up by number found (CRM-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Nobody: a contact is created.
    None,
    /// One: it is updated.
    One(Contact),
    /// Several: the agent chooses one, or creates a new one.
    Several(Vec<Contact>),
}

/// Sorts out what a look-up found; the same contact found twice counts once.
pub fn match_contacts(found: &[Contact]) -> Match {
    let mut contacts: Vec<Contact> = Vec::with_capacity(found.len());
    for contact in found {
        if !contacts.iter().any(|known| known.id == contact.id) {
            contacts.push(contact.clone());
        }
    }
    match contacts.len() {
        0 => Match::None,
        1 => contacts.pop().map_or(Match::None, Match::One),
        _ => Match::Several(contacts),
    }
}

/// Whether a number as a CRM stores it is the consumer's (CRM-7): E.164, national, with punctuation, with
/// an extension. `region` is where a number without a country code is read.
pub fn numbers_match(stored: &str, consumer: PhoneNumber, region: Region) -> bool {
    let number = without_extension(stored);
    match PhoneNumber::parse(number, Some(region)) {
        Ok(parsed) => parsed == consumer,
        // Bare digits with the country's code but without +, as exports write them.
        Err(_) => number
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .parse::<u64>()
            .is_ok_and(|digits| digits == consumer.digits()),
    }
}

/// Cuts off "ext. 12", "x12", "#12", ";ext=12".
fn without_extension(stored: &str) -> &str {
    let cut = stored.find(['e', 'E', 'x', 'X', '#', ';', ',']).unwrap_or(stored.len());
    stored[..cut].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_however_the_crm_stores_them() {
        let consumer: PhoneNumber = "+12025550123".parse().unwrap();
        for stored in [
            "+12025550123",
            "+1 (202) 555-0123",
            "2025550123",
            "202-555-0123",
            "1-202-555-0123",
            "12025550123",
            "(202) 555.0123 x12",
            "+12025550123;ext=9",
            " 202 555 0123 Ext 4",
        ] {
            assert!(numbers_match(stored, consumer, Region::US), "{stored}");
        }
        for stored in ["", "+442079460123", "2025550124", "5550123", "+1202555012", "unknown"] {
            assert!(!numbers_match(stored, consumer, Region::US), "{stored}");
        }
        let london: PhoneNumber = "+442079460958".parse().unwrap();
        assert!(numbers_match("020 7946 0958", london, "GB".parse().unwrap()));
        assert!(numbers_match("442079460958", london, "GB".parse().unwrap()));
        assert!(!numbers_match("020 7946 0958", london, Region::US));
    }

    #[test]
    fn none_one_or_several() {
        let contact = |id: &str| Contact {
            id: ContactId(id.into()),
            name: "A".into(),
            number: String::new(),
        };
        assert_eq!(match_contacts(&[]), Match::None);
        assert_eq!(match_contacts(&[contact("1"), contact("1")]), Match::One(contact("1")));
        assert_eq!(
            match_contacts(&[contact("1"), contact("2")]),
            Match::Several(vec![contact("1"), contact("2")])
        );
    }
}
