use std::fmt;

use frontdesk_types::{NumberKind, SupportNumber};
use serde::Serialize;

use crate::Place;

/// By what texts of a number are enabled (DLC-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Route {
    /// A lease of the code, with a programme of its own.
    ShortCode,
    /// Outside of the United States: a number for texts alone, of no place.
    SmsOnly,
    /// A campaign of the registry.
    TenDlc,
    /// Verification of the toll-free number (unverified ones are blocked: Twilio 30032).
    TollFree,
}

/// Why texts of a number cannot be enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotEnabled {
    /// Abroad, and of a place.
    #[error("is a number of a place outside of the United States: only those of no place can text")]
    Geographic,
    /// Who texts it pays more.
    #[error("costs more than usual to text")]
    Premium,
    /// Abroad, and it takes calls.
    #[error(
        "is a number outside of the United States that takes calls: only one for texts alone can text"
    )]
    TakesCalls,
    /// It is in no numbering plan.
    #[error("is of no kind that is known")]
    Unknown,
}

/// By what texts of a number are enabled: US long codes by 10DLC, toll-free numbers by verification, short codes by lease; elsewhere only
/// numbers of no place that are for texts alone (`sms_only`). Slow: for configuration and forms.
///
/// ```
/// use frontdesk_tendlc::{NotEnabled, Route, route};
///
/// assert_eq!(route("+12125550123".parse()?, false), Ok(Route::TenDlc));
/// assert_eq!(route("+447400123456".parse()?, true), Ok(Route::SmsOnly));
/// assert_eq!(route("+442079460123".parse()?, true), Err(NotEnabled::Geographic));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn route(number: SupportNumber, sms_only: bool) -> Result<Route, NotEnabled> {
    let SupportNumber::Phone(phone) = number else { return Ok(Route::ShortCode) };
    match phone.kind() {
        NumberKind::Premium => Err(NotEnabled::Premium),
        NumberKind::TollFree if phone.calling_code() == 1 => Ok(Route::TollFree),
        NumberKind::Geographic if Place::of(phone, None) != Place::Abroad => Ok(Route::TenDlc),
        NumberKind::Geographic => Err(NotEnabled::Geographic),
        NumberKind::Mobile | NumberKind::NonGeographic | NumberKind::TollFree if sms_only => {
            Ok(Route::SmsOnly)
        }
        NumberKind::Mobile | NumberKind::NonGeographic | NumberKind::TollFree => {
            Err(NotEnabled::TakesCalls)
        }
        _ => Err(NotEnabled::Unknown),
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ShortCode => "a lease of the short code",
            Self::SmsOnly => "a number for texts alone",
            Self::TenDlc => "a 10DLC campaign",
            Self::TollFree => "verification of the toll-free number",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_8_which_numbers_can_be_enabled() {
        let table = [
            ("+12125550123", false, Ok(Route::TenDlc)),
            ("+12125550123", true, Ok(Route::TenDlc)),
            ("+17875550123", false, Ok(Route::TenDlc)),
            ("+18885550123", false, Ok(Route::TollFree)),
            ("12345", false, Ok(Route::ShortCode)),
            ("+447400123456", true, Ok(Route::SmsOnly)),
            ("+447400123456", false, Err(NotEnabled::TakesCalls)),
            ("+442079460123", true, Err(NotEnabled::Geographic)),
            ("+442079460123", false, Err(NotEnabled::Geographic)),
            ("+4915112345678", true, Ok(Route::SmsOnly)),
            // Canada looks like the United States, but has no 10DLC.
            ("+14165550123", true, Err(NotEnabled::Geographic)),
            ("+19005550123", true, Err(NotEnabled::Premium)),
        ];
        for (number, sms_only, expected) in table {
            assert_eq!(route(number.parse().unwrap(), sms_only), expected, "{number} {sms_only}");
        }
    }
}
