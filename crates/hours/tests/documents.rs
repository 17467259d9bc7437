//! What the documents say of hours is what the code does.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads and writes its files, and fails by panicking"
)]

use frontdesk_hours::{Medium, QueueHours, TransferQueue, VirtualHours};

/// The truth table of docs/routing.md; with `FRONTDESK_WRITE=1` this test writes it.
#[test]
fn hrs_11_the_table_of_the_documents_is_that_of_the_function() {
    let mut table = String::new();
    for (hours, deflects) in [(QueueHours::Deflects, "yes"), (QueueHours::Closed, "no")] {
        for logged_in in [true, false] {
            for (virtual_agent, words) in [
                (VirtualHours::None, "none"),
                (VirtualHours::OfQueue, "in the queue's hours"),
                (VirtualHours::Always, "24 hours"),
            ] {
                let yes = |is: bool| if is { "yes" } else { "no" };
                let queue = TransferQueue {
                    medium: Medium::Call,
                    outside_hours: true,
                    hours,
                    logged_in,
                    virtual_agent,
                };
                let chat = TransferQueue { medium: Medium::Chat, ..queue };
                table.push_str(&format!(
                    "| {deflects} | {} | {words} | {} | {} |\n",
                    yes(logged_in),
                    yes(queue.is_shown()),
                    yes(chat.is_shown()),
                ));
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/routing.md");
    let document = std::fs::read_to_string(path).unwrap();
    let head = "|---|---|---|---|---|\n";
    let start = document.find(head).unwrap() + head.len();
    let rows = document[start..].split_inclusive('\n').take_while(|line| line.starts_with('|'));
    let end = start + rows.map(str::len).sum::<usize>();
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        let written = format!("{}{table}{}", &document[..start], &document[end..]);
        std::fs::write(path, written).unwrap();
    } else {
        assert_eq!(&document[start..end], table);
    }
}
