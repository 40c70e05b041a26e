//! The duration of a fragmented file, as recorders and streaming tools write it: `moov` says nothing,
//! and each `moof` says how long its own samples last.

use std::io::{BufRead, Seek};

use super::boxes::{Boxes, Span};
use super::seconds;
use crate::probe::ProbeError;

/// What is known from `moov` of the track whose fragments are added up.
#[derive(Clone, Copy, Default)]
pub(super) struct FragmentedTrack {
    pub(super) id: u32,
    pub(super) timescale: u32,
}

/// A `moof/traf`: one track in one fragment.
#[derive(Default)]
struct TrackFragment {
    track: u32,
    /// When it starts. Without it, it follows the one before.
    start: Option<u64>,
    default_duration: Option<u32>,
    runs: Vec<Span>,
}

impl<R: BufRead + Seek> Boxes<'_, R> {
    /// When the last sample of the track ends. None when there are no samples.
    pub(super) fn fragments_seconds(
        &mut self,
        movie: Span,
        fragments: &[Span],
        track: &FragmentedTrack,
    ) -> Result<Option<f64>, ProbeError> {
        let movie_default = self.default_duration(movie, track.id)?;
        let mut end = 0_u64;
        for fragment in fragments {
            self.each_child(*fragment, |boxes, kind, body| {
                if kind != *b"traf" {
                    return Ok(());
                }
                let part = boxes.track_fragment(body)?;
                if part.track == track.id {
                    let default = part.default_duration.unwrap_or(movie_default);
                    let mut at = part.start.unwrap_or(end);
                    for run in part.runs {
                        at = at.saturating_add(boxes.run_duration(run, default)?);
                    }
                    end = end.max(at);
                }
                Ok(())
            })?;
        }
        Ok(seconds(end, track.timescale))
    }

    /// `mvex/trex`: the duration of a sample that does not say otherwise.
    fn default_duration(&mut self, movie: Span, track: u32) -> Result<u32, ProbeError> {
        let mut duration = 0;
        self.each_child(movie, |boxes, kind, body| {
            if kind != *b"mvex" {
                return Ok(());
            }
            boxes.each_child(body, |boxes, kind, body| {
                if kind == *b"trex" && boxes.number(body, 4)? == track {
                    duration = boxes.number(body, 12)?;
                }
                Ok(())
            })
        })?;
        Ok(duration)
    }

    fn track_fragment(&mut self, body: Span) -> Result<TrackFragment, ProbeError> {
        let mut found = TrackFragment::default();
        self.each_child(body, |boxes, kind, body| {
            match &kind {
                b"tfhd" => {
                    let flags = boxes.number(body, 0)?;
                    found.track = boxes.number(body, 4)?;
                    // Fields that may come before it: an offset, and the index of a description.
                    let at = 8 + field(flags, 0x1, 8) + field(flags, 0x2, 4);
                    if flags & 0x8 != 0 {
                        found.default_duration = Some(boxes.number(body, at)?);
                    }
                }
                b"tfdt" => {
                    let [version] = boxes.read_at(body, 0)?;
                    found.start = Some(boxes.versioned(body, version, [4, 4])?);
                }
                b"trun" => found.runs.push(body),
                _ => {}
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// `trun`: samples that follow each other, each with its own duration or all with the default.
    fn run_duration(&mut self, body: Span, default: u32) -> Result<u64, ProbeError> {
        let flags = self.number(body, 0)?;
        let count = self.number(body, 4)?;
        if flags & 0x100 == 0 {
            return Ok(u64::from(count) * u64::from(default));
        }
        let first = 8 + field(flags, 0x1, 4) + field(flags, 0x4, 4);
        let sample = 4 + field(flags, 0x200, 4) + field(flags, 0x400, 4) + field(flags, 0x800, 4);
        let mut duration = 0;
        for index in 0..u64::from(count) {
            self.spend()?;
            duration += u64::from(self.number(body, first + index * sample)?);
        }
        Ok(duration)
    }

    fn number(&mut self, body: Span, at: u64) -> Result<u32, ProbeError> {
        Ok(u32::from_be_bytes(self.read_at(body, at)?))
    }
}

/// The length of a field that is there when its flag is set.
fn field(flags: u32, flag: u32, length: u64) -> u64 {
    if flags & flag == 0 { 0 } else { length }
}
