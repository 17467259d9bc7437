//! `frontdesk lint --explain RULE`: what a rule finds, who says so, how to mend it, and an example (DLC-1).

use frontdesk::{
    tendlc::{Edition, Example, Rule, rules},
    types::edit_distance,
};
use serde_json::json;

use super::Format;
use crate::settings::HostError;

/// At most this many rules of a similar name are told.
const MAX_NEAR: usize = 5;

/// A rule by the facts of a day, as text or JSON.
pub(super) fn rule(id: &str, facts: &Edition, format: Format) -> Result<String, HostError> {
    let rule = Rule::named(id).ok_or_else(|| HostError::Refused(unknown(id)))?;
    let row = facts.lint_rule(rule.id);
    let example = rule.example();
    if let Format::Json | Format::Sarif = format {
        let (severity, basis) = row.unzip();
        let rule = json!({
            "rule": rule.id,
            "severity": severity,
            "basis": basis,
            "mend": rule.mend,
            "example": example,
        });
        return Ok(format!("{rule:#}\n"));
    }
    let head = match row {
        Some((severity, basis)) => {
            let sure = json!(basis.confidence);
            let sure = sure.as_str().unwrap_or_default();
            format!("{}: {severity}\nsource: {basis}, confidence {sure}", rule.id)
        }
        None => format!("{}: off", rule.id),
    };
    let example = example.map(|Example { field, bad, good }| {
        format!("\nfield: {field}\n\nbad:\n  {bad}\n\ngood:\n  {good}\n")
    });
    Ok(format!("{head}\nmend: {}\n{}", rule.mend, example.unwrap_or_default()))
}

/// Says that there is no such rule, and which have names like it: nearly the same letters, or the same beginning or end.
fn unknown(id: &str) -> String {
    let part = |name: &str| name.split('-').any(|part| id.split('-').any(|asked| asked == part));
    let mut near: Vec<(usize, &str)> = rules()
        .map(|rule| (edit_distance(id, rule.id), rule.id))
        .filter(|(distance, name)| *distance <= id.len() / 3 || part(name))
        .collect();
    near.sort_unstable();
    let near: Vec<&str> = near.into_iter().take(MAX_NEAR).map(|(_, name)| name).collect();
    let meant = match &near[..] {
        [] => "docs/compliance.md lists them".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    format!("`{id}` is no rule of the linter; {meant}")
}

#[cfg(test)]
mod tests {
    use frontdesk::tendlc::Facts;

    use super::*;

    #[test]
    fn dlc_1_a_rule_is_explained_with_its_source_and_an_example() {
        let facts = Facts::standard().on("2026-11-27".parse().unwrap());
        let text = rule("flow-forced", facts, Format::Text).unwrap();
        assert_eq!(
            text,
            "flow-forced: error\n\
             source: Twilio 30923, 30931; DCA2 803, since 2026-03-23, confidence high\n\
             mend: let the form be sent with the box empty\n\n\
             field: campaign.message_flow\n\n\
             bad:\n  … They must check the box to place an order.\n\n\
             good:\n  … The order can be placed with the box empty.\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&rule("pool", facts, Format::Json).unwrap()).unwrap();
        assert_eq!((&json["severity"], &json["example"]["bad"]), (&json!("error"), &json!("50")));
        assert_eq!(json["basis"]["confidence"], "high");
        let wrong = |id: &str| rule(id, facts, Format::Text).unwrap_err().to_string();
        assert!(
            wrong("flow-forcd").contains("did you mean flow-forced"),
            "{}",
            wrong("flow-forcd")
        );
        assert!(wrong("xyzzy").ends_with("docs/compliance.md lists them"), "{}", wrong("xyzzy"));
    }
}
