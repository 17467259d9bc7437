use chrono::{Datelike, NaiveDateTime, Timelike};
use frontdesk_types::{Instant, Language};
use icu_calendar::Gregorian;
use icu_datetime::{
    DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter, NoCalendarFormatter, fieldsets,
    input::{Date, DateTime, Time},
    options::TimePrecision,
};
use icu_locale::{LocaleCanonicalizer, locale};

use crate::Schedule;

/// Spaces that may not break are no characters of GSM-7: one of them would make a text of 160 letters two or three.
const NARROW: [char; 2] = ['\u{202f}', '\u{a0}'];

impl Schedule {
    /// When the queue opens again, in words of the language and on the clock of the schedule's zone, for
    /// `@{NEXT_REOPEN_HOUR}` (SMS-9, HRS-9): "8:00 AM" on the same day, else "Monday 8:00 AM", and with the date when it
    /// is a week away or more. Names, order and clock are those of Unicode's CLDR, with plain spaces; a language that it
    /// does not have is written in English.
    pub fn words(&self, opens: Instant, now: Instant, language: Language) -> String {
        let (opens, now) = (self.zone().local(opens), self.zone().local(now));
        let days = (opens.date() - now.date()).num_days();
        let mut known = Some(language);
        while let Some(language) = known {
            if let Some(words) = preferences(language).and_then(|it| told(it, opens, days)) {
                return words;
            }
            known = language.fallback();
        }
        told(locale!("en").into(), opens, days)
            .unwrap_or_else(|| opens.format("%Y-%m-%d %H:%M").to_string())
    }
}

/// The locale under its present name: `tl` has become `fil`.
fn preferences(language: Language) -> Option<DateTimeFormatterPreferences> {
    let mut locale = language.to_string().parse::<icu_locale::Locale>().ok()?;
    LocaleCanonicalizer::new_common().canonicalize(&mut locale);
    Some(locale.into())
}

/// `None` where CLDR does not have the language.
fn told(language: DateTimeFormatterPreferences, opens: NaiveDateTime, days: i64) -> Option<String> {
    let part = |value: u32| u8::try_from(value).ok();
    let date = Date::try_new_gregorian(opens.year(), part(opens.month())?, part(opens.day())?);
    let date = date.ok()?;
    let time = Time::try_new(part(opens.hour())?, part(opens.minute())?, 0, 0).ok()?;
    let weekday = weekday(language, date)?;
    // What it does not have it writes as for no language at all.
    let unknown = weekday == self::weekday(locale!("und").into(), date)?;
    let clock = fieldsets::T::short().with_time_precision(TimePrecision::Minute);
    let clock = NoCalendarFormatter::try_new(language, clock).ok()?.format(&time).to_string();
    let words = match days {
        _ if unknown => return None,
        0 => clock,
        1..=6 => format!("{weekday} {clock}"),
        _ => {
            let long = fieldsets::MDE::long().with_time_hm();
            let long = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(language, long);
            long.ok()?.format(&DateTime { date, time }).to_string()
        }
    };
    Some(words.replace(NARROW, " "))
}

fn weekday(language: DateTimeFormatterPreferences, date: Date<Gregorian>) -> Option<String> {
    let name = FixedCalendarDateTimeFormatter::try_new(language, fieldsets::E::long()).ok()?;
    Some(name.format(&date).to_string())
}

#[cfg(test)]
mod tests {
    use frontdesk_types::Zones;

    use super::*;

    /// chatwoot #1900: "closed" is not enough; say when.
    #[test]
    fn the_next_opening_is_told_in_the_consumers_language() {
        let week = Schedule::always(Zones::bundled().named("America/New_York").unwrap());
        let now: Instant = "2026-11-20T23:00:00Z".parse().unwrap();
        let monday: Instant = "2026-11-23T13:00:00Z".parse().unwrap();
        let later: Instant = "2026-12-01T20:30:00Z".parse().unwrap();
        for (language, words, date) in [
            ("en", "Monday 8:00 AM", "Tuesday, December 1 at 3:30 PM"),
            ("en-GB", "Monday 08:00", "Tuesday 1 December at 15:30"),
            ("fr", "lundi 08:00", "mardi 1 décembre à 15:30"),
            ("fr-CA", "lundi 08 h 00", "mardi 1 décembre à 15 h 30"),
            ("de", "Montag 08:00", "Dienstag, 1. Dezember um 15:30"),
            ("es", "lunes 08:00", "martes, 1 de diciembre a las 15:30"),
            ("es-US", "lunes 8:00 a.m.", "martes, 1 de diciembre a las 3:30 p.m."),
            ("ja", "月曜日 8:00", "12月1日火曜日 15:30"),
            ("ko", "월요일 오전 8:00", "12월 1일 화요일 오후 3:30"),
            ("xx", "Monday 8:00 AM", "Tuesday, December 1 at 3:30 PM"),
        ] {
            let said = |at| week.words(at, now, language.parse().unwrap());
            assert_eq!((said(monday), said(later)), (words.into(), date.into()), "{language}");
        }
        assert_eq!(week.words(monday, now, "tl".parse().unwrap()), "Lunes 8:00 AM");
        let tonight: Instant = "2026-11-21T01:30:00Z".parse().unwrap();
        assert_eq!(week.words(tonight, now, Language::ENGLISH), "8:30 PM");
    }

    /// 160 letters would be a text of three segments.
    #[test]
    fn words_that_gsm_7_can_say_are_said_in_it() {
        let week = Schedule::always(Zones::bundled().named("America/New_York").unwrap());
        let now: Instant = "2026-11-20T23:00:00Z".parse().unwrap();
        for hour in 0..24 {
            let at = now + chrono::TimeDelta::hours(hour + 24);
            for language in ["en", "es-US", "es-MX", "en-CA", "nl", "it"] {
                let words = week.words(at, now, language.parse().unwrap());
                let plain = |letter: char| letter.is_ascii() || "éàèìòùñ".contains(letter);
                let nothing_else = words.chars().filter(|letter| !"áí".contains(*letter));
                assert!(nothing_else.into_iter().all(plain), "{words}");
            }
        }
    }
}
