use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How urgent an answer is, by the time that is left of the agent response target (SMS-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// More than 45 seconds.
    Yellow,
    /// 15 to 45 seconds.
    Orange,
    /// Less than 15 seconds, or none.
    Red,
}

impl Urgency {
    /// With so much time left.
    ///
    /// ```
    /// use chrono::TimeDelta;
    /// use frontdesk_sms::Urgency;
    ///
    /// let seconds = |left| Urgency::of(TimeDelta::seconds(left));
    /// assert_eq!([46, 45, 15, 14, -5].map(seconds), {
    ///     use Urgency::{Orange, Red, Yellow};
    ///     [Yellow, Orange, Orange, Red, Red]
    /// });
    /// ```
    pub fn of(left: TimeDelta) -> Self {
        if left > TimeDelta::seconds(45) {
            Self::Yellow
        } else if left >= TimeDelta::seconds(15) {
            Self::Orange
        } else {
            Self::Red
        }
    }
}
