use std::{error::Error, fmt};

/// Every reason for which something was refused: at least one. It is an error itself, so that `?` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons<E>(pub Vec<E>);

impl<E> Default for Reasons<E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<E> From<Vec<E>> for Reasons<E> {
    fn from(reasons: Vec<E>) -> Self {
        Self(reasons)
    }
}

impl<E> std::ops::Deref for Reasons<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        &self.0
    }
}

impl<E> IntoIterator for Reasons<E> {
    type Item = E;
    type IntoIter = std::vec::IntoIter<E>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, E> IntoIterator for &'a Reasons<E> {
    type Item = &'a E;
    type IntoIter = std::slice::Iter<'a, E>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Each on a line of its own.
impl<E: fmt::Display> fmt::Display for Reasons<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, reason) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{reason}")?;
        }
        Ok(())
    }
}

impl<E: Error> Error for Reasons<E> {}
