//! Kinds of pictures and videos by their content (SMS-7), on files that ffmpeg made:
//!
//! ```text
//! ffmpeg -f lavfi -i color=c=teal:s=12x8 -frames:v 1 a.png && ffmpeg -i a.png a.jpg  # gif, webp, bmp
//! ffmpeg -f lavfi -i color=c=teal:s=128x96:d=0.1:r=10 -frames:v 1 a.mp4   # 3gp (-c:v h263), mov, webm, avi
//! ```
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

use frontdesk_sms::{MAX_MEDIA_BYTES, media_kind};
use frontdesk_types::{MediaKind, MediaRefusal};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/media/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn sms_7_pictures_and_videos_are_what_their_content_says() {
    let kinds = [
        ("a.gif", MediaKind::Gif),
        ("a.jpg", MediaKind::Jpeg),
        ("a.mp4", MediaKind::Mp4),
        ("a.png", MediaKind::Png),
        ("a.mov", MediaKind::QuickTime),
        ("a.3gp", MediaKind::ThreeGpp),
        ("a.webp", MediaKind::Webp),
    ];
    assert_eq!(kinds.map(|(_, kind)| kind), MediaKind::ALL, "every kind");
    for (name, kind) in kinds {
        assert_eq!(media_kind(&file(name), MAX_MEDIA_BYTES), Ok(kind), "{name}");
    }
    for name in ["a.bmp", "a.webm", "a.avi"] {
        assert_eq!(
            media_kind(&file(name), MAX_MEDIA_BYTES),
            Err(MediaRefusal::Unsupported),
            "{name}"
        );
    }
    // A page or a program is neither, whatever it is called; and nothing is nothing.
    for content in
        [&b"<svg onload=alert(1)>"[..], b"#!/bin/sh", b"MZ\x90\x00", b"%PDF-1.7", b"RIFF", b""]
    {
        assert_eq!(media_kind(content, MAX_MEDIA_BYTES), Err(MediaRefusal::Unsupported));
    }
    // At the limit, and above it.
    let png = file("a.png");
    assert_eq!(media_kind(&png, png.len()), Ok(MediaKind::Png));
    assert_eq!(media_kind(&png, png.len() - 1), Err(MediaRefusal::TooLarge));
}
