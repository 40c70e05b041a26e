//! Keys that passes put into objects of the document to remember something about them.
//!
//! Each starts with a control character, which no key of a contract can. [`strip`] removes all of them
//! before anyone else sees the document.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Where an object was written: the number that the rewrite log has for the location.
pub(super) const ORIGIN: &str = "\u{1}origin";

/// Marks a `oneOf` that is an `anyOf` in the contract.
pub(crate) const ANY_OF: &str = "\u{1}any-of";

/// Marks a union that is the result of merging objects. The value lists the unions that were merged on
/// the way to it.
pub(crate) const JOINED: &str = "\u{1}joined";

/// Marks a union of response bodies. The status decides which of them is read.
pub(crate) const BY_STATUS: &str = "\u{1}by-status";

/// Marks a property that only progenitor needs, and the contract doesn't declare.
pub(crate) const UNDECLARED: &str = "\u{1}undeclared";

/// Whether a key is a marker.
pub(crate) fn is_marker(key: &str) -> bool {
    [ORIGIN, ANY_OF, JOINED, BY_STATUS, UNDECLARED].contains(&key)
}

/// Creates an empty object that keeps the `origin` marker of `object`.
pub(crate) fn empty_with_origin(object: &Map<String, Value>) -> Map<String, Value> {
    object
        .get_key_value(ORIGIN)
        .map(|(key, value)| (key.clone(), value.clone()))
        .into_iter()
        .collect()
}

/// The keys of an object that are not markers.
pub(crate) fn keys(object: &Map<String, Value>) -> HashSet<&str> {
    let keys = object.keys().map(String::as_str);
    keys.filter(|key| !is_marker(key)).collect()
}

/// Removes all markers from a document. Unless it is meant for progenitor, what the markers stand for is
/// restored: `anyOf`, and the absence of undeclared properties.
pub(crate) fn strip(value: &mut Value, is_for_progenitor: bool) {
    match value {
        Value::Object(object) => {
            object.shift_remove(ORIGIN);
            object.shift_remove(JOINED);
            object.shift_remove(BY_STATUS);
            match object.get_mut("properties") {
                Some(Value::Object(properties)) if !is_for_progenitor => {
                    properties.retain(|_, property| property.get(UNDECLARED).is_none());
                }
                _ => {}
            }
            object.shift_remove(UNDECLARED);
            if object.shift_remove(ANY_OF).is_some()
                && !is_for_progenitor
                && let Some(alternatives) = object.shift_remove("oneOf")
            {
                object.insert("anyOf".to_owned(), alternatives);
            }
            for inner in object.values_mut() {
                strip(inner, is_for_progenitor);
            }
        }
        Value::Array(array) => {
            for inner in array {
                strip(inner, is_for_progenitor);
            }
        }
        _ => {}
    }
}
