//! A document as text.

use std::fmt::{self, Write as _};

use super::{
    ProofDocument, ProofSection,
    annex::{self, AnnexEntry, AnnexHead},
    glossary::{GLOSSARY, LIMITS},
    head::{SUMMARY, head, programme_line, summary},
    row::Row,
    standing::Holding,
};
use crate::{
    consent::{LocalTimes, Proof, proof::DIGESTS},
    plain::Plain,
};

impl fmt::Display for ProofDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", Plain(&self.title))?;
        for (name, value) in head(self) {
            writeln!(f, "{name}: {}", Plain(value))?;
        }
        let lines = summary(self);
        if !lines.is_empty() {
            writeln!(f, "\nSUMMARY\n")?;
        }
        for values in lines {
            let named = SUMMARY.iter().zip(values).filter(|(_, value)| value != "–");
            let named = named.map(|(name, value)| format!("{}: {value}", name.to_lowercase()));
            let named: Vec<String> = named.collect();
            writeln!(f, "- {}", Plain(named.join("; ")))?;
        }
        let mut history = 0;
        for part in &self.sections {
            f.write_char('\n')?;
            match part {
                ProofSection::Proof(proof) => {
                    history += 1;
                    section(f, proof, history, &self.times)?;
                }
                other => writeln!(f, "{}", Plain(other.note().unwrap_or_default()))?,
            }
        }
        writeln!(f, "\nWHAT THIS DOCUMENT DOES NOT SHOW\n")?;
        LIMITS.iter().try_for_each(|limit| writeln!(f, "- {limit}"))?;
        writeln!(f, "\nGLOSSARY\n")?;
        GLOSSARY.iter().try_for_each(|(word, meaning)| writeln!(f, "{word}: {meaning}"))?;
        if self.proofs().next().is_some() {
            let all: Vec<&Proof> = self.proofs().collect();
            annex(f, &all, &self.times)?;
        }
        Ok(())
    }
}

/// The section and the annex of one proof, with moments in UTC.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = LocalTimes::default();
        section(f, self, 1, &times)?;
        annex(f, &[self], &times)
    }
}

fn section(
    f: &mut fmt::Formatter<'_>,
    proof: &Proof,
    history: usize,
    times: &LocalTimes,
) -> fmt::Result {
    let Proof { consumer, programme, sender, .. } = proof;
    writeln!(f, "Consent of {consumer} to texts of the programme {}", Plain(programme))?;
    writeln!(f, "Programme: {}", Plain(programme_line(programme, sender)))?;
    writeln!(f, "Now: {}", Plain(Holding::of(proof, times).line()))?;
    if let Some(dropped) = proof.dropped() {
        writeln!(f, "\n{dropped}")?;
    }
    for entry in Row::all(proof, history, times) {
        row(f, &entry)?;
    }
    f.write_char('\n')?;
    for doubt in &proof.doubts {
        writeln!(f, "Of the ledger as a whole: {}", Plain(doubt))?;
    }
    writeln!(f, "{}", proof.verdict())
}

fn row(f: &mut fmt::Formatter<'_>, row: &Row<'_>) -> fmt::Result {
    let (first, more) =
        row.act.split_first().map_or(("", &[][..]), |(first, more)| (first.as_str(), more));
    writeln!(f, "\n{}. {}", row.number, Plain(first))?;
    for line in more {
        writeln!(f, "   {}", Plain(line))?;
    }
    for (name, lines) in [("given", &row.given), ("entered", &row.entered)] {
        if !lines.is_empty() {
            writeln!(f, "   {name}: {}", Plain(lines.join(" = ")))?;
        }
    }
    if let Some((name, wording)) = row.wording {
        let lines: Vec<_> = wording.lines().map(|line| Plain(line).to_string()).collect();
        writeln!(f, "   {name}: {}", lines.join("\n      "))?;
    }
    if let Some(evidence) = &row.evidence {
        writeln!(f, "   evidence: {}", Plain(evidence))?;
    }
    if row.is_erased {
        writeln!(f, "   wording and evidence were erased")?;
    }
    writeln!(f, "   annex: {}", row.annex)
}

fn annex(f: &mut fmt::Formatter<'_>, proofs: &[&Proof], times: &LocalTimes) -> fmt::Result {
    writeln!(f, "\nANNEX: DIGESTS, PLACES, HEADS AND SIGNATURES")?;
    for (proof, history) in proofs.iter().zip(1..) {
        let (consumer, programme) = (proof.consumer, Plain(&proof.programme));
        writeln!(f, "\nA{history}. Consent of {consumer} to {programme}")?;
        for AnnexEntry { label, lines } in AnnexEntry::all(proof, history) {
            writeln!(f, "\n{label}")?;
            for (name, value) in lines {
                writeln!(f, "   {name}: {value}")?;
            }
        }
    }
    for AnnexHead { title, remarks, note } in annex::heads(proofs.iter().copied(), times) {
        writeln!(f, "\n{}", Plain(title))?;
        remarks.iter().try_for_each(|remark| writeln!(f, "   {}", Plain(remark)))?;
        note.lines().try_for_each(|line| writeln!(f, "   | {}", Plain(line)))?;
    }
    writeln!(f, "\nDigests: {DIGESTS}.")
}
