//! Reading numbers as people write them, with the crate `phonenumber`. The crate strips national
//! prefixes too eagerly at times (`+78001234567` loses its 8), takes letters for digits, and takes "00"
//! for an international prefix everywhere. So its answer is believed only where the input's own digits
//! spell it; the unit test of this file compares with `rlibphonenumber` on 16 spellings of the example
//! numbers of every region.

use std::borrow::Cow;

use phonenumber::{Mode, Type, country, metadata::DATABASE};

use super::{NumberKind, PhoneError, PhoneNumber, Region};

pub(super) fn parse(text: &str, region: Option<Region>) -> Result<PhoneNumber, PhoneError> {
    let text = strip_tel(text.trim());
    let digits = digits_only(text)?;
    if digits.is_empty() {
        return Err(PhoneError::NotANumber);
    }
    if text.starts_with(['+', '＋']) {
        return international(&digits);
    }
    let region = region.ok_or(PhoneError::RegionNeeded)?;
    let prefix = international_prefix(&digits, region);
    if prefix > 0 {
        return international(&digits[prefix..]);
    }
    national(&digits, region)
}

pub(super) fn is_valid(number: PhoneNumber) -> bool {
    phonenumber::parse(None, number.to_string()).is_ok_and(|parsed| {
        // An altered number would be judged in the place of the one asked about.
        parsed.format().mode(Mode::E164).to_string() == number.to_string()
            && (phonenumber::is_valid(&parsed) || is_of_new_area_code(number))
    })
}

/// Whether a number of North America has the form of one, and an area code that the metadata do not know: they come some
/// months after the code is in service. The numbering plan's forms: NXX-NXX-XXXX, no service codes (N11), no expansion codes (N9X),
/// and none of the blocks 37X and 96X that are kept free (NANPA, 2026).
fn is_of_new_area_code(number: PhoneNumber) -> bool {
    let digits = number.digits();
    if !(12_000_000_000..20_000_000_000).contains(&digits) {
        return false;
    }
    let (code, exchange) = (digits / 10_000_000 % 1_000, digits / 10_000 % 1_000);
    let assigned = |three: u64| three >= 200 && three % 100 != 11;
    let kept_free = code / 10 % 10 == 9 || matches!(code / 10, 37 | 96);
    let is_known = || {
        let sample = phonenumber::parse(None, format!("+1{code}2345678"));
        sample.is_ok_and(|sample| sample.country().id().is_some())
    };
    assigned(code) && assigned(exchange) && !kept_free && !is_known()
}

pub(super) fn country_of(number: PhoneNumber) -> Option<Region> {
    let parsed = phonenumber::parse(None, number.to_string()).ok()?;
    let known = parsed.country().id().map(Region);
    // New area codes are those of the country that has nearly all of them.
    known.or_else(|| is_of_new_area_code(number).then_some(Region::US))
}

pub(super) fn kind_of(number: PhoneNumber) -> NumberKind {
    let Ok(parsed) = phonenumber::parse(None, number.to_string()) else {
        return NumberKind::Unknown;
    };
    match parsed.number_type(&DATABASE) {
        Type::FixedLine | Type::FixedLineOrMobile => NumberKind::Geographic,
        Type::Mobile => NumberKind::Mobile,
        Type::PersonalNumber | Type::Uan | Type::Voip => NumberKind::NonGeographic,
        Type::PremiumRate | Type::SharedCost => NumberKind::Premium,
        Type::TollFree => NumberKind::TollFree,
        _ => NumberKind::Unknown,
    }
}

/// `tel:` of RFC 3966.
fn strip_tel(text: &str) -> &str {
    match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    }
}

/// The digits, or what stands between them that does not belong.
fn digits_only(text: &str) -> Result<Cow<'_, str>, PhoneError> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Cow::Borrowed(text));
    }
    let mut digits = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            // Full-width digits, as Japanese and Chinese keyboards write them.
            '０'..='９' => digits.extend(char::from_digit(c as u32 - '０' as u32, 10)),
            '+' | '＋' if i == 0 => {}
            ' '
            | '-'
            | '.'
            | '('
            | ')'
            | '/'
            | '\u{a0}'
            | '\u{200b}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{3000}'
            | '（'
            | '）'
            | '－'
            | '．'
            | '['
            | ']'
            | '\u{2060}' => {}
            found => return Err(PhoneError::NotADigit { found }),
        }
    }
    Ok(Cow::Owned(digits))
}

/// Digits that start with a calling code: taken as they are.
fn international(digits: &str) -> Result<PhoneNumber, PhoneError> {
    if digits.len() > 15 {
        return Err(PhoneError::Length { digits: digits.len() });
    }
    let value = digits.parse().map_err(|_| PhoneError::NotANumber)?;
    PhoneNumber::of_digits(digits.as_bytes(), value)
}

/// How many digits at the start dial out of the region; 0 if they do not.
fn international_prefix(digits: &str, region: Region) -> usize {
    DATABASE
        .by_id(region.0.as_ref())
        .and_then(|metadata| metadata.international_prefix().map(|prefix| prefix.find(digits)))
        .flatten()
        .filter(|found| found.start() == 0)
        .map_or(0, |found| found.end())
}

/// A number in the region's own spelling. Believed only when it is valid, and when the digits, less a
/// prefix, are those of the answer.
fn national(digits: &str, region: Region) -> Result<PhoneNumber, PhoneError> {
    if digits.starts_with("00") {
        // Meant as an international prefix, where it is none.
        return Err(PhoneError::Ambiguous);
    }
    let id: country::Id = region.0;
    let parsed = phonenumber::parse(Some(id), digits).map_err(|_| PhoneError::NotANumber)?;
    let canonical = parsed.format().mode(Mode::E164).to_string();
    let found = international(canonical.trim_start_matches('+'))?;
    let national = canonical.trim_start_matches('+');
    let national = &national[super::calling_code::len(parsed.code().value())..];
    // Outside of North America, bare digits that start with the calling code may as well be a longer
    // national number: libphonenumber itself decides such cases differently from one region to the next.
    let bare_code = found.calling_code() != 1 && canonical[1..] == *digits;
    let spelled = digits.ends_with(national) && !national.is_empty() && !bare_code;
    let is_valid = || phonenumber::is_valid(&parsed) || is_of_new_area_code(found);
    if spelled && is_valid() { Ok(found) } else { Err(PhoneError::Ambiguous) }
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::{PHONE_NUMBER_UTIL as ORACLE, PhoneNumberFormat, PhoneNumberType};

    use super::*;

    /// The 16 ways in which a number is spelled: as people, forms, CRMs and carriers write it.
    fn spellings(number: &rlibphonenumber::PhoneNumber) -> Vec<String> {
        let e164 = ORACLE.format(number, PhoneNumberFormat::E164).to_string();
        let international = ORACLE.format(number, PhoneNumberFormat::International).to_string();
        let national = ORACLE.format(number, PhoneNumberFormat::National).to_string();
        let bare = e164.trim_start_matches('+').to_owned();
        let significant = rlibphonenumber::get_national_significant_number_owned(number);
        let full_width = |text: &str| -> String {
            text.chars()
                .map(|c| match c.to_digit(10) {
                    Some(d) => char::from_u32('０' as u32 + d).unwrap(),
                    None => c,
                })
                .collect()
        };
        let mut lettered = national.clone();
        let middle = lettered.len() / 2;
        let middle = (0..=middle).rev().find(|i| lettered.is_char_boundary(*i)).unwrap();
        lettered.insert(middle, 'A');
        vec![
            e164.clone(),
            international.clone(),
            international.replace(' ', "-"),
            international.replace(' ', "."),
            format!("tel:{}", international.replace(' ', "-")),
            full_width(&e164),
            format!("  {e164} "),
            national.clone(),
            national.replace([' ', '-'], "."),
            national.chars().filter(char::is_ascii_digit).collect(),
            full_width(&national),
            significant,
            bare.clone(),
            format!("00{bare}"),
            format!("011 {bare}"),
            lettered,
        ]
    }

    /// Every number to spell: the examples of every region and type, and their neighbours.
    fn numbers() -> Vec<(rlibphonenumber::Region, rlibphonenumber::PhoneNumber)> {
        let kinds = [
            PhoneNumberType::FixedLine,
            PhoneNumberType::Mobile,
            PhoneNumberType::TollFree,
            PhoneNumberType::PremiumRate,
            PhoneNumberType::SharedCost,
            PhoneNumberType::PersonalNumber,
            PhoneNumberType::VoIP,
            PhoneNumberType::Pager,
            PhoneNumberType::UAN,
            PhoneNumberType::VoiceMail,
        ];
        let mut numbers = Vec::new();
        for region in ORACLE.get_supported_regions() {
            for kind in kinds {
                let Ok(example) = ORACLE.get_example_number_for_type_and_region(region, kind)
                else {
                    continue;
                };
                for difference in 0..4 {
                    let mut number = example.clone();
                    number.national_number += difference;
                    numbers.push((region, number));
                }
            }
        }
        numbers
    }

    /// Where both know the kind, they say the same; and it is known of most.
    #[test]
    fn the_kind_of_a_number_is_libphonenumbers() {
        let (mut agreed, mut unknown, mut wrong) = (0, 0, Vec::new());
        for (_, number) in numbers() {
            let e164 = ORACLE.format(&number, PhoneNumberFormat::E164).to_string();
            let Ok(ours) = e164.parse::<PhoneNumber>() else { continue };
            let theirs = match ORACLE.get_number_type(&number) {
                PhoneNumberType::FixedLine | PhoneNumberType::FixedLineOrMobile => {
                    NumberKind::Geographic
                }
                PhoneNumberType::Mobile => NumberKind::Mobile,
                PhoneNumberType::PersonalNumber | PhoneNumberType::UAN | PhoneNumberType::VoIP => {
                    NumberKind::NonGeographic
                }
                PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost => NumberKind::Premium,
                PhoneNumberType::TollFree => NumberKind::TollFree,
                _ => NumberKind::Unknown,
            };
            match ours.kind() {
                kind if kind == theirs => agreed += 1,
                NumberKind::Unknown => unknown += 1,
                kind => wrong.push(format!("{e164}: {kind:?}, not {theirs:?}")),
            }
        }
        println!("{agreed} alike, {unknown} unknown, {} otherwise", wrong.len());
        assert!(agreed > 30 * (wrong.len() + unknown), "{agreed} {unknown} {wrong:?}");
    }

    #[test]
    fn no_spelling_is_read_as_another_number_than_libphonenumber_reads() {
        let (mut agreed, mut refused, mut wrong) = (0, 0, Vec::new());
        for (region, number) in numbers() {
            for text in spellings(&number) {
                let ours = PhoneNumber::parse(&text, format!("{region:?}").parse().ok());
                let theirs = ORACLE
                    .parse(&text, Some(region))
                    .ok()
                    .filter(|number| number.extension().is_empty())
                    .map(|number| ORACLE.format(&number, PhoneNumberFormat::E164).to_string());
                match (ours, theirs) {
                    (Ok(ours), Some(theirs)) if ours.to_string() == theirs => agreed += 1,
                    (Ok(ours), theirs) => {
                        wrong.push(format!("{region:?} {text}: {ours}, not {theirs:?}"));
                    }
                    (Err(_), _) => refused += 1,
                }
            }
        }
        println!("{agreed} read alike, {refused} refused with a reason, {} wrong", wrong.len());
        assert_eq!(wrong, Vec::<String>::new());
        assert!(agreed + refused >= 64_608, "{}", agreed + refused);
        assert!(agreed >= refused * 3, "{agreed} read, {refused} refused");
    }

    /// Overlays come before the metadata know of them (D9): such numbers are read, and are the country's.
    #[test]
    fn dlc_4_numbers_of_new_area_codes_are_taken() {
        for text in ["+18612345678", "(861) 234-5678", "861-234-5678", "+14652345678"] {
            let number = PhoneNumber::parse(text, Some(Region::US)).unwrap();
            assert!(number.is_valid(), "{text}");
            assert_eq!(number.country(), Some(Region::US), "{text}");
        }
        for text in
            ["861-911-5678", "(861) 134-5678", "(396) 234-5678", "(375) 234-5678", "(111) 234-5678"]
        {
            assert!(PhoneNumber::parse(text, Some(Region::US)).is_err(), "{text}");
        }
        assert!(!"+18611345678".parse::<PhoneNumber>().unwrap().is_valid());
        // A known code keeps its rules.
        assert!(!"+12121115678".parse::<PhoneNumber>().unwrap().is_valid());
    }
}
