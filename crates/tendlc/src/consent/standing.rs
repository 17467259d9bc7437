use chrono::{NaiveTime, TimeDelta};
use frontdesk_types::{Instant, MessageId};
use serde::{Deserialize, Serialize};

use super::{Act, ConsentLevel, Entry};

/// Whether a consumer may be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The consumer agreed to messages elsewhere than in a text, or wrote a word of consent that nothing had asked for.
    Agreed,
    /// The consumer opened the exchange: answers may go out.
    Conversational,
    /// The consumer agreed with a word of consent to what an opt-in message or a call to action told them.
    OptedIn,
    /// On the do-not-contact list.
    OptedOut,
    /// Never heard of.
    #[default]
    Unknown,
}

/// What holds now for one consumer and one programme: the fold of their ledger entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consent {
    standing: Standing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    #[serde(default)]
    opt_in_text_shown: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmation: Option<MessageId>,
    /// Of those who agreed elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreed: Option<ConsentLevel>,
    /// The level of before the last revocation, which a START gives back (SMS-12); `None` while opted out is implied
    /// consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<ConsentLevel>,
}

/// A revocation that is known by its date is told as midnight UTC. Consent came after it if it came after that day, wherever the
/// consumer lives: where nobody knows what came first, the revocation holds.
fn end_of(revoked: Instant) -> Instant {
    if revoked.time() == NaiveTime::MIN { revoked + LONGEST_DATE } else { revoked }
}

/// From the beginning of a date in UTC to its end twelve hours west of it.
const LONGEST_DATE: TimeDelta = TimeDelta::hours(36);

impl Consent {
    /// What entries amount to, in the ledger's order.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut consent = Self::default();
        entries.into_iter().for_each(|entry| consent.apply(entry));
        consent
    }

    /// Adds an entry. Entries must come in the ledger's order.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.act {
            Act::Agreed { method, level, given } => {
                self.agree((*level).min(method.highest_level()), *given);
            }
            Act::WroteFirst | Act::AgreedInCall => {
                if self.standing == Standing::Unknown {
                    self.stand(Standing::Conversational, entry.at);
                }
            }
            Act::Erased { .. } => {}
            Act::OptInTextShown => self.opt_in_text_shown = true,
            Act::OptedIn { asked, .. } => self.opt_in(*asked, entry.at),
            // A second STOP gets no second confirmation, and takes back none that is on its way.
            Act::OptedOut { confirmation, .. } => self.opt_out(confirmation.as_ref(), entry.at),
            Act::CarrierOptedOut => self.opt_out(None, entry.at),
            Act::Revoked { given, .. } => self.revoke(*given),
        }
    }

    fn opt_out(&mut self, confirmation: Option<&MessageId>, at: Instant) {
        if self.standing != Standing::OptedOut {
            self.confirmation = confirmation.cloned();
            self.before = self.level().filter(|level| *level > ConsentLevel::Implied);
        }
        self.stand(Standing::OptedOut, at);
    }

    /// A revocation that is entered after it was given. Consent and a START that came after it hold; an exchange that the
    /// consumer began does not undo it.
    fn revoke(&mut self, given: Instant) {
        let since_then = self.since.is_some_and(|since| since > end_of(given));
        let by_a_word = self.standing == Standing::Conversational && self.before.is_some();
        let agreed = self.level() > Some(ConsentLevel::Implied) || by_a_word;
        if self.is_opted_out() {
            self.since = self.since.max(Some(given));
        } else if !(agreed && since_then) {
            self.opt_out(None, given);
        }
    }

    /// A word of consent. The answer to an opt-in message or a call to action is written consent. After a revocation any other
    /// word gives back the level of before it; a consumer who has never revoked gives express consent by it (SMS-12).
    fn opt_in(&mut self, asked: bool, at: Instant) {
        let was_out = self.standing == Standing::OptedOut;
        if was_out {
            // Until the consumer opts out and back in (SMS-2): the text is due again.
            self.opt_in_text_shown = false;
        }
        self.confirmation = None;
        if asked {
            self.stand(Standing::OptedIn, at);
        } else if !was_out {
            if self.before.is_none() {
                self.agree(ConsentLevel::Express, at);
            }
            // It says once more what holds, also after a revocation elsewhere.
            self.since = self.since.max(Some(at));
        } else {
            let level = self.before.unwrap_or(ConsentLevel::Implied);
            self.before = Some(level);
            let standing = match level {
                ConsentLevel::Implied => Standing::Conversational,
                level if self.agreed == Some(level) => Standing::Agreed,
                ConsentLevel::Express => {
                    self.agreed = Some(level);
                    Standing::Agreed
                }
                ConsentLevel::Written => Standing::OptedIn,
            };
            self.stand(standing, at);
        }
    }

    /// What holds beside another ledger that counts as the same, of which `later` holds and is not older. A revocation ends with
    /// consent that was given after it, and with nothing else; otherwise the more that was agreed to holds.
    pub(super) fn then(self, later: Self) -> Self {
        match (self.standing, later.standing) {
            (Standing::OptedOut, Standing::Agreed | Standing::OptedIn)
                if self.since.map(end_of) < later.since =>
            {
                later
            }
            // A START after it, which gave back what was there before.
            (Standing::OptedOut, Standing::Conversational)
                if later.before.is_some() && self.since < later.since =>
            {
                later
            }
            (Standing::OptedOut, _) => self,
            (_, Standing::OptedOut) => later,
            _ => {
                let opt_in_text_shown = self.opt_in_text_shown || later.opt_in_text_shown;
                let more = if self.level() >= later.level() { self } else { later };
                Self { opt_in_text_shown, ..more }
            }
        }
    }

    /// As it was, from what was kept of it.
    pub(super) fn restored(
        standing: Standing,
        since: Option<Instant>,
        opt_in_text_shown: bool,
        confirmation: Option<MessageId>,
        agreed: Option<ConsentLevel>,
        before: Option<ConsentLevel>,
    ) -> Self {
        Self { standing, since, opt_in_text_shown, confirmation, agreed, before }
    }

    /// The level of before the last revocation.
    pub(super) fn before(&self) -> Option<ConsentLevel> {
        self.before
    }

    /// What was agreed to elsewhere, whether it still holds or not.
    pub(super) fn agreed(&self) -> Option<ConsentLevel> {
        self.agreed
    }

    /// Consent that is older than a revocation changes nothing, and neither does less of it than there is. The same once more
    /// renews it.
    fn agree(&mut self, level: ConsentLevel, given: Instant) {
        let since = self.since.map(end_of);
        let revoked_since = self.is_opted_out() && since.is_some_and(|since| given <= since);
        if revoked_since || self.level().is_some_and(|held| held > level) {
            return;
        }
        if self.level() == Some(level) {
            self.since = self.since.max(Some(given));
            return;
        }
        if self.is_opted_out() {
            self.opt_in_text_shown = false;
            self.confirmation = None;
        }
        self.agreed = Some(level);
        self.stand(Standing::Agreed, given);
    }

    fn stand(&mut self, standing: Standing, at: Instant) {
        self.standing = standing;
        self.since = Some(at);
    }

    /// Whether the consumer may be contacted.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// How far consent goes; `None` is that there is none.
    pub fn level(&self) -> Option<ConsentLevel> {
        match self.standing {
            Standing::Agreed => self.agreed,
            Standing::Conversational => Some(ConsentLevel::Implied),
            Standing::OptedIn => Some(ConsentLevel::Written),
            Standing::OptedOut | Standing::Unknown => None,
        }
    }

    /// Since when; the last revocation, of several; `None` when nothing is known.
    pub fn since(&self) -> Option<Instant> {
        self.since
    }

    /// Whether the consumer is on the do-not-contact list for this number.
    pub fn is_opted_out(&self) -> bool {
        self.standing == Standing::OptedOut
    }

    /// Whether the opt-in text is due with the next greeting (SMS-2).
    pub fn opt_in_text_due(&self) -> bool {
        !self.opt_in_text_shown
    }

    /// Whether it was given after a revocation to another programme, so that it holds where a revocation takes back all.
    pub fn outlives(&self, revoked: Instant) -> bool {
        self.level().is_some() && self.since.is_some_and(|given| given > end_of(revoked))
    }

    /// The one message that may leave although the consumer opted out.
    pub fn confirmation(&self) -> Option<&MessageId> {
        self.confirmation.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Method, RevocationChannel},
        *,
    };

    fn entry(act: Act) -> Entry {
        Entry {
            at: "2026-11-21T15:00:00Z".parse().unwrap(),
            act,
            wording: String::new(),
            evidence: "SM1".into(),
        }
    }

    fn opted_out(confirmation: &str) -> Act {
        Act::OptedOut { word: "stop".into(), confirmation: Some(confirmation.into()) }
    }

    fn opted_in(asked: bool) -> Act {
        Act::OptedIn { word: "start".into(), confirmation: None, asked }
    }

    fn after(acts: impl IntoIterator<Item = Act>) -> Consent {
        Consent::of(&acts.into_iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn what_holds_now_is_the_fold_of_the_ledger() {
        let opted_in = || opted_in(false);
        assert_eq!(after([Act::WroteFirst]).standing(), Standing::Conversational);
        assert_eq!(after([opted_in(), Act::WroteFirst]).standing(), Standing::Agreed);
        assert_eq!(after([self::opted_in(true), Act::WroteFirst]).standing(), Standing::OptedIn);
        assert_eq!(after([opted_out("1"), Act::WroteFirst]).standing(), Standing::OptedOut);
        assert_eq!(after([opted_out("1"), opted_in()]).standing(), Standing::Conversational);
        assert_eq!(after([Act::CarrierOptedOut]).standing(), Standing::OptedOut);
    }

    /// N1 of a trial: a letter of today takes back what was agreed to today.
    #[test]
    fn dlc_3_a_revocation_by_its_date_takes_back_consent_of_that_day() {
        let agreed = |given: &str| Act::Agreed {
            method: Method::WebForm,
            level: ConsentLevel::Express,
            given: given.parse().unwrap(),
        };
        let letter = |given: &str| Act::Revoked {
            channel: RevocationChannel::Mail,
            given: given.parse().unwrap(),
        };
        for (consent, revocation, holds) in [
            ("2026-11-20T15:00:00Z", "2026-11-20T00:00:00Z", false),
            ("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z", false),
            // The evening of the 20th in Hawaii.
            ("2026-11-21T08:00:00Z", "2026-11-20T00:00:00Z", false),
            ("2026-11-21T15:00:00Z", "2026-11-20T00:00:00Z", true),
            // An instant is an instant.
            ("2026-11-20T15:00:00Z", "2026-11-20T14:59:59Z", true),
        ] {
            for acts in
                [[agreed(consent), letter(revocation)], [letter(revocation), agreed(consent)]]
            {
                assert_eq!(!after(acts).is_opted_out(), holds, "{consent} {revocation}");
            }
            let revoked: Instant = revocation.parse().unwrap();
            assert_eq!(after([agreed(consent)]).outlives(revoked), holds, "{consent} {revocation}");
        }
        // A word of consent that comes by text after it was entered is the consumer's last word.
        let started = [letter("2026-11-21T00:00:00Z"), opted_in(false)];
        assert!(!after(started).is_opted_out());
    }

    #[test]
    fn consent_given_elsewhere_counts_unless_it_was_revoked_since() {
        let agreed = |level, given: &str| Act::Agreed {
            method: Method::WebForm,
            level,
            given: given.parse().unwrap(),
        };
        let (express, written) = (ConsentLevel::Express, ConsentLevel::Written);
        let (before, later) = ("2026-01-01T00:00:00Z", "2026-11-22T00:00:00Z");
        let level = |acts: Vec<Act>| after(acts).level();
        assert_eq!(level(vec![agreed(express, before)]), Some(express));
        assert_eq!(level(vec![agreed(express, before), Act::WroteFirst]), Some(express));
        assert_eq!(level(vec![Act::WroteFirst, agreed(written, before)]), Some(written));
        assert_eq!(level(vec![agreed(written, before), agreed(express, before)]), Some(written));
        // An old list does not bring back who has opted out; a new form does.
        assert_eq!(level(vec![opted_out("1"), agreed(written, before)]), None);
        assert_eq!(level(vec![opted_out("1"), agreed(written, later)]), Some(written));
        assert_eq!(level(vec![agreed(written, before), opted_out("1")]), None);
    }

    /// A level is never higher than its method gives (D13): a note of an agent, a program without evidence.
    #[test]
    fn dlc_3_a_level_is_never_higher_than_its_method_gives() {
        use ConsentLevel::{Express, Implied, Written};
        let given = "2026-01-01T00:00:00Z".parse().unwrap();
        for (method, highest) in [
            (Method::Agent, Express),
            (Method::Keyword, Written),
            (Method::Paper, Written),
            (Method::Program, Express),
            (Method::Voice, Written),
            (Method::WebForm, Written),
        ] {
            for level in [Implied, Express, Written] {
                let held = after([Act::Agreed { method, level, given }]).level();
                assert_eq!(held, Some(level.min(highest)), "{method:?}");
            }
        }
    }

    /// A revocation keeps its own date: consent that was given after it holds, in whichever order both are entered.
    #[test]
    fn dlc_3_a_revocation_that_is_entered_late_takes_back_what_was_given_before_it() {
        use ConsentLevel::{Express, Written};
        let at = |day: &str| format!("2026-{day}T00:00:00Z").parse().unwrap();
        let agreed = |day| Act::Agreed { method: Method::WebForm, level: Express, given: at(day) };
        let revoked = |day| Act::Revoked { channel: RevocationChannel::Phone, given: at(day) };
        for (acts, level) in [
            (vec![agreed("02-01"), revoked("03-01")], None),
            (vec![revoked("03-01"), agreed("02-01")], None),
            (vec![agreed("04-01"), revoked("03-01")], Some(Express)),
            (vec![revoked("03-01"), agreed("04-01")], Some(Express)),
            (vec![revoked("05-01"), revoked("03-01"), agreed("04-01")], None),
            // The exchange began later; that is no consent to texts.
            (vec![Act::WroteFirst, revoked("03-01")], None),
            // The answer to an opt-in message came later (on November 21).
            (vec![opted_in(true), revoked("03-01")], Some(Written)),
            (vec![opted_in(true), revoked("12-01")], None),
            (vec![revoked("03-01"), opted_in(false)], Some(ConsentLevel::Implied)),
        ] {
            assert_eq!(after(acts.clone()).level(), level, "{acts:?}");
        }
    }

    #[test]
    fn sms_12_a_word_of_consent_gives_back_the_level_of_before_the_stop_and_never_more() {
        use ConsentLevel::{Express, Implied, Written};
        let agreed = |level| Act::Agreed {
            method: Method::WebForm,
            level,
            given: "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        for (before, given_back) in [
            (vec![], Implied),
            (vec![Act::WroteFirst], Implied),
            (vec![agreed(Express)], Express),
            (vec![agreed(Written)], Written),
            (vec![opted_in(false)], Express),
            (vec![Act::WroteFirst, opted_in(true)], Written),
        ] {
            let rounds = [opted_out("1"), opted_in(false), opted_in(false), opted_out("2")];
            let mut acts = before.clone();
            assert_eq!(after([acts.clone(), vec![Act::CarrierOptedOut]].concat()).level(), None);
            for act in rounds {
                let out = act.revokes();
                acts.push(act);
                let level = after(acts.clone()).level();
                assert_eq!(level, (!out).then_some(given_back), "{acts:?}");
            }
            // The answer to an opt-in message is written consent, whatever was before.
            acts.extend([opted_in(false), opted_in(true)]);
            assert_eq!(after(acts).level(), Some(Written), "{before:?}");
        }
    }

    #[test]
    fn the_opt_in_text_is_due_once_until_out_and_back_in() {
        let shown = [Act::WroteFirst, Act::OptInTextShown];
        assert!(!after(shown.clone()).opt_in_text_due());
        let opted_in = || opted_in(false);
        assert!(!after(shown.clone().into_iter().chain([opted_in()])).opt_in_text_due());
        assert!(after(shown.into_iter().chain([opted_out("1"), opted_in()])).opt_in_text_due());
    }

    #[test]
    fn only_the_first_stop_has_a_confirmation() {
        let consent = after([opted_out("1"), opted_out("2"), Act::CarrierOptedOut]);
        assert_eq!(consent.confirmation(), Some(&"1".into()));
    }

    #[test]
    fn entries_are_read_and_written() {
        let json = r#"{"at":"2026-11-21T15:00:00Z","act":"opted_in","word":"start","confirmation":"SM1-reply","wording":"Start","evidence":"SM1"}"#;
        let entry: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), json);
        let consent = after([Act::WroteFirst, opted_out("1042-4")]);
        assert_eq!(
            serde_json::to_string(&consent).unwrap(),
            r#"{"standing":"opted_out","since":"2026-11-21T15:00:00Z","opt_in_text_shown":false,"confirmation":"1042-4"}"#
        );
    }
}
