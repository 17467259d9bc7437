//! Links of large sites that lead on to any other.

use super::same_site;

/// Pages that lead on, with the site that they belong to.
const LEAD_ON: [(&str, &str); 6] = [
    ("bing.com", "/ck/"),
    ("facebook.com", "/l.php"),
    ("google.com", "/amp/s/"),
    ("google.com", "/url?"),
    ("instagram.com", "/?u="),
    ("youtube.com", "/redirect?"),
];

/// Beginnings of the other site within a path.
const STARTS: [&str; 9] = [
    "https://",
    "http://",
    "https%3a%2f%2f",
    "http%3a%2f%2f",
    "/amp/s/",
    "?q=",
    "&q=",
    "?u=",
    "&url=",
];

/// Whether a page leads on to another site.
pub(super) fn leads_on(site: &str, path: &str) -> bool {
    let is_known = LEAD_ON.iter().any(|(of, page)| path.starts_with(page) && same_site(site, of));
    let leads =
        ["http://", "https://", "http%3a", "https%3a"].iter().any(|http| path.contains(http));
    is_known || (leads && !path.rsplit("http").next().unwrap_or_default().contains(site))
}

/// The site at the end of a page that leads on, where the path tells it.
pub(super) fn target(path: &str) -> Option<String> {
    let start = STARTS.iter().find_map(|start| Some(path.find(start)? + start.len()))?;
    let rest = path.get(start..)?;
    let end = rest.find(['/', '?', '&', '#', '%', ':']).unwrap_or(rest.len());
    let host = rest.get(..end)?.trim_start_matches("www.").trim_end_matches('.');
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    is_host.then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::link;

    #[test]
    fn dlc_5_a_link_that_leads_on_is_the_one_at_its_end() {
        for (written, host) in [
            ("https://www.google.com/amp/s/evil.top", "evil.top"),
            ("google.com/url?q=https://www.evil.example/x", "evil.example"),
            ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fevil.example%2Fa", "evil.example"),
            ("https://l.facebook.com/l.php?u=evil.example", "evil.example"),
            ("https://www.bing.com/ck/a?!&&p=1", "bing.com"),
            ("https://www.google.com/maps/place/1", "google.com"),
        ] {
            assert_eq!(link(written).map(|link| link.host).as_deref(), Some(host), "{written}");
        }
    }
}
