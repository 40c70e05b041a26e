//! The work that the search for rejected parts may take.

use serde_json::Value;

use super::try_generate;

/// The work of the search in runs over the whole document. Lowering and the last run take one and a half times as
/// long as a run, so a rejected part makes them take at most three times as long.
const RUNS: usize = 3;

/// A run that ends in an error takes this part of the work of one that does not: it generates no code.
const REJECTED_PART: usize = 4;

/// The work of a run over an empty document.
const EMPTY_RUN: usize = 100;

/// The number of runs over small documents that every search may take. It matters to small contracts only.
const SMALL_RUNS: usize = 32;

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

    /// Whether there is enough for runs over all these documents.
    pub(super) fn allows(&self, documents: &[&Value]) -> bool {
        let all = documents.iter().map(|document| work(document));
        all.sum::<usize>() <= self.left
    }

    /// Runs progenitor on a document, unless it is too large for what is left.
    pub(super) fn run(&mut self, mut document: Value) -> Outcome {
        if !self.allows(&[&document]) {
            return Outcome::Unaffordable;
        }
        let work = work(&document);
        match try_generate(&mut document, None) {
            Ok(_) => {
                self.left -= work;
                Outcome::Accepted
            }
            Err(error) => {
                self.left -= work / REJECTED_PART;
                Outcome::Rejected(super::message(&error))
            }
        }
    }

    /// Takes the work of a run that a document was rejected in. Returns whether there was enough.
    pub(super) fn spend_rejected(&mut self, document: &Value) -> bool {
        let rest = self.left.checked_sub(work(document) / REJECTED_PART);
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }

    /// Takes as much as half a run over the whole document, or what is left.
    pub(super) fn take_half_a_run(&mut self) -> Self {
        let part = self.left.min(self.one_run / 2);
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
