//! The order of alternatives.
//!
//! A value of a union is deserialized as the first type that accepts it. A struct accepts every object
//! with its required properties, and drops all undeclared ones. So more specific types come before those
//! that would accept their values. If no order helps, that is recorded.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::draft_markers::{ANY_OF, BY_STATUS};
use super::walk::{self, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::ONE_OF_ORDER);
const WEAKENED: PassKind = PassKind::weakened(rules::ONE_OF_ORDER);

/// How deep schemas inside of schemas are followed.
const MAX_DEPTH: usize = 16;

/// How deep properties of alternatives are compared.
const MAX_NESTED_DEPTH: usize = 3;

/// Unions with more alternatives are not reordered.
const MAX_ALTERNATIVES: usize = 200;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let document = walk::components_document(value);
    walk::schemas(value, &mut |schema, operation| {
        let parts: Vec<&Value> = walk::elements(schema.get("oneOf")).collect();
        if schema.contains_key(BY_STATUS) {
            return;
        }
        if parts.len() < 2 || parts.len() > MAX_ALTERNATIVES {
            return;
        }
        let shapes = shapes(&document, &parts);
        let tag = schema.get("discriminator");
        let tag = tag.and_then(|tag| walk::string_of(tag, "propertyName"));
        let (mut order, mut hidden) = order(&shapes, tag, &document);
        // A struct also deserializes from an array, so arrays come first.
        if shapes.iter().any(Option::is_some) {
            order.sort_by_key(|&at| !is_array(&document, parts[at]));
        }
        if hidden.is_none() && schema.contains_key(ANY_OF) {
            hidden = shared(&shapes, &document);
        }
        if let Some((first, second)) = hidden {
            let name = |at: usize| match parts[at].as_object().and_then(walk::referenced_component)
            {
                Some(name) => format!("`{name}`"),
                None => format!("alternative {}", at + 1),
            };
            let (first, second) = (name(first), name(second));
            let message = Change::new(
                format!("a value can match both {first} and {second}; it is read as one of them"),
                "Properties that only the other alternative declares are lost.",
                format!(
                    "Add a `discriminator`, or let {first} and {second} differ in a required property."
                ),
            );
            log.record_object(WEAKENED, schema, Some("oneOf"), operation, message);
        }
        if order.is_sorted() {
            return;
        }
        let message = "the alternatives are reordered: more specific ones come before those that would accept their values";
        log.record_object(EXACT, schema, Some("oneOf"), operation, message);
        let ordered = order.iter().map(|&at| parts[at].clone());
        let ordered = Value::Array(ordered.collect());
        schema.insert("oneOf".to_owned(), ordered);
    });
}

fn is_array(document: &Value, part: &Value) -> bool {
    walk::resolve(document, part).is_some_and(|part| walk::string(part, "type") == Some("array"))
}

/// The shapes of the alternatives; nothing for those that are not plain objects.
fn shapes<'v>(document: &'v Value, parts: &[&'v Value]) -> Vec<Option<VariantShape<'v>>> {
    let shape_of = |part: &&'v Value| {
        let mut shape = VariantShape::default();
        shape.gather(document, part, 0).then_some(shape)
    };
    parts.iter().map(shape_of).collect()
}

/// The order in which no alternative accepts the values of a later one, and the first pair for which there is
/// no such order.
fn order(
    shapes: &[Option<VariantShape<'_>>],
    tag: Option<&str>,
    document: &Value,
) -> (Vec<usize>, Option<(usize, usize)>) {
    let truncates = |first: usize, second: usize| match (&shapes[first], &shapes[second]) {
        (Some(first), Some(second)) => first.truncates(second, tag, document),
        _ => false,
    };
    let mut order: Vec<usize> = Vec::new();
    let mut hidden = None;
    for next in 0..shapes.len() {
        let swallower = order.iter().position(|&before| truncates(before, next));
        match swallower {
            Some(at) if !order[at..].iter().any(|&before| truncates(next, before)) => {
                order.insert(at, next);
            }
            Some(at) => {
                hidden.get_or_insert((order[at], next));
                order.push(next);
            }
            None => order.push(next),
        }
    }
    (order, hidden)
}

/// The first two alternatives that a value can match at once, and that declare different properties.
fn shared(shapes: &[Option<VariantShape<'_>>], document: &Value) -> Option<(usize, usize)> {
    let mut pairs = pairs(shapes);
    let found = pairs.find(|(_, [first, second])| {
        let differ = first.has_more_than(second) && second.has_more_than(first);
        differ && !first.excludes(second, document)
    });
    found.map(|(pair, _)| pair)
}

/// All pairs of alternatives with known shapes.
fn pairs<'s, 'v>(
    shapes: &'s [Option<VariantShape<'v>>],
) -> impl Iterator<Item = ((usize, usize), [&'s VariantShape<'v>; 2])> {
    (0..shapes.len()).flat_map(move |first| {
        let later = (first + 1..shapes.len()).map(move |second| (first, second));
        later.filter_map(|(first, second)| {
            let both = [shapes[first].as_ref()?, shapes[second].as_ref()?];
            Some(((first, second), both))
        })
    })
}

/// Groups the alternatives of an `anyOf` that must be merged. An alternative that is alone in its group can
/// be a variant: no other alternative matches its values, or it is a component of a family that an order
/// distinguishes.
pub(super) fn groups(document: &Value, parts: &[&Value], tag: Option<&str>) -> Vec<Vec<usize>> {
    let shapes = shapes(document, parts);
    if parts.len() > MAX_ALTERNATIVES || shapes.iter().any(Option::is_none) {
        return vec![(0..parts.len()).collect()];
    }
    let is_named = |at: usize| {
        parts[at]
            .as_object()
            .and_then(walk::referenced_component)
            .is_some()
    };
    let mut group_of: Vec<usize> = (0..parts.len()).collect();
    let mut unite = |first: usize, second: usize| {
        let (kept, gone) = (group_of[first], group_of[second]);
        for group in group_of.iter_mut().filter(|group| **group == gone) {
            *group = kept;
        }
    };
    for ((first, second), [one, other]) in pairs(&shapes) {
        let mut names = one.properties.keys();
        let is_family = is_named(first)
            && is_named(second)
            && names.any(|name| other.properties.contains_key(name));
        let is_lost = one.truncates(other, tag, document) && other.truncates(one, tag, document);
        if !one.excludes(other, document) && (!is_family || is_lost) {
            unite(first, second);
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, group) in group_of.iter().enumerate() {
        match groups.iter_mut().find(|found| group_of[found[0]] == *group) {
            Some(found) => found.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// The properties of an alternative.
#[derive(Debug, Default)]
struct VariantShape<'v> {
    properties: BTreeMap<&'v str, Vec<&'v Value>>,
    required: BTreeSet<&'v str>,
    /// Whether it forbids other properties.
    is_closed: bool,
    /// Whether it keeps other properties.
    keeps_all: bool,
}

impl<'v> VariantShape<'v> {
    /// Adds a schema and its `allOf` members. Returns false if it is not a plain object.
    fn gather(&mut self, document: &'v Value, schema: &'v Value, depth: usize) -> bool {
        let Some(schema) = walk::resolve(document, schema).filter(|_| depth < MAX_DEPTH) else {
            return false;
        };
        if ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            return false;
        }
        let is_object = match walk::string(schema, "type") {
            Some(ty) => ty == "object",
            None => ["properties", "allOf"]
                .iter()
                .any(|key| schema.contains_key(*key)),
        };
        if !is_object {
            return false;
        }
        for (name, property) in walk::entries(schema.get("properties")) {
            self.properties.entry(name).or_default().push(property);
        }
        let required = walk::elements(schema.get("required"));
        self.required.extend(required.filter_map(Value::as_str));
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => self.is_closed = true,
            Some(Value::Object(_)) => self.keeps_all = true,
            _ => {}
        }
        walk::elements(schema.get("allOf")).all(|part| self.gather(document, part, depth + 1))
    }

    /// Whether it accepts some value of the other, and loses a part of it.
    fn truncates(&self, other: &Self, tag: Option<&str>, document: &Value) -> bool {
        self.truncates_at(other, tag, document, 0)
    }

    fn truncates_at(
        &self,
        other: &Self,
        tag: Option<&str>,
        document: &Value,
        depth: usize,
    ) -> bool {
        if !other.has_more_than(self) && !self.truncates_inside(other, document, depth)
            || self.is_closed
            || self.keeps_all
        {
            return false;
        }
        let has =
            |name: &&str| other.properties.contains_key(name) || other.required.contains(name);
        self.required.iter().all(has) && !self.differs(other, tag, document)
    }

    /// Whether a property of both is an object, or an array of objects, for which the same holds.
    fn truncates_inside(&self, other: &Self, document: &Value, depth: usize) -> bool {
        depth < MAX_NESTED_DEPTH
            && other.properties.iter().any(|(name, theirs)| {
                let own = self.properties.get(name);
                let (Some([own]), [theirs]) = (own.map(Vec::as_slice), theirs.as_slice()) else {
                    return false;
                };
                if own == theirs {
                    return false;
                }
                let (own, theirs) = (element(document, own), element(document, theirs));
                let (mut first, mut second) = (VariantShape::default(), VariantShape::default());
                own != theirs
                    && first.gather(document, own, 0)
                    && second.gather(document, theirs, 0)
                    && !first.properties.is_empty()
                    && first.truncates_at(&second, None, document, depth + 1)
            })
    }

    /// Whether it declares a property that the other does not.
    fn has_more_than(&self, other: &Self) -> bool {
        let mut names = self.properties.keys();
        names.any(|name| !other.properties.contains_key(name))
    }

    /// Whether a required property has different values in both. The discriminator property counts as
    /// required.
    fn differs(&self, other: &Self, tag: Option<&str>, document: &Value) -> bool {
        let can_differ = |name: &&str| {
            let (Some(own), Some(theirs)) = (self.properties.get(name), other.properties.get(name))
            else {
                return false;
            };
            let is_there =
                self.required.contains(name) || other.required.contains(name) || tag == Some(*name);
            is_there
                && own.iter().any(|own| {
                    let mut theirs = theirs.iter();
                    theirs.any(|theirs| are_disjoint(document, own, theirs))
                })
        };
        self.properties.keys().any(can_differ)
    }

    /// Whether no value matches both.
    fn excludes(&self, other: &Self, document: &Value) -> bool {
        let forbids = |one: &Self, other: &Self| {
            let mut required = other.required.iter();
            one.is_closed && required.any(|name| !one.properties.contains_key(name))
        };
        forbids(self, other) || forbids(other, self) || self.differs(other, None, document)
    }
}

/// The schema of the items of an array, and any other schema itself.
fn element<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let resolved = walk::resolve(document, schema);
    resolved
        .and_then(|list| list.get("items"))
        .unwrap_or(schema)
}

/// Whether no value matches both schemas, judged by their types and enums.
fn are_disjoint(document: &Value, left: &Value, right: &Value) -> bool {
    let (Some(left), Some(right)) = (
        walk::resolve(document, left),
        walk::resolve(document, right),
    ) else {
        return false;
    };
    if walk::is_true(left, "nullable") || walk::is_true(right, "nullable") {
        return false;
    }
    let listed = |schema: &Object| -> Option<Vec<Value>> {
        schema.get("enum").and_then(Value::as_array).cloned()
    };
    if let (Some(left), Some(right)) = (listed(left), listed(right)) {
        return !left.iter().any(|value| right.contains(value));
    }
    match (walk::string(left, "type"), walk::string(right, "type")) {
        (Some(left), Some(right)) => {
            let is_number = |ty: &str| ty == "integer" || ty == "number";
            left != right && !(is_number(left) && is_number(right))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered, responding_with};
    use openapi_contract::Fidelity;

    fn union(parts: Value) -> Outcome {
        let pet = json!({ "type": "object", "required": ["name"],
            "properties": { "name": { "type": "string" } } });
        let dog = json!({ "type": "object", "required": ["name", "breed"],
            "properties": { "name": { "type": "string" }, "breed": { "type": "string" } } });
        let cat = json!({ "type": "object", "required": ["name"],
            "properties": { "name": { "type": "string" }, "lives": { "type": "integer" } } });
        lowered(&contract(
            responding_with(json!({ "oneOf": parts })),
            json!({ "Pet": pet, "Dog": dog, "Cat": cat }),
        ))
    }

    fn named(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn order(outcome: &Outcome, names: [&str; 2]) -> bool {
        let at = |name: &str| {
            let names = format!("{name}({name}),");
            outcome
                .code
                .find(&names)
                .or_else(|| outcome.code.find(format!("{name}(super::{name})")))
        };
        let [first, second] = names.map(at);
        assert!(first.is_some() && second.is_some(), "{}", outcome.code);
        first < second
    }

    #[test]
    fn more_specific_alternative_comes_first() {
        let outcome = union(json!([named("Pet"), named("Dog")]));
        assert!(
            outcome.has_rewrite(Fidelity::Exact, "more specific ones come before"),
            "{:#?}",
            outcome.rewrites
        );
        assert!(order(&outcome, ["Dog", "Pet"]));
    }

    #[test]
    fn correct_order_is_kept() {
        let outcome = union(json!([named("Dog"), named("Pet")]));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
        assert!(order(&outcome, ["Dog", "Pet"]));
    }

    #[test]
    fn ambiguous_alternatives_are_recorded() {
        let bird = json!({ "type": "object", "properties": { "wings": { "type": "integer" } } });
        let fish = json!({ "type": "object", "properties": { "fins": { "type": "integer" } } });
        let outcome = union(json!([bird, fish]));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "alternative 1 and alternative 2"));
    }

    #[test]
    fn enum_values_distinguish_alternatives() {
        let of = |kind: &str, other: &str| {
            json!({ "type": "object", "required": ["kind"], "properties": {
                "kind": { "type": "string", "enum": [kind] }, other: { "type": "string" } } })
        };
        let outcome = union(json!([of("a", "x"), of("b", "y")]));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn nested_objects_are_not_truncated() {
        let of = |inner: &str| {
            json!({ "type": "object", "properties": { "inner": { "type": "array", "items": {
                "type": "object", "properties": { inner: { "type": "string" } } } } } })
        };
        let outcome = union(json!([of("x"), of("y")]));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "a value can match both"));
    }

    #[test]
    fn arrays_come_before_structs() {
        let outcome = union(json!([
            { "$ref": "#/components/schemas/Pet" },
            { "type": "array", "items": { "type": "string" } },
        ]));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let list = outcome.code.find("Array(::std::vec::Vec<");
        assert!(
            list.is_some() && list < outcome.code.find("Pet(Pet)"),
            "{}",
            outcome.code
        );
    }
}
