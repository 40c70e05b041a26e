//! MP4 and MOV: a tree of boxes (ISO/IEC 14496-12), decoded by [`mp4_atom`].
//!
//! Only the boxes with sizes and times are decoded, the others are skipped. [`mp4_atom::Moov`] would decode the whole
//! tree, but it reads every sample table into memory and fails on one unusual box anywhere in it, such as a codec
//! configuration. Therefore the traversal of the tree is ours, with every size checked against the parent.

use std::io::{BufRead, Seek, SeekFrom};

use mp4_atom::{
    Atom, Decode, FourCC, Ftyp, Hdlr, Header, Mdhd, Mdia, Minf, Moof, Moov, Mvex, Mvhd, ReadFrom,
    Stbl, Stsd, Tfdt, Tfhd, Tkhd, Traf, Trak, Trex, Trun, TrunSamples, Visual,
};

use super::{MediaInfo, ProbeError};

/// The number of boxes after which a file is given up. A recording of many hours has fewer.
const MAX_BOXES: u32 = 2_000_000;

/// The size of the largest box that is decoded: a run of a million samples.
const MAX_BODY: u64 = 16 << 20;

/// The size of a sample entry of a video, up to the boxes inside it.
const VISUAL_SIZE: usize = 78;

/// Whether a file that starts with these bytes is an MP4 video by one of its compatible brands: its major brand may be
/// one that only its producer knows.
pub(super) fn has_compatible_brand(head: &[u8]) -> bool {
    const BRANDS: &[&[u8; 4]] = &[
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41",
        b"mp42", b"avc1", b"dash", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"mmp4", b"3gp4", b"3gp5",
        b"3gp6",
    ];
    /// Major brands of audio and of still images, which may have MP4 among their compatible brands.
    const OTHER: &[&[u8; 4]] = &[
        b"M4A ", b"M4B ", b"M4P ", b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ",
    ];
    let contains = |brands: &[&[u8; 4]], brand: FourCC| {
        let brand: [u8; 4] = brand.into();
        brands.contains(&&brand)
    };
    Ftyp::decode(&mut &*head).is_ok_and(|ftyp| {
        !contains(OTHER, ftyp.major_brand)
            && std::iter::once(ftyp.major_brand)
                .chain(ftyp.compatible_brands)
                .any(|brand| contains(BRANDS, brand))
    })
}

pub(super) fn probe(file: &mut (impl BufRead + Seek)) -> Result<MediaInfo, ProbeError> {
    let mut reader = BoxReader::new(file);
    // To the end of the file: a last box that exceeds it reveals a truncated file.
    let boxes = reader.top_level()?;
    let movie = boxes
        .iter()
        .find(|found| found.kind == Moov::KIND)
        .ok_or(ProbeError::Damaged("there is no `moov` box"))?;
    let movie = reader.children(*movie)?;
    let track = reader
        .video_track(&movie)?
        .ok_or(ProbeError::Damaged("there is no video track"))?;
    let duration = match reader.movie_duration(&movie)? {
        Some(duration) => Some(duration),
        None => reader.fragments_duration(&movie, &boxes, &track)?,
    };
    MediaInfo::visual(track.width, track.height, duration)
}

/// The first video track.
struct VideoTrack {
    id: u32,
    timescale: u32,
    width: u32,
    height: u32,
}

/// The position of a box: where its body starts and ends.
#[derive(Clone, Copy)]
struct BoxSpan {
    kind: FourCC,
    start: u64,
    end: u64,
}

struct BoxReader<'f, R> {
    file: &'f mut R,
    remaining: u32,
}

impl<'f, R: BufRead + Seek> BoxReader<'f, R> {
    fn new(file: &'f mut R) -> Self {
        Self {
            file,
            remaining: MAX_BOXES,
        }
    }

    fn top_level(&mut self) -> Result<Vec<BoxSpan>, ProbeError> {
        let end = self.file.seek(SeekFrom::End(0))?;
        self.boxes_between(0, end)
    }

    fn children(&mut self, parent: BoxSpan) -> Result<Vec<BoxSpan>, ProbeError> {
        self.boxes_between(parent.start, parent.end)
    }

    fn boxes_between(&mut self, mut position: u64, end: u64) -> Result<Vec<BoxSpan>, ProbeError> {
        let mut boxes = Vec::new();
        // Less than a header at the end is padding.
        while end.saturating_sub(position) >= 8 {
            self.remaining = self
                .remaining
                .checked_sub(1)
                .ok_or(ProbeError::Damaged("there are too many boxes"))?;
            let found = self.box_at(position, end)?;
            position = found.end;
            boxes.push(found);
        }
        Ok(boxes)
    }

    /// Reads the header of a box, which must end before its parent does.
    fn box_at(&mut self, position: u64, parent_end: u64) -> Result<BoxSpan, ProbeError> {
        self.file.seek(SeekFrom::Start(position))?;
        let header = Header::read_from(self.file).map_err(damaged_box)?;
        let start = self.file.stream_position()?;
        let end = match header.size {
            Some(size) => start.checked_add(size as u64),
            None => Some(parent_end),
        };
        match end {
            Some(end) if start <= end && end <= parent_end => Ok(BoxSpan {
                kind: header.kind,
                start,
                end,
            }),
            _ => Err(ProbeError::Damaged("a box exceeds its parent")),
        }
    }

    fn decode<A: Atom>(&mut self, span: BoxSpan) -> Result<A, ProbeError> {
        if span.end - span.start > MAX_BODY {
            return Err(ProbeError::Damaged("a box is too large"));
        }
        self.file.seek(SeekFrom::Start(span.start))?;
        let mut body = vec![0; (span.end - span.start) as usize];
        self.file.read_exact(&mut body)?;
        A::decode_body(&mut body.as_slice()).map_err(damaged_box)
    }

    /// Decodes the first of these boxes that is an `A`.
    fn decode_first<A: Atom>(&mut self, boxes: &[BoxSpan]) -> Result<Option<A>, ProbeError> {
        let found = boxes.iter().find(|found| found.kind == A::KIND);
        found.map(|found| self.decode(*found)).transpose()
    }

    /// The children of the first of these boxes that is an `A`.
    fn children_of_first<A: Atom>(
        &mut self,
        boxes: &[BoxSpan],
    ) -> Result<Vec<BoxSpan>, ProbeError> {
        let found = boxes.iter().find(|found| found.kind == A::KIND);
        found.map_or_else(|| Ok(Vec::new()), |found| self.children(*found))
    }

    /// The duration in seconds. `None` for a fragmented file, whose samples are described outside of `moov`.
    fn movie_duration(&mut self, movie: &[BoxSpan]) -> Result<Option<f64>, ProbeError> {
        let header = self.decode_first::<Mvhd>(movie)?;
        Ok(header.and_then(|header| {
            // All bits set in either width of the field: the duration is unknown.
            let is_unknown = matches!(header.duration, u64::MAX | 0xffff_ffff);
            let duration = if is_unknown { 0 } else { header.duration };
            seconds(duration, header.timescale)
        }))
    }

    fn video_track(&mut self, movie: &[BoxSpan]) -> Result<Option<VideoTrack>, ProbeError> {
        for track in movie.iter().filter(|found| found.kind == Trak::KIND) {
            let track = self.children(*track)?;
            let media = self.children_of_first::<Mdia>(&track)?;
            let is_video = self
                .decode_first::<Hdlr>(&media)?
                .is_some_and(|hdlr| hdlr.handler == FourCC::from(b"vide"));
            if !is_video {
                continue;
            }
            let header = self
                .decode_first::<Tkhd>(&track)?
                .ok_or(ProbeError::Damaged("a track has no header"))?;
            let timescale = self
                .decode_first::<Mdhd>(&media)?
                .map_or(0, |mdhd| mdhd.timescale);
            let displayed = (header.width.integer(), header.height.integer());
            let (width, height) = self.stored_size(&media)?.unwrap_or(displayed);
            return Ok(Some(VideoTrack {
                id: header.track_id,
                timescale,
                width: width.into(),
                height: height.into(),
            }));
        }
        Ok(None)
    }

    /// The size of the stored image, from the first sample entry.
    fn stored_size(&mut self, media: &[BoxSpan]) -> Result<Option<(u16, u16)>, ProbeError> {
        let information = self.children_of_first::<Minf>(media)?;
        let table = self.children_of_first::<Stbl>(&information)?;
        let Some(descriptions) = table.iter().find(|found| found.kind == Stsd::KIND) else {
            return Ok(None);
        };
        // The entries follow version, flags and their count. `Stsd` would decode the configuration of the codec, too.
        let first_entry = descriptions.start.saturating_add(8);
        if descriptions.end.saturating_sub(first_entry) < 8 {
            return Ok(None);
        }
        let entry = self.box_at(first_entry, descriptions.end)?;
        if entry.end - entry.start < VISUAL_SIZE as u64 {
            return Ok(None);
        }
        let mut body = [0; VISUAL_SIZE];
        self.file.read_exact(&mut body)?;
        let size = Visual::decode(&mut &body[..]).map(|visual| (visual.width, visual.height));
        Ok(size
            .ok()
            .filter(|(width, height)| *width > 0 && *height > 0))
    }

    /// The duration in seconds of a fragmented file: when the last sample of the track ends. `None` if there are no
    /// samples.
    fn fragments_duration(
        &mut self,
        movie: &[BoxSpan],
        boxes: &[BoxSpan],
        track: &VideoTrack,
    ) -> Result<Option<f64>, ProbeError> {
        let movie_default = self.default_sample_duration(movie, track.id)?;
        let mut end = 0_u64;
        for fragment in boxes.iter().filter(|found| found.kind == Moof::KIND) {
            for fragment in self.children(*fragment)? {
                if fragment.kind == Traf::KIND {
                    let children = self.children(fragment)?;
                    end = self
                        .track_fragment_end(&children, track.id, movie_default, end)?
                        .max(end);
                }
            }
        }
        Ok(seconds(end, track.timescale))
    }

    /// When a fragment ends. One of another track ends where the previous one does.
    fn track_fragment_end(
        &mut self,
        fragment: &[BoxSpan],
        track: u32,
        movie_default: u32,
        previous_end: u64,
    ) -> Result<u64, ProbeError> {
        let header = self
            .decode_first::<Tfhd>(fragment)?
            .ok_or(ProbeError::Damaged("a fragment has no header"))?;
        if header.track_id != track {
            return Ok(previous_end);
        }
        let default = header.default_sample_duration.unwrap_or(movie_default);
        let start = self
            .decode_first::<Tfdt>(fragment)?
            .map_or(previous_end, |tfdt| tfdt.base_media_decode_time);
        let mut end = start;
        for run in fragment.iter().filter(|found| found.kind == Trun::KIND) {
            let run = self.decode::<Trun>(*run)?;
            end = end.saturating_add(run_duration(&run, default));
        }
        Ok(end)
    }

    /// The duration of a sample for which the fragments state none.
    fn default_sample_duration(
        &mut self,
        movie: &[BoxSpan],
        track: u32,
    ) -> Result<u32, ProbeError> {
        for found in self.children_of_first::<Mvex>(movie)? {
            if found.kind == Trex::KIND {
                let defaults = self.decode::<Trex>(found)?;
                if defaults.track_id == track {
                    return Ok(defaults.default_sample_duration);
                }
            }
        }
        Ok(0)
    }
}

fn run_duration(run: &Trun, default: u32) -> u64 {
    match &run.samples {
        TrunSamples::Inherited { count, .. } => u64::from(*count) * u64::from(default),
        TrunSamples::Explicit(samples) => samples
            .iter()
            .map(|sample| u64::from(sample.duration.unwrap_or(default)))
            .sum(),
    }
}

fn seconds(duration: u64, timescale: u32) -> Option<f64> {
    (timescale > 0 && duration > 0).then(|| duration as f64 / f64::from(timescale))
}

fn damaged_box(error: mp4_atom::Error) -> ProbeError {
    match error {
        mp4_atom::Error::Io(error) => error.into(),
        _ => ProbeError::Damaged("a box is damaged"),
    }
}
