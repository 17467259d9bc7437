use chrono::Locale;
use frontdesk_types::{Instant, Language};

use crate::Schedule;

impl Schedule {
    /// When the queue opens again, in words of the language and on the clock of the schedule's zone, for
    /// `@{NEXT_REOPEN_HOUR}` (SMS-9): "8:00 AM" on the same day, else "Monday 8:00 AM", and with the date
    /// when it is a week away or more. Names of days come from the Unicode and glibc locale data in
    /// `chrono`; a language that it does not know is written in English.
    pub fn words(&self, opens: Instant, now: Instant, language: Language) -> String {
        let locale = locale(language);
        let (opens, now) =
            (opens.with_timezone(&self.zone().tz()), now.with_timezone(&self.zone().tz()));
        // Some locales of twelve hours have no words for their halves: 8:00 would be twice a day.
        let halves = !opens.format_localized("%p", locale).to_string().is_empty();
        let clock = if twelve_hours(locale) && halves { "%-I:%M %p" } else { "%H:%M" };
        let days = (opens.date_naive() - now.date_naive()).num_days();
        let format = match days {
            0 => clock.to_owned(),
            1..=6 => format!("%A {clock}"),
            _ => format!("%A %x {clock}"),
        };
        opens.format_localized(&format, locale).to_string()
    }
}

fn twelve_hours(locale: Locale) -> bool {
    matches!(
        locale,
        Locale::en_US
            | Locale::en_CA
            | Locale::en_AU
            | Locale::es_US
            | Locale::es_MX
            | Locale::ko_KR
    )
}

fn locale(language: Language) -> Locale {
    let name = language.to_string().replace('-', "_");
    let usual = match name.as_str() {
        "en" => "en_US",
        "es" => "es_US",
        "fr" => "fr_FR",
        "de" => "de_DE",
        "ko" => "ko_KR",
        "id" => "id_ID",
        "ja" => "ja_JP",
        "pt" => "pt_BR",
        "zh" => "zh_CN",
        "it" => "it_IT",
        "nl" => "nl_NL",
        other => other,
    };
    let fallback = || language.fallback().map_or(Locale::en_US, locale);
    usual.parse().unwrap_or_else(|_| fallback())
}

#[cfg(test)]
mod tests {
    use chrono_tz::America;

    use super::*;

    #[test]
    fn the_next_opening_is_told_in_the_consumers_language() {
        // chatwoot #1900: "closed" is not enough; say when.
        let week = Schedule::always(America::New_York);
        let now: Instant = "2026-11-20T23:00:00Z".parse().unwrap();
        let monday: Instant = "2026-11-23T13:00:00Z".parse().unwrap();
        for (language, words) in [
            ("en", "Monday 8:00 AM"),
            ("fr", "lundi 08:00"),
            ("fr-CA", "lundi 08:00"),
            ("de", "Montag 08:00"),
            ("es", "lunes 08:00"),
            ("xx", "Monday 8:00 AM"),
        ] {
            assert_eq!(week.words(monday, now, language.parse().unwrap()), words, "{language}");
        }
        let tonight: Instant = "2026-11-21T01:30:00Z".parse().unwrap();
        assert_eq!(week.words(tonight, now, Language::ENGLISH), "8:30 PM");
    }
}
