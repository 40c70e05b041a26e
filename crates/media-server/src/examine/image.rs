//! The pixel size of images.

use std::io::{BufRead, Seek};

use imagesize::ImageError;

use super::{Measures, Unusable};

pub(super) fn examine(file: &mut (impl BufRead + Seek)) -> Result<Measures, Unusable> {
    let size = imagesize::reader_size(file).map_err(|error| match error {
        ImageError::IoError(error) => error.into(),
        ImageError::NotSupported | ImageError::CorruptedImage => {
            Unusable::Damaged("its header is damaged")
        }
    })?;
    let pixels = |count: usize| u32::try_from(count).unwrap_or_default();
    Measures::visible(pixels(size.width), pixels(size.height), None)
}
