//! The supported file formats and how they are detected.

use std::io::{BufRead, Seek};

use imagesize::ImageType;

use super::{MediaInfo, ProbeError, image, mp4, pdf, webm};
use crate::domain::media::MediaType;

/// The number of bytes at the start of a file that [`Format::detect`] needs.
pub(crate) const HEAD_LENGTH: usize = 4096;

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
    /// The format of a file that starts with these bytes, or `None` if it is not supported.
    pub(crate) fn detect(head: &[u8]) -> Option<Self> {
        if let Ok(image) = imagesize::image_type(head) {
            return match image {
                ImageType::Jpeg => Some(Self::Jpeg),
                ImageType::Png => Some(Self::Png),
                ImageType::Gif => Some(Self::Gif),
                ImageType::Webp => Some(Self::WebP),
                _ => None,
            };
        }
        match infer::get(head).map(|file_type| file_type.mime_type()) {
            Some("video/mp4" | "video/x-m4v") => Some(Self::Mp4),
            Some("video/quicktime") => Some(Self::Mov),
            Some("video/webm") => Some(Self::WebM),
            Some("application/pdf") => Some(Self::Pdf),
            Some(_) => None,
            None => mp4::has_compatible_brand(head).then_some(Self::Mp4),
        }
    }

    pub(crate) fn media_type(self) -> MediaType {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP => MediaType::Image,
            Self::Mp4 | Self::Mov | Self::WebM => MediaType::Video,
            Self::Pdf => MediaType::Document,
        }
    }

    /// The MIME type.
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

    /// Reads the headers of a file of this format.
    ///
    /// # Errors
    /// [`ProbeError::Damaged`] if the content violates the format.
    pub(crate) fn probe(self, file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::WebP => image::probe(file),
            Self::Mp4 | Self::Mov => mp4::probe(file),
            Self::WebM => webm::probe(file),
            Self::Pdf => pdf::probe(file),
        }
    }
}
