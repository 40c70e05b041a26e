//! `allOf`: merges members that typify cannot merge.
//!
//! typify makes one type of the members of an `allOf`. It merges the schemas that they have for one
//! property, and goes on inside of these. If that is recursive, the merged property becomes a component
//! that refers to itself. If several members are unions, typify merges each alternative of one with each
//! alternative of the others; here, all unions but one become an object with the properties of all their
//! alternatives.

mod nulls;
mod termination;

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::draft_markers::{empty_with_origin, keys};
use super::merged_object::{MergedObject, any_of, identity, is_annotation, sole_subschema_beside};
use super::rewrite_log::RewriteLog;
use super::unused_names::{component_types, unused_name};
use super::walk::{self, Object, SCHEMAS};
use super::{Change, Draft, PassKind};
use crate::rules;

pub(super) use termination::union_count;
use termination::{PartSet, Termination, alternatives, conflict, parts, type_count};

const EXACT: PassKind = PassKind::exact(rules::ALL_OF);
const WEAKENED: PassKind = PassKind::weakened(rules::ALL_OF);
/// A loss that only shows when a value is deserialized.
const NULL_LOST: PassKind = PassKind::weakened(rules::ONE_OF_ORDER);

/// The most types that the unions among the members of one `allOf` may expand to.
const MAX_TYPES: usize = 8;

/// The most alternatives of a union that is kept next to other members.
const MAX_KEPT_ALTERNATIVES: usize = 200;

/// The most schemas of a contract that are merged here.
const MAX_MERGES: usize = 300;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let Some(components) = value.get_mut("components").map(Value::take) else {
        return;
    };
    let document = Value::Object(Map::from_iter([("components".to_owned(), components)]));
    let mut merger = AllOfMerger::new(&document, log);
    let mut changed: Vec<(String, Value)> = Vec::new();
    for (name, schema) in walk::components(&document) {
        merger.record_lost_nulls(schema, None);
        if merger.needs_merge(schema) {
            let mut schema = schema.clone();
            merger.below(&mut schema, name, None);
            changed.push((name.to_owned(), schema));
        }
    }
    walk::operations(value, &mut |_, operation| {
        let id = walk::string(operation, "operationId").map(str::to_owned);
        let name = id.as_deref().unwrap_or("body");
        for schema in walk::operation_schemas(operation) {
            merger.record_lost_nulls(schema, id.as_deref());
            if merger.needs_merge(schema) {
                merger.below(schema, name, id.as_deref());
            }
        }
    });
    while let Some((name, mut schema)) = merger.made.pop() {
        merger.below(&mut schema, &name, None);
        changed.push((name, schema));
    }
    let Value::Object(mut document) = document else {
        return;
    };
    let merged = document.shift_remove("components");
    if let (Some(components), Some(merged)) = (value.get_mut("components"), merged) {
        *components = merged;
    }
    if let Some(components) = walk::components_mut(value) {
        components.extend(changed);
    }
}

struct AllOfMerger<'v, 'n, 'd> {
    document: &'v Value,
    log: &'n mut RewriteLog<'d>,
    termination: Termination<'v>,
    merge_count: usize,
    /// The names of the components' types.
    taken: HashSet<String>,
    /// The components that hold merged schemas, by these and by whether they conflict.
    merged: BTreeMap<(bool, PartSet), String>,
    /// New components that are not processed yet.
    made: Vec<(String, Value)>,
}

impl<'v, 'n, 'd> AllOfMerger<'v, 'n, 'd> {
    fn new(document: &'v Value, log: &'n mut RewriteLog<'d>) -> Self {
        // A component that is nothing but an `allOf` already holds the merge of its members.
        let merged = walk::components(document).filter_map(|(name, schema)| {
            let schema = schema.as_object()?;
            let is_alone = keys(schema)
                .iter()
                .all(|key| *key == "allOf" || is_annotation(key));
            let parts = walk::elements(schema.get("allOf")).filter_map(Value::as_object);
            let parts: PartSet = parts.map(|part| identity(document, part)).collect();
            (is_alone && parts.len() > 1).then(|| ((false, parts), name.to_owned()))
        });
        Self {
            document,
            log,
            termination: Termination::new(document),
            merge_count: 0,
            taken: component_types(document),
            merged: merged.collect(),
            made: Vec::new(),
        }
    }

    /// Whether typify cannot merge some schema in this one.
    fn needs_merge(&mut self, schema: &Value) -> bool {
        let Some(object) = schema.as_object() else {
            return false;
        };
        self.issue(object).is_some()
            || walk::child_schemas(object).any(|inner| self.needs_merge(inner))
    }

    /// Records the properties in this schema for which null is read as absence.
    fn record_lost_nulls(&mut self, schema: &Value, operation: Option<&str>) {
        let Some(object) = schema.as_object() else {
            return;
        };
        let has_parts = ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| object.contains_key(*key));
        let lost = has_parts.then(|| nulls::lost_nulls(self.document, object, &self.termination));
        let lost = lost.filter(|lost| !lost.is_empty() && self.issue(object).is_none());
        if let Some(lost) = lost {
            for name in lost {
                let message = Change::new(
                    format!(
                        "`{name}` is nullable and optional, and is declared by several merged schemas"
                    ),
                    format!("A `null` for `{name}` is read as if the property were missing."),
                    format!(
                        "Declare `{name}` once, next to the union or in each alternative, or make it required."
                    ),
                );
                self.log
                    .record_object(NULL_LOST, object, None, operation, message);
            }
        }
        for inner in walk::child_schemas(object) {
            self.record_lost_nulls(inner, operation);
        }
    }

    /// Merges all schemas in this one that typify cannot merge. It belongs to the component or operation `name`.
    fn below(&mut self, schema: &mut Value, name: &str, operation: Option<&str>) {
        walk::visit_below(schema, operation, &mut |object, _| {
            while let Some(issue) = self.issue(object) {
                self.merge(object, &issue, name, operation);
            }
        });
    }

    /// Why typify must not merge the members of a schema.
    fn issue(&mut self, object: &Object) -> Option<MergeIssue> {
        let mut inner = object;
        while let Some((_, only)) = sole_subschema_beside(inner, "nullable") {
            inner = only;
        }
        // A component is processed where it is declared.
        if walk::referenced_component(inner).is_some() {
            return None;
        }
        let parts = parts(self.document, &[object], true);
        if parts.len() < 2 {
            return None;
        }
        if !self.termination.of(&[object]) {
            return Some(MergeIssue::Infinite);
        }
        if conflict(self.document, &[object]) {
            return Some(MergeIssue::Conflict);
        }
        let has_union = parts.iter().any(|part| alternatives(part).is_some());
        if !has_union {
            return nulls::merge_nulls(&parts, &self.termination).then_some(MergeIssue::Null);
        }
        let of_many = || type_count(self.document, object) > MAX_TYPES;
        (union_count(self.document, object) > 1 && of_many()).then_some(MergeIssue::Exponential)
    }

    /// Replaces the members of a schema by one object, which enforces as much of them as possible.
    fn merge(
        &mut self,
        object: &mut Object,
        issue: &MergeIssue,
        name: &str,
        operation: Option<&str>,
    ) {
        let mut rest = object.clone();
        let kept = match issue {
            MergeIssue::Infinite | MergeIssue::Conflict | MergeIssue::Null => None,
            MergeIssue::Exponential => take_union(self.document, &mut rest),
        };
        let has_union = union_count(self.document, &rest) > 0;
        self.merge_count += 1;
        let merged = MergedObject::of(self.document, &Value::Object(rest));
        let Some(mut merged) = merged.filter(|_| self.merge_count <= MAX_MERGES) else {
            let message = Change::new(
                "the `allOf` members cannot be merged into one type; the schema accepts any value",
                "The client does not check such values, and their type is `serde_json::Value`.",
                "Write the result of the `allOf` as one object schema.",
            );
            self.log
                .record_object(WEAKENED, object, None, operation, message);
            object.retain(|key, _| is_annotation(key));
            return;
        };
        merged.replace_properties(&mut |property, parts| {
            self.merged_property(parts, &format!("{name}_{property}"))
        });
        let (kind, message) = match (issue, has_union) {
            (MergeIssue::Infinite, false) => (
                EXACT,
                Change::from(
                    "the `allOf` members are recursive; they are merged into one object that refers to itself",
                ),
            ),
            (MergeIssue::Infinite, true) => (
                WEAKENED,
                Change::new(
                    "the `allOf` members are recursive; they are merged into one object with the properties of all alternatives",
                    "Properties that only some alternatives require are optional.",
                    "Move the union out of the `allOf`, or refer to the schema from a property of its own.",
                ),
            ),
            (MergeIssue::Null, _) => (
                EXACT,
                Change::from(
                    "several `allOf` members declare a nullable property; they are merged into one object that declares it once",
                ),
            ),
            (MergeIssue::Conflict, _) => (
                WEAKENED,
                Change::new(
                    "the `allOf` members contradict each other; properties with conflicting schemas accept any of them",
                    "No value satisfies all members, and the client accepts values that satisfy one of them.",
                    "Give the property the same schema in all `allOf` members.",
                ),
            ),
            (MergeIssue::Exponential, _) => (
                WEAKENED,
                Change::new(
                    format!(
                        "the `allOf` members are several unions, which expand to more than {MAX_TYPES} types; they are merged \
                         into one object with the properties of all alternatives"
                    ),
                    "Properties that only some alternatives require are optional.",
                    "Use one `oneOf` that lists the allowed combinations.",
                ),
            ),
        };
        let member = ["allOf", "oneOf", "anyOf"]
            .into_iter()
            .find(|key| object.contains_key(*key));
        self.log
            .record_object(kind, object, member, operation, message);
        for key in [
            "allOf",
            "oneOf",
            "anyOf",
            "discriminator",
            "properties",
            "required",
            "additionalProperties",
        ] {
            object.shift_remove(key);
        }
        merged.write(object);
        if let Some(kept) = kept {
            object.extend(kept);
        }
    }

    /// One schema for all that the members have for one property; nothing if typify can merge them itself.
    fn merged_property(&mut self, schemas: &[&Object], name: &str) -> Option<Value> {
        let is_none = schemas.len() > 1 && conflict(self.document, schemas);
        if self.termination.of(schemas) && !is_none {
            return None;
        }
        let parts = self.narrowest(schemas);
        if let [only] = parts.as_slice()
            && self.termination.of(&[only])
        {
            return Some(Value::Object((*only).clone()));
        }
        let all_of = |parts: &[&Object]| match parts {
            [only] => Value::Object((*only).clone()),
            parts => {
                let mut all = parts
                    .first()
                    .map(|part| empty_with_origin(part))
                    .unwrap_or_default();
                all.insert(
                    "allOf".to_owned(),
                    parts.iter().map(|part| (*part).clone()).collect(),
                );
                Value::Object(all)
            }
        };
        let items: Option<Vec<&Object>> = parts
            .iter()
            .map(|part| items(self.document, part))
            .collect();
        if let Some(items) = items.filter(|items| items.len() > 1) {
            let mut list = empty_with_origin(parts[0]);
            list.insert("type".to_owned(), Value::from("array"));
            let items = self
                .merged_property(&items, name)
                .unwrap_or_else(|| all_of(&items));
            list.insert("items".to_owned(), items);
            return Some(Value::Object(list));
        }
        let schema = match is_none {
            true => {
                let parts: Vec<Value> = parts.iter().copied().cloned().map(Value::Object).collect();
                any_of(self.document, &parts.iter().collect::<Vec<_>>())
            }
            false => all_of(&parts),
        };
        if is_none && parts.iter().all(|part| is_plain(part)) {
            return Some(schema);
        }
        // A schema with others inside can be recursive.
        let part_set = parts.iter().map(|part| identity(self.document, part));
        let part_set = (is_none, part_set.collect());
        let component = self.merged.get(&part_set).cloned().unwrap_or_else(|| {
            let component = unused_name(&mut self.taken, name);
            self.made.push((component.clone(), schema));
            self.merged.insert(part_set, component.clone());
            component
        });
        let reference = Value::from(format!("{SCHEMAS}{component}"));
        Some(Value::Object(Map::from_iter([(
            "$ref".to_owned(),
            reference,
        )])))
    }

    /// The schemas without those that another one of them already implies.
    fn narrowest<'s>(&self, schemas: &[&'s Object]) -> Vec<&'s Object> {
        let mut parts = schemas.to_vec();
        let mut at = 0;
        while at < parts.len() {
            let mut others = parts.iter().enumerate().filter(|(other, _)| *other != at);
            if others.any(|(_, narrower)| is_narrower(self.document, narrower, parts[at])) {
                parts.remove(at);
            } else {
                at += 1;
            }
        }
        parts
    }
}

/// Whether a schema has no schemas inside.
fn is_plain(schema: &Object) -> bool {
    walk::referenced_component(schema).is_some() || walk::child_schemas(schema).next().is_none()
}

enum MergeIssue {
    /// No value matches all members.
    Conflict,
    /// The merge is recursive.
    Infinite,
    /// The unions among the members would expand to too many types.
    Exponential,
    /// typify would read null as absence where several members have a nullable property.
    Null,
}

/// Removes the union to keep from a schema: the one with a discriminator, or the first.
fn take_union(document: &Value, object: &mut Object) -> Option<Object> {
    let parts = object.get_mut("allOf").and_then(Value::as_array_mut)?;
    let kept = |part: &Value| -> Option<Object> {
        let part = walk::resolve(document, part)?;
        let is_plain = |part: &Value| {
            let part = part.as_object();
            part.is_some_and(|part| union_count(document, part) == 0)
        };
        let alternatives = alternatives(part)
            .filter(|parts| parts.len() <= MAX_KEPT_ALTERNATIVES && parts.iter().all(is_plain))?;
        let is_alone = keys(part)
            .iter()
            .all(|key| is_annotation(key) || ["oneOf", "anyOf", "type"].contains(key));
        if !is_alone || MergedObject::of(document, &alternatives[0]).is_none() {
            return None;
        }
        let mut kept = part.clone();
        kept.retain(|key, _| ["oneOf", "anyOf", "discriminator"].contains(&key.as_str()));
        Some(kept)
    };
    let found: Vec<(usize, Object)> = parts
        .iter()
        .enumerate()
        .filter_map(|(at, part)| Some((at, kept(part)?)))
        .collect();
    let mut tagged = found.iter();
    let (at, union) = tagged
        .find(|(_, union)| union.contains_key("discriminator"))
        .or(found.first())?
        .clone();
    parts.remove(at);
    Some(union)
}

/// Whether every value of one schema is a value of the other.
fn is_narrower(document: &Value, narrower: &Object, wider: &Object) -> bool {
    let wide = identity(document, wider);
    let is_object = || {
        let parts = parts(document, &[narrower], true);
        let mut types = parts.iter().filter_map(|part| walk::string(part, "type"));
        types.any(|ty| ty == "object")
    };
    if wide == identity(document, narrower) {
        return true;
    }
    if wide == "{}" || (wide == r#"{"type":"object"}"# && is_object()) {
        return true;
    }
    let (Some((is_list, narrower)), Some((is_other_list, wider))) =
        (component_or_items(narrower), component_or_items(wider))
    else {
        return false;
    };
    let mut seen = HashSet::new();
    let mut todo = vec![narrower];
    while let Some(name) = todo.pop() {
        if name == wider {
            return is_list == is_other_list;
        }
        if seen.insert(name) {
            let schema = walk::component(document, name);
            let parts = walk::elements(schema.and_then(|schema| schema.get("allOf")));
            todo.extend(parts.filter_map(|part| walk::referenced_component(part.as_object()?)));
        }
    }
    false
}

/// The component that a schema refers to, or that is the type of its items.
fn component_or_items(schema: &Object) -> Option<(bool, &str)> {
    match walk::referenced_component(schema) {
        Some(name) => Some((false, name)),
        None => Some((
            true,
            walk::referenced_component(schema.get("items")?.as_object()?)?,
        )),
    }
}

/// The schema of the items of an array.
fn items<'s>(document: &'s Value, schema: &'s Object) -> Option<&'s Object> {
    walk::resolve_object(document, schema)?
        .get("items")?
        .as_object()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered, responding_with};
    use openapi_contract::Fidelity;

    fn of(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn list(name: &str) -> Value {
        json!({ "type": "array", "items": of(name) })
    }

    fn object(properties: Value) -> Value {
        json!({ "type": "object", "properties": properties })
    }

    fn node(schemas: Value) -> Outcome {
        lowered(&contract(responding_with(of("Node")), schemas))
    }

    fn has(outcome: &Outcome, part: &str) {
        assert!(outcome.code.contains(part), "{part}: {}", outcome.code);
    }

    const ITSELF: &str = "::std::option::Option<::std::boxed::Box<Node>>";

    #[test]
    fn recursive_member_becomes_a_recursive_type() {
        for (base, own, field) in [
            (of("Base"), of("Node"), format!("pub child: {ITSELF}")),
            (
                list("Base"),
                list("Node"),
                "pub child: ::std::option::Option<::std::vec::Vec<Node>>".to_owned(),
            ),
            (
                json!({ "type": "object" }),
                of("Node"),
                format!("pub child: {ITSELF}"),
            ),
        ] {
            let outcome = node(json!({
                "Base": object(json!({ "child": base })),
                "Node": { "allOf": [of("Base"), object(json!({ "child": own }))] },
            }));
            assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
            has(&outcome, &field);
        }
    }

    #[test]
    fn two_recursive_members_merge_into_one_recursive_type() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "next": of("A") })),
            "B": object(json!({ "b": { "type": "string" }, "next": of("B") })),
            "Node": { "allOf": [of("A"), of("B")] },
        }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        has(&outcome, "pub struct Node{#[serde(skip_serializing_if");
        has(&outcome, &format!("pub next: {ITSELF}"));
    }

    #[test]
    fn recursive_items_of_both_members_become_a_component() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "left": list("A") })),
            "B": object(json!({ "b": { "type": "string" }, "left": list("B") })),
            "Node": { "allOf": [object(json!({ "id": { "type": "string" } })), of("A"), of("B")] },
        }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        has(
            &outcome,
            "pub left: ::std::option::Option<::std::vec::Vec<NodeLeft>>",
        );
        has(&outcome, "pub struct NodeLeft{");
    }

    #[test]
    fn conflicting_members_accept_any_of_their_values() {
        let kind = |values: Value| json!({ "type": "string", "enum": values });
        let list = |of: Value| json!({ "type": "array", "items": of });
        let of = |value: &str| {
            object(
                json!({ "kind": kind(json!([value])), "id": { "type": "string" },
                "all": list(object(json!({ "how": kind(json!([value])) }))) }),
            )
        };
        let mut second = of("b");
        second["required"] = json!(["kind", "all"]);
        let outcome = node(json!({ "Node": { "allOf": [of("a"), second] } }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "contradict each other"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pub kind: NodeKind,");
        has(&outcome, "pub all: ::std::vec::Vec<NodeAll>,");
        has(
            &outcome,
            "pub enum NodeKind{#[serde(rename=\"a\")]A,#[serde(rename=\"b\")]B,}",
        );
    }

    #[test]
    fn wrapped_reference_stays_a_reference() {
        let maybe = json!({ "allOf": [of("Node")], "nullable": true });
        let outcome = node(json!({ "Node": { "allOf": [
            object(json!({ "id": { "type": "string" } })),
            object(json!({ "id": { "type": "object" }, "next": { "allOf": [of("Node")] }, "last": maybe })),
        ] } }));
        has(&outcome, &format!("pub next: {ITSELF}"));
        has(
            &outcome,
            "pub last: super::Nullable<::std::boxed::Box<Node>>",
        );
    }

    #[test]
    fn nullable_property_of_several_members_is_declared_once() {
        let name = || json!({ "type": "string", "nullable": true });
        let outcome = node(json!({
            "Base": object(json!({ "name": name(), "must": name() })),
            "Node": { "allOf": [of("Base"), {
                "type": "object",
                "required": ["must"],
                "properties": { "name": name(), "must": name() },
            }] },
        }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let is_recorded = outcome
            .rewrites
            .iter()
            .any(|one| one.fact.contains("declares it once"));
        assert!(is_recorded, "{:#?}", outcome.rewrites);
        // A required property is never absent, so typify can merge it.
        let outcome = node(json!({
            "Base": object(json!({ "must": name() })),
            "Node": { "allOf": [of("Base"), {
                "type": "object",
                "required": ["must"],
                "properties": { "must": name() },
            }] },
        }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn null_lost_next_to_a_union_is_recorded() {
        let of = |own: Value| {
            let mut union = object(json!({ "name": { "type": "string", "nullable": true } }));
            let mut own = object(own);
            own["required"] = json!(["x"]);
            union["oneOf"] = json!([own, object(json!({ "y": { "type": "integer" } }))]);
            node(json!({ "Node": union }))
        };
        let x = json!({ "type": "integer" });
        let outcome = of(json!({ "x": x, "name": { "type": "string", "nullable": true } }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "`name` is nullable and optional"),
            "{:#?}",
            outcome.rewrites
        );
        let outcome = of(json!({ "x": x }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn one_of_several_unions_is_kept() {
        let names = |kind: &str| [1, 2, 3].map(|at| format!("{kind}{at}"));
        let union = |kind: &str| json!({ "oneOf": names(kind).map(|name| of(&name)) });
        let mut schemas = json!({ "Node": { "allOf": [union("A"), union("B"), union("C")] } });
        for name in ["A", "B", "C"].iter().flat_map(|kind| names(kind)) {
            schemas[&name] = json!({ "type": "object", "required": [&name],
                "properties": { &name: { "type": "string" } } });
        }
        let outcome = node(schemas);
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "expand to more than"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pub enum Node{");
        has(
            &outcome,
            "Variant0{#[serde(rename=\"A1\")]a1:::std::string::String,",
        );
        has(
            &outcome,
            "c3:::std::option::Option<::std::string::String>,},Variant1{",
        );
    }

    #[test]
    fn unions_of_required_properties_become_one_object() {
        let rule =
            |names: [&str; 4]| json!({ "oneOf": names.map(|name| json!({ "required": [name] })) });
        let outcome = node(json!({ "Node": {
            "type": "object",
            "properties": { "a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {} },
            "allOf": [rule(["a", "b", "c", "d"]), rule(["e", "f", "g", "h"])],
        } }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "expand to more than"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pub struct Node{");
    }

    #[test]
    fn members_that_are_not_objects_accept_any_value() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "next": of("A") })),
            "B": object(json!({ "b": { "type": "string" }, "next": of("B") })),
            "Node": { "allOf": [{ "oneOf": [of("A"), { "type": "string" }] }, of("B")] },
        }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "accepts any value"),
            "{:#?}",
            outcome.rewrites
        );
    }
}
