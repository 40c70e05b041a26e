//! MP4 and MOV: a tree of boxes (ISO/IEC 14496-12). Each has a size, a type of four characters, and
//! a body. Only the few boxes that hold measures are read; the rest is skipped by seeking.

mod boxes;
mod fragments;

use std::io::{BufRead, Seek};

use super::{Format, MediaInfo, ProbeError};
use boxes::{Boxes, Span};
use fragments::FragmentedTrack;

/// Brands of MP4 files. Audio alone (`M4A `) and still pictures (`heic`, `avif`) are not among them.
const MP4_BRANDS: &[&[u8; 4]] = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41",
    b"mp42", b"avc1", b"dash", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"mmp4", b"3gp4", b"3gp5",
    b"3gp6",
];

/// Major brands that say the file is something else, whatever else it is compatible with.
const OTHER_BRANDS: &[&[u8; 4]] = &[
    b"M4A ", b"M4B ", b"M4P ", b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ",
];

/// The format of a file that begins with these bytes.
pub(super) fn detect(head: &[u8]) -> Option<Format> {
    let (size, rest) = head.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    match kind {
        b"ftyp" => {
            let size = u32::from_be_bytes(*size) as usize;
            let brands = &rest[..size.saturating_sub(8).min(rest.len())];
            detect_brands(brands)
        }
        // MOV files from before there was `ftyp`.
        b"moov" | b"mdat" | b"wide" => Some(Format::Mov),
        _ => None,
    }
}

/// The body of `ftyp`: the major brand, its version, and the compatible brands.
fn detect_brands(body: &[u8]) -> Option<Format> {
    let (brands, _) = body.as_chunks::<4>();
    let (major, rest) = brands.split_first()?;
    if major == b"qt  " {
        return Some(Format::Mov);
    }
    if OTHER_BRANDS.contains(&major) {
        return None;
    }
    let compatible = rest.iter().skip(1);
    std::iter::once(major)
        .chain(compatible)
        .any(|brand| MP4_BRANDS.contains(&brand))
        .then_some(Format::Mp4)
}

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let mut boxes = Boxes::new(file);
    let whole = boxes.whole()?;
    let mut movie = None;
    let mut fragments = Vec::new();
    // To the last one: a box that reaches behind the end tells that the file was cut off.
    boxes.each_child(whole, |_, kind, body| {
        match &kind {
            b"moov" => movie = Some(body),
            b"moof" => fragments.push(body),
            _ => {}
        }
        Ok(())
    })?;
    let movie = movie.ok_or(ProbeError::Damaged("it has no `moov` box"))?;
    let mut found = Movie::default();
    boxes.each_child(movie, |boxes, kind, body| match &kind {
        b"mvhd" => boxes.movie_header(body, &mut found),
        b"trak" => boxes.track(body, &mut found),
        _ => Ok(()),
    })?;
    let track = found
        .track
        .as_ref()
        .ok_or(ProbeError::Damaged("it has no video track"))?;
    let seconds = match found.seconds() {
        Some(seconds) => Some(seconds),
        None => boxes.fragments_seconds(movie, &fragments, &track.fragmented)?,
    };
    MediaInfo::visible(track.width, track.height, seconds)
}

/// What was found in `moov`.
#[derive(Default)]
struct Movie {
    timescale: u32,
    duration: u64,
    /// The first video track.
    track: Option<Track>,
}

struct Track {
    width: u32,
    height: u32,
    fragmented: FragmentedTrack,
}

impl Movie {
    /// None for a fragmented file: its pictures, and their times, lie outside of `moov`.
    fn seconds(&self) -> Option<f64> {
        seconds(self.duration, self.timescale)
    }
}

fn seconds(duration: u64, timescale: u32) -> Option<f64> {
    (timescale > 0 && duration > 0).then(|| duration as f64 / f64::from(timescale))
}

impl<R: BufRead + Seek> Boxes<'_, R> {
    /// `mvhd`: version and flags, two dates, time scale, duration.
    fn movie_header(&mut self, body: Span, found: &mut Movie) -> Result<(), ProbeError> {
        let [version] = self.read_at(body, 0)?;
        found.timescale = self.number_behind_dates(body)?;
        found.duration = self.versioned(body, version, [16, 24])?;
        Ok(())
    }

    /// `trak`: the first video track counts.
    fn track(&mut self, body: Span, found: &mut Movie) -> Result<(), ProbeError> {
        let mut displayed = (0, 0);
        let mut stored = None;
        let mut is_video = false;
        let mut fragmented = FragmentedTrack::default();
        self.each_child(body, |boxes, kind, body| match &kind {
            b"tkhd" => {
                displayed = boxes.displayed_size(body)?;
                fragmented.id = boxes.number_behind_dates(body)?;
                Ok(())
            }
            b"mdia" => boxes.each_child(body, |boxes, kind, body| {
                match &kind {
                    b"hdlr" => is_video = boxes.read_at(body, 8)? == *b"vide",
                    b"mdhd" => fragmented.timescale = boxes.number_behind_dates(body)?,
                    b"minf" => stored = boxes.stored_size(body)?,
                    _ => {}
                }
                Ok(())
            }),
            _ => Ok(()),
        })?;
        if is_video && found.track.is_none() {
            let (width, height) = stored.unwrap_or(displayed);
            found.track = Some(Track {
                width,
                height,
                fragmented,
            });
        }
        Ok(())
    }

    /// The number behind version, flags and two dates: of `mvhd` and `mdhd` the time scale, of
    /// `tkhd` the id of the track.
    fn number_behind_dates(&mut self, body: Span) -> Result<u32, ProbeError> {
        let [version] = self.read_at(body, 0)?;
        let at = if version == 0 { 12 } else { 20 };
        Ok(u32::from_be_bytes(self.read_at(body, at)?))
    }

    /// `tkhd`: ends with width and height, as fixed-point numbers with 16 bits of fraction.
    fn displayed_size(&mut self, body: Span) -> Result<(u32, u32), ProbeError> {
        let [version] = self.read_at(body, 0)?;
        let at = if version == 0 { 76 } else { 88 };
        let width = u32::from_be_bytes(self.read_at(body, at)?);
        let height = u32::from_be_bytes(self.read_at(body, at + 4)?);
        Ok((width >> 16, height >> 16))
    }

    /// `minf/stbl/stsd`: the first sample entry of a video has the size of the stored pixels.
    fn stored_size(&mut self, body: Span) -> Result<Option<(u32, u32)>, ProbeError> {
        let mut size = None;
        self.each_child(body, |boxes, kind, body| {
            if kind != *b"stbl" {
                return Ok(());
            }
            boxes.each_child(body, |boxes, kind, body| {
                // Behind version, flags and the number of entries: 8 bytes, then the header of the
                // entry (8), its common part (8) and 16 bytes that are fixed.
                if kind == *b"stsd" && body.end - body.start >= 8 + 36 {
                    let width = u16::from_be_bytes(boxes.read_at(body, 40)?);
                    let height = u16::from_be_bytes(boxes.read_at(body, 42)?);
                    size = Some((u32::from(width), u32::from(height)));
                }
                Ok(())
            })
        })?;
        Ok(size.filter(|(width, height)| *width > 0 && *height > 0))
    }
}
