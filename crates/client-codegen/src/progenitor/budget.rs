//! The work that the search for rejected parts may take.

use serde_json::Value;

use super::try_generate;

/// The work of the search in runs over the whole document. With the first run, which fails, and the last one, a
/// rejected part makes progenitor work six times as much at most. A run that fails takes a quarter of the time
/// of one that does not, and generation takes eight times as long as one run.
const RUNS: usize = 4;

/// The work of a run over an empty document.
const EMPTY_RUN: usize = 50;

/// The number of runs over small documents that every search may take. It matters to small contracts only.
const SMALL_RUNS: usize = 64;

/// The work that is left.
#[derive(Debug)]
pub(super) struct Budget {
    one_run: usize,
    left: usize,
}

/// The outcome of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    /// With the message of progenitor.
    Rejected(String),
    /// The run would take more work than is left.
    Unaffordable,
}

impl Budget {
    /// The budget of a search in a document.
    pub(super) fn new(document: &Value) -> Self {
        let one_run = work(document);
        Self {
            one_run,
            left: one_run * RUNS + SMALL_RUNS * EMPTY_RUN,
        }
    }

    /// Runs progenitor on a document, unless it is too large for what is left.
    pub(super) fn run(&mut self, mut document: Value) -> Outcome {
        if !self.spend(&document) {
            return Outcome::Unaffordable;
        }
        match try_generate(&mut document, None) {
            Ok(_) => Outcome::Accepted,
            Err(error) => Outcome::Rejected(super::message(&error)),
        }
    }

    /// Takes the work of a run over a document. Returns whether there was enough.
    pub(super) fn spend(&mut self, document: &Value) -> bool {
        let rest = self.left.checked_sub(work(document));
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }

    /// Takes as much as one run over the whole document, or what is left.
    pub(super) fn take_one_run(&mut self) -> Self {
        let part = self.left.min(self.one_run + SMALL_RUNS / 2 * EMPTY_RUN);
        self.left -= part;
        Self {
            one_run: self.one_run,
            left: part,
        }
    }

    /// Gives back what is left of a part.
    pub(super) fn give_back(&mut self, part: Self) {
        self.left += part.left;
    }
}

/// The work of a run over a document: the time grows with the number of its values.
pub(super) fn work(document: &Value) -> usize {
    EMPTY_RUN + values(document)
}

fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(properties) => 1 + properties.values().map(values).sum::<usize>(),
        _ => 1,
    }
}
