//! The results of comparing pairs of schemas, so that a component with a thousand uses is compared
//! once.

use std::collections::HashMap;

use crate::finding::Direction;
use crate::model::SchemaId;
use crate::witness::{Side, ValueStep};

/// The maximum number of locations at which a pair is compared to prove a break.
const MOST_EVALUATIONS: usize = 4;

/// Two schemas with everything about their location that affects the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pairing {
    pub(super) old: SchemaId,
    pub(super) new: SchemaId,
    /// Whether a difference in null is reported for this pair. It is not for alternatives: their
    /// union reports it.
    pub(super) null_counts: bool,
    /// Whether values are sent as strings, without their JSON type.
    pub(super) is_text: bool,
    pub(super) direction: Option<Direction>,
    pub(super) sender: Side,
}

/// The index of a pair in [`Memo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoId(u32);

/// The outcome of reporting a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reported {
    /// The finding with this index.
    Finding(usize),
    /// No finding at this location, because nothing proves it.
    Nothing,
}

/// All pairs of schemas that were compared.
#[derive(Debug, Default)]
pub(super) struct Memo {
    ids: HashMap<Pairing, MemoId>,
    entries: Vec<MemoEntry>,
    /// The number of the current walk.
    walk: u32,
}

/// The result of comparing a pair.
#[derive(Debug)]
struct MemoEntry {
    pairing: Pairing,
    /// The last walk that visited the pair.
    walk: u32,
    evaluations: usize,
    /// The reported differences, each with the steps to it from this pair.
    reported: Vec<(Reported, Vec<ValueStep>)>,
    /// The inner pairs that differ.
    inside: Vec<(ValueStep, MemoId)>,
}

impl Memo {
    /// Starts a walk. A walk visits each pair once.
    pub(super) fn start(&mut self) {
        self.walk += 1;
    }

    /// The index of a pair, and whether this walk visits it for the first time.
    pub(super) fn enter(&mut self, pairing: Pairing) -> (MemoId, bool) {
        let next = MemoId(self.entries.len() as u32);
        let id = *self.ids.entry(pairing).or_insert(next);
        if id == next {
            self.entries.push(MemoEntry {
                pairing,
                walk: 0,
                evaluations: 0,
                reported: Vec::new(),
                inside: Vec::new(),
            });
        }
        (id, self.is_first(id))
    }

    /// Whether this walk visits the pair for the first time.
    pub(super) fn is_first(&mut self, id: MemoId) -> bool {
        let walk = self.walk;
        std::mem::replace(&mut self.visit_mut(id).walk, walk) != walk
    }

    /// Whether comparing the pair again could find a proof that is missing so far. `is_proved` is
    /// called for each reported difference.
    pub(super) fn is_open(&self, id: MemoId, is_proved: impl Fn(Reported) -> bool) -> bool {
        let visit = self.visit(id);
        let may_be_proved = || visit.reported.iter().any(|(what, _)| !is_proved(*what));
        visit.evaluations == 0 || (visit.evaluations < MOST_EVALUATIONS && may_be_proved())
    }

    /// Records the result of a comparison.
    pub(super) fn evaluated(
        &mut self,
        id: MemoId,
        reported: Vec<(Reported, Vec<ValueStep>)>,
        inside: Vec<(ValueStep, MemoId)>,
    ) {
        let visit = self.visit_mut(id);
        visit.evaluations += 1;
        visit.reported = reported;
        visit.inside = inside;
    }

    pub(super) fn pairing(&self, id: MemoId) -> Pairing {
        self.visit(id).pairing
    }

    pub(super) fn reported(&self, id: MemoId) -> &[(Reported, Vec<ValueStep>)] {
        &self.visit(id).reported
    }

    /// An inner pair that differs.
    pub(super) fn inside(&self, id: MemoId, index: usize) -> Option<MemoId> {
        self.visit(id).inside.get(index).map(|(_, inner)| *inner)
    }

    /// The step to an inner pair that differs.
    pub(super) fn step(&self, id: MemoId, index: usize) -> Option<ValueStep> {
        self.visit(id)
            .inside
            .get(index)
            .map(|(step, _)| step.clone())
    }

    fn visit(&self, id: MemoId) -> &MemoEntry {
        &self.entries[id.0 as usize]
    }

    fn visit_mut(&mut self, id: MemoId) -> &mut MemoEntry {
        &mut self.entries[id.0 as usize]
    }
}
