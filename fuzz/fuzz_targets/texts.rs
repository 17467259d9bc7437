#![no_main]
//! Any text has segments that are the text again, and is a command, a revocation, or neither.
use frontdesk::sms::{
    Commands, Languages, find_revocation,
    segments::{Segmenter, SplitAt, smart_encode},
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for split_at in [SplitAt::Graphemes, SplitAt::CodePoints] {
        let segmenter = Segmenter::default().splitting_at(split_at);
        for text in [text, &*smart_encode(text)] {
            let count = segmenter.count(text);
            let parts: Vec<_> = segmenter.split(text).collect();
            assert!(parts.iter().map(|part| part.text).collect::<String>() == text);
            assert!(parts.len() == count.segments as usize);
            assert!(parts.iter().map(|part| part.units).sum::<u32>() == count.units);
            assert!(text.is_empty() || parts.iter().all(|part| !part.text.is_empty()));
        }
    }
    let commands = Commands::default();
    let _ = commands.recognise(text);
    if let Some(found) = find_revocation(text, Languages::ALL, &commands) {
        assert!(text.get(found.phrase).is_some());
    }
});
