//! The headers of a request.

use std::collections::BTreeMap;

/// Headers by lower-case name, each with all its values.
pub(super) struct Headers<'h>(BTreeMap<String, Vec<&'h str>>);

impl<'h> Headers<'h> {
    pub(super) fn new(headers: &'h [(String, String)]) -> Self {
        let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, value) in headers {
            all.entry(name.to_ascii_lowercase())
                .or_default()
                .push(value);
        }
        Self(all)
    }

    /// The first value of a header.
    pub(super) fn get(&self, name: &str) -> Option<&'h str> {
        self.0.get(name).and_then(|values| values.first().copied())
    }

    pub(super) fn joined(&self, name: &str, between: &str) -> Option<String> {
        self.0.get(name).map(|values| values.join(between))
    }
}
