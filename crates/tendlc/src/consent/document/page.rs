//! A document as a page of HTML.

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
    plain::is_hidden,
};

/// The page of a document.
pub(super) struct Page<'a>(pub(super) &'a ProofDocument);

const STYLE: &str = "\
body{font:10.5pt/1.4 Georgia,serif;margin:2em auto;max-width:52em;padding:0 1em;color:#111}\
h1{font-size:1.5em}h2{font-size:1.2em;border-top:1px solid #111;padding-top:.6em;margin-top:2em;break-after:avoid}\
h3{font-size:1em;margin:1.4em 0 .4em;break-after:avoid}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em}dt{color:#444}dd{margin:0;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;table-layout:fixed}\
td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}\
td{overflow-wrap:anywhere;white-space:pre-wrap}thead{display:table-header-group}\
.history td{font-size:9.5pt}.history col:nth-child(1){width:8%}.history col:nth-child(2),.history col:nth-child(3){width:20%}.history col:nth-child(4){width:21%}\
.annex col:nth-child(1){width:9%}.annex col:nth-child(2){width:20%}.annex td:last-child,pre{font:8.5pt/1.35 monospace}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0 1em;border-left:2px solid #999;padding-left:.7em}\
a{color:inherit}p.verdict{font-weight:bold}small{font-size:.85em}\
@page{margin:18mm 16mm;@bottom-right{content:counter(page) \" / \" counter(pages);font:9pt Georgia,serif}}\
section>dl:not(:last-child){break-after:avoid}@media print{body{margin:0;max-width:none;padding:0}.annex tr,.summary tr,pre{break-inside:avoid}}";

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

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = self.0;
        let title = Text(&document.title);
        write!(
            f,
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        )?;
        list(f, &head(document))?;
        write_summary(f, document)?;
        let mut history = 0;
        for part in &document.sections {
            match part {
                ProofSection::Proof(proof) => {
                    history += 1;
                    section(f, proof, history, &document.times)?;
                }
                other => {
                    let note = other.note().unwrap_or_default();
                    writeln!(f, "<p class=\"verdict\">{}</p>", Text(note))?;
                }
            }
        }
        f.write_str("<section><h2>What this document does not show</h2>\n<ul>")?;
        LIMITS.iter().try_for_each(|limit| write!(f, "<li>{}</li>", Text(limit)))?;
        f.write_str("</ul></section>\n<section><h2>Glossary</h2>\n")?;
        list(f, &GLOSSARY)?;
        f.write_str("</section>\n")?;
        if history > 0 {
            annex(f, document)?;
        }
        f.write_str("</body></html>\n")
    }
}

/// Names with their values.
fn list<V: fmt::Display>(f: &mut fmt::Formatter<'_>, values: &[(&str, V)]) -> fmt::Result {
    f.write_str("<dl>")?;
    for (name, value) in values {
        write!(f, "<dt>{}</dt><dd>{}</dd>", Text(name), Text(value))?;
    }
    f.write_str("</dl>\n")
}

/// The beginning of a table, with its columns.
fn table(f: &mut fmt::Formatter<'_>, class: &str, columns: &[&str]) -> fmt::Result {
    write!(f, "<table class=\"{class}\"><colgroup>")?;
    columns.iter().try_for_each(|_| f.write_str("<col>"))?;
    f.write_str("</colgroup><thead><tr>")?;
    columns.iter().try_for_each(|name| write!(f, "<th>{}</th>", Text(name)))?;
    f.write_str("</tr></thead><tbody>\n")
}

const END_OF_TABLE: &str = "</tbody></table>\n";

fn write_summary(f: &mut fmt::Formatter<'_>, document: &ProofDocument) -> fmt::Result {
    let lines = summary(document);
    if lines.is_empty() {
        return Ok(());
    }
    f.write_str("<section><h2>Summary</h2>\n")?;
    table(f, "summary", &SUMMARY)?;
    for values in lines {
        f.write_str("<tr>")?;
        values.iter().try_for_each(|value| write!(f, "<td>{}</td>", Text(value)))?;
        f.write_str("</tr>\n")?;
    }
    writeln!(f, "{END_OF_TABLE}</section>")
}

fn section(
    f: &mut fmt::Formatter<'_>,
    proof: &Proof,
    history: usize,
    times: &LocalTimes,
) -> fmt::Result {
    let Proof { consumer, programme, sender, .. } = proof;
    writeln!(
        f,
        "<section><h2>Consent of {consumer} to texts of the programme {}</h2>",
        Text(programme)
    )?;
    let holding = Holding::of(proof, times).line();
    list(f, &[("Programme", programme_line(programme, sender)), ("Now", holding)])?;
    if let Some(dropped) = proof.dropped() {
        writeln!(f, "<p>{dropped}</p>")?;
    }
    table(f, "history", &["Entry", "Given", "Entered", "Act", "Wording and evidence"])?;
    Row::all(proof, history, times).try_for_each(|entry| row(f, &entry))?;
    f.write_str(END_OF_TABLE)?;
    for doubt in &proof.doubts {
        writeln!(f, "<p>Of the ledger as a whole: {}</p>", Text(doubt))?;
    }
    writeln!(f, "<p class=\"verdict\">{}</p></section>", Text(proof.verdict()))
}

fn row(f: &mut fmt::Formatter<'_>, row: &Row<'_>) -> fmt::Result {
    let Row { number, given, entered, act, annex, .. } = row;
    let given = if given.is_empty() { "–".to_owned() } else { given.join("\n") };
    let (entered, act) = (entered.join("\n"), act.join("\n"));
    write!(
        f,
        "<tr><td>{number}\n<small><a href=\"#{annex}\">{annex}</a></small></td><td>{}</td><td>{}</td><td>{}</td><td>",
        Text(given),
        Text(entered),
        Text(act)
    )?;
    let mut lines = Vec::new();
    if row.is_erased {
        lines.push("wording and evidence were erased".to_owned());
    }
    lines.extend(row.wording.map(|(name, wording)| match name {
        "wording" => format!("“{wording}”"),
        name => format!("{name}: {wording}"),
    }));
    lines.extend(row.evidence.as_ref().map(|evidence| format!("evidence: {evidence}")));
    writeln!(f, "{}</td></tr>", Text(lines.join("\n")))
}

fn annex(f: &mut fmt::Formatter<'_>, document: &ProofDocument) -> fmt::Result {
    f.write_str("<section><h2>Annex: digests, places, heads and signatures</h2>\n")?;
    for (proof, history) in document.proofs().zip(1..) {
        let (consumer, programme) = (proof.consumer, Text(&proof.programme));
        writeln!(f, "<h3>A{history}. Consent of {consumer} to {programme}</h3>")?;
        table(f, "annex", &["Entry", "Number", "Value"])?;
        for AnnexEntry { label, lines } in AnnexEntry::all(proof, history) {
            for (i, (name, value)) in lines.iter().enumerate() {
                let id = if i == 0 { format!(" id=\"{label}\"") } else { String::new() };
                writeln!(
                    f,
                    "<tr{id}><td>{label}</td><td>{name}</td><td>{}</td></tr>",
                    Text(value)
                )?;
            }
        }
        f.write_str(END_OF_TABLE)?;
    }
    for AnnexHead { title, remarks, note } in annex::heads(document.proofs(), &document.times) {
        write!(f, "<h3>{}</h3>\n<ul>", Text(title))?;
        remarks.iter().try_for_each(|remark| write!(f, "<li>{}</li>", Text(remark)))?;
        writeln!(f, "</ul><pre>{}</pre>", Text(note))?;
    }
    writeln!(f, "<h3>How the digests are made</h3>\n<p>{}.</p></section>", Text(DIGESTS))
}
