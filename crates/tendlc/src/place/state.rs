use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The 50 states, Washington, D.C., and the territories whose numbers are +1, in order.
const CODES: &[u8; 112] = b"AKALARASAZCACOCTDCDEFLGAGUHIIAIDILINKSKYLAMAMDMEMIMNMOMPMSMTNCNDNENHNJNMNVNYOHOKORPAPRRISCSDTNTXUTVAVIVTWAWIWVWY";
const TERRITORIES: [&str; 5] = ["AS", "GU", "MP", "PR", "VI"];

/// A state of the United States, Washington, D.C., or a territory: two letters of the postal service, like `FL`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct State(u8);

/// Two letters that are no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a state: two letters of the postal service, like FL")]
pub struct StateError(String);

impl State {
    /// How many there are.
    pub(crate) const COUNT: usize = CODES.len() / 2;

    /// Every one, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u8..).take(Self::COUNT).map(Self)
    }

    /// Whether it is a territory: none of the 50 states, and not Washington, D.C.
    pub fn is_territory(self) -> bool {
        TERRITORIES.contains(&self.code())
    }

    /// Two letters.
    pub fn code(self) -> &'static str {
        let start = usize::from(self.0) * 2;
        CODES.get(start..start + 2).and_then(|code| std::str::from_utf8(code).ok()).unwrap_or("??")
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        Self::all()
            .find(|state| state.code().eq_ignore_ascii_case(text))
            .ok_or_else(|| StateError(text.to_owned()))
    }
}

impl TryFrom<String> for State {
    type Error = StateError;

    fn try_from(text: String) -> Result<Self, StateError> {
        text.parse()
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        state.code().to_owned()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Some states.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct StateSet(u64);

impl StateSet {
    /// Those that are given.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut set = Self::default();
        states.into_iter().for_each(|state| set.insert(state));
        set
    }

    /// Adds one.
    pub fn insert(&mut self, state: State) {
        self.0 |= 1 << state.0;
    }

    /// Whether it is one of them.
    pub fn contains(self, state: State) -> bool {
        self.0 & (1 << state.0) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each, in the order of their codes.
    pub fn iter(self) -> impl Iterator<Item = State> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = u8::try_from(left.trailing_zeros()).ok().filter(|next| *next < 64)?;
            left &= left - 1;
            Some(State(next))
        })
    }
}

/// `FL, TX`
impl fmt::Display for StateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, state) in self.iter().enumerate() {
            write!(f, "{}{state}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for StateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_and_written() {
        assert_eq!(State::all().filter(|state| !state.is_territory()).count(), 51);
        for state in State::all() {
            assert_eq!(state.code().parse(), Ok(state));
        }
        assert!(State::all().is_sorted_by_key(State::code));
        assert_eq!("fl".parse::<State>().unwrap().code(), "FL");
        let error = "ZZ".parse::<State>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`ZZ` is not a state: two letters of the postal service, like FL"
        );
        let set = StateSet::of(["WY", "AK"].map(|code| code.parse().unwrap()));
        assert_eq!(set.to_string(), "AK, WY");
    }
}
