//! `$ref`: JSON references within one document.

use thiserror::Error;

use super::Document;
use super::node::{NodeId, Value};

/// A `$ref` that leads to no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefError {
    /// The target is in another file, or on a network.
    #[error("`{target}` is outside of this document: nothing else is read, move it here")]
    External {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
    /// There is nothing at the target.
    #[error("`{target}` does not exist in this document")]
    Unresolved {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
    /// References that lead back to themselves without a value in between.
    #[error("`{target}` leads back to itself")]
    Cycle {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
}

impl RefError {
    /// The node that holds the `$ref`.
    pub fn at(&self) -> NodeId {
        match self {
            Self::External { at, .. } | Self::Unresolved { at, .. } | Self::Cycle { at, .. } => *at,
        }
    }
}

pub(super) fn resolve(document: &Document, id: NodeId) -> Result<NodeId, RefError> {
    let mut seen = Vec::new();
    let mut current = id;
    while let Some(target) = document.get_text(current, "$ref") {
        let (target, at) = (target.to_owned(), current);
        if seen.contains(&current) {
            return Err(RefError::Cycle { target, at });
        }
        seen.push(current);
        let Some(pointer) = target.strip_prefix('#') else {
            return Err(RefError::External { target, at });
        };
        match at_pointer(document, &percent_decode(pointer)) {
            Some(next) => current = next,
            None => return Err(RefError::Unresolved { target, at }),
        }
    }
    Ok(current)
}

pub(super) fn at_pointer(document: &Document, pointer: &str) -> Option<NodeId> {
    if pointer.is_empty() {
        return Some(document.root());
    }
    let mut current = document.root();
    for step in pointer.strip_prefix('/')?.split('/') {
        let key = step.replace("~1", "/").replace("~0", "~");
        current = match &document.node(current).value {
            Value::Array(elements) => *elements.get(key.parse::<usize>().ok()?)?,
            _ => document.get(current, &key)?,
        };
    }
    Some(current)
}

/// Decodes `%XX` of a URI fragment; anything else stays as it is.
fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<String, String> {
        let document = Document::parse("test.yaml", text).expect("it parses");
        let start = document
            .get(document.root(), "start")
            .expect("start is there");
        document
            .resolve(start)
            .map(|id| document.pointer(id))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn follows_a_chain_and_escapes() {
        let text =
            "start: {$ref: '#/a~1b/%7Bid%7D'}\na/b: {'{id}': {$ref: '#/list/1'}}\nlist: [x, y]\n";
        assert_eq!(resolved(text), Ok("/list/1".to_owned()));
    }

    #[test]
    fn refuses_what_leads_nowhere() {
        for (text, message) in [
            ("start: {$ref: '#/no'}\n", "does not exist"),
            (
                "start: {$ref: 'other.yaml#/a'}\n",
                "outside of this document",
            ),
            ("start: {$ref: '#/start'}\n", "leads back to itself"),
        ] {
            let error = resolved(text).expect_err("it leads nowhere");
            assert!(error.contains(message), "{error}");
        }
    }
}
