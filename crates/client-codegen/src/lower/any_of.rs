//! `anyOf`: alternatives of which several can match one value.
//!
//! typify makes a struct with a flattened field for each alternative. That fails for strings and numbers,
//! reads a property that several objects declare into the first of them only, and next to properties or
//! in an `allOf` makes each object forbid the properties of the others. So alternatives that an enum can
//! distinguish become a `oneOf`, and other objects are merged into one with the properties of all.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft_markers::{ANY_OF, JOINED, empty_with_origin};
use super::merged_object::{self, MergedObject, accepts_anything, identity};
use super::rewrite_log::RewriteLog;
use super::walk::{self, Object};
use super::{Change, Draft, PassKind, one_of_order};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::ANY_OF);
const WEAKENED: PassKind = PassKind::weakened(rules::ANY_OF);

/// Keywords that constrain objects next to the alternatives.
const OF_OBJECTS: [&str; 4] = ["properties", "required", "additionalProperties", "allOf"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let document = walk::components_document(value);
    walk::schemas(value, &mut |schema, operation| {
        contradicted(&document, schema, operation, log);
        let is_alone = !OF_OBJECTS.iter().any(|key| schema.contains_key(*key));
        if !is_alone && !schema.contains_key("anyOf") {
            narrowed(&document, schema, operation, log);
            return;
        }
        let parts: Vec<&Value> = walk::elements(schema.get("anyOf")).collect();
        if parts.len() < 2 || schema.contains_key("oneOf") {
            return;
        }
        // A union within itself is not merged again.
        let mut above: Vec<Value> = walk::elements(schema.get(JOINED)).cloned().collect();
        if !above.is_empty() && above.contains(&union_of(&document, &parts)) {
            replace_by_one_of(schema, None);
            return;
        }
        // An object without declared properties is a map, unless it is constrained next to the union.
        let whole = |part: &Value| {
            MergedObject::of(&document, part).filter(|whole| !is_alone || !whole.is_any_object())
        };
        let (mut objects, mut wholes, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for &part in &parts {
            match whole(part) {
                Some(whole) => {
                    objects.push(part);
                    wholes.push(Some(whole));
                }
                None => others.push(part),
            }
        }
        let tag = schema.get("discriminator");
        let tag = tag.and_then(|tag| walk::string_of(tag, "propertyName"));
        let tag = tag.map(str::to_owned);
        let groups = match (is_alone, others.is_empty()) {
            (true, _) => one_of_order::groups(&document, &objects, tag.as_deref()),
            (false, true) => vec![(0..objects.len()).collect()],
            (false, false) => Vec::new(),
        };
        if groups.iter().all(|group| group.len() < 2) {
            replace_by_one_of(schema, None);
            return;
        }
        above.push(union_of(&document, &parts));
        let is_anything = others
            .iter()
            .any(|other| accepts_anything(&document, other));
        let (kind, message) = if is_anything {
            let message = "the object alternatives are merged into one with the properties of all";
            (EXACT, Change::from(message))
        } else {
            let message = Change::new(
                "`anyOf` alternatives that can match the same value are merged into one object with the properties of all",
                "Properties that only some alternatives require are optional.",
                "Use `oneOf` with alternatives that differ in a required property, or a `discriminator`.",
            );
            (WEAKENED, message)
        };
        log.record_object(kind, schema, Some("anyOf"), operation, message);
        let is_one = groups.len() == 1 && others.is_empty();
        let mut parts = Vec::new();
        for group in groups {
            if let [only] = group.as_slice() {
                parts.push(objects[*only].clone());
                continue;
            }
            let together = group.iter().filter_map(|&at| wholes[at].take());
            let mut whole = MergedObject::any_of(&document, together.collect());
            whole.unions_inside(&mut |union| {
                union.insert(JOINED.to_owned(), Value::from(above.clone()));
            });
            // The discriminator property exists even if no alternative declares it.
            if let Some(tag) = &tag {
                whole.declare(tag);
            }
            if is_one {
                schema.shift_remove("anyOf");
                schema.shift_remove("discriminator");
                whole.write(schema);
                return;
            }
            let mut object = empty_with_origin(schema);
            whole.write(&mut object);
            parts.push(Value::Object(object));
        }
        parts.extend(others.into_iter().cloned());
        replace_by_one_of(schema, Some(parts));
    });
}

/// The identity of a union: its alternatives in any order.
fn union_of(document: &Value, parts: &[&Value]) -> Value {
    let parts = merged_object::flatten_any_of(parts).into_iter();
    let parts = parts.filter_map(|part| Some(identity(document, part.as_object()?)));
    let parts: BTreeSet<String> = parts.collect();
    parts.into_iter().collect()
}

/// Drops `oneOf` alternatives that only constrain the properties declared next to them: typify would make
/// each forbid the properties that the others constrain.
fn narrowed(
    document: &Value,
    schema: &mut Object,
    operation: Option<&str>,
    log: &mut RewriteLog<'_>,
) {
    let wholes: Option<Vec<MergedObject>> = walk::elements(schema.get("oneOf"))
        .map(|part| MergedObject::of(document, part))
        .collect();
    let Some(wholes) = wholes.filter(|wholes| wholes.len() > 1) else {
        return;
    };
    let mut own = schema.clone();
    own.shift_remove("oneOf");
    let Some(own) = MergedObject::of(document, &Value::Object(own)) else {
        return;
    };
    if !wholes.iter().all(|whole| whole.only_narrows(&own)) {
        return;
    }
    let message = Change::new(
        "the `oneOf` alternatives only constrain properties that are declared next to them; they are ignored",
        "The client does not enforce that exactly one alternative matches.",
        "Declare the properties in each alternative, and nothing next to the `oneOf`.",
    );
    log.record_object(WEAKENED, schema, Some("oneOf"), operation, message);
    schema.shift_remove("oneOf");
    schema.shift_remove("discriminator");
    MergedObject::any_of(document, wholes).write(schema);
}

/// Replaces an `anyOf` by a `oneOf` of the same or of other alternatives.
fn replace_by_one_of(schema: &mut Object, parts: Option<Vec<Value>>) {
    let written = schema.shift_remove("anyOf");
    if let Some(parts) = parts.map(Value::Array).or(written) {
        schema.insert("oneOf".to_owned(), parts);
        schema.insert(ANY_OF.to_owned(), Value::Bool(true));
    }
}

/// Drops a `type` that none of the alternatives has. No value matches both, and servers send one of the
/// alternatives.
fn contradicted(
    document: &Value,
    schema: &mut Object,
    operation: Option<&str>,
    log: &mut RewriteLog<'_>,
) {
    let Some(ty) = walk::string(schema, "type") else {
        return;
    };
    let is_another = |part: &Value| {
        walk::resolve(document, part).is_some_and(|part| is_of_another_type(part, ty))
    };
    let mut unions = ["oneOf", "anyOf"].into_iter();
    let contradicts = unions.any(|union| {
        let mut parts = walk::elements(schema.get(union)).peekable();
        parts.peek().is_some() && parts.all(is_another)
    });
    if !contradicts {
        return;
    }
    let message = Change::new(
        format!(
            "no alternative has the type `{ty}`, which is required next to them; the type is ignored"
        ),
        "No value is valid by the contract, and the client accepts values of the alternatives.",
        format!("Remove `type: {ty}`, or give the alternatives this type."),
    );
    log.record_object(WEAKENED, schema, Some("type"), operation, message);
    for key in [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
    ] {
        schema.shift_remove(key);
    }
}

/// Whether no value of a schema has this type, by its `type` or its `enum`.
fn is_of_another_type(schema: &Object, ty: &str) -> bool {
    if let Some(own) = walk::string(schema, "type") {
        return own != ty && [own, ty] != ["integer", "number"];
    }
    let mut values = walk::elements(schema.get("enum")).peekable();
    values.peek().is_some()
        && values.all(|value| match ty {
            "object" => !value.is_object(),
            "array" => !value.is_array(),
            "string" => !value.is_string(),
            "boolean" => !value.is_boolean(),
            _ => !value.is_number(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered, responding_with};
    use openapi_contract::Fidelity;

    fn responding_with_schema(schema: Value) -> Outcome {
        let user = json!({ "type": "object", "required": ["id", "login"], "properties": {
            "id": { "type": "integer" }, "login": { "type": "string" } } });
        let team = json!({ "type": "object", "required": ["id", "slug"], "properties": {
            "id": { "type": "integer" }, "slug": { "type": "string" } } });
        lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Model" })),
            json!({ "Model": schema, "User": user, "Team": team }),
        ))
    }

    fn has(outcome: &Outcome, parts: &[&str]) {
        for part in parts {
            assert!(outcome.code.contains(part), "{part}: {}", outcome.code);
        }
        assert!(!outcome.code.contains("subtype_"), "{}", outcome.code);
    }

    #[test]
    fn undeclared_discriminator_property_is_kept() {
        let of = |property: &str| {
            let text = json!({ "type": "string" });
            json!({ "type": "object", "properties": { property: text } })
        };
        let outcome = lowered(&contract(
            responding_with(json!({ "anyOf": [{ "$ref": "#/components/schemas/A" },
                { "$ref": "#/components/schemas/B" }],
                "discriminator": { "propertyName": "kind" } })),
            json!({ "A": of("a"), "B": of("b") }),
        ));
        assert!(outcome.code.contains("pub kind: "), "{}", outcome.code);
    }

    #[test]
    fn type_that_no_alternative_has_is_dropped() {
        let text = json!({ "enum": ["text", "html"] });
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "additionalProperties": false,
                "oneOf": [text, { "$ref": "#/components/schemas/Mime" }] })),
            json!({ "Mime": { "type": "string", "pattern": "^.+/.+$" } }),
        ));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "has the type `object`"));
        assert!(
            outcome.code.contains("pub enum GetResponse{"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn alternatives_of_strings_are_an_enum() {
        let outcome = responding_with_schema(json!({ "anyOf": [
            { "type": "string", "enum": ["small", "large"] }, { "type": "string" },
        ] }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
        has(&outcome, &["pub enum Model"]);
    }

    #[test]
    fn overlapping_objects_are_merged() {
        let outcome = responding_with_schema(json!({ "anyOf": [
            { "type": "object", "required": ["next"], "properties": { "next": { "type": "string" } } },
            { "type": "object", "required": ["previous"], "properties": { "previous": { "type": "string" } } },
        ] }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "are merged into one object"),
            "{:#?}",
            outcome.rewrites
        );
        has(
            &outcome,
            &[
                "pub struct Model",
                "pub next: ::std::option::Option<::std::string::String>",
                "pub previous: ::std::option::Option<::std::string::String>",
            ],
        );
    }

    #[test]
    fn property_required_by_all_stays_required() {
        let rule = |name: &str| {
            json!({ "type": "object", "required": ["id"], "properties": {
                "id": { "type": "integer", "description": name }, name: { "type": "string" } } })
        };
        let outcome = responding_with_schema(
            json!({ "type": "object", "anyOf": [rule("wait"), rule("reviewer")] }),
        );
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "are merged into one object"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, &["pub id: i64,", "pub wait: ", "pub reviewer: "]);
    }

    #[test]
    fn alternatives_of_required_properties_are_merged() {
        let outcome = responding_with_schema(json!({
            "type": "object",
            "properties": { "name": { "type": "string" }, "size": { "type": "integer" } },
            "anyOf": [{ "required": ["name"] }, { "required": ["size"] }, { "type": "object", "maxProperties": 0 }],
        }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "are merged into one object"),
            "{:#?}",
            outcome.rewrites
        );
        has(
            &outcome,
            &[
                "pub name: ::std::option::Option<",
                "pub size: ::std::option::Option<i64>",
            ],
        );
    }

    #[test]
    fn any_of_inside_all_of_is_merged() {
        let outcome = responding_with_schema(json!({ "allOf": [
            { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } },
            { "anyOf": [
                { "type": "object", "properties": { "first": { "type": "string" } } },
                { "allOf": [{ "type": "object", "properties": { "last": { "type": "string" } } }] },
            ] },
        ] }));
        has(
            &outcome,
            &[
                "pub struct Model",
                "pub id: i64",
                "pub first: ",
                "pub last: ",
            ],
        );
    }

    #[test]
    fn property_accepts_the_values_of_all_alternatives() {
        let of = |level: Value, image: Value| json!({ "type": "object", "properties": { "level": level, "image": image } });
        let outcome = responding_with_schema(json!({ "anyOf": [
            of(json!({ "type": "string", "enum": ["low"] }), json!({ "type": "integer" })),
            of(json!({ "type": "string", "enum": ["low", "high"] }), json!({ "type": "string" })),
        ] }));
        has(
            &outcome,
            &[
                "Low,",
                "High,",
                "pub image: ::std::option::Option<ModelImage>",
                "pub enum ModelImage",
            ],
        );
    }

    #[test]
    fn components_with_different_required_properties_become_an_enum() {
        let outcome = responding_with_schema(json!({ "anyOf": [
            { "$ref": "#/components/schemas/User" }, { "$ref": "#/components/schemas/Team" },
        ] }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "`User` and `Team`"),
            "{:#?}",
            outcome.rewrites
        );
        has(&outcome, &["User(User)", "Team(Team)"]);
    }

    #[test]
    fn objects_next_to_an_unconstrained_alternative_are_merged() {
        let outcome = responding_with_schema(json!({ "anyOf": [
            { "type": "object", "properties": { "first": { "type": "string" } } },
            { "type": "object", "properties": { "last": { "type": "string" } } },
            {},
        ] }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        has(
            &outcome,
            &["pub enum Model", "first:", "last:", "(::serde_json::Value)"],
        );
    }

    #[test]
    fn recursive_union_is_merged_once() {
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Node" })),
            json!({ "Node": { "type": "object", "properties": { "child": { "anyOf": [
                { "type": "object", "properties": {
                    "child": { "$ref": "#/components/schemas/Node" },
                    "name": { "type": "string" },
                } },
                { "$ref": "#/components/schemas/Node" },
            ] } } } }),
        ));
        has(&outcome, &["pub struct Node{", "pub name: "]);
    }

    #[test]
    fn object_without_declared_properties_is_a_map() {
        let outcome = responding_with_schema(json!({ "anyOf": [
            { "type": "object" }, { "$ref": "#/components/schemas/User" },
        ] }));
        has(&outcome, &["User(User)", "Map<"]);
    }

    #[test]
    fn only_indistinguishable_objects_are_merged() {
        let notes = |name: &str| {
            json!({ "type": "object", "properties": { "id": { "type": "integer" }, "notes": {
                "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } } } })
        };
        let outcome = lowered(&contract(
            responding_with(json!({ "anyOf": [
                { "$ref": "#/components/schemas/User" },
                { "$ref": "#/components/schemas/Lines" },
                { "$ref": "#/components/schemas/Commits" },
            ] })),
            json!({
                "User": { "type": "object", "required": ["id", "login"], "properties": {
                    "id": { "type": "integer" }, "login": { "type": "string" } } },
                "Line": { "type": "object", "properties": { "line": { "type": "integer" } } },
                "Commit": { "type": "object", "properties": { "sha": { "type": "string" } } },
                "Lines": notes("Line"),
                "Commits": notes("Commit"),
            }),
        ));
        has(&outcome, &["User(User)", "line:", "sha:"]);
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "are merged into one object"),
            "{:#?}",
            outcome.rewrites
        );
        assert!(!outcome.code.contains("Lines(Lines)"), "{}", outcome.code);
    }

    #[test]
    fn constraining_alternatives_are_not_enforced() {
        let outcome = responding_with_schema(json!({
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": "string" },
                "state": { "type": "string", "enum": ["open", "done"] },
                "result": { "type": "string" },
            },
            "oneOf": [
                { "required": ["state", "result"], "properties": { "state": { "enum": ["done"] } } },
                { "properties": { "state": { "enum": ["open"] } } },
            ],
        }));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "only constrain"),
            "{:#?}",
            outcome.rewrites
        );
        has(
            &outcome,
            &[
                "pub struct Model",
                "pub name: ::std::string::String",
                "Open,",
                "Done,",
            ],
        );
    }
}
