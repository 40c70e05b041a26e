//! WebM, read by [`matroska_demuxer`].

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use matroska_demuxer::{DemuxError, MatroskaFile, TrackType};

use super::{MediaInfo, ProbeError};

/// The number of reads after which a file is given up. `MatroskaFile::open` (0.8) reads a segment that starts with a
/// checksum over and over again, and it needs only a few dozen reads for an honest file.
const MAX_READS: u32 = 1_000_000;

const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    if is_truncated(file)? {
        return Err(ProbeError::Damaged("unexpected end of file"));
    }
    file.rewind()?;
    let limited = ReadLimit {
        inner: file,
        remaining: MAX_READS,
    };
    let matroska = MatroskaFile::open(limited).map_err(|error| match error {
        DemuxError::IoError(error) if error.kind() != io::ErrorKind::Other => error.into(),
        _ => ProbeError::Damaged("the WebM headers are damaged"),
    })?;
    let size = matroska
        .tracks()
        .iter()
        .filter(|track| track.track_type() == TrackType::Video)
        .find_map(|track| track.video())
        .ok_or(ProbeError::Damaged("there is no video track"))?;
    let pixels = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let info = matroska.info();
    // A live recording is written before its duration is known, and has none.
    let seconds = info
        .duration()
        .map(|duration| duration * info.timestamp_scale().get() as f64 / 1e9);
    MediaInfo::visual(
        pixels(size.pixel_width().get()),
        pixels(size.pixel_height().get()),
        seconds,
    )
}

/// Whether the segment, which holds everything after the EBML header, ends after the file does. The demuxer ignores
/// the size of the segment and notices a missing end only if the seek head refers to it.
fn is_truncated(file: &mut (impl BufRead + Seek)) -> Result<bool, ProbeError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(4))?;
    let header_size = read_size(file)?.unwrap_or_default();
    let header_end = file.stream_position()?.saturating_add(header_size);
    file.seek(SeekFrom::Start(header_end))?;
    let mut id = [0; 4];
    file.read_exact(&mut id)?;
    if id != SEGMENT {
        return Err(ProbeError::Damaged("there is no segment"));
    }
    let Some(size) = read_size(file)? else {
        return Ok(false);
    };
    Ok(file.stream_position()?.saturating_add(size) > length)
}

/// Reads the size of an EBML element (RFC 8794, section 6): the leading zeros of the first byte are the number of
/// bytes that follow it. `None` if all bits are set: the size is unknown.
fn read_size(file: &mut impl Read) -> Result<Option<u64>, ProbeError> {
    let mut first = [0];
    file.read_exact(&mut first)?;
    let following = first[0].leading_zeros();
    if following > 7 {
        return Err(ProbeError::Damaged("an element has an invalid size"));
    }
    let mut bytes = [0; 8];
    let start = 7 - following as usize;
    bytes[start] = first[0];
    file.read_exact(&mut bytes[start + 1..])?;
    let mask = (1_u64 << (7 * (following + 1))) - 1;
    let size = u64::from_be_bytes(bytes) & mask;
    Ok((size != mask).then_some(size))
}

/// A reader that fails after a number of reads.
struct ReadLimit<'f, R> {
    inner: &'f mut R,
    remaining: u32,
}

impl<R: Read> Read for ReadLimit<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.remaining = self
            .remaining
            .checked_sub(1)
            .ok_or_else(|| io::Error::other("too many reads"))?;
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for ReadLimit<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        self.inner.stream_position()
    }
}
