//! Links and numbers in texts.

/// The hosts of the links in a text.
pub(super) fn hosts(letters: &[u8]) -> Vec<String> {
    std::str::from_utf8(letters).map(crate::text::hosts).unwrap_or_default()
}

/// Whether two hosts are one site: of one domain that somebody has registered.
pub(super) fn same_site(host: &str, own: &str) -> bool {
    let own = own.trim_start_matches("www.");
    host == own || psl::domain_str(host).is_some_and(|site| Some(site) == psl::domain_str(own))
}

/// Whether there is a number in a text that costs whoever calls it: 1-900 in North America, 09 and 087 in the United Kingdom.
pub(super) fn has_premium_number(text: &str) -> bool {
    let mut digits = [0_u8; 12];
    let mut count = 0_usize;
    let mut seen = false;
    for byte in text.bytes().chain([b'\n']) {
        match byte {
            b'0'..=b'9' => {
                if let Some(digit) = digits.get_mut(count) {
                    *digit = byte;
                }
                count += 1;
            }
            b' ' | b'-' | b'.' | b'(' | b')' | b'+' if count > 0 && byte != b'+' => {}
            _ => {
                seen = seen || is_premium(digits.get(..count).unwrap_or_default());
                count = 0;
            }
        }
    }
    seen
}

fn is_premium(digits: &[u8]) -> bool {
    match digits.len() {
        10 => digits.starts_with(b"900") || digits.starts_with(b"087"),
        11 => [b"1900".as_slice(), b"09", b"0871", b"0872", b"0873", b"0870"]
            .iter()
            .any(|start| digits.starts_with(start)),
        _ => false,
    }
}
