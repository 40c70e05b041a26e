//! WebM: a tree of EBML elements (RFC 8794). Each has an id and a size, both of variable length, and
//! a body. `Info` has the duration, `Tracks` the size; both come before the pictures.

use std::io::{BufRead, Seek, SeekFrom};

use super::{MediaInfo, ProbeError};

const EBML: u64 = 0x1a45_dfa3;
const DOC_TYPE: u64 = 0x4282;
const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_a966;
const TIMESTAMP_SCALE: u64 = 0x2a_d7b1;
const DURATION: u64 = 0x4489;
const TRACKS: u64 = 0x1654_ae6b;
const TRACK_ENTRY: u64 = 0xae;
const TRACK_TYPE: u64 = 0x83;
const VIDEO: u64 = 0xe0;
const PIXEL_WIDTH: u64 = 0xb0;
const PIXEL_HEIGHT: u64 = 0xba;
const CLUSTER: u64 = 0x1f43_b675;

/// The value of [`TRACK_TYPE`] for pictures.
const VIDEO_TRACK: u64 = 1;

/// Nanoseconds in a unit of time, where the file does not say.
const DEFAULT_TIMESTAMP_SCALE: u64 = 1_000_000;

/// The elements that are looked at in one file.
const MAX_ELEMENTS: u32 = 500_000;

/// Whether the EBML file that begins with these bytes is WebM, and not another kind of Matroska.
pub(super) fn is_webm(head: &[u8]) -> bool {
    doc_type(head).is_ok_and(|doc_type| doc_type == b"webm")
}

fn doc_type(head: &[u8]) -> Result<Vec<u8>, ProbeError> {
    let mut file = std::io::Cursor::new(head);
    let mut elements = Elements::new(&mut file)?;
    let mut found = Vec::new();
    let header = elements.first(elements.whole(), EBML)?;
    elements.each_child(header, |elements, id, body| {
        if id == DOC_TYPE {
            found = elements.bytes(body)?;
            // The header may be padded with zeros.
            while found.last() == Some(&0) {
                found.pop();
            }
        }
        Ok(Next::Go)
    })?;
    Ok(found)
}

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let mut elements = Elements::new(file)?;
    let segment = elements.first(elements.whole(), SEGMENT)?;
    let mut found = Found::default();
    elements.each_child(segment, |elements, id, body| {
        match id {
            INFO => elements.info(body, &mut found)?,
            TRACKS => elements.tracks(body, &mut found)?,
            CLUSTER if found.size.is_some() => return Ok(Next::Stop),
            _ => {}
        }
        Ok(Next::Go)
    })?;
    let (width, height) = found
        .size
        .ok_or(ProbeError::Damaged("it has no video track"))?;
    MediaInfo::visible(width, height, found.seconds())
}

#[derive(Default)]
struct Found {
    scale: Option<u64>,
    duration: Option<f64>,
    size: Option<(u32, u32)>,
}

impl Found {
    /// None for a live recording: it was written before its end was known.
    fn seconds(&self) -> Option<f64> {
        let scale = self.scale.unwrap_or(DEFAULT_TIMESTAMP_SCALE);
        Some(self.duration? * scale as f64 / 1e9)
    }
}

/// Whether to visit the next sibling.
enum Next {
    Go,
    Stop,
}

/// Where the body of an element lies.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
}

struct Elements<'f, R> {
    file: &'f mut R,
    length: u64,
    left: u32,
}

impl<'f, R: BufRead + Seek> Elements<'f, R> {
    fn new(file: &'f mut R) -> Result<Self, ProbeError> {
        let length = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            length,
            left: MAX_ELEMENTS,
        })
    }

    fn whole(&self) -> Span {
        Span {
            start: 0,
            end: self.length,
        }
    }

    fn each_child(
        &mut self,
        parent: Span,
        mut visit: impl FnMut(&mut Self, u64, Span) -> Result<Next, ProbeError>,
    ) -> Result<(), ProbeError> {
        let mut at = parent.start;
        while at < parent.end {
            self.left = self
                .left
                .checked_sub(1)
                .ok_or(ProbeError::Damaged("it has too many elements"))?;
            let (id, body) = self.header(at, parent.end)?;
            if let Next::Stop = visit(self, id, body)? {
                break;
            }
            at = body.end;
        }
        Ok(())
    }

    /// The first child with this id.
    fn first(&mut self, parent: Span, wanted: u64) -> Result<Span, ProbeError> {
        let mut found = None;
        self.each_child(parent, |_, id, body| {
            if id == wanted {
                found = Some(body);
                return Ok(Next::Stop);
            }
            Ok(Next::Go)
        })?;
        found.ok_or(ProbeError::Damaged("an element is missing"))
    }

    /// Reads id and size. An unknown size, as live recordings have it, reaches to the end of the
    /// parent.
    fn header(&mut self, at: u64, parent_end: u64) -> Result<(u64, Span), ProbeError> {
        self.file.seek(SeekFrom::Start(at))?;
        let (id, id_length) = self.variable(4, |first, _| u64::from(first))?;
        let (size, size_length) = self.variable(8, |first, marker| u64::from(first & !marker))?;
        let start = at + id_length + size_length;
        let unknown = (1 << (7 * size_length)) - 1;
        let end = if size == unknown {
            Some(parent_end)
        } else {
            start.checked_add(size).filter(|end| *end <= parent_end)
        };
        match end {
            Some(end) if start <= end => Ok((id, Span { start, end })),
            _ => Err(ProbeError::Damaged("an element reaches behind its end")),
        }
    }

    /// A number of variable length: the leading zeros of the first byte tell how many follow. An id
    /// keeps the marker bit behind them, a size does not.
    fn variable(
        &mut self,
        max_length: u64,
        first_bits: impl Fn(u8, u8) -> u64,
    ) -> Result<(u64, u64), ProbeError> {
        let [first] = self.read()?;
        let length = u64::from(first.leading_zeros()) + 1;
        if length > max_length {
            return Err(ProbeError::Damaged("an element has no valid header"));
        }
        let marker = 0x80 >> (length - 1);
        let mut value = first_bits(first, marker);
        for _ in 1..length {
            let [byte] = self.read()?;
            value = value << 8 | u64::from(byte);
        }
        Ok((value, length))
    }

    fn read<const N: usize>(&mut self) -> Result<[u8; N], ProbeError> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The body of a small element.
    fn bytes(&mut self, body: Span) -> Result<Vec<u8>, ProbeError> {
        let length = usize::try_from(body.end - body.start).unwrap_or(usize::MAX);
        if length > 64 {
            return Err(ProbeError::Damaged("an element is too long"));
        }
        self.file.seek(SeekFrom::Start(body.start))?;
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn unsigned(&mut self, body: Span) -> Result<u64, ProbeError> {
        let bytes = self.bytes(body)?;
        if bytes.len() > 8 {
            return Err(ProbeError::Damaged("a number is too long"));
        }
        Ok(bytes
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn float(&mut self, body: Span) -> Result<f64, ProbeError> {
        let bytes = self.bytes(body)?;
        if let Ok(single) = <[u8; 4]>::try_from(bytes.as_slice()) {
            return Ok(f32::from_be_bytes(single).into());
        }
        <[u8; 8]>::try_from(bytes.as_slice())
            .map(f64::from_be_bytes)
            .map_err(|_| ProbeError::Damaged("a number has no valid length"))
    }

    fn info(&mut self, body: Span, found: &mut Found) -> Result<(), ProbeError> {
        self.each_child(body, |elements, id, body| {
            match id {
                TIMESTAMP_SCALE => found.scale = Some(elements.unsigned(body)?),
                DURATION => found.duration = Some(elements.float(body)?),
                _ => {}
            }
            Ok(Next::Go)
        })
    }

    /// The first video track gives the size.
    fn tracks(&mut self, body: Span, found: &mut Found) -> Result<(), ProbeError> {
        self.each_child(body, |elements, id, body| {
            if id == TRACK_ENTRY && found.size.is_none() {
                found.size = elements.track(body)?;
            }
            Ok(Next::Go)
        })
    }

    fn track(&mut self, body: Span) -> Result<Option<(u32, u32)>, ProbeError> {
        let mut kind = 0;
        let (mut width, mut height) = (0, 0);
        self.each_child(body, |elements, id, body| {
            match id {
                TRACK_TYPE => kind = elements.unsigned(body)?,
                VIDEO => elements.each_child(body, |elements, id, body| {
                    match id {
                        PIXEL_WIDTH => width = elements.unsigned(body)?,
                        PIXEL_HEIGHT => height = elements.unsigned(body)?,
                        _ => {}
                    }
                    Ok(Next::Go)
                })?,
                _ => {}
            }
            Ok(Next::Go)
        })?;
        let pixels = |count| u32::try_from(count).unwrap_or_default();
        Ok((kind == VIDEO_TRACK).then(|| (pixels(width), pixels(height))))
    }
}
