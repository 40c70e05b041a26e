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

use super::bundle::free;
use super::merged_object::{MergedObject, any_of, describes, identity, only_beside};
use super::rewrite_log::{RewriteLog, keys, like};
use super::walk::{self, Object, SCHEMAS};
use super::{Draft, PassKind};

pub(super) use termination::unions;
use termination::{PartSet, Termination, choices, contradict, parts, union};

const EXACT: PassKind = PassKind::exact("all-of");
const WEAKENED: PassKind = PassKind::weakened("all-of");
/// What is only seen when a value is read.
const UNTOLD: PassKind = PassKind::weakened("one-of-order");

/// So many types may come of the unions among the parts of one schema.
const MOST: usize = 8;

/// A union beside other parts may have so many alternatives.
const MOST_BESIDE: usize = 200;

/// So many schemas of a contract are made into one object each.
const SETTLED: usize = 300;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let Some(components) = value.get_mut("components").map(Value::take) else {
        return;
    };
    let document = Value::Object(Map::from_iter([("components".to_owned(), components)]));
    let mut merges = Merges::new(&document, log);
    let mut changed: Vec<(String, Value)> = Vec::new();
    for (name, schema) in walk::components(&document) {
        merges.note_nulls(schema, None);
        if merges.has_any(schema) {
            let mut schema = schema.clone();
            merges.below(&mut schema, name, None);
            changed.push((name.to_owned(), schema));
        }
    }
    walk::operations(value, &mut |_, operation| {
        let id = walk::text(operation, "operationId").map(str::to_owned);
        let name = id.as_deref().unwrap_or("body");
        for schema in walk::of_operation(operation) {
            merges.note_nulls(schema, id.as_deref());
            if merges.has_any(schema) {
                merges.below(schema, name, id.as_deref());
            }
        }
    });
    while let Some((name, mut schema)) = merges.made.pop() {
        merges.below(&mut schema, &name, None);
        changed.push((name, schema));
    }
    let Value::Object(mut document) = document else {
        return;
    };
    let whole = document.shift_remove("components");
    if let (Some(place), Some(whole)) = (value.get_mut("components"), whole) {
        *place = whole;
    }
    if let Some(components) = walk::components_mut(value) {
        components.extend(changed);
    }
}

struct Merges<'v, 'n, 'd> {
    document: &'v Value,
    log: &'n mut RewriteLog<'d>,
    termination: Termination<'v>,
    settled: usize,
    /// The names of the components' types.
    taken: HashSet<String>,
    /// The components that have what is merged, by its parts, and whether these contradict each other.
    merged: BTreeMap<(bool, PartSet), String>,
    /// New components that nobody has looked into.
    made: Vec<(String, Value)>,
}

impl<'v, 'n, 'd> Merges<'v, 'n, 'd> {
    fn new(document: &'v Value, log: &'n mut RewriteLog<'d>) -> Self {
        let names = walk::components(document).map(|(name, _)| type_name(name));
        // A component that is all of some, and says nothing else, is what they are merged into.
        let merged = walk::components(document).filter_map(|(name, schema)| {
            let schema = schema.as_object()?;
            let is_alone = keys(schema)
                .iter()
                .all(|key| *key == "allOf" || describes(key));
            let parts = walk::elements(schema.get("allOf")).filter_map(Value::as_object);
            let parts: PartSet = parts.map(|part| identity(document, part)).collect();
            (is_alone && parts.len() > 1).then(|| ((false, parts), name.to_owned()))
        });
        Self {
            document,
            log,
            termination: Termination::new(document),
            settled: 0,
            taken: names.collect(),
            merged: merged.collect(),
            made: Vec::new(),
        }
    }

    /// Whether some schema in this one cannot be left to typify.
    fn has_any(&mut self, schema: &Value) -> bool {
        let Some(object) = schema.as_object() else {
            return false;
        };
        self.trouble(object).is_some() || walk::within(object).any(|inner| self.has_any(inner))
    }

    /// Notes the members of schemas in this one of which null gets lost.
    fn note_nulls(&mut self, schema: &Value, operation: Option<&str>) {
        let Some(object) = schema.as_object() else {
            return;
        };
        let has_parts = ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| object.contains_key(*key));
        let lost = has_parts.then(|| nulls::lost(self.document, object, &self.termination));
        let lost = lost.filter(|lost| !lost.is_empty() && self.trouble(object).is_none());
        if let Some(lost) = lost {
            for name in lost {
                let message = format!(
                    "the parts and the alternatives both speak of `{name}`: null is read as if it were not there"
                );
                self.log
                    .record_object(UNTOLD, object, None, operation, message);
            }
        }
        for inner in walk::within(object) {
            self.note_nulls(inner, operation);
        }
    }

    /// Makes all schemas in this one, which belongs to `name`, such that typify can merge their parts.
    fn below(&mut self, schema: &mut Value, name: &str, operation: Option<&str>) {
        walk::below(schema, operation, &mut |object, _| {
            while let Some(trouble) = self.trouble(object) {
                self.settle(object, &trouble, name, operation);
            }
        });
    }

    /// Why typify should not merge the parts of a schema.
    fn trouble(&mut self, object: &Object) -> Option<MergeIssue> {
        let mut inner = object;
        while let Some((_, only)) = only_beside(inner, "nullable") {
            inner = only;
        }
        // A component is made such in its own place.
        if walk::referred(inner).is_some() {
            return None;
        }
        let parts = parts(self.document, &[object], true);
        if parts.len() < 2 {
            return None;
        }
        if !self.termination.of(&[object]) {
            return Some(MergeIssue::Infinite);
        }
        if contradict(self.document, &[object]) {
            return Some(MergeIssue::Contradiction);
        }
        let has_union = parts.iter().any(|part| union(part).is_some());
        if !has_union {
            return nulls::are_merged(&parts, &self.termination).then_some(MergeIssue::Null);
        }
        let of_many = || choices(self.document, object) > MOST;
        (unions(self.document, object) > 1 && of_many()).then_some(MergeIssue::Exponential)
    }

    /// Says with fewer parts what a schema says, or as much of it as can be said.
    fn settle(
        &mut self,
        object: &mut Object,
        trouble: &MergeIssue,
        name: &str,
        operation: Option<&str>,
    ) {
        let mut rest = object.clone();
        let kept = match trouble {
            MergeIssue::Infinite | MergeIssue::Contradiction | MergeIssue::Null => None,
            MergeIssue::Exponential => take_union(self.document, &mut rest),
        };
        let has_union = unions(self.document, &rest) > 0;
        self.settled += 1;
        let whole = MergedObject::of(self.document, &Value::Object(rest));
        let Some(mut whole) = whole.filter(|_| self.settled <= SETTLED) else {
            let message = "the parts cannot be merged into one type: any value is taken";
            self.log
                .record_object(WEAKENED, object, None, operation, message);
            object.retain(|key, _| describes(key));
            return;
        };
        whole.settle(&mut |property, parts| self.one_of_all(parts, &format!("{name}_{property}")));
        let (kind, message) = match (trouble, has_union) {
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
            (MergeIssue::Contradiction, _) => {
                let message = "the parts contradict each other: what they say otherwise of one property may be what any of \
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
        whole.write(object);
        if let Some(kept) = kept {
            object.extend(kept);
        }
    }

    /// The schema for what all of these say of one member; nothing if typify can make a type of it as it
    /// is.
    fn one_of_all(&mut self, said: &[&Object], name: &str) -> Option<Value> {
        let is_none = said.len() > 1 && contradict(self.document, said);
        if self.termination.of(said) && !is_none {
            return None;
        }
        let parts = self.without_wider(said);
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
                .one_of_all(&items, name)
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
        let meeting = parts.iter().map(|part| identity(self.document, part));
        let meeting = (is_none, meeting.collect());
        let component = self.merged.get(&meeting).cloned().unwrap_or_else(|| {
            let component = free(&mut self.taken, name);
            self.made.push((component.clone(), schema));
            self.merged.insert(meeting, component.clone());
            component
        });
        let reference = Value::from(format!("{SCHEMAS}{component}"));
        Some(Value::Object(Map::from_iter([(
            "$ref".to_owned(),
            reference,
        )])))
    }

    /// The schemas that say more than the others.
    fn without_wider<'s>(&self, said: &[&'s Object]) -> Vec<&'s Object> {
        let mut parts = said.to_vec();
        let mut at = 0;
        while at < parts.len() {
            let mut others = parts.iter().enumerate().filter(|(other, _)| *other != at);
            if others.any(|(_, narrower)| extends(self.document, narrower, parts[at])) {
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
    walk::referred(schema).is_some() || walk::within(schema).next().is_none()
}

enum MergeIssue {
    /// No value is of all parts.
    Contradiction,
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
            part.is_some_and(|part| unions(document, part) == 0)
        };
        let alternatives =
            union(part).filter(|parts| parts.len() <= MOST_BESIDE && parts.iter().all(is_plain))?;
        let is_alone = keys(part)
            .iter()
            .all(|key| describes(key) || ["oneOf", "anyOf", "type"].contains(key));
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
fn extends(document: &Value, narrower: &Object, wider: &Object) -> bool {
    let wide = identity(document, wider);
    let is_object = || {
        let parts = parts(document, &[narrower], true);
        let mut types = parts.iter().filter_map(|part| walk::text(part, "type"));
        types.any(|ty| ty == "object")
    };
    if wide == identity(document, narrower) {
        return true;
    }
    if wide == "{}" || (wide == r#"{"type":"object"}"# && is_object()) {
        return true;
    }
    let (Some((is_list, narrower)), Some((is_other_list, wider))) =
        (target(narrower), target(wider))
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
            todo.extend(parts.filter_map(|part| walk::referred(part.as_object()?)));
        }
    }
    false
}

/// The component that a schema is, or is a list of.
fn target(schema: &Object) -> Option<(bool, &str)> {
    match walk::referred(schema) {
        Some(name) => Some((false, name)),
        None => Some((true, walk::referred(schema.get("items")?.as_object()?)?)),
    }
}

/// What a list is a list of.
fn items<'s>(document: &'s Value, schema: &'s Object) -> Option<&'s Object> {
    walk::behind(document, schema)?.get("items")?.as_object()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, answers, contract, lowered};

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
        lowered(&contract(answers(of("Node")), schemas))
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
                "pubchild:::std::vec::Vec<Node>".to_owned(),
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
        has(&outcome, "publeft:::std::vec::Vec<NodeLeft>");
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
            outcome.says(Fidelity::Weakened, "contradict each other"),
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
        has(&outcome, &format!("publast:{ITSELF}"));
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
            outcome.says(Fidelity::Weakened, "both speak of `name`"),
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
            outcome.says(Fidelity::Weakened, "too many types"),
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
            outcome.says(Fidelity::Weakened, "too many types"),
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
            outcome.says(Fidelity::Weakened, "any value is taken"),
            "{:#?}",
            outcome.rewrites
        );
    }
}
