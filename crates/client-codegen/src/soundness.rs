//! Verifies that lowering is sound: a contract and the client generated from it differ only where a
//! weakened or omitted rewrite is recorded.
//!
//! The comparison of contracts finds the differences, in both directions: what the client cannot send or
//! read, and what it accepts although the contract forbids it.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_contract::Fidelity;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::Contract;
use openapi_contract::rules::{self, Rule};
use openapi_contract::{Finding, Level, Location, MessagePart};
use serde_json::Value;

use crate::error::GenerateError;
use crate::lower::{self, client_document};
use crate::progenitor;
use crate::rules as passes;

/// The result of verifying the lowering of a contract.
#[derive(Debug, Clone)]
pub struct SoundnessReport {
    /// All rewrites, in the order of the contract.
    pub rewrites: Vec<Finding>,
    /// Differences between contract and client that no rewrite accounts for.
    pub undeclared: Vec<Finding>,
    /// Weakened or omitted rewrites without an observed difference, except in unused parts of the contract.
    pub without_difference: Vec<Finding>,
}

impl SoundnessReport {
    /// Whether the rewrites account for exactly the differences.
    pub fn is_sound(&self) -> bool {
        self.undeclared.is_empty() && self.without_difference.is_empty()
    }
}

/// Lowers a contract, generates a client from it, and compares the rewrites with the differences between
/// the two.
///
/// # Errors
/// When no client can be generated from the contract.
pub fn verify(contract: &Contract) -> Result<SoundnessReport, GenerateError> {
    let mut lowered = lower::lower(&contract.document)?;
    progenitor::generate(&mut lowered, None)?;
    let client = client_document(&mut lowered);
    let rewrites = lowered.log.finish();
    verify_lowered(contract, &client, rewrites)
}

/// Compares rewrites with the differences between a contract and the document of the client.
pub(crate) fn verify_lowered(
    contract: &Contract,
    client: &Value,
    rewrites: Vec<Finding>,
) -> Result<SoundnessReport, GenerateError> {
    let malformed = GenerateError::InvalidLowering;
    let document = Document::parse("lowered.json", client.to_string())
        .map_err(|error| malformed(error.to_string()))?;
    let client = Contract::read(document).map_err(|invalid| {
        let findings = invalid.findings.iter();
        let reasons: Vec<String> = findings
            .map(|finding| format!("{} {}", finding.fact, pointer_of(finding)))
            .collect();
        malformed(reasons.join("; "))
    })?;
    let mut findings = compare(contract, &client, Relation::Drift);
    findings.retain(|finding| finding.level > Level::Editorial);

    let index = RewriteIndex::new(contract, &client, &rewrites);
    let mut shown = BTreeSet::new();
    let mut undeclared = Vec::new();
    let mut hiding = Vec::new();
    for finding in findings {
        let explained = index.explain(&finding);
        if WHOLE_VALUE_RULES.contains(&finding.rule) {
            hiding.extend(index.node(&finding));
        }
        if explained.is_empty() {
            undeclared.push(finding);
        }
        shown.extend(explained);
    }
    // A difference inside of alternatives is reported as a difference of the union.
    shown.extend(index.reached(&hiding));
    let used: Vec<NodeId> = contract
        .operations
        .values()
        .filter(|operation| !operation.is_callback_or_webhook)
        .flat_map(|operation| [operation.path_node, operation.node])
        .collect();
    let used: BTreeSet<usize> = index.reached(&used).into_iter().collect();
    // The comparison cannot decide about invalid parts.
    let invalid = contract.invalid_part_findings();
    let is_invalid = |rewrite: &Finding| {
        let at = rewrite.old.as_ref();
        invalid.iter().any(|part| part.old.as_ref() == at)
    };
    let numbered = rewrites.iter().enumerate();
    let without_difference = numbered.filter(|(index, rewrite)| {
        rewrite.fidelity != Some(Fidelity::Exact)
            && !UNOBSERVABLE.contains(&rewrite.rule)
            && !is_invalid(rewrite)
            && !shown.contains(index)
            && used.contains(index)
    });
    let without_difference = without_difference
        .map(|(_, rewrite)| rewrite.clone())
        .collect();
    Ok(SoundnessReport {
        without_difference,
        undeclared,
        rewrites,
    })
}

fn pointer_of(finding: &Finding) -> &str {
    let location = finding.old.as_ref();
    location.map_or("", |location| location.pointer.as_str())
}

/// Passes whose losses a comparison cannot find: those of `one-of-order` only show when a value is
/// deserialized, the comparison ignores malformed values as well, and it does not look at the servers of
/// operations.
const UNOBSERVABLE: [Rule; 3] = [passes::ONE_OF_ORDER, passes::MALFORMED, passes::SERVERS];

/// The pass that copies the content of components into the schemas that refer to them.
const MERGING_PASS: Rule = passes::ALL_OF;

/// Differences that are reported for a value as a whole, wherever inside of it they are.
const WHOLE_VALUE_RULES: [Rule; 7] = [
    rules::UNION_CHANGED,
    rules::UNION_MEMBER_ADDED,
    rules::UNION_MEMBER_REMOVED,
    rules::TYPE_CHANGED,
    rules::TYPE_NARROWED,
    rules::TYPE_WIDENED,
    rules::KEYWORD_CHANGED,
];

/// Differences that exact rewrites make, and that do not matter to users of the client: the names of
/// methods, checks that only the server makes, callbacks, the size of integers without a format, null in a
/// nullable enum that does not list it, alternatives next to one that allows anything or that become one
/// enum, and keywords that OpenAPI 3.0 expresses differently or that do not affect types.
const EXPECTED_CHANGES: [(Rule, Rule); 18] = [
    (passes::ANY_OF, rules::UNION_MEMBER_ADDED),
    (passes::ANY_OF, rules::UNION_MEMBER_REMOVED),
    (passes::ENUM_COLLISIONS, rules::UNION_MEMBER_ADDED),
    (passes::ENUM_COLLISIONS, rules::UNION_MEMBER_REMOVED),
    (passes::NORMALIZE_KEYWORDS, rules::FORMAT_ADDED),
    (passes::NORMALIZE_KEYWORDS, rules::FORMAT_CHANGED),
    (passes::NULLABLE, rules::NULL_ALLOWED),
    (passes::OPERATION_IDS, rules::OPERATION_ID_CHANGED),
    (passes::DROP_RESPONSE_CONSTRAINTS, rules::MIN_LENGTH_LOWERED),
    (passes::DROP_RESPONSE_CONSTRAINTS, rules::MAX_LENGTH_RAISED),
    (passes::DROP_RESPONSE_CONSTRAINTS, rules::PATTERN_REMOVED),
    (passes::REQUEST_BODIES, rules::MEDIA_TYPE_REMOVED),
    (passes::RESPONSES, rules::MEDIA_TYPE_REMOVED),
    (passes::SERVER_SIDE, rules::OPERATION_REMOVED),
    (passes::VERSION, rules::CONTENT_CHANGED),
    (passes::VERSION, rules::FORMAT_ADDED),
    (passes::VERSION, rules::READ_ONLY_CHANGED),
    (passes::VERSION, rules::VALUE_UNDEPRECATED),
];

/// The rewrites by location and operation.
struct RewriteIndex<'a> {
    document: &'a Document,
    rewrites: &'a [Finding],
    /// The rewrites by the file, and by the component or operation that they are in.
    owned: HashMap<(String, String), Vec<usize>>,
    /// The operations by method and path, with the rewrites that concern only them.
    operations: HashMap<String, (NodeId, Vec<usize>)>,
}

impl<'a> RewriteIndex<'a> {
    fn new(contract: &'a Contract, client: &Contract, rewrites: &'a [Finding]) -> Self {
        let mut owned: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_operation: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, rewrite) in rewrites.iter().enumerate() {
            if let Some(Location { file, pointer, .. }) = &rewrite.old {
                for owner in owners(pointer) {
                    let owner = (file.clone(), owner.to_owned());
                    owned.entry(owner).or_default().push(index);
                }
            }
            for site in &rewrite.sites {
                by_operation.entry(&site.operation).or_default().push(index);
            }
        }
        let operations = client.operations.keys().filter_map(|key| {
            let written = contract.operations.get(key)?;
            let name = format!("{} {}", key.method, written.path);
            let rewrites = by_operation.remove(name.as_str()).unwrap_or_default();
            Some((name, (written.node, rewrites)))
        });
        Self {
            document: &contract.document,
            rewrites,
            operations: operations.collect(),
            owned,
        }
    }

    /// The rewrites that may have caused a difference.
    fn explain(&self, finding: &Finding) -> Vec<usize> {
        let Some(location) = &finding.old else {
            return Vec::new();
        };
        let may_differ = |index: &usize| {
            let rewrite = &self.rewrites[*index];
            rewrite.fidelity != Some(Fidelity::Exact)
                || EXPECTED_CHANGES.contains(&(rewrite.rule, finding.rule))
        };
        let near = owners(&location.pointer).filter_map(|owner| {
            let owner = (location.file.clone(), owner.to_owned());
            self.owned.get(&owner)
        });
        let mut near: Vec<usize> = near
            .flatten()
            .copied()
            .filter(|index| is_related(&location.pointer, self.pointer(*index)))
            .filter(may_differ)
            .collect();
        if let Some(of_parts) = self.of_parts(finding, &may_differ) {
            near.extend(of_parts);
        }
        if !near.is_empty() {
            return near;
        }
        let node = self.node(finding);
        let mut reached = self.reached(&Vec::from_iter(node));
        reached.retain(may_differ);
        if reached.is_empty() {
            reached = self.replaced(location, &may_differ);
        }
        reached
    }

    /// The merges of a component into a schema that refers to it.
    fn replaced(&self, location: &Location, may_differ: &dyn Fn(&usize) -> bool) -> Vec<usize> {
        let owner = owners(&location.pointer).last().unwrap_or_default();
        let owner = (location.file.clone(), owner.to_owned());
        let replaces = |index: &usize| {
            let Some(Location { file, pointer, .. }) = &self.rewrites[*index].old else {
                return false;
            };
            let is_own = file == self.document.source().name();
            let node = self.document.at_pointer(pointer).filter(|_| is_own);
            node.is_some_and(|node| self.refers_to(&[node]).contains(&owner))
        };
        let of_pass = (0..self.rewrites.len()).filter(|at| MERGING_PASS == self.rewrites[*at].rule);
        of_pass.filter(may_differ).filter(replaces).collect()
    }

    /// The rewrites in all parts of messages that a difference affects; nothing if there is none in one of
    /// them.
    fn of_parts(
        &self,
        finding: &Finding,
        may_differ: &dyn Fn(&usize) -> bool,
    ) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        for site in &finding.sites {
            let before = found.len();
            let (node, of_operation) = self.operations.get(&site.operation)?;
            let of_part = of_operation
                .iter()
                .filter(|index| self.is_about(self.pointer(**index), &site.part));
            let shared = self.shared(*node, &site.part).into_iter().flatten();
            found.extend(of_part.chain(shared).copied().filter(may_differ));
            if found.len() == before {
                return None;
            }
        }
        Some(found)
    }

    /// The rewrites in the component that a part of a message refers to.
    fn shared(&self, operation: NodeId, part: &MessagePart) -> Option<&Vec<usize>> {
        let document = self.document;
        let written = match (part, part.status()) {
            (_, Some(status)) => {
                document.get(document.get(operation, "responses")?, &status.to_string())?
            }
            (MessagePart::RequestBody, _) => document.get(operation, "requestBody")?,
            _ => return None,
        };
        let target = document.resolve(written).ok().filter(|to| *to != written)?;
        let pointer = document.pointer(target);
        let owner = owners(&pointer).last()?.to_owned();
        let file = document.source_of(target).name().to_owned();
        self.owned.get(&(file, owner))
    }

    /// Whether a location in an operation is in this part of its messages.
    fn is_about(&self, pointer: &str, part: &MessagePart) -> bool {
        let is_component = |group: &str| pointer.starts_with(&format!("/components/{group}/"));
        if pointer.contains("/requestBody") || is_component("requestBodies") {
            *part == MessagePart::RequestBody
        } else if is_component("responses") {
            part.status().is_some()
        } else if let Some((_, below)) = pointer.split_once("/responses") {
            let status = below.trim_start_matches('/').split('/').next();
            let status = status.filter(|status| !status.is_empty());
            part.status().is_some_and(|of_part| {
                status.is_none_or(|status| status.eq_ignore_ascii_case(&of_part.to_string()))
            })
        } else if let Some(at) = pointer.find("/parameters/") {
            let tail = &pointer[at + "/parameters/".len()..];
            let end = pointer.len() - tail.len() + tail.find('/').unwrap_or(tail.len());
            let node = self.document.at_pointer(&pointer[..end]);
            let declared = node.and_then(|node| self.document.get_text(node, "name"));
            matches!(part, MessagePart::Parameter { name, .. }
                if declared.is_none_or(|declared| declared == name))
        } else {
            true
        }
    }

    /// The JSON pointer of a rewrite.
    fn pointer(&self, index: usize) -> &str {
        let location = self.rewrites[index].old.as_ref();
        location.map_or("", |location| location.pointer.as_str())
    }

    /// The value with the difference, in the root file of the contract.
    fn node(&self, finding: &Finding) -> Option<NodeId> {
        let location = finding.old.as_ref()?;
        let is_own = location.file == self.document.source().name();
        self.document
            .at_pointer(&location.pointer)
            .filter(|_| is_own)
    }

    /// The rewrites inside of values, and inside of what these refer to.
    fn reached(&self, values: &[NodeId]) -> Vec<usize> {
        let reached = self.refers_to(values);
        let found = reached.iter().filter_map(|owner| self.owned.get(owner));
        found.flatten().copied().collect()
    }

    /// The files, and components or operations, that contain values or what these refer to.
    fn refers_to(&self, values: &[NodeId]) -> BTreeSet<(String, String)> {
        let mut seen: HashSet<NodeId> = values.iter().copied().collect();
        let mut todo: Vec<NodeId> = values.to_vec();
        let mut reached: BTreeSet<(String, String)> = BTreeSet::new();
        let mut add = |node: NodeId| {
            let pointer = self.document.pointer(node);
            let owner = owners(&pointer).last().unwrap_or_default();
            let file = self.document.source_of(node).name();
            reached.insert((file.to_owned(), owner.to_owned()));
        };
        values.iter().copied().for_each(&mut add);
        while let Some(node) = todo.pop() {
            if self.document.get_text(node, "$ref").is_some()
                && let Ok(target) = self.document.resolve(node)
                && seen.insert(target)
            {
                add(target);
                todo.push(target);
            }
            let inner = self.document.entries(node).into_iter();
            // The client does not contain callbacks.
            let inner = inner.filter(|entry| entry.key != "callbacks");
            todo.extend(inner.map(|entry| entry.value));
            todo.extend(self.document.elements(node));
        }
        reached
    }
}

/// The JSON pointers of what contains a location: path and method, or component.
fn owners(pointer: &str) -> impl Iterator<Item = &str> {
    let slashes = pointer.match_indices('/').map(|(at, _)| at).skip(1);
    let ends = slashes.chain([pointer.len()]).take(3);
    ends.map(|end| &pointer[..end])
}

/// Whether one of two locations contains the other, inside of an operation or a component.
fn is_related(finding: &str, rewrite: &str) -> bool {
    let is_in = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_operation = finding.starts_with("/paths/") && finding.matches('/').count() < 4;
    is_in(finding, rewrite) || (is_in(rewrite, finding) && !is_operation)
}
