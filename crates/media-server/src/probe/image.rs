//! JPEG, PNG, GIF and WebP, read by [`imagesize`].

use std::io::{BufRead, Seek};

use imagesize::ImageError;

use super::{MediaInfo, ProbeError};

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let size = imagesize::reader_size(file).map_err(|error| match error {
        ImageError::IoError(error) => error.into(),
        ImageError::NotSupported | ImageError::CorruptedImage => {
            ProbeError::Damaged("the image header is damaged")
        }
    })?;
    let pixels = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    MediaInfo::visual(pixels(size.width), pixels(size.height), None)
}
