//! Records what a client does not keep of its contract, or does in another way.

use std::collections::HashMap;

use openapi_contract::document::{Document, NodeId};
use openapi_contract::rules::Rule;
use openapi_contract::{Fidelity, Finding, Location, MessagePart, Site};

/// Collects findings. The same fact about the same value is recorded once, however many operations share it.
#[derive(Debug)]
pub(super) struct Findings<'c> {
    document: &'c Document,
    /// The operation that is read, such as `GET /media`.
    operation: Option<String>,
    seen: HashMap<(NodeId, &'static str, String), usize>,
    found: Vec<Finding>,
}

/// What the client lacks, and what to do about it.
#[derive(Debug)]
pub(super) struct Loss {
    pub(super) fact: String,
    pub(super) consequence: String,
    pub(super) remedy: String,
}

impl Loss {
    pub(super) fn new(
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
}

impl<'c> Findings<'c> {
    pub(super) fn new(document: &'c Document) -> Self {
        Self {
            document,
            operation: None,
            seen: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// Sets the operation of the following findings.
    pub(super) fn enter(&mut self, operation: String) {
        self.operation = Some(operation);
    }

    /// Ends the operation.
    pub(super) fn leave(&mut self) {
        self.operation = None;
    }

    /// Records something that the client does in another way, without a loss.
    pub(super) fn exact(&mut self, rule: Rule, node: NodeId, fact: impl Into<String>) {
        let loss = Loss::new(fact, "The client behaves as the contract says.", "");
        self.record(rule, Fidelity::Exact, node, loss);
    }

    /// Records something that the client does not enforce, or lacks in an operation.
    pub(super) fn weakened(&mut self, rule: Rule, node: NodeId, loss: Loss) {
        self.record(rule, Fidelity::Weakened, node, loss);
    }

    fn record(&mut self, rule: Rule, fidelity: Fidelity, node: NodeId, loss: Loss) {
        let fact = escape_control(loss.fact);
        let site = self.operation.as_ref().map(|operation| Site {
            operation: operation.clone(),
            part: MessagePart::Operation,
            path: String::new(),
        });
        let key = (node, rule.id, fact.clone());
        if let Some(&before) = self.seen.get(&key) {
            let sites = &mut self.found[before].sites;
            sites.extend(site.filter(|site| !sites.contains(site)));
            return;
        }
        self.seen.insert(key, self.found.len());
        self.found.push(Finding {
            consequence: escape_control(loss.consequence),
            remedy: escape_control(loss.remedy),
            sites: site.into_iter().collect(),
            old: Some(Location::new(self.document, node, None)),
            ..Finding::rewrite(rule, fidelity, fact)
        });
    }

    /// All findings, with those of others, in the order of the contract.
    pub(super) fn finish(self, others: Vec<Finding>) -> Vec<Finding> {
        let mut findings = self.found;
        findings.extend(others);
        let key = |finding: &Finding| {
            let location = finding.old.as_ref();
            let location = location.map(|location| (location.file.clone(), location.position));
            (location, finding.rule.id, finding.fact.clone())
        };
        findings.sort_by_cached_key(key);
        findings
    }
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
