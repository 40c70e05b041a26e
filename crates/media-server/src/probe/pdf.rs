//! PDF: complete if its end marker is present.

use std::io::{BufRead, Read, Seek, SeekFrom};

use super::{MediaInfo, ProbeError};

const END_MARKER: &[u8] = b"%%EOF";

/// The number of bytes at the end of the file that may contain the end marker.
const TAIL_LENGTH: u64 = 4096;

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_LENGTH)))?;
    let mut tail = Vec::new();
    file.take(TAIL_LENGTH).read_to_end(&mut tail)?;
    let is_complete = tail
        .windows(END_MARKER.len())
        .any(|window| window == END_MARKER);
    if is_complete {
        Ok(MediaInfo::default())
    } else {
        Err(ProbeError::Damaged("the end marker of the PDF is missing"))
    }
}
