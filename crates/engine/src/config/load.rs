use frontdesk_types::Zones;

use super::{Center, Document, Problems, check, paths::Paths, structure};

impl Center {
    /// Reads a configuration document (TOML). Every problem is found in one go, each with its path and
    /// what is allowed.
    pub fn load(text: &str) -> Result<Self, Problems> {
        Self::load_in(text, Zones::bundled())
    }

    /// The same with the time zones of a host, which may be newer than those that come with this crate.
    pub fn load_in(text: &str, zones: &Zones) -> Result<Self, Problems> {
        let structure::Read { document, mut problems, written } = structure::read(text);
        let center = document.and_then(|document| {
            let (center, meaning) = check::center(document, zones);
            problems.add_meaning(Paths::of(&written).settle(meaning));
            center
        });
        center.filter(|_| problems.0.is_empty()).ok_or(problems)
    }

    /// A document that was made by a program, checked as one that was read.
    pub fn of(document: Document) -> Result<Self, Problems> {
        let written = serde_json::to_value(&document).unwrap_or_default();
        let (center, problems) = check::center(document, Zones::bundled());
        let problems = Paths::of(&written).settle(problems);
        center.filter(|_| problems.0.is_empty()).ok_or(problems)
    }
}
