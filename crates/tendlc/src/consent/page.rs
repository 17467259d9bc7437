use std::fmt::{self, Write as _};

use super::{Proof, ProvenEntry};
use crate::{plain::is_hidden, utc::utc};

/// Proofs as one page of HTML, to print or to file: a section for each history. It needs nothing else: no script, no picture, no
/// address. Whatever a consumer wrote stands there as text.
///
/// ```
/// use frontdesk_tendlc::ProofPage;
///
/// let page = ProofPage { title: "Consent of +12025550123", proofs: &[], notes: &[] }.to_string();
/// assert!(page.starts_with("<!doctype html>"));
/// assert!(page.contains("Nothing was ever entered."));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ProofPage<'a> {
    /// The page's heading.
    pub title: &'a str,
    /// The proofs, in their order.
    pub proofs: &'a [Proof],
    /// Lines before them: of whom there is no proof, and why.
    pub notes: &'a [String],
}

const STYLE: &str = "\
body{font:11pt/1.4 Georgia,serif;margin:2em auto;max-width:48em;padding:0 1em;color:#111}\
h1{font-size:1.5em}h2{font-size:1.2em;border-top:1px solid #111;padding-top:.6em;margin-top:2em}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}\
td{overflow-wrap:anywhere;white-space:pre-wrap}code{font:9pt/1.3 monospace;overflow-wrap:anywhere}\
p.verdict{font-weight:bold}@page{margin:18mm}tr,dl{break-inside:avoid}";

/// A text between tags: what would be a tag stands there as text.
struct Text<T>(T);

impl<T: fmt::Display> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);
        impl fmt::Write for Escaping<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                text.chars().try_for_each(|char| match char {
                    '&' => self.0.write_str("&amp;"),
                    '<' => self.0.write_str("&lt;"),
                    '>' => self.0.write_str("&gt;"),
                    '"' => self.0.write_str("&quot;"),
                    '\'' => self.0.write_str("&#39;"),
                    char if is_hidden(char) && char != '\n' && char != '\t' => {
                        write!(self.0, "[U+{:04X}]", u32::from(char))
                    }
                    char => self.0.write_char(char),
                })
            }
        }
        write!(Escaping(f), "{}", self.0)
    }
}

impl fmt::Display for ProofPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Text(self.title);
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        )?;
        for note in self.notes {
            writeln!(f, "<p class=\"verdict\">{}</p>", Text(note))?;
        }
        if self.proofs.is_empty() && self.notes.is_empty() {
            f.write_str("<p>Nothing was ever entered.</p>\n")?;
        }
        self.proofs.iter().try_for_each(|proof| section(f, proof))?;
        f.write_str("</body></html>\n")
    }
}

fn section(f: &mut fmt::Formatter<'_>, proof: &Proof) -> fmt::Result {
    let sender = &proof.sender;
    let numbers: Vec<String> = sender.numbers.iter().map(ToString::to_string).collect();
    writeln!(
        f,
        "<section><h2>Consent of {} to {}</h2>",
        Text(proof.consumer),
        Text(&proof.programme)
    )?;
    f.write_str("<dl>")?;
    for (name, value) in [
        ("Sender", sender.brand.clone()),
        ("Campaign", sender.campaign.clone()),
        ("Numbers", numbers.join(", ")),
        ("Now", proof.holding()),
        ("Made on", utc(proof.made).to_string()),
    ] {
        if !value.is_empty() {
            write!(f, "<dt>{name}</dt><dd>{}</dd>", Text(value))?;
        }
    }
    f.write_str("</dl>\n")?;
    if proof.before.entries > 0 {
        let (entries, digest) = (proof.before.entries, proof.before.digest);
        writeln!(
            f,
            "<p>{entries} earlier entries are no longer kept; their digest is <code>{digest}</code></p>"
        )?;
    }
    f.write_str("<table><thead><tr><th>No.</th><th>When</th><th>What</th><th>Wording and evidence</th></tr></thead><tbody>\n")?;
    proof.history.iter().try_for_each(|entry| row(f, entry))?;
    f.write_str("</tbody></table>\n")?;
    heads(f, proof)?;
    writeln!(
        f,
        "<p class=\"verdict\">{}</p><p><small>Digests: {}.</small></p></section>",
        Text(proof.verdict()),
        Text(proof.digests)
    )
}

fn row(f: &mut fmt::Formatter<'_>, proven: &ProvenEntry) -> fmt::Result {
    let ProvenEntry { number, entry, clock, salt, personal, digest, seal } = proven;
    write!(f, "<tr><td>{number}</td><td>{}</td><td>{}", Text(utc(entry.at)), Text(&entry.act))?;
    if let Some(clock) = clock {
        write!(f, "; {}", Text(clock))?;
    }
    f.write_str("</td><td>")?;
    if personal.is_some() && salt.is_none() {
        f.write_str("wording and evidence were erased\n")?;
    }
    if !entry.wording.is_empty() {
        writeln!(f, "“{}”", Text(&entry.wording))?;
    }
    if !entry.evidence.is_empty() {
        writeln!(f, "{}", Text(&entry.evidence))?;
    }
    if let Some(seal) = seal {
        writeln!(f, "place {} of all entries", seal.inclusion.sequence + 1)?;
    }
    writeln!(f, "<code>{digest}</code></td></tr>")
}

fn heads(f: &mut fmt::Formatter<'_>, proof: &Proof) -> fmt::Result {
    for proven in &proof.heads {
        let (size, at) = (proven.head.head().size, utc(proven.head.head().at));
        write!(f, "<p>Head {size}, made on {}", Text(at))?;
        for remark in proven.remarks() {
            write!(f, "; {}", Text(remark))?;
        }
        writeln!(f, "</p><pre><code>{}</code></pre>", Text(&proven.head))?;
    }
    for doubt in &proof.doubts {
        writeln!(f, "<p>Of the ledger as a whole: {}</p>", Text(doubt))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use frontdesk_types::Instant;

    use super::*;
    use crate::{Act, Entry, History, LedgerKey, Salt, Sender};

    fn proof(wording: &str) -> Proof {
        let at: Instant = "2026-11-21T15:00:00Z".parse().unwrap();
        let consumer = "+12025550123".parse().unwrap();
        let mut history = History::new(LedgerKey { consumer, programme: "offers".into() });
        let entry =
            Entry { at, act: Act::WroteFirst, wording: wording.into(), evidence: "SM1".into() };
        history.append(entry, Salt::from([7; 16]));
        let sender = Sender { brand: "Acme & <Sons>".into(), ..Sender::default() };
        Proof::of(&history, history.head(), sender, at).unwrap()
    }

    #[test]
    fn dlc_3_a_page_tells_a_proof() {
        let page =
            ProofPage { title: "One consumer", proofs: &[proof("Hello?")], notes: &[] }.to_string();
        insta::assert_snapshot!(page);
    }

    /// A consumer's text is no part of the page's markup, whatever it is.
    #[test]
    fn dlc_3_what_a_consumer_wrote_stands_on_the_page_as_text() {
        let wording = "<script>alert(1)</script> \"'& \u{202e}pots \u{7}</td>";
        let page = ProofPage { title: "<b>", proofs: &[proof(wording)], notes: &[] }.to_string();
        for markup in ["<script", "<b>", "</td> ", "\u{202e}", "\u{7}", "<Sons>"] {
            assert!(!page.contains(markup), "{markup}");
        }
        let told = "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39;&amp; [U+202E]pots [U+0007]&lt;/td&gt;";
        assert!(page.contains(told), "{page}");
        assert_eq!(page.matches("<td>").count(), page.matches("</td>").count());
        let text = proof("Hello\u{1b}[2J\u{7}\r\u{0}\n\u{202e}pots").to_string();
        let told = "wording: Hello[U+001B][2J[U+0007][U+000D][U+0000]\n      [U+202E]pots\n";
        assert!(text.contains(told), "{text}");
        assert!(!text.contains(|char: char| char.is_control() && char != '\n'), "{text:?}");
    }
}
