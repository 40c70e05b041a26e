//! The order of alternatives.
//!
//! A value of a union is read as the first of its types that takes it, and a struct takes every
//! object that has what it needs: whatever else there is gets lost. So types that ask for more come
//! before those that would swallow their values. Where the order cannot help, that is said.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::rewrite_log::{ANY_OF, BY_STATUS};
use super::walk::{self, Object};
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("one-of-order");
const WEAKENED: PassKind = PassKind::weakened("one-of-order");

/// Schemas are put together from parts this deep.
const MAX_DEPTH: usize = 16;

/// Values inside of alternatives are compared this deep.
const INSIDE: usize = 3;

/// Larger unions are taken as they are.
const MAX_ALTERNATIVES: usize = 200;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let document = json!({ "components": value.get("components").cloned().unwrap_or_default() });
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
        // A struct takes a list for its fields in their order.
        if shapes.iter().any(Option::is_some) {
            order.sort_by_key(|&at| !is_list(&document, parts[at]));
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
            let message = format!(
                "{} and {} cannot be told apart by what they need: a value of both is read as one \
                 of them, without what only the other has",
                name(first),
                name(second)
            );
            log.record_object(WEAKENED, schema, Some("oneOf"), operation, message);
        }
        if order.is_sorted() {
            return;
        }
        let message =
            "alternatives that ask for more come before those that would take their values";
        log.record_object(EXACT, schema, Some("oneOf"), operation, message);
        let ordered = order.iter().map(|&at| parts[at].clone());
        let ordered = Value::Array(ordered.collect());
        schema.insert("oneOf".to_owned(), ordered);
    });
}

fn is_list(document: &Value, part: &Value) -> bool {
    walk::resolve(document, part).is_some_and(|part| walk::string(part, "type") == Some("array"))
}

/// What the objects among the alternatives have; nothing where one is no plain object.
fn shapes<'v>(document: &'v Value, parts: &[&'v Value]) -> Vec<Option<VariantShape<'v>>> {
    let shape_of = |part: &&'v Value| {
        let mut shape = VariantShape::default();
        shape.gather(document, part, 0).then_some(shape)
    };
    parts.iter().map(shape_of).collect()
}

/// The order in which no alternative takes the values of a later one, and the first two that no order
/// helps.
fn order(
    shapes: &[Option<VariantShape<'_>>],
    tag: Option<&str>,
    document: &Value,
) -> (Vec<usize>, Option<(usize, usize)>) {
    let swallows = |first: usize, second: usize| match (&shapes[first], &shapes[second]) {
        (Some(first), Some(second)) => first.swallows(second, tag, document),
        _ => false,
    };
    let mut order: Vec<usize> = Vec::new();
    let mut hidden = None;
    for next in 0..shapes.len() {
        let swallower = order.iter().position(|&before| swallows(before, next));
        match swallower {
            Some(at) if !order[at..].iter().any(|&before| swallows(next, before)) => {
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

/// The first two alternatives that a value can be of at once, with something that only one has.
fn shared(shapes: &[Option<VariantShape<'_>>], document: &Value) -> Option<(usize, usize)> {
    let mut pairs = pairs(shapes);
    let found = pairs.find(|(_, [first, second])| {
        let differ = first.has_more_than(second) && second.has_more_than(first);
        differ && !first.excludes(second, document)
    });
    found.map(|(pair, _)| pair)
}

/// All pairs of what is known of alternatives.
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

/// Which alternatives that may hold together have to be read as one. What stands alone is read right as
/// a variant: its values are of it alone, or it is a named thing of a family that an order tells apart.
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
        let is_lost = one.swallows(other, tag, document) && other.swallows(one, tag, document);
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

/// What an object of an alternative has.
#[derive(Debug, Default)]
struct VariantShape<'v> {
    properties: BTreeMap<&'v str, Vec<&'v Value>>,
    required: BTreeSet<&'v str>,
    /// Whether it has nothing else.
    is_closed: bool,
    /// Whether it keeps what else there is.
    keeps_all: bool,
}

impl<'v> VariantShape<'v> {
    /// Takes a schema and its parts; false when it is no plain object.
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

    /// Whether it takes some value of the other, and loses something of it.
    fn swallows(&self, other: &Self, tag: Option<&str>, document: &Value) -> bool {
        self.swallows_at(other, tag, document, 0)
    }

    fn swallows_at(&self, other: &Self, tag: Option<&str>, document: &Value, depth: usize) -> bool {
        if !other.has_more_than(self) && !self.swallows_inside(other, document, depth)
            || self.is_closed
            || self.keeps_all
        {
            return false;
        }
        let has =
            |name: &&str| other.properties.contains_key(name) || other.required.contains(name);
        self.required.iter().all(has) && !self.differs(other, tag, document)
    }

    /// Whether a property of both is an object, or a list of objects, that takes those of the other.
    fn swallows_inside(&self, other: &Self, document: &Value, depth: usize) -> bool {
        depth < INSIDE
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
                    && first.swallows_at(&second, None, document, depth + 1)
            })
    }

    /// Whether it declares what the other does not.
    fn has_more_than(&self, other: &Self) -> bool {
        let mut names = self.properties.keys();
        names.any(|name| !other.properties.contains_key(name))
    }

    /// Whether a property that is always there has other values in the other. The property that tells
    /// alternatives apart is always there.
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
                    theirs.any(|theirs| are_apart(document, own, theirs))
                })
        };
        self.properties.keys().any(can_differ)
    }

    /// Whether no value is of both.
    fn excludes(&self, other: &Self, document: &Value) -> bool {
        let forbids = |one: &Self, other: &Self| {
            let mut required = other.required.iter();
            one.is_closed && required.any(|name| !one.properties.contains_key(name))
        };
        forbids(self, other) || forbids(other, self) || self.differs(other, None, document)
    }
}

/// What a list is a list of, and any other schema itself.
fn element<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let resolved = walk::resolve(document, schema);
    resolved
        .and_then(|list| list.get("items"))
        .unwrap_or(schema)
}

/// Whether no value can be of both schemas, by their types and listed values.
fn are_apart(document: &Value, left: &Value, right: &Value) -> bool {
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

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, contract, lowered, responding_with};

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
                .or_else(|| outcome.code.find(&format!("{name}(super::{name})")))
        };
        let [first, second] = names.map(at);
        assert!(first.is_some() && second.is_some(), "{}", outcome.code);
        first < second
    }

    #[test]
    fn who_asks_for_more_comes_first() {
        let outcome = union(json!([named("Pet"), named("Dog")]));
        assert!(
            outcome.has_rewrite(Fidelity::Exact, "ask for more"),
            "{:#?}",
            outcome.rewrites
        );
        assert!(order(&outcome, ["Dog", "Pet"]));
    }

    #[test]
    fn an_order_that_is_right_stays() {
        let outcome = union(json!([named("Dog"), named("Pet")]));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
        assert!(order(&outcome, ["Dog", "Pet"]));
    }

    #[test]
    fn what_no_order_tells_apart_is_said() {
        let bird = json!({ "type": "object", "properties": { "wings": { "type": "integer" } } });
        let fish = json!({ "type": "object", "properties": { "fins": { "type": "integer" } } });
        let outcome = union(json!([bird, fish]));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "alternative 1 and alternative 2"));
    }

    #[test]
    fn listed_values_tell_apart() {
        let of = |kind: &str, other: &str| {
            json!({ "type": "object", "required": ["kind"], "properties": {
                "kind": { "type": "string", "enum": [kind] }, other: { "type": "string" } } })
        };
        let outcome = union(json!([of("a", "x"), of("b", "y")]));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn what_is_inside_is_not_swallowed() {
        let of = |inner: &str| {
            json!({ "type": "object", "properties": { "inner": { "type": "array", "items": {
                "type": "object", "properties": { inner: { "type": "string" } } } } } })
        };
        let outcome = union(json!([of("x"), of("y")]));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "cannot be told apart"));
    }

    #[test]
    fn lists_come_before_what_would_take_their_elements_for_members() {
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
