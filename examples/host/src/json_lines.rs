//! JSON lines on standard input, an answer for each on standard output: what `frontdesk content`, `frontdesk segments` and
//! `frontdesk revocation` have in common.

use std::{
    io::{BufRead, BufReader, BufWriter, Read, Write},
    marker::PhantomData,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::{output, settings::HostError};

/// The value of a line.
pub(crate) trait Line: DeserializeOwned {
    /// The expected form, for errors: `JSON string`, and a hint behind it.
    const EXPECTED: (&'static str, &'static str);
}

impl Line for String {
    const EXPECTED: (&'static str, &'static str) = ("JSON string", "");
}

/// Stands in the place of a line that is not what is expected, so that the others keep theirs.
#[derive(Serialize)]
struct Refused {
    error: String,
}

/// Answers every line of standard input on standard output, as [`filter`]. A reader that has read enough ends the command
/// without an error.
pub(crate) fn answer(
    mut each: impl FnMut(&str, &mut dyn Write) -> Result<(), HostError>,
) -> Result<(), HostError> {
    answer_each(|text: String, output| each(&text, output))
}

/// The same for lines that are no strings.
pub(crate) fn answer_each<T: Line>(
    each: impl FnMut(T, &mut dyn Write) -> Result<(), HostError>,
) -> Result<(), HostError> {
    let input = BufReader::new(std::io::stdin().lock());
    let output = BufWriter::new(std::io::stdout().lock());
    output::or_enough(filter(input, output, each))
}

/// `each` writes one answer for a line. A line that is not what is expected, a blank one too, is answered with an error in its
/// place; the last error tells how many there were. Blank lines at the end are no lines.
fn filter<T: Line>(
    mut input: BufReader<impl Read>,
    mut output: impl Write,
    mut each: impl FnMut(T, &mut dyn Write) -> Result<(), HostError>,
) -> Result<(), HostError> {
    let (mut line, mut number, mut blank, mut bad) = (Vec::new(), 0, 0, Bad::<T>::default());
    loop {
        // Whoever writes one line and waits for its answer gets it.
        if input.buffer().is_empty() {
            output.flush().map_err(output::cannot)?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(HostError::io("standard input"))? == 0 {
            break;
        }
        number += 1;
        let text = if number == 1 { without_mark(&line) } else { &line };
        if text.trim_ascii().is_empty() {
            blank += 1;
            continue;
        }
        for before in number - blank..number {
            bad.tell(&mut output, before, "it is blank")?;
        }
        blank = 0;
        match serde_json::from_slice::<T>(text) {
            Ok(read) => each(read, &mut output)?,
            Err(error) => bad.tell(&mut output, number, &error.to_string())?,
        }
    }
    output.flush().map_err(output::cannot)?;
    bad.end()
}

/// The first line without the byte order mark that some editors write before it.
fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
}

/// The lines that were not what is expected.
struct Bad<T> {
    first: Option<usize>,
    count: usize,
    line: PhantomData<T>,
}

impl<T> Default for Bad<T> {
    fn default() -> Self {
        Self { first: None, count: 0, line: PhantomData }
    }
}

impl<T: Line> Bad<T> {
    fn tell(&mut self, output: &mut dyn Write, line: usize, why: &str) -> Result<(), HostError> {
        self.first.get_or_insert(line);
        self.count += 1;
        let (expected, more) = T::EXPECTED;
        let error = format!("line {line}: a {expected}{more} is expected: {why}");
        write(output, &Refused { error })
    }

    fn end(self) -> Result<(), HostError> {
        let Some(line) = self.first else { return Ok(()) };
        let (expected, _) = T::EXPECTED;
        let reason = match self.count {
            1 => format!("is not a {expected}"),
            count => format!("is the first of {count} lines that are not {expected}s"),
        };
        Err(HostError::Input { line, reason })
    }
}

/// Writes an answer as one line.
pub(crate) fn write(output: &mut dyn Write, answer: &impl Serialize) -> Result<(), HostError> {
    serde_json::to_writer(&mut *output, answer)
        .map_err(std::io::Error::from)
        .and_then(|()| output.write_all(b"\n"))
        .map_err(output::cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(input: &str) -> (String, Option<String>) {
        let mut output = Vec::new();
        let done = filter(BufReader::new(input.as_bytes()), &mut output, |text: String, output| {
            write(output, &text.len())
        });
        (String::from_utf8(output).unwrap(), done.err().map(|error| error.to_string()))
    }

    #[test]
    fn each_line_keeps_its_place() {
        assert_eq!(filtered("\"ab\"\n\"abc\"\r\n\"\"\n"), ("2\n3\n0\n".into(), None));
        assert_eq!(filtered("\"ab\"\n\n  \n"), ("2\n".into(), None), "blank lines at the end");
        assert_eq!(filtered("\u{FEFF}\"ab\"\n\"abc\"\n"), ("2\n3\n".into(), None), "a mark");
        assert_eq!(filtered("\u{FEFF}\n"), (String::new(), None), "a mark alone");
        let (_, error) = filtered("\"ab\"\n\u{FEFF}\"abc\"\n");
        assert!(error.is_some(), "a mark stands before the first line alone");
        let (output, error) = filtered("\"ab\"\n\nab\n7\n\"abc\"");
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!((lines[0], lines[4], lines.len()), ("2", "3", 5), "{output}");
        assert_eq!(lines[1], "{\"error\":\"line 2: a JSON string is expected: it is blank\"}");
        assert!(
            lines[2].starts_with("{\"error\":\"line 3: a JSON string is expected: "),
            "{output}"
        );
        let told = "line 2: is the first of 3 lines that are not JSON strings";
        assert_eq!(error.as_deref(), Some(told));
    }
}
