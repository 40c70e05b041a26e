//! What lowering did to a contract: each rewrite with its place and its price.

use std::collections::{HashMap, HashSet};
use std::fmt;

use openapi_contract::Location;
use openapi_contract::document::{Document, NodeId};
use serde_json::{Map, Value};

/// What a rewrite costs whoever uses the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fidelity {
    /// Nothing: the client does all that the contract says.
    Exact,
    /// The types of the client say less than the contract.
    Weakened,
    /// The client lacks an operation.
    Omitted,
}

impl fmt::Display for Fidelity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Weakened => "weakened",
            Self::Omitted => "omitted",
        })
    }
}

/// One change to a contract on its way to the generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Which pass made it, in kebab case.
    pub pass: &'static str,
    /// What it costs.
    pub fidelity: Fidelity,
    /// The place in the contract.
    pub location: Location,
    /// The id of the operation, where it concerns one alone.
    pub operation: Option<String>,
    /// What was done, and what follows from it.
    pub message: String,
}

impl fmt::Display for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { file, position, .. } = &self.location;
        let Self {
            fidelity,
            pass,
            message,
            ..
        } = self;
        write!(f, "{file}:{position}: {fidelity}[{pass}]: {message}")
    }
}

/// How many rewrites there are of each price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FidelityCounts {
    /// Rewrites that cost nothing.
    pub exact: usize,
    /// Rewrites that make types weaker.
    pub weakened: usize,
    /// Operations that are left out.
    pub omitted: usize,
}

impl FidelityCounts {
    /// Counts rewrites by their price.
    pub fn of(rewrites: &[Rewrite]) -> Self {
        let count = |fidelity| {
            rewrites
                .iter()
                .filter(|one| one.fidelity == fidelity)
                .count()
        };
        Self {
            exact: count(Fidelity::Exact),
            weakened: count(Fidelity::Weakened),
            omitted: count(Fidelity::Omitted),
        }
    }
}

/// The key under which an object remembers where it was written. No contract can have it in its way:
/// it holds a control character, and it is taken out before anyone else sees the document.
const ORIGIN: &str = "\u{1}origin";

/// What a pass has to say about itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PassKind {
    pub(crate) pass: &'static str,
    pub(crate) fidelity: Fidelity,
}

impl PassKind {
    pub(crate) const fn exact(pass: &'static str) -> Self {
        Self {
            pass,
            fidelity: Fidelity::Exact,
        }
    }

    pub(crate) const fn weakened(pass: &'static str) -> Self {
        Self {
            pass,
            fidelity: Fidelity::Weakened,
        }
    }

    pub(crate) const fn omitted(pass: &'static str) -> Self {
        Self {
            pass,
            fidelity: Fidelity::Omitted,
        }
    }
}

/// Collects the rewrites, and knows where objects come from.
#[derive(Debug)]
pub(crate) struct RewriteLog<'d> {
    document: &'d Document,
    nodes: Vec<NodeId>,
    numbers: HashMap<NodeId, u64>,
    seen: HashMap<(NodeId, &'static str, String), usize>,
    rewrites: Vec<Rewrite>,
}

impl<'d> RewriteLog<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self {
            document,
            nodes: Vec::new(),
            numbers: HashMap::new(),
            seen: HashMap::new(),
            rewrites: Vec::new(),
        }
    }

    /// An object without members that remembers that it is written at `node`.
    pub(crate) fn object(&mut self, node: NodeId) -> Map<String, Value> {
        let nodes = &mut self.nodes;
        let number = *self.numbers.entry(node).or_insert_with(|| {
            nodes.push(node);
            nodes.len() as u64 - 1
        });
        Map::from_iter([(ORIGIN.to_owned(), Value::from(number))])
    }

    /// Notes a rewrite of an object, or of a member of it.
    pub(crate) fn record_object(
        &mut self,
        kind: PassKind,
        object: &Map<String, Value>,
        member: Option<&str>,
        operation: Option<&str>,
        message: impl Into<String>,
    ) {
        let number = object.get(ORIGIN).and_then(Value::as_u64);
        let node = number.and_then(|number| self.nodes.get(number as usize).copied());
        let node = node.unwrap_or_else(|| self.document.root());
        self.record(kind, node, member, operation, message);
    }

    /// Notes a rewrite of what is written at `node`. The same about the same place is said once,
    /// however many operations share it.
    pub(crate) fn record(
        &mut self,
        kind: PassKind,
        node: NodeId,
        member: Option<&str>,
        operation: Option<&str>,
        message: impl Into<String>,
    ) {
        let message = on_one_line(message.into());
        let node = member
            .and_then(|member| self.document.get(node, member))
            .unwrap_or(node);
        if let Some(&before) = self.seen.get(&(node, kind.pass, message.clone())) {
            let before = &mut self.rewrites[before];
            if before.operation.as_deref() != operation {
                before.operation = None;
            }
            return;
        }
        self.seen
            .insert((node, kind.pass, message.clone()), self.rewrites.len());
        self.rewrites.push(Rewrite {
            pass: kind.pass,
            fidelity: kind.fidelity,
            location: Location::new(self.document, node, None),
            operation: operation.map(str::to_owned),
            message,
        });
    }

    /// All rewrites in the order of the contract.
    pub(crate) fn finish(mut self) -> Vec<Rewrite> {
        self.rewrites.sort_by(|a, b| {
            (&a.location.file, a.location.position, a.pass, &a.message).cmp(&(
                &b.location.file,
                b.location.position,
                b.pass,
                &b.message,
            ))
        });
        self.rewrites
    }
}

/// A message with what its contract says written such that it stays on its line.
fn on_one_line(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let mut written = String::with_capacity(message.len());
    for char in message.chars() {
        if char.is_control() {
            written.extend(char.escape_default());
        } else {
            written.push(char);
        }
    }
    written
}

/// The mark of a `oneOf` that is `anyOf` in the contract.
pub(crate) const ANY_OF: &str = "\u{1}any-of";

/// The mark of a union that came of joining objects: which unions those were that are above it.
pub(crate) const JOINED: &str = "\u{1}joined";

/// The mark of a union of the bodies of answers, each of which is read by its status.
pub(crate) const BY_STATUS: &str = "\u{1}by-status";

/// The mark of a property that is declared for progenitor alone.
pub(crate) const UNDECLARED: &str = "\u{1}undeclared";

/// Whether a key is a mark, and no key of the contract.
pub(crate) fn is_marker(key: &str) -> bool {
    let marks = [ORIGIN, ANY_OF, JOINED, BY_STATUS, UNDECLARED];
    marks.contains(&key)
}

/// An object without members at the place of another.
pub(crate) fn like(object: &Map<String, Value>) -> Map<String, Value> {
    object
        .get_key_value(ORIGIN)
        .map(|(key, value)| (key.clone(), value.clone()))
        .into_iter()
        .collect()
}

/// Takes the marks out of a document that nobody changes any more. One that progenitor is not given
/// has `anyOf` where the contract has it.
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
                && let Some(parts) = object.shift_remove("oneOf")
            {
                object.insert("anyOf".to_owned(), parts);
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

/// The values of an object that are not marks of its origin.
pub(crate) fn keys(object: &Map<String, Value>) -> HashSet<&str> {
    let keys = object.keys().map(String::as_str);
    keys.filter(|key| !is_marker(key)).collect()
}
