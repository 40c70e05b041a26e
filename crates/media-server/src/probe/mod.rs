//! Reading what a file is, and how large, from its content. The name of a file says nothing here.
//!
//! A file is *recognised* by its first bytes, and then *examined*: pixel size for images and videos,
//! seconds for videos. Examining reads headers, not pixels: a picture that is cut off behind its
//! header counts as usable. The pixel size is that of the stored pixels; a rotation in the metadata
//! (EXIF, display matrix) is not applied.

mod image;
mod isobmff;
mod pdf;
mod webm;

use std::io::{self, BufRead, Seek};

use crate::domain::media::MediaType;

/// The first bytes that [`Format::detect`] wants to see.
pub(crate) const HEAD: usize = 4096;

/// A supported file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
    Mp4,
    Mov,
    WebM,
    Pdf,
}

impl Format {
    /// The format whose signature these first bytes have. None when it is none of the supported.
    pub(crate) fn detect(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::WebP),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => webm::is_webm(head).then_some(Self::WebM),
            _ => isobmff::detect(head).or_else(|| pdf::is_pdf(head).then_some(Self::Pdf)),
        }
    }

    pub(crate) fn media_type(self) -> MediaType {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP => MediaType::Image,
            Self::Mp4 | Self::Mov | Self::WebM => MediaType::Video,
            Self::Pdf => MediaType::Document,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::WebM => "video/webm",
            Self::Pdf => "application/pdf",
        }
    }

    /// Reads the measures of a file of this format.
    ///
    /// # Errors
    /// [`ProbeError::Damaged`] when the content breaks the rules of the format.
    pub(crate) fn probe(self, file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP => image::probe(file),
            Self::Mp4 | Self::Mov => isobmff::probe(file),
            Self::WebM => webm::probe(file),
            Self::Pdf => pdf::probe(file),
        }
    }
}

/// What was read from a file. A document has no measures, and a live recording no duration.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct MediaInfo {
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// In seconds, to the millisecond.
    pub(crate) duration: Option<f64>,
}

impl MediaInfo {
    /// The measures of something visible, which has a size.
    fn visible(width: u32, height: u32, duration: Option<f64>) -> Result<Self, ProbeError> {
        if width == 0 || height == 0 {
            return Err(ProbeError::Damaged("it has no pixels"));
        }
        // The contract gives sizes 32 bits with a sign, as most clients have them.
        const LARGEST: u32 = i32::MAX.unsigned_abs();
        if width > LARGEST || height > LARGEST {
            return Err(ProbeError::Damaged("its size in pixels is beyond belief"));
        }
        Ok(Self {
            width: Some(width),
            height: Some(height),
            duration: duration
                .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
                .map(|seconds| (seconds * 1000.0).round() / 1000.0),
        })
    }
}

/// A file could not be examined.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    /// The content breaks the rules of its format.
    #[error("{0}")]
    Damaged(&'static str),
    /// The file could not be read.
    #[error(transparent)]
    Read(io::Error),
}

impl From<io::Error> for ProbeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // A format that promises more bytes than there are is damaged; the disk is not.
            io::ErrorKind::UnexpectedEof => Self::Damaged("it ends too early"),
            _ => Self::Read(error),
        }
    }
}

#[cfg(test)]
mod tests;
