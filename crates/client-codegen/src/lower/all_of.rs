//! Schemas of several parts that typify would merge without an end, or beyond all measure.
//!
//! Typify makes one type of the parts of a schema, and for that merges what they say of one member, and
//! so on inside of it. Where that leads back to itself, what is merged becomes a component that refers to
//! itself. Of several unions among the parts each alternative is merged with each of the others': all
//! but one of them become an object that has what any alternative has.

mod nulls;
mod termination;

use std::collections::{BTreeMap, HashSet};

use openapi_contract::rust_names::type_name;
use serde_json::{Map, Value};

use super::bundle::unused_name;
use super::merged_object::{MergedObject, any_of, identity, is_annotation, sole_subschema_beside};
use super::rewrite_log::{RewriteLog, keys, like};
use super::walk::{self, Object, SCHEMAS};
use super::{Draft, PassKind};

pub(super) use termination::union_count;
use termination::{PartSet, Termination, alternatives, conflict, parts, type_count};

const EXACT: PassKind = PassKind::exact("all-of");
const WEAKENED: PassKind = PassKind::weakened("all-of");
/// What is only seen when a value is read.
const NULL_LOST: PassKind = PassKind::weakened("one-of-order");

/// So many types may come of the unions among the parts of one schema.
const MAX_TYPES: usize = 8;

/// A union beside other parts may have so many alternatives.
const MAX_KEPT_ALTERNATIVES: usize = 200;

/// So many schemas of a contract are made into one object each.
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
    if let (Some(place), Some(merged)) = (value.get_mut("components"), merged) {
        *place = merged;
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
    /// The components that have what is merged, by its parts, and whether these contradict each other.
    merged: BTreeMap<(bool, PartSet), String>,
    /// New components that nobody has looked into.
    made: Vec<(String, Value)>,
}

impl<'v, 'n, 'd> AllOfMerger<'v, 'n, 'd> {
    fn new(document: &'v Value, log: &'n mut RewriteLog<'d>) -> Self {
        let names = walk::components(document).map(|(name, _)| type_name(name));
        // A component that is all of some, and says nothing else, is what they are merged into.
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
            taken: names.collect(),
            merged: merged.collect(),
            made: Vec::new(),
        }
    }

    /// Whether some schema in this one cannot be left to typify.
    fn needs_merge(&mut self, schema: &Value) -> bool {
        let Some(object) = schema.as_object() else {
            return false;
        };
        self.issue(object).is_some()
            || walk::child_schemas(object).any(|inner| self.needs_merge(inner))
    }

    /// Notes the members of schemas in this one of which null gets lost.
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
                let message = format!(
                    "the parts and the alternatives both speak of `{name}`: null is read as if it were not there"
                );
                self.log
                    .record_object(NULL_LOST, object, None, operation, message);
            }
        }
        for inner in walk::child_schemas(object) {
            self.record_lost_nulls(inner, operation);
        }
    }

    /// Makes all schemas in this one, which belongs to `name`, such that typify can merge their parts.
    fn below(&mut self, schema: &mut Value, name: &str, operation: Option<&str>) {
        walk::visit_below(schema, operation, &mut |object, _| {
            while let Some(issue) = self.issue(object) {
                self.merge(object, &issue, name, operation);
            }
        });
    }

    /// Why typify should not merge the parts of a schema.
    fn issue(&mut self, object: &Object) -> Option<MergeIssue> {
        let mut inner = object;
        while let Some((_, only)) = sole_subschema_beside(inner, "nullable") {
            inner = only;
        }
        // A component is made such in its own place.
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

    /// Says with fewer parts what a schema says, or as much of it as can be said.
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
            let message = "the parts cannot be merged into one type: any value is taken";
            self.log
                .record_object(WEAKENED, object, None, operation, message);
            object.retain(|key, _| is_annotation(key));
            return;
        };
        merged.replace_properties(&mut |property, parts| {
            self.merged_property(parts, &format!("{name}_{property}"))
        });
        let (kind, message) = match (issue, has_union) {
            (MergeIssue::Infinite, false) => {
                let message = "the parts lead back to themselves: they are one object, which refers to itself";
                (EXACT, message)
            }
            (MergeIssue::Infinite, true) => {
                let message = "the parts lead back to themselves: they are one object with the properties of all \
                               alternatives, and what only some of them ask for is not enforced";
                (WEAKENED, message)
            }
            (MergeIssue::Null, _) => {
                let message = "several parts say that a property may be null: they are one object, which says it once";
                (EXACT, message)
            }
            (MergeIssue::Conflict, _) => {
                let message = "the parts conflict each other: what they say otherwise of one property may be what any of \
                               them says";
                (WEAKENED, message)
            }
            (MergeIssue::Exponential, _) => {
                let message = "the alternatives of several unions would make too many types: they are one object \
                               with the properties of all, and what only some of them ask for is not enforced";
                (WEAKENED, message)
            }
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

    /// The schema for what all of these say of one member; nothing if typify can make a type of it as it
    /// is.
    fn merged_property(&mut self, said: &[&Object], name: &str) -> Option<Value> {
        let is_none = said.len() > 1 && conflict(self.document, said);
        if self.termination.of(said) && !is_none {
            return None;
        }
        let parts = self.narrowest(said);
        if let [only] = parts.as_slice()
            && self.termination.of(&[only])
        {
            return Some(Value::Object((*only).clone()));
        }
        let all_of = |parts: &[&Object]| match parts {
            [only] => Value::Object((*only).clone()),
            parts => {
                let mut all = parts.first().map(|part| like(part)).unwrap_or_default();
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
            let mut list = like(parts[0]);
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
        // What has others inside can lead back to this.
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

    /// The schemas that say more than the others.
    fn narrowest<'s>(&self, said: &[&'s Object]) -> Vec<&'s Object> {
        let mut parts = said.to_vec();
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

/// Whether a schema has none inside.
fn is_plain(schema: &Object) -> bool {
    walk::referenced_component(schema).is_some() || walk::child_schemas(schema).next().is_none()
}

enum MergeIssue {
    /// No value is of all parts.
    Conflict,
    /// What is merged leads back to itself.
    Infinite,
    /// The unions among the parts would make too many types.
    Exponential,
    /// Typify does not tell null from absence where several parts have it.
    Null,
}

/// Takes the union that the other parts are put beside out of a schema: the one that tells its
/// alternatives apart, or the first.
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

/// Whether all of one schema is said by another: each value of the narrower is one of the wider.
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

/// The component that a schema is, or is a list of.
fn component_or_items(schema: &Object) -> Option<(bool, &str)> {
    match walk::referenced_component(schema) {
        Some(name) => Some((false, name)),
        None => Some((
            true,
            walk::referenced_component(schema.get("items")?.as_object()?)?,
        )),
    }
}

/// What a list is a list of.
fn items<'s>(document: &'s Value, schema: &'s Object) -> Option<&'s Object> {
    walk::resolve_object(document, schema)?
        .get("items")?
        .as_object()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, contract, lowered, responding_with};

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
    fn a_tree_is_made_of_itself() {
        for (base, own, field) in [
            (of("Base"), of("Node"), format!("pubchild:{ITSELF}")),
            (
                list("Base"),
                list("Node"),
                "pubchild:::std::option::Option<::std::vec::Vec<Node>>".to_owned(),
            ),
            (
                json!({ "type": "object" }),
                of("Node"),
                format!("pubchild:{ITSELF}"),
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
    fn two_trees_in_one_are_a_tree_of_both() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "next": of("A") })),
            "B": object(json!({ "b": { "type": "string" }, "next": of("B") })),
            "Node": { "allOf": [of("A"), of("B")] },
        }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        has(&outcome, "pubstructNode{#[serde(skip_serializing_if");
        has(&outcome, &format!("pubnext:{ITSELF}"));
    }

    #[test]
    fn what_both_say_further_down_is_a_component() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "left": list("A") })),
            "B": object(json!({ "b": { "type": "string" }, "left": list("B") })),
            "Node": { "allOf": [object(json!({ "id": { "type": "string" } })), of("A"), of("B")] },
        }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        has(
            &outcome,
            "publeft:::std::option::Option<::std::vec::Vec<NodeLeft>>",
        );
        has(&outcome, "pubstructNodeLeft{");
    }

    #[test]
    fn what_contradicts_itself_is_either() {
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
            outcome.has_rewrite(Fidelity::Weakened, "conflict each other"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pubkind:NodeKind,");
        has(&outcome, "puball:::std::vec::Vec<NodeAll>,");
        has(
            &outcome,
            "pubenumNodeKind{#[serde(rename=\"a\")]A,#[serde(rename=\"b\")]B,}",
        );
    }

    #[test]
    fn what_only_refers_to_it_stays_a_reference() {
        let maybe = json!({ "allOf": [of("Node")], "nullable": true });
        let outcome = node(json!({ "Node": { "allOf": [
            object(json!({ "id": { "type": "string" } })),
            object(json!({ "id": { "type": "object" }, "next": { "allOf": [of("Node")] }, "last": maybe })),
        ] } }));
        has(&outcome, &format!("pubnext:{ITSELF}"));
        has(&outcome, "publast:super::Nullable<::std::boxed::Box<Node>>");
    }

    #[test]
    fn null_of_several_parts_is_said_once() {
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
        let said = outcome
            .rewrites
            .iter()
            .any(|one| one.message.contains("says it once"));
        assert!(said, "{:#?}", outcome.rewrites);
        // What must be there is never absent: typify merges that well.
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
    fn null_that_gets_lost_beside_a_union_is_said() {
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
            outcome.has_rewrite(Fidelity::Weakened, "both speak of `name`"),
            "{:#?}",
            outcome.rewrites
        );
        let outcome = of(json!({ "x": x }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn of_several_unions_one_stays() {
        let names = |kind: &str| [1, 2, 3].map(|at| format!("{kind}{at}"));
        let union = |kind: &str| json!({ "oneOf": names(kind).map(|name| of(&name)) });
        let mut schemas = json!({ "Node": { "allOf": [union("A"), union("B"), union("C")] } });
        for name in ["A", "B", "C"].iter().flat_map(|kind| names(kind)) {
            schemas[&name] = json!({ "type": "object", "required": [&name],
                "properties": { &name: { "type": "string" } } });
        }
        let outcome = node(schemas);
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "too many types"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pubenumNode{");
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
    fn one_of_several_in_several_groups_is_one_object() {
        let rule =
            |names: [&str; 4]| json!({ "oneOf": names.map(|name| json!({ "required": [name] })) });
        let outcome = node(json!({ "Node": {
            "type": "object",
            "properties": { "a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {} },
            "allOf": [rule(["a", "b", "c", "d"]), rule(["e", "f", "g", "h"])],
        } }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "too many types"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, "pubstructNode{");
    }

    #[test]
    fn parts_that_are_not_only_objects_are_anything() {
        let outcome = node(json!({
            "A": object(json!({ "a": { "type": "string" }, "next": of("A") })),
            "B": object(json!({ "b": { "type": "string" }, "next": of("B") })),
            "Node": { "allOf": [{ "oneOf": [of("A"), { "type": "string" }] }, of("B")] },
        }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "any value is taken"),
            "{:#?}",
            outcome.rewrites
        );
    }
}
