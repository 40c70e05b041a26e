//! What comparing two schemas came to, so that a component which a thousand operations use is compared
//! once, and not a thousand times.

use std::collections::HashMap;

use crate::finding::Direction;
use crate::model::SchemaId;
use crate::witness::{Side, ValueStep};

/// How often two schemas are compared while a place might still be found that proves a break.
const MOST_EVALUATIONS: usize = 4;

/// Two schemas, and all about their place that a comparison depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pairing {
    pub(super) old: SchemaId,
    pub(super) new: SchemaId,
    /// Whether null is decided here. The members of a union leave it to the union.
    pub(super) null_counts: bool,
    /// Whether values are sent as text, without their JSON type.
    pub(super) is_text: bool,
    pub(super) direction: Option<Direction>,
    pub(super) sender: Side,
}

/// Two schemas that were compared, as a place in [`Memo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoId(u32);

/// What became of a difference that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reported {
    /// It is a finding, the one with this number.
    Finding(usize),
    /// It is none here, because nothing proved it.
    Nothing,
}

/// All pairs of schemas that were compared.
#[derive(Debug, Default)]
pub(super) struct Memo {
    ids: HashMap<Pairing, MemoId>,
    entries: Vec<MemoEntry>,
    /// The number of the walk that is going on.
    walk: u32,
}

/// What comparing two schemas came to.
#[derive(Debug)]
struct MemoEntry {
    pairing: Pairing,
    /// The last walk that came by.
    walk: u32,
    evaluations: usize,
    /// What was reported, and how many of the steps to it lie within these schemas.
    reported: Vec<(Reported, Vec<ValueStep>)>,
    /// The schemas inside that differ.
    inside: Vec<(ValueStep, MemoId)>,
}

impl Memo {
    /// Starts a walk, which comes by each pair once.
    pub(super) fn start(&mut self) {
        self.walk += 1;
    }

    /// The place of a pair, and whether this walk comes by for the first time.
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

    /// Whether this walk comes by for the first time.
    pub(super) fn is_first(&mut self, id: MemoId) -> bool {
        let walk = self.walk;
        std::mem::replace(&mut self.visit_mut(id).walk, walk) != walk
    }

    /// Whether comparing the two once more could tell more; `is_proved` says it of what was reported.
    pub(super) fn is_open(&self, id: MemoId, is_proved: impl Fn(Reported) -> bool) -> bool {
        let visit = self.visit(id);
        let may_be_proved = || visit.reported.iter().any(|(what, _)| !is_proved(*what));
        visit.evaluations == 0 || (visit.evaluations < MOST_EVALUATIONS && may_be_proved())
    }

    /// Keeps what a comparison of the two came to.
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

    /// One of the differing pairs inside a pair.
    pub(super) fn inside(&self, id: MemoId, index: usize) -> Option<MemoId> {
        self.visit(id).inside.get(index).map(|(_, inner)| *inner)
    }

    /// The step to one of the differing pairs inside a pair.
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
