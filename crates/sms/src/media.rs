//! Which pictures and videos are taken (SMS-7): by their content, never by what they say they are.

use file_format::FileFormat;
use frontdesk_types::{MediaKind, MediaRefusal};

/// How large a picture or video may be, unless set otherwise: 5 MB (SMS-7).
pub const MAX_MEDIA_BYTES: usize = 5 * 1024 * 1024;

/// How many a message may have: what an MMS can carry.
pub const MAX_MEDIA: usize = 10;

/// What a picture or video is, if it is one that is taken.
///
/// ```
/// use frontdesk_sms::media_kind;
/// use frontdesk_types::{MediaKind, MediaRefusal};
///
/// assert_eq!(media_kind(b"GIF89a\x01\x00\x01\x00", 5_000_000), Ok(MediaKind::Gif));
/// assert_eq!(media_kind(b"<html>", 5_000_000), Err(MediaRefusal::Unsupported));
/// assert_eq!(media_kind(b"GIF89a\x01\x00\x01\x00", 6), Err(MediaRefusal::TooLarge));
/// ```
pub fn media_kind(content: &[u8], limit: usize) -> Result<MediaKind, MediaRefusal> {
    if content.len() > limit {
        return Err(MediaRefusal::TooLarge);
    }
    match FileFormat::from_bytes(content) {
        FileFormat::GraphicsInterchangeFormat => Ok(MediaKind::Gif),
        FileFormat::JointPhotographicExpertsGroup => Ok(MediaKind::Jpeg),
        FileFormat::Mpeg4Part14 | FileFormat::Mpeg4Part14Video => Ok(MediaKind::Mp4),
        FileFormat::AnimatedPortableNetworkGraphics | FileFormat::PortableNetworkGraphics => {
            Ok(MediaKind::Png)
        }
        FileFormat::AppleQuicktime => Ok(MediaKind::QuickTime),
        FileFormat::ThirdGenerationPartnershipProject => Ok(MediaKind::ThreeGpp),
        FileFormat::Webp => Ok(MediaKind::Webp),
        _ => Err(MediaRefusal::Unsupported),
    }
}
