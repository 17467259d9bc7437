//! Facts as they are written down: rows of tables, each with what it rests on.

use chrono::NaiveDate;
use serde::Deserialize;

use super::Confidence;
use crate::Severity;

/// Tables of facts, as a file has them. A host's own has the rows that it overrides.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Document {
    pub(super) quiet_hours: Vec<QuietHoursRow>,
    pub(super) state_holidays: Vec<StateHolidaysRow>,
    pub(super) message_caps: Vec<MessageCapRow>,
    pub(super) revocation: Vec<RevocationRow>,
    pub(super) honour_opt_out: Vec<HonourRow>,
    pub(super) att_classes: Vec<AttClassRow>,
    pub(super) t_mobile_tiers: Vec<TMobileTierRow>,
    pub(super) number_limits: Vec<NumberLimitRow>,
    pub(super) numbers_without_pool: Vec<PoolRow>,
    pub(super) text_lengths: Vec<TextLengthRow>,
    pub(super) samples: Vec<SamplesRow>,
    pub(super) sub_use_cases: Vec<SubUseCasesRow>,
    pub(super) shorteners: Vec<ShortenersRow>,
    pub(super) lint_rules: Vec<LintRuleRow>,
    pub(super) content: Vec<ContentRow>,
}

/// What a row rests on. What is missing is told with everything else that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BasisRow {
    pub(super) source: String,
    pub(super) since: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) confidence: Option<Confidence>,
    pub(super) text: ForTexts,
}

/// Whether a rule is known to be for texts, and not for calls alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ForTexts {
    #[default]
    Yes,
    Unclear,
}

/// A row of a table: what it is about, and what it rests on.
pub(super) trait Row: Clone {
    /// The table's name.
    const TABLE: &'static str;
    /// Rows of the same key follow one another in time.
    fn key(&self) -> String;
    fn basis(&self) -> &BasisRow;
}

macro_rules! row {
    ($(#[$doc:meta])* $name:ident in $table:literal by $key:expr, { $($(#[$of_field:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$of_field])* pub(super) $field: $type,)*
            #[serde(default)]
            pub(super) basis: BasisRow,
        }

        impl Row for $name {
            const TABLE: &'static str = $table;

            fn key(&self) -> String {
                let key: fn(&Self) -> String = $key;
                key(self)
            }

            fn basis(&self) -> &BasisRow {
                &self.basis
            }
        }
    };
}

row!(QuietHoursRow in "quiet_hours" by |row| row.place.to_uppercase(), {
    place: String,
    open: Vec<String>,
    #[serde(default)]
    holidays: super::Holidays,
    /// On other days of the week holidays do not count: `Mon-Fri`.
    #[serde(default)]
    holiday_weekdays: Option<String>,
    /// The consent that lifts these hours by the law's own words.
    #[serde(default)]
    lifted_by: Option<crate::ConsentLevel>,
});

row!(StateHolidaysRow in "state_holidays" by |row| format!("{} {}", row.place.to_uppercase(), row.year), {
    place: String,
    year: i32,
    days: Vec<HolidayRow>,
});

/// A holiday of a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayRow {
    pub(super) date: NaiveDate,
    /// For readers of the table.
    #[serde(rename = "name")]
    pub(super) _name: String,
}

row!(MessageCapRow in "message_caps" by |row| row.place.to_uppercase(), {
    place: String,
    count: u32,
    hours: u32,
    #[serde(default)]
    lifted_by_purchase_months: u32,
});

row!(RevocationRow in "revocation" by |_| String::new(), {
    scope: super::RevocationScope,
    confirm_within_minutes: u32,
    honour_within_business_days: u32,
});

row!(HonourRow in "honour_opt_out" by |row| row.place.to_uppercase(), {
    place: String,
    years: u32,
});

row!(AttClassRow in "att_classes" by |row| row.class.to_uppercase(), {
    class: String,
    #[serde(default)]
    score: Option<(u8, u8)>,
    #[serde(default)]
    mixed: Option<bool>,
    #[serde(default)]
    use_cases: Vec<String>,
    #[serde(default)]
    brands: Vec<crate::BrandListing>,
    sms_per_minute: u32,
    #[serde(default)]
    mms_per_minute: Option<u32>,
    counts: super::Counts,
});

row!(TMobileTierRow in "t_mobile_tiers" by |row| row.tier.clone(), {
    tier: String,
    #[serde(default)]
    score: Option<(u8, u8)>,
    #[serde(default)]
    use_cases: Vec<String>,
    #[serde(default)]
    brands: Vec<crate::BrandListing>,
    /// Without it there is no limit.
    #[serde(default)]
    per_day: Option<u32>,
});

row!(NumberLimitRow in "number_limits" by |row| row.carrier.clone(), {
    carrier: String,
    sms_per_minute: u32,
    #[serde(default)]
    mms_per_minute: Option<u32>,
});

row!(PoolRow in "numbers_without_pool" by |_| String::new(), {
    most: u32,
});

row!(TextLengthRow in "text_lengths" by |row| row.field.clone(), {
    field: String,
    from: usize,
    to: usize,
});

row!(SamplesRow in "samples" by |_| String::new(), {
    from: usize,
    to: usize,
});

row!(SubUseCasesRow in "sub_use_cases" by |row| row.use_case.to_uppercase(), {
    use_case: String,
    from: usize,
    to: usize,
});

row!(ShortenersRow in "shorteners" by |_| String::new(), {
    domains: Vec<String>,
});

row!(LintRuleRow in "lint_rules" by |row| row.rule.clone(), {
    rule: String,
    severity: RuleSeverity,
});

row!(ContentRow in "content" by |row| row.category.clone(), {
    category: String,
    #[serde(default)]
    unless: Option<super::Unless>,
    #[serde(default)]
    phrases: Vec<String>,
});

/// How bad what a rule finds is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RuleSeverity {
    Error,
    Note,
    /// It is not looked for.
    Off,
    Warning,
}

impl RuleSeverity {
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Note => Some(Severity::Note),
            Self::Off => None,
            Self::Warning => Some(Severity::Warning),
        }
    }
}
