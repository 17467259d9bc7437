#![no_main]
//! Any text is a template or an error; a template writes itself back.
use frontdesk::types::{Template, Variable};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(template) = Template::parse(text, &[Variable::Agent, Variable::QueueName]) {
        assert_eq!(template.to_string(), text);
        let _ = template.render(|_| Some("x".into()));
    }
});
