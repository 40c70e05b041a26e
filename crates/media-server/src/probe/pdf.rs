//! PDF: recognised by its header, usable when its end is there.

use std::io::{BufRead, Read, Seek, SeekFrom};

use super::{MediaInfo, ProbeError};

/// Readers accept the header anywhere in the first kilobyte, and some producers put bytes before it.
const HEADER_WITHIN: usize = 1024;

/// The last bytes in which the end marker must lie.
const END_WITHIN: u64 = 4096;

pub(super) fn is_pdf(head: &[u8]) -> bool {
    contains(&head[..head.len().min(HEADER_WITHIN)], b"%PDF-")
}

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END_WITHIN)))?;
    let mut end = Vec::new();
    file.take(END_WITHIN).read_to_end(&mut end)?;
    if contains(&end, b"%%EOF") {
        Ok(MediaInfo::default())
    } else {
        Err(ProbeError::Damaged("it ends too early"))
    }
}

fn contains(bytes: &[u8], marker: &[u8]) -> bool {
    bytes.windows(marker.len()).any(|window| window == marker)
}
