//! Reads texts, one a line, and prints those that read like a revocation of consent, with level and rule.
use std::io::BufRead;

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if let Some(found) = frontdesk_sms::find_revocation(&line) {
            println!("{}\t{}\t{line}", found.level.word(), found.rule);
        }
    }
    Ok(())
}
