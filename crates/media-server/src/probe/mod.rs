//! Reads the format, the size in pixels and the duration of a media file from its content. File names are not
//! considered.
//!
//! [`Format::detect`] recognizes a format by the first bytes of a file, [`Format::probe`] then reads its headers. The
//! image data itself is not decoded: a JPEG that is cut off after its header counts as intact. Sizes are those of the
//! stored image; a rotation in the metadata (EXIF, display matrix) is not applied.

mod format;
mod image;
mod mp4;
mod pdf;
mod webm;

use std::io;

pub(crate) use format::{Format, HEAD_LENGTH};

/// The size and duration of a media file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct MediaInfo {
    /// The width in pixels. `None` for documents, like the height.
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// In seconds, rounded to milliseconds. `None` unless the file is a video that states its duration.
    pub(crate) duration: Option<f64>,
}

impl MediaInfo {
    /// The information about an image or a video.
    ///
    /// # Errors
    /// If the width or the height is zero or exceeds the 31 bits that the contract has for it.
    fn visual(width: u32, height: u32, duration: Option<f64>) -> Result<Self, ProbeError> {
        if width == 0 || height == 0 {
            return Err(ProbeError::Damaged("the image size is zero"));
        }
        const MAX_SIZE: u32 = i32::MAX.unsigned_abs();
        if width > MAX_SIZE || height > MAX_SIZE {
            return Err(ProbeError::Damaged("the image size is out of range"));
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

/// A file cannot be probed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    /// The content violates its format.
    #[error("{0}")]
    Damaged(&'static str),
    /// The file cannot be read.
    #[error(transparent)]
    Read(io::Error),
}

impl From<io::Error> for ProbeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The headers announce more bytes than the file has.
            io::ErrorKind::UnexpectedEof => Self::Damaged("unexpected end of file"),
            _ => Self::Read(error),
        }
    }
}

#[cfg(test)]
mod tests;
