//! Walking through the boxes of a file, with every size checked.

use std::io::{BufRead, Seek, SeekFrom};

use crate::probe::ProbeError;

/// The boxes and samples that are looked at in one file. A real file has far fewer; more of them
/// only keep the program busy.
const MAX_STEPS: u32 = 2_000_000;

/// Where the body of a box lies.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
}

pub(super) struct Boxes<'f, R> {
    file: &'f mut R,
    left: u32,
}

impl<'f, R: BufRead + Seek> Boxes<'f, R> {
    pub(super) fn new(file: &'f mut R) -> Self {
        Self {
            file,
            left: MAX_STEPS,
        }
    }

    /// Everything in the file.
    pub(super) fn whole(&mut self) -> Result<Span, ProbeError> {
        let end = self.file.seek(SeekFrom::End(0))?;
        Ok(Span { start: 0, end })
    }

    /// Takes one step of those that a file may cost.
    pub(super) fn spend(&mut self) -> Result<(), ProbeError> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(ProbeError::Damaged("it has too many boxes"))?;
        Ok(())
    }

    /// Visits the boxes directly inside a span.
    pub(super) fn each_child(
        &mut self,
        parent: Span,
        mut visit: impl FnMut(&mut Self, [u8; 4], Span) -> Result<(), ProbeError>,
    ) -> Result<(), ProbeError> {
        let mut at = parent.start;
        // Less than a header at the end is padding.
        while parent.end.saturating_sub(at) >= 8 {
            self.spend()?;
            let (kind, body) = self.header(at, parent.end)?;
            visit(self, kind, body)?;
            at = body.end;
        }
        Ok(())
    }

    /// Reads the header of a box that must end before its parent does.
    fn header(&mut self, at: u64, parent_end: u64) -> Result<([u8; 4], Span), ProbeError> {
        self.file.seek(SeekFrom::Start(at))?;
        let size = u32::from_be_bytes(self.read()?);
        let kind = self.read()?;
        let (header, size) = match size {
            0 => (8, parent_end - at),
            1 => (16, u64::from_be_bytes(self.read()?)),
            size => (8, u64::from(size)),
        };
        match at.checked_add(size) {
            Some(end) if size >= header && end <= parent_end => Ok((
                kind,
                Span {
                    start: at + header,
                    end,
                },
            )),
            _ => Err(ProbeError::Damaged("a box reaches behind its end")),
        }
    }

    fn read<const N: usize>(&mut self) -> Result<[u8; N], ProbeError> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes of a box body from this offset on, checked against its end.
    pub(super) fn read_at<const N: usize>(
        &mut self,
        body: Span,
        offset: u64,
    ) -> Result<[u8; N], ProbeError> {
        let start = body.start.saturating_add(offset);
        if start.saturating_add(N as u64) > body.end {
            return Err(ProbeError::Damaged("a box is too short"));
        }
        self.file.seek(SeekFrom::Start(start))?;
        self.read()
    }

    /// A number that has 32 bits in version 0 of a box, and 64 in version 1. All ones stands for
    /// unknown, which reads as 0.
    pub(super) fn versioned(
        &mut self,
        body: Span,
        version: u8,
        at: [u64; 2],
    ) -> Result<u64, ProbeError> {
        if version == 0 {
            let value = u32::from_be_bytes(self.read_at(body, at[0])?);
            Ok(if value == u32::MAX { 0 } else { value.into() })
        } else {
            let value = u64::from_be_bytes(self.read_at(body, at[1])?);
            Ok(if value == u64::MAX { 0 } else { value })
        }
    }
}
