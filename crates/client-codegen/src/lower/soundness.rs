//! The law of lowering: what a contract and the client that is generated from it do not agree about is
//! what the rewrites say that it costs, at the places that they name, and nothing else.
//!
//! The engine that compares contracts is the judge, in both directions: what the client cannot send or
//! read, and what it lets through that the contract forbids.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::Contract;
use openapi_contract::rules::{self, Rule};
use openapi_contract::{Finding, Level, Location, MessagePart};
use serde_json::{Map, Value, json};

use super::overrides::{OperationOverrides, ResponseArm, StatusRange};
use super::walk::{self, Object};
use super::{Fidelity, Lowered, Rewrite, responses, rewrite_log};
use crate::error::GenerateError;
use crate::progenitor;

/// What the law has to say about the lowering of a contract.
#[derive(Debug, Clone)]
pub struct SoundnessReport {
    /// All rewrites, in the order of the contract.
    pub rewrites: Vec<Rewrite>,
    /// Differences between contract and client that no rewrite has a price for.
    pub undeclared: Vec<Finding>,
    /// Rewrites with a price that no difference shows, in a part of the contract that operations use.
    pub unseen: Vec<Rewrite>,
}

impl SoundnessReport {
    /// Whether the rewrites cost what they say.
    pub fn is_sound(&self) -> bool {
        self.undeclared.is_empty() && self.unseen.is_empty()
    }
}

/// Lowers a contract, generates from it, and holds the prices of the rewrites against what the client
/// does.
///
/// # Errors
/// When nothing can be generated from the contract.
pub fn verify(contract: &Contract) -> Result<SoundnessReport, GenerateError> {
    let mut lowered = super::lower(&contract.document)?;
    progenitor::generate(&mut lowered, None)?;
    let done = client_document(&mut lowered);
    let rewrites = lowered.log.finish();
    verify_lowered(contract, &done, rewrites)
}

/// Holds rewrites against what is done by the client that came out of them.
pub(super) fn verify_lowered(
    contract: &Contract,
    done: &Value,
    rewrites: Vec<Rewrite>,
) -> Result<SoundnessReport, GenerateError> {
    let malformed = |message: String| GenerateError::Malformed {
        at: "the lowered contract".to_owned(),
        message,
    };
    let document = Document::parse("lowered.json", done.to_string())
        .map_err(|error| malformed(error.to_string()))?;
    let client = Contract::read(document).map_err(|invalid| {
        let findings = invalid.findings.iter();
        let facts: Vec<String> = findings
            .map(|finding| format!("{} {}", finding.fact, place_of(finding)))
            .collect();
        malformed(facts.join("; "))
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
    // What differs inside of alternatives is a difference of the whole.
    shown.extend(index.reached(&hiding));
    let used: Vec<NodeId> = contract
        .operations
        .values()
        .filter(|operation| !operation.is_callback_or_webhook)
        .flat_map(|operation| [operation.path_node, operation.node])
        .collect();
    let used: BTreeSet<usize> = index.reached(&used).into_iter().collect();
    let numbered = rewrites.iter().enumerate();
    let unseen = numbered.filter(|(index, rewrite)| {
        rewrite.fidelity != Fidelity::Exact
            && !UNOBSERVABLE.contains(&rewrite.pass)
            && !shown.contains(index)
            && used.contains(index)
    });
    let unseen = unseen.map(|(_, rewrite)| rewrite.clone()).collect();
    Ok(SoundnessReport {
        unseen,
        undeclared,
        rewrites,
    })
}

fn place_of(finding: &Finding) -> &str {
    let place = finding.old.as_ref();
    place.map_or("", |place| place.pointer.as_str())
}

/// Passes whose price no comparison shows: that of `variants` is paid when a value is read, what is
/// malformed says nothing to the engine either, and who answers does not know by which address it was
/// asked, which is all that `servers` is about.
const UNOBSERVABLE: [&str; 3] = ["one-of-order", "malformed", "servers"];

/// The pass that says in the place of a schema what the components say that are its parts.
const MERGING_PASS: &str = "all-of";

/// Differences of a value as a whole, which tell nothing of where inside of it they are.
const WHOLE_VALUE_RULES: [Rule; 7] = [
    rules::UNION_CHANGED,
    rules::UNION_MEMBER_ADDED,
    rules::UNION_MEMBER_REMOVED,
    rules::TYPE_CHANGED,
    rules::TYPE_NARROWED,
    rules::TYPE_WIDENED,
    rules::KEYWORD_CHANGED,
];

/// What lossless rewrites change, and no user of the client misses: a method's name, the checks that are
/// the server's, the requests that the server makes, the size of an integer that none is said of, null
/// where an enum is nullable and does not list it, alternatives beside one that allows anything or that are
/// one enum, and what OpenAPI 3.0 says in another keyword, or no type has.
const EXPECTED_CHANGES: [(&str, Rule); 16] = [
    ("any-of", rules::UNION_MEMBER_ADDED),
    ("any-of", rules::UNION_MEMBER_REMOVED),
    ("enum-collisions", rules::UNION_MEMBER_ADDED),
    ("enum-collisions", rules::UNION_MEMBER_REMOVED),
    ("normalize-keywords", rules::FORMAT_ADDED),
    ("normalize-keywords", rules::FORMAT_CHANGED),
    ("nullable", rules::NULL_ALLOWED),
    ("operation-ids", rules::OPERATION_ID_CHANGED),
    ("drop-response-constraints", rules::MIN_LENGTH_LOWERED),
    ("drop-response-constraints", rules::MAX_LENGTH_RAISED),
    ("drop-response-constraints", rules::PATTERN_REMOVED),
    ("server-side", rules::OPERATION_REMOVED),
    ("version", rules::CONTENT_CHANGED),
    ("version", rules::FORMAT_ADDED),
    ("version", rules::READ_ONLY_CHANGED),
    ("version", rules::VALUE_UNDEPRECATED),
];

/// Which rewrites are where.
struct RewriteIndex<'a> {
    document: &'a Document,
    rewrites: &'a [Rewrite],
    /// The rewrites by the file and the component or operation that they are in.
    owned: HashMap<(String, String), Vec<usize>>,
    /// The operations as findings name them, with the rewrites of each alone.
    operations: HashMap<String, (NodeId, Vec<usize>)>,
}

impl<'a> RewriteIndex<'a> {
    fn new(contract: &'a Contract, client: &Contract, rewrites: &'a [Rewrite]) -> Self {
        let mut owned: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, rewrite) in rewrites.iter().enumerate() {
            let Location { file, pointer, .. } = &rewrite.location;
            for owner in owners(pointer) {
                let owner = (file.clone(), owner.to_owned());
                owned.entry(owner).or_default().push(index);
            }
            if let Some(id) = &rewrite.operation {
                by_id.entry(id).or_default().push(index);
            }
        }
        let operations = client.operations.iter().filter_map(|(key, of_client)| {
            let written = contract.operations.get(key)?;
            // Before its pass renamed it, an operation is noted by the id that it is written with.
            let ids = BTreeSet::from([of_client.id.as_deref(), written.id.as_deref()]);
            let rewrites = ids.into_iter().flatten().filter_map(|id| by_id.get(id));
            let rewrites = rewrites.flatten().copied().collect();
            let name = format!("{} {}", key.method, written.path);
            Some((name, (written.node, rewrites)))
        });
        Self {
            document: &contract.document,
            rewrites,
            operations: operations.collect(),
            owned,
        }
    }

    /// The rewrites that a finding may come from.
    fn explain(&self, finding: &Finding) -> Vec<usize> {
        let Some(place) = &finding.old else {
            return Vec::new();
        };
        let may_differ = |index: &usize| {
            let rewrite = &self.rewrites[*index];
            rewrite.fidelity != Fidelity::Exact
                || EXPECTED_CHANGES.contains(&(rewrite.pass, finding.rule))
        };
        let near = owners(&place.pointer).filter_map(|owner| {
            let owner = (place.file.clone(), owner.to_owned());
            self.owned.get(&owner)
        });
        let mut near: Vec<usize> = near
            .flatten()
            .copied()
            .filter(|index| is_related(&place.pointer, &self.rewrites[*index].location.pointer))
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
            reached = self.replaced(place, &may_differ);
        }
        reached
    }

    /// The rewrites that say in one place what components say that it refers to.
    fn replaced(&self, place: &Location, may_differ: &dyn Fn(&usize) -> bool) -> Vec<usize> {
        let owner = owners(&place.pointer).last().unwrap_or_default();
        let owner = (place.file.clone(), owner.to_owned());
        let replaces = |index: &usize| {
            let Location { file, pointer, .. } = &self.rewrites[*index].location;
            let is_own = file == self.document.source().name();
            let node = self.document.at_pointer(pointer).filter(|_| is_own);
            node.is_some_and(|node| self.refers_to(&[node]).contains(&owner))
        };
        let of_pass = (0..self.rewrites.len()).filter(|at| MERGING_PASS == self.rewrites[*at].pass);
        of_pass.filter(may_differ).filter(replaces).collect()
    }

    /// The rewrites of all the parts of messages that a finding is about; nothing where one of them
    /// has none.
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
                .filter(|index| self.is_about(&self.rewrites[**index].location, &site.part));
            let shared = self.shared(*node, &site.part).into_iter().flatten();
            found.extend(of_part.chain(shared).copied().filter(may_differ));
            if found.len() == before {
                return None;
            }
        }
        Some(found)
    }

    /// The rewrites in the component that a part of an operation's messages is.
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

    /// Whether a place in an operation is in the part of its messages that a finding names.
    fn is_about(&self, place: &Location, part: &MessagePart) -> bool {
        let pointer = &place.pointer;
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
            let called = node.and_then(|node| self.document.get_text(node, "name"));
            matches!(part, MessagePart::Parameter { name, .. }
                if called.is_none_or(|called| called == name))
        } else {
            true
        }
    }

    /// The value that a finding is about, in the contract's own file.
    fn node(&self, finding: &Finding) -> Option<NodeId> {
        let place = finding.old.as_ref()?;
        let is_own = place.file == self.document.source().name();
        self.document.at_pointer(&place.pointer).filter(|_| is_own)
    }

    /// The rewrites within values, and within what these refer to.
    fn reached(&self, values: &[NodeId]) -> Vec<usize> {
        let reached = self.refers_to(values);
        let found = reached.iter().filter_map(|owner| self.owned.get(owner));
        found.flatten().copied().collect()
    }

    /// The files and components or operations that values are in or refer to.
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
            // A client has nothing to do with the requests that the server makes.
            let inner = inner.filter(|entry| entry.key != "callbacks");
            todo.extend(inner.map(|entry| entry.value));
            todo.extend(self.document.elements(node));
        }
        reached
    }
}

/// What a place is in: the path and its method, or the group and the component.
fn owners(pointer: &str) -> impl Iterator<Item = &str> {
    let slashes = pointer.match_indices('/').map(|(at, _)| at).skip(1);
    let ends = slashes.chain([pointer.len()]).take(3);
    ends.map(|end| &pointer[..end])
}

/// Whether one place is in the other, below the operation or the component that both are in.
fn is_related(finding: &str, rewrite: &str) -> bool {
    let is_in = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_operation = finding.starts_with("/paths/") && finding.matches('/').count() < 4;
    is_in(finding, rewrite) || (is_in(rewrite, finding) && !is_operation)
}

/// What the generated client does, as far as a contract can say it: requests as they are sent, and of
/// each answer what its type enforces.
pub(super) fn client_document(lowered: &mut Lowered<'_>) -> Value {
    let mut told = lowered.marked.clone();
    lowered.mangler.demangle_document(&mut told);
    rewrite_log::strip(&mut told, false);
    let mut done = lowered.take_document();
    walk::operations(&mut done, &mut |route, operation| {
        let id = walk::string(operation, "operationId").unwrap_or_default();
        let none = OperationOverrides::default();
        let operation_overrides = lowered.overrides.get(id).unwrap_or(&none);
        let Some(told) = told
            .get("paths")
            .and_then(|paths| paths.get(&route.path)?.get(route.method)?.as_object())
        else {
            return;
        };
        request(operation, told, operation_overrides);
        answers(operation, told, operation_overrides);
    });
    done
}

/// A body that is sent as it is has no type.
fn request(operation: &mut Object, told: &Object, operation_overrides: &OperationOverrides) {
    let Some(body) = walk::object_mut(operation.get_mut("requestBody")) else {
        return;
    };
    let sent = operation_overrides.body.as_ref();
    if sent.is_none_or(|sent| !sent.is_stream) && !operation_overrides.may_lack_body {
        body.insert("required".to_owned(), Value::Bool(true));
    }
    let Some(sent) = sent else { return };
    let essence = super::request_bodies::essence(&sent.media_type);
    if essence == "multipart/form-data" {
        return;
    }
    let content = told.get("requestBody").and_then(|body| body.get("content"));
    let mut schema = walk::entries(content).find_map(|(_, one)| one.get("schema").cloned());
    if essence.starts_with("text/") {
        schema = Some(json!({ "type": "string" }));
    }
    let content = json!({ &sent.media_type: { "schema": schema } });
    body.insert("content".to_owned(), content);
}

fn answers(operation: &mut Object, told: &Object, operation_overrides: &OperationOverrides) {
    let may_be_empty = operation_overrides
        .arms
        .iter()
        .any(|(_, arm)| *arm == ResponseArm::Empty);
    // What comes after an upgrade is no body.
    let no_upgrade = StatusRange::of("101").map(|statuses| (statuses, ResponseArm::Unexpected));
    if no_upgrade.is_some_and(|arm| operation_overrides.arms.contains(&arm))
        && let Some(all) = walk::object_mut(operation.get_mut("responses"))
    {
        all.shift_remove("101");
    }
    for (status, response) in walk::entries_mut(operation.get_mut("responses")) {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let arm = StatusRange::of(status).and_then(|statuses| {
            let mut arms = operation_overrides.arms.iter();
            arms.find(|(of, _)| *of == statuses).map(|(_, arm)| *arm)
        });
        let of_status = told.get("responses").and_then(|all| match status {
            "default" => ["default", "4XX", "5XX"]
                .iter()
                .find_map(|key| all.get(key)),
            status => all.get(status),
        });
        let is_read = responses::is_read(status) && arm.is_none() && of_status.is_some();
        if !is_read {
            response.shift_remove("content");
            continue;
        }
        let Some(mut schema) = of_status.and_then(responses::schema_of) else {
            continue;
        };
        // The answer without a body is `None` beside this one.
        let inner = schema.get("allOf").and_then(|parts| parts.get(0));
        if may_be_empty && responses::is_success(status) {
            schema = inner.unwrap_or(schema);
        }
        let Some(content) = walk::object_mut(response.get_mut("content")) else {
            continue;
        };
        let Some(chosen) = responses::preferred_media_type(content) else {
            continue;
        };
        let mut by_status = operation_overrides.bodies_by_status.iter();
        let own = content
            .get(&chosen)
            .and_then(|own| own.get("schema"))
            .cloned();
        if by_status.any(|read| read.statuses == StatusRange::of(status))
            && let Some(own) = &own
        {
            schema = own;
        }
        let name = if chosen.contains('*') {
            "application/json"
        } else {
            &chosen
        };
        *content = Map::from_iter([(name.to_owned(), json!({ "schema": schema }))]);
    }
}
