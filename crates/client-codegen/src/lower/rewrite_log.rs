//! Records what lowering changes in a contract: each rewrite with its location and its fidelity.

use std::collections::HashMap;

use openapi_contract::Location;
use openapi_contract::document::{Document, NodeId};
use openapi_contract::rules::Rule;
use openapi_contract::{Fidelity, Finding, MessagePart, Site};
use serde_json::{Map, Value};

use super::draft_markers::ORIGIN;
use crate::http_methods::METHODS;

/// The kind of rewrites that a pass records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PassKind {
    pub(crate) rule: Rule,
    pub(crate) fidelity: Fidelity,
}

impl PassKind {
    pub(crate) const fn exact(rule: Rule) -> Self {
        Self {
            rule,
            fidelity: Fidelity::Exact,
        }
    }

    pub(crate) const fn weakened(rule: Rule) -> Self {
        Self {
            rule,
            fidelity: Fidelity::Weakened,
        }
    }

    pub(crate) const fn omitted(rule: Rule) -> Self {
        Self {
            rule,
            fidelity: Fidelity::Omitted,
        }
    }
}

/// The text of a rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Change {
    /// What was changed.
    fact: String,
    /// What the client does not enforce, or lacks.
    consequence: String,
    /// What to write in the contract instead; empty for an exact rewrite.
    remedy: String,
}

impl Change {
    pub(crate) fn new(
        fact: impl Into<String>,
        consequence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            fact: fact.into(),
            consequence: consequence.into(),
            remedy: remedy.into(),
        }
    }

    /// The fact alone, for an exact rewrite.
    pub(crate) fn fact(self) -> String {
        self.fact
    }
}

impl From<String> for Change {
    /// The text of an exact rewrite.
    fn from(fact: String) -> Self {
        Self::new(fact, "The client behaves as the contract says.", "")
    }
}

impl From<&str> for Change {
    fn from(fact: &str) -> Self {
        fact.to_owned().into()
    }
}

/// Collects rewrites, and remembers where the objects of the document are written.
#[derive(Debug)]
pub(crate) struct RewriteLog<'d> {
    document: &'d Document,
    nodes: Vec<NodeId>,
    numbers: HashMap<NodeId, u64>,
    /// Method and path of the operations, by their current id.
    operations: HashMap<String, Vec<String>>,
    seen: HashMap<(NodeId, Rule, String), usize>,
    rewrites: Vec<RecordedRewrite>,
}

#[derive(Debug)]
struct RecordedRewrite {
    finding: Finding,
    /// The id of the operation, if it is only one.
    operation: Option<String>,
}

impl<'d> RewriteLog<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self {
            document,
            nodes: Vec::new(),
            numbers: HashMap::new(),
            operations: operations(document),
            seen: HashMap::new(),
            rewrites: Vec::new(),
        }
    }

    /// An empty object that remembers that it is written at `node`.
    pub(crate) fn object(&mut self, node: NodeId) -> Map<String, Value> {
        let nodes = &mut self.nodes;
        let number = *self.numbers.entry(node).or_insert_with(|| {
            nodes.push(node);
            nodes.len() as u64 - 1
        });
        Map::from_iter([(ORIGIN.to_owned(), Value::from(number))])
    }

    /// Sets the unique id of an operation.
    pub(crate) fn identify(&mut self, id: &str, method: &str, path: &str) {
        let operation = operation_name(method, path);
        self.operations.insert(id.to_owned(), vec![operation]);
    }

    /// Records a rewrite of an object, or of the value of one of its keys.
    pub(crate) fn record_object(
        &mut self,
        kind: PassKind,
        object: &Map<String, Value>,
        key: Option<&str>,
        operation: Option<&str>,
        change: impl Into<Change>,
    ) {
        let number = object.get(ORIGIN).and_then(Value::as_u64);
        let node = number.and_then(|number| self.nodes.get(number as usize).copied());
        let node = node.unwrap_or_else(|| self.document.root());
        self.record(kind, node, key, operation, change);
    }

    /// Records a rewrite of the value at `node`, or of the value of one of its keys. The same fact about
    /// the same value is recorded once, however many operations share it.
    pub(crate) fn record(
        &mut self,
        kind: PassKind,
        node: NodeId,
        key: Option<&str>,
        operation: Option<&str>,
        change: impl Into<Change>,
    ) {
        let Change {
            fact,
            consequence,
            remedy,
        } = change.into();
        let fact = escape_control(fact);
        let node = key
            .and_then(|key| self.document.get(node, key))
            .unwrap_or(node);
        if let Some(&before) = self.seen.get(&(node, kind.rule, fact.clone())) {
            let before = &mut self.rewrites[before];
            if before.operation.as_deref() != operation {
                before.operation = None;
                before.finding.sites.clear();
            }
            return;
        }
        self.seen
            .insert((node, kind.rule, fact.clone()), self.rewrites.len());
        let sites = operation.and_then(|id| self.operations.get(id));
        let sites = sites.into_iter().flatten().map(|operation| Site {
            operation: operation.clone(),
            part: MessagePart::Operation,
            path: String::new(),
        });
        self.rewrites.push(RecordedRewrite {
            finding: Finding {
                consequence: escape_control(consequence),
                remedy: escape_control(remedy),
                sites: sites.collect(),
                old: Some(Location::new(self.document, node, None)),
                ..Finding::rewrite(kind.rule, kind.fidelity, fact)
            },
            operation: operation.map(str::to_owned),
        });
    }

    /// All rewrites in the order of the contract.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let rewrites = self.rewrites.into_iter();
        let mut findings: Vec<Finding> = rewrites.map(|rewrite| rewrite.finding).collect();
        let key = |finding: &Finding| {
            let location = finding.old.as_ref();
            let location = location.map(|location| (location.file.clone(), location.position));
            (location, finding.rule.id, finding.fact.clone())
        };
        findings.sort_by_cached_key(key);
        findings
    }
}

/// The operations of a document, by their ids as they are written.
fn operations(document: &Document) -> HashMap<String, Vec<String>> {
    let mut operations: HashMap<String, Vec<String>> = HashMap::new();
    for path in document.members(document.root(), "paths") {
        let Ok(item) = document.resolve(path.value) else {
            continue;
        };
        for node in [path.value, item] {
            for method in METHODS {
                let operation = document.get(node, method);
                let id = operation.and_then(|node| document.get_text(node, "operationId"));
                let Some(id) = id else { continue };
                let of_id = operations.entry(id.to_owned()).or_default();
                let name = operation_name(method, path.key);
                if !of_id.contains(&name) {
                    of_id.push(name);
                }
            }
        }
    }
    operations
}

/// The name of an operation in findings: `GET /media`.
fn operation_name(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_ascii_uppercase())
}

/// A text with its control characters escaped, so that names from the contract cannot break its line.
fn escape_control(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            escaped.extend(char.escape_default());
        } else {
            escaped.push(char);
        }
    }
    escaped
}
