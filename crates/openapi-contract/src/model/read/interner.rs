//! Shares equal constraints: a contract with ten thousand strings has a few dozen kinds of them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::schema::{NumberConstraints, StringConstraints};

/// The distinct constraints so far.
#[derive(Default)]
pub(super) struct Interner {
    numbers: HashSet<Arc<NumberConstraints>>,
    strings: HashSet<Arc<StringConstraints>>,
}

impl Interner {
    pub(super) fn number(&mut self, rules: NumberConstraints) -> Arc<NumberConstraints> {
        if let Some(known) = self.numbers.get(&rules) {
            return Arc::clone(known);
        }
        let rules = Arc::new(rules);
        self.numbers.insert(Arc::clone(&rules));
        rules
    }

    pub(super) fn string(&mut self, rules: StringConstraints) -> Arc<StringConstraints> {
        if let Some(known) = self.strings.get(&rules) {
            return Arc::clone(known);
        }
        let rules = Arc::new(rules);
        self.strings.insert(Arc::clone(&rules));
        rules
    }
}
