//! A center with one number, for tests of what stands in a file.

pub(crate) const CENTER: &str = r#"
[center]
id = "acme"
company = "Acme"

[support]
contact = "Call +1 202 555 0100."

[[queues]]
id = "main"
name = "Acme"
numbers = ["+12025550100"]
"#;
