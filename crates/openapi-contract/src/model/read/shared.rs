//! Rules that many schemas have: a contract of ten thousand strings has a few dozen kinds of them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::schema::{NumberRules, StringRules};

/// The rules that were read so far, each kept once.
#[derive(Default)]
pub(super) struct Shared {
    numbers: HashSet<Arc<NumberRules>>,
    strings: HashSet<Arc<StringRules>>,
}

impl Shared {
    pub(super) fn number(&mut self, rules: NumberRules) -> Arc<NumberRules> {
        if let Some(known) = self.numbers.get(&rules) {
            return Arc::clone(known);
        }
        let rules = Arc::new(rules);
        self.numbers.insert(Arc::clone(&rules));
        rules
    }

    pub(super) fn string(&mut self, rules: StringRules) -> Arc<StringRules> {
        if let Some(known) = self.strings.get(&rules) {
            return Arc::clone(known);
        }
        let rules = Arc::new(rules);
        self.strings.insert(Arc::clone(&rules));
        rules
    }
}
