//! Rewrites schemas that progenitor rejects or misreads, although their meaning is clear.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::bundle::integer_value;
use super::draft_markers::{ANY_OF, empty_with_origin, keys};
use super::openapi_31::{constrained_type, is_of};
use super::rewrite_log::RewriteLog;
use super::walk::{self, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::NORMALIZE_KEYWORDS);
const WEAKENED: PassKind = PassKind::weakened(rules::NORMALIZE_KEYWORDS);

const COUNTS: [&str; 6] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// Keywords that make progenitor read a schema without a type as a string.
const STRING: [&str; 3] = ["minLength", "maxLength", "pattern"];

const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// The formats of strings that have a Rust type.
const TYPED_FORMATS: [&str; 7] = ["date", "date-time", "uuid", "ip", "ipv4", "ipv6", "binary"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::schemas(value, &mut |schema, operation| {
        for key in COUNTS {
            if let Some(count) = schema
                .get(key)
                .filter(|count| !count.is_u64())
                .and_then(integer_value)
            {
                schema.insert(key.to_owned(), Value::from(count));
            }
        }
        types(schema, operation, log);
        foreign_format(schema, operation, log);
        untyped(schema, operation, log);
        next_to_alternatives(schema, operation, log);
        integers(schema, operation, log);
        large(schema, operation, log);
        values(schema, operation, log);
        untyped_values(schema, operation, log);
        negation(schema, operation, log);
        bounds(schema, operation, log);
        if schema.contains_key("properties") || schema.contains_key("type") {
            never(schema, operation, log);
        }
    });
}

fn types(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let Some(ty) = walk::string(schema, "type").map(str::to_owned) else {
        return;
    };
    if !TYPES.contains(&ty.as_str()) {
        let instead = match ty.as_str() {
            "file" => Some("string"),
            "float" | "double" => Some("number"),
            "int" | "long" => Some("integer"),
            "bool" => Some("boolean"),
            "date" | "datetime" | "date-time" | "uuid" | "text" => Some("string"),
            _ => None,
        };
        let read = match instead {
            Some(instead) => format!("`{instead}`"),
            None => "any JSON value".to_owned(),
        };
        let message = Change::new(
            format!("`{ty}` is not a type of OpenAPI; it is read as {read}"),
            format!("The client accepts {read}."),
            "Use one of `string`, `number`, `integer`, `boolean`, `array` and `object`.",
        );
        log.record_object(WEAKENED, schema, Some("type"), operation, message);
        match instead {
            Some(instead) => schema.insert("type".to_owned(), Value::from(instead)),
            None => schema.shift_remove("type"),
        };
        return;
    }
    if ["object", "array", "boolean"].contains(&ty.as_str()) && schema.contains_key("format") {
        let message = format!("`format` does not apply to the type `{ty}`; it is dropped");
        log.record_object(EXACT, schema, Some("format"), operation, message);
        schema.shift_remove("format");
    }
    // Keywords of other types have no effect, but make progenitor read the schema differently.
    let foreign: &[&str] = match ty.as_str() {
        "string" => &[
            "properties",
            "items",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "uniqueItems",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
        "integer" | "number" | "boolean" => &[
            "properties",
            "items",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "uniqueItems",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
        "object" => &[
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
        _ => &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    };
    for key in foreign {
        if schema.contains_key(*key) {
            let message = format!("`{key}` does not apply to the type `{ty}`; it is dropped");
            log.record_object(EXACT, schema, Some(key), operation, message);
            schema.shift_remove(*key);
        }
    }
}

/// Drops a format without a Rust type next to an `allOf`: typify merges two formats of a string to a type
/// without values.
fn foreign_format(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let is_plain =
        walk::string(schema, "format").is_some_and(|format| !TYPED_FORMATS.contains(&format));
    if is_plain && schema.contains_key("allOf") {
        let message = "`format` next to `allOf` has no Rust type; it is dropped";
        log.record_object(EXACT, schema, Some("format"), operation, message);
        schema.shift_remove("format");
    }
}

/// Drops keywords of several types without a `type`. Those that go with `properties` or `items` are kept;
/// with neither or both of these, the schema accepts any JSON value.
fn untyped(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let is_more = ["type", "allOf", "anyOf", "oneOf", "not", "enum", "$ref"];
    if is_more.iter().any(|key| schema.contains_key(*key)) {
        return;
    }
    let written = keys(schema);
    let mut kinds: Vec<&str> = written
        .iter()
        .filter_map(|key| constrained_type(key))
        .collect();
    kinds.dedup();
    let is_plain = match kinds.as_slice() {
        [] | ["object"] | ["array"] => true,
        ["string"] => written.iter().any(|key| STRING.contains(key)),
        _ => false,
    };
    if is_plain {
        return;
    }
    let has = |key: &str| schema.contains_key(key);
    let kind = match (has("items"), has("properties")) {
        (false, true) => Some("object"),
        (true, false) => Some("array"),
        _ => None,
    };
    let foreign = written.into_iter().filter(|key| {
        let concerned = constrained_type(key);
        concerned.is_some() && concerned != kind
    });
    let foreign: Vec<String> = foreign.map(str::to_owned).collect();
    for key in foreign {
        let message = match kind {
            Some(kind) => Change::new(
                format!(
                    "`{key}` is dropped, because the other keywords apply to the type `{kind}`"
                ),
                format!("The client does not enforce `{key}`, and accepts only the type `{kind}`."),
                format!("Add `type: {kind}`, or a `oneOf` with a schema for each type."),
            ),
            None => Change::new(
                format!(
                    "`{key}` is dropped, because the schema has no `type`; any JSON value is accepted"
                ),
                format!("The client does not enforce `{key}`."),
                "Add a `type`.",
            ),
        };
        log.record_object(WEAKENED, schema, Some(&key), operation, message);
        schema.shift_remove(&key);
    }
}

/// Moves keywords of one type, next to alternatives of other types, into the alternatives of their type:
/// progenitor would give all alternatives that type.
fn next_to_alternatives(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    if schema.contains_key("type") {
        return;
    }
    let written = keys(schema);
    let mut of_types: Vec<String> = written
        .iter()
        .filter(|key| constrained_type(key).is_some())
        .map(|key| (*key).to_owned())
        .collect();
    of_types.sort_unstable();
    for key in of_types {
        let is_of = |ty: &str| match constrained_type(&key) {
            Some("number") => ["number", "integer"].contains(&ty),
            kind => kind == Some(ty),
        };
        let types = ["oneOf", "anyOf"].map(|union| {
            let members = walk::elements(schema.get(union));
            members.filter_map(|member| walk::string_of(member, "type"))
        });
        if types.into_iter().flatten().all(is_of) {
            continue;
        }
        let Some(rule) = schema.get(&key).cloned() else {
            continue;
        };
        let mut is_kept = true;
        for union in ["oneOf", "anyOf"] {
            for member in walk::elements_mut(schema.get_mut(union)) {
                is_kept &= moved(&key, &rule, is_of, member);
            }
        }
        let (kind, message) = if is_kept {
            let message = format!("`{key}` is moved into the alternatives that it applies to");
            (EXACT, Change::from(message))
        } else {
            let message = Change::new(
                format!("`{key}` next to alternatives of other types is dropped"),
                format!("The client does not enforce `{key}`."),
                format!("Move `{key}` into the alternatives that it applies to."),
            );
            (WEAKENED, message)
        };
        log.record_object(kind, schema, Some(&key), operation, message);
        schema.shift_remove(&key);
    }
}

/// Moves a keyword into an alternative, if it applies to its type. Returns whether nothing is lost.
fn moved(key: &str, rule: &Value, is_of: impl Fn(&str) -> bool, member: &mut Value) -> bool {
    let Some(member) = member.as_object_mut() else {
        return false;
    };
    match walk::string(member, "type") {
        None => return false,
        Some(ty) if !is_of(ty) => return true,
        Some(_) => {}
    }
    let is_empty = |own: &Value| own.as_object().is_some_and(|own| keys(own).is_empty());
    if member.get(key).is_none_or(is_empty) {
        member.insert(key.to_owned(), rule.clone());
        return true;
    }
    member.get(key) == Some(rule)
}

/// Gives integers without a size 64 bits: progenitor would use 32.
fn integers(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    if walk::string(schema, "type") != Some("integer") {
        return;
    }
    let sized = match walk::string(schema, "format") {
        Some("int") => "int64",
        Some("uint") => "uint64",
        None if is_taken_for_a_size(schema) => {
            let message = "the integer has no `format`, only a bound; the client uses `int64`";
            log.record_object(EXACT, schema, None, operation, message);
            schema.insert("format".to_owned(), Value::from("int64"));
            return;
        }
        _ => return,
    };
    let message = format!("`format` does not give a size; the client uses `{sized}`");
    log.record_object(EXACT, schema, Some("format"), operation, message);
    schema.insert("format".to_owned(), Value::from(sized));
}

/// Whether typify would take the only bound of an integer for the size of a type: it reads a maximum of
/// 255 as `u8`, which has no negative values.
fn is_taken_for_a_size(schema: &Object) -> bool {
    let bound = |key: &str, exclusive: &str, step: i64| {
        let bound = schema.get(key)?.as_i64()?;
        let is_open = walk::is_true(schema, exclusive);
        bound.checked_add(if is_open { step } else { 0 })
    };
    let least = bound("minimum", "exclusiveMinimum", 1);
    let most = bound("maximum", "exclusiveMaximum", -1);
    match (least, most) {
        (None, Some(most)) => {
            let signed = [i8::MAX.into(), i16::MAX.into(), i32::MAX.into()];
            let unsigned = [u8::MAX.into(), u16::MAX.into(), u32::MAX.into()];
            signed.contains(&most) || unsigned.contains(&most)
        }
        (Some(least), None) => [i8::MIN.into(), i16::MIN.into(), i32::MIN.into()].contains(&least),
        _ => false,
    }
}

/// Reads integers that do not fit into `i64` as `u64`, or as numbers if they do not fit into that either.
fn large(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let bound = |key: &str| {
        let bound = schema.get(key).filter(|bound| !bound.is_i64());
        bound.and_then(Value::as_f64)
    };
    // Rounding makes these bounds one too large.
    let (signed, unsigned) = (i64::MAX as f64, u64::MAX as f64);
    let is_plain = ["format", "enum"]
        .iter()
        .all(|key| !schema.contains_key(*key));
    let Some(most) = bound("maximum").filter(|most| *most >= signed && is_plain) else {
        return;
    };
    if walk::string(schema, "type") != Some("integer") {
        return;
    }
    if most < unsigned
        && schema
            .get("minimum")
            .and_then(Value::as_f64)
            .is_some_and(|least| least >= 0.0)
    {
        let message = "`maximum` is larger than an `int64`; the client uses `uint64`";
        log.record_object(EXACT, schema, Some("maximum"), operation, message);
        schema.insert("format".to_owned(), Value::from("uint64"));
        return;
    }
    let message = Change::new(
        "`maximum` is larger than any integer of 64 bits; larger values are read as numbers",
        "The client loses the precision of such values, and does not enforce the bounds.",
        "Lower `maximum` to 9223372036854775807, or use a string for large integers.",
    );
    log.record_object(WEAKENED, schema, Some("maximum"), operation, message);
    for key in ["type", "minimum", "maximum", "multipleOf"] {
        schema.shift_remove(key);
    }
    let parts = json!([{ "type": "integer", "format": "int64" }, { "type": "number" }]);
    schema.insert("oneOf".to_owned(), parts);
    schema.insert(ANY_OF.to_owned(), Value::Bool(true));
}

/// Drops enum values that are repeated, or that the type of the enum does not allow.
fn values(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let ty = walk::string(schema, "type").map(str::to_owned);
    let nullable = walk::is_true(schema, "nullable");
    let Some(values) = schema.get("enum").and_then(Value::as_array) else {
        return;
    };
    let mut kept: Vec<Value> = Vec::new();
    let (mut has_other_types, mut has_duplicates) = (false, false);
    let mut seen = HashSet::new();
    for value in values {
        let value = match (&ty, value) {
            (Some(ty), value) if is_of(value, ty) => value.clone(),
            (Some(_), Value::Null) if nullable => Value::Null,
            (Some(ty), Value::Number(_) | Value::Bool(_)) if ty == "string" => {
                has_other_types = true;
                Value::from(value.to_string())
            }
            (Some(_), _) => {
                has_other_types = true;
                continue;
            }
            (None, value) => value.clone(),
        };
        if seen.insert(value.clone()) {
            kept.push(value);
        } else {
            has_duplicates = true;
        }
    }
    let ty = ty.unwrap_or_default();
    if has_other_types {
        let message = match ty.as_str() {
            "string" => Change::new(
                "`enum` has values that are not strings; they are read as strings",
                "The client accepts and sends these values as strings.",
                "Put the values in quotes.",
            ),
            _ => Change::new(
                format!("`enum` has values that are not of type `{ty}`; they are dropped"),
                "The client does not have variants for these values.",
                format!("Remove the values that are not of type `{ty}`, or change the type."),
            ),
        };
        log.record_object(WEAKENED, schema, Some("enum"), operation, message);
    }
    if has_duplicates {
        let message = "`enum` has a value twice; it is read once";
        log.record_object(EXACT, schema, Some("enum"), operation, message);
    }
    let is_empty = kept.iter().all(Value::is_null);
    let is_plain = ["number", "boolean", "array", "object"].contains(&ty.as_str());
    if is_plain || (is_empty && !ty.is_empty()) {
        let message = Change::new(
            format!("`enum` of type `{ty}` is dropped"),
            format!("The client accepts any value of type `{ty}`."),
            "Use an `enum` of strings or integers.",
        );
        log.record_object(WEAKENED, schema, Some("enum"), operation, message);
        schema.shift_remove("enum");
    } else if has_other_types || has_duplicates {
        schema.insert("enum".to_owned(), Value::Array(kept));
    }
}

/// Converts enum values of several types to alternatives, and `null` among them to `nullable`.
fn untyped_values(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let is_alone = !["type", "allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .any(|key| schema.contains_key(*key));
    let Some(values) = schema
        .get("enum")
        .and_then(Value::as_array)
        .filter(|_| is_alone)
    else {
        return;
    };
    let has_null = values.len() > 1 && values.contains(&Value::Null);
    let mut kinds: Vec<(&str, Vec<Value>)> = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        let Some(ty) = ["string", "integer", "number", "boolean", "array", "object"]
            .into_iter()
            .find(|ty| is_of(value, ty))
        else {
            continue;
        };
        match kinds.iter_mut().find(|(kind, _)| *kind == ty) {
            Some((_, values)) => values.push(value.clone()),
            None => kinds.push((ty, vec![value.clone()])),
        }
    }
    let is_nullable = walk::is_true(schema, "nullable");
    let is_plain = matches!(kinds.as_slice(), [("string" | "integer", _)]);
    if kinds.is_empty() || (is_plain && !has_null && !is_nullable) {
        return;
    }
    let part = |(ty, values): &(&str, Vec<Value>), part: &mut Object| {
        part.insert("type".to_owned(), Value::from(*ty));
        if ["string", "integer"].contains(ty) {
            part.insert("enum".to_owned(), Value::Array(values.clone()));
        }
    };
    if kinds
        .iter()
        .any(|(ty, _)| !["string", "integer"].contains(ty))
    {
        let message = Change::new(
            "`enum` has values that are neither strings nor integers; only their types are kept",
            "The client accepts any value of these types.",
            "Use an `enum` of strings or integers.",
        );
        log.record_object(WEAKENED, schema, Some("enum"), operation, message);
    }
    schema.shift_remove("enum");
    if has_null {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    if let [only] = kinds.as_slice() {
        part(only, schema);
        return;
    }
    let parts = kinds.iter().map(|kind| {
        let mut object = empty_with_origin(schema);
        part(kind, &mut object);
        Value::Object(object)
    });
    let parts = parts.collect();
    schema.insert("oneOf".to_owned(), Value::Array(parts));
}

/// Drops `not`, except for the excluded values of a string, which typify supports.
fn negation(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let Some(not) = schema.get("not").and_then(Value::as_object) else {
        return;
    };
    let is_checked = walk::string(schema, "type") == Some("string")
        && walk::elements(not.get("enum"))
            .next()
            .is_some_and(Value::is_string);
    if is_checked || keys(not).is_empty() {
        return;
    }
    let message = Change::new(
        "`not` is dropped",
        "The client does not enforce `not`.",
        "List the allowed values in `enum`, or exclude strings with `not: {enum: [...]}`.",
    );
    log.record_object(WEAKENED, schema, Some("not"), operation, message);
    schema.shift_remove("not");
}

fn bounds(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if schema.contains_key(exclusive) && !schema.contains_key(bound) {
            let message = format!("`{exclusive}` has no effect without `{bound}`; it is dropped");
            log.record_object(EXACT, schema, Some(exclusive), operation, message);
            schema.shift_remove(exclusive);
        }
    }
    if schema
        .get("multipleOf")
        .and_then(Value::as_f64)
        .is_some_and(|of| of <= 0.0)
    {
        schema.shift_remove("multipleOf");
    }
}

/// Removes properties that are forbidden, which no valid value has.
fn never(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let is_never = |schema: &Value| {
        let not = schema.get("not").and_then(Value::as_object);
        not.is_some_and(serde_json::Map::is_empty)
    };
    let names: Vec<String> = properties
        .iter()
        .filter(|(_, schema)| is_never(schema))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let message = Change::new(
            format!("the property `{name}` is forbidden; it is removed"),
            format!("The client does not reject a value with `{name}`."),
            format!(
                "Remove `{name}`, and add `additionalProperties: false` to forbid undeclared properties."
            ),
        );
        log.record_object(WEAKENED, schema, Some("properties"), operation, message);
        if let Some(properties) = walk::object_mut(schema.get_mut("properties")) {
            properties.shift_remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};
    use openapi_contract::Fidelity;

    #[test]
    fn integer_without_a_size_has_64_bits() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "type": "object", "required": ["at"], "properties": {
                "at": { "type": "integer", "format": "uint", "minimum": 0 } } }),
            ),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code.contains("pub at: u64"), "{}", outcome.code);
    }

    #[test]
    fn bound_is_not_taken_for_a_size() {
        for (bounds, ty) in [
            (json!({ "maximum": 255 }), "i64"),
            (json!({ "maximum": 256, "exclusiveMaximum": true }), "i64"),
            (json!({ "minimum": -128 }), "i64"),
            (json!({ "minimum": 0, "maximum": 255 }), "u8"),
            (json!({ "maximum": 100 }), "i64"),
        ] {
            let mut integer = json!({ "type": "integer" });
            let integer_value = integer.as_object_mut().unwrap();
            integer_value.extend(bounds.as_object().unwrap().clone());
            let schema =
                json!({ "type": "object", "required": ["at"], "properties": { "at": integer } });
            let outcome = lowered(&contract(responding_with(schema), json!({})));
            assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
            let field = format!("pub at: {ty},");
            assert!(outcome.code.contains(&field), "{bounds}: {}", outcome.code);
        }
    }

    #[test]
    fn keywords_of_other_types_are_dropped() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "name": { "format": "string" },
                "least": { "minimum": 3 },
                "amount": { "maxItems": 1, "properties": { "of": { "type": "integer" } } },
                "person": { "format": "object", "properties": { "of": { "type": "integer" } } },
                "list": { "maxLength": 3, "items": { "type": "integer" } },
                "either": { "items": { "type": "integer" }, "properties": { "of": {} } },
                "text": { "format": "markdown", "maxLength": 9 },
            } })),
            json!({}),
        ));
        let code = &outcome.code;
        for field in [
            "name:::std::option::Option<::serde_json::Value>",
            "least:::std::option::Option<::serde_json::Value>",
            "amount:::std::option::Option<GetResponseAmount>",
            "person:::std::option::Option<GetResponsePerson>",
            "list:::std::option::Option<::std::vec::Vec<i64>>",
            "either:::std::option::Option<::serde_json::Value>",
            "text:super::Nullable<GetResponseText>",
        ] {
            assert!(code.contains(field), "{field}: {code}");
        }
        assert!(outcome.has_rewrite(
            Fidelity::Weakened,
            "`maxItems` is dropped, because the other keywords apply to the type `object`"
        ));
    }

    #[test]
    fn keywords_next_to_alternatives_are_moved_into_them() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "fields": { "items": { "type": "integer" },
                    "oneOf": [{ "type": "object" }, { "type": "array", "items": {} }] },
                "named": { "maxLength": 3,
                    "anyOf": [{ "type": "integer" }, { "$ref": "#/components/schemas/Name" }] },
                "shape": { "required": ["a"], "properties": { "a": { "type": "string" } },
                    "oneOf": [{ "required": ["b"] }, { "type": "object", "required": ["c"] }] },
            } })),
            json!({ "Name": { "type": "string" } }),
        ));
        assert!(outcome.has_rewrite(Fidelity::Exact, "`items` is moved into"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`maxLength` next to alternatives"));
        assert!(!outcome.has_rewrite(Fidelity::Weakened, "`items`"));
        assert!(!outcome.has_rewrite(Fidelity::Weakened, "`required` next to"));
        let code = &outcome.code;
        assert!(code.contains("Array(::std::vec::Vec<i64>)"), "{code}");
    }

    #[test]
    fn string_with_two_formats_is_a_string() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "note": { "allOf": [{ "$ref": "#/components/schemas/Note" }],
                    "format": "markdown", "maxLength": 9 } } })),
            json!({ "Note": { "type": "string", "format": "html", "minLength": 1 } }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(!outcome.code.contains("Note{}"), "{}", outcome.code);
    }

    #[test]
    fn keywords_without_effect_are_dropped() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "type": "object", "format": "kvpairs", "properties": {
                "level": { "type": "string", "enum": [1, "two", 1], "minimum": 3 },
                "size": { "type": "number", "exclusiveMinimum": true },
                "list": { "type": "array", "items": { "type": "string" }, "minItems": 1.0 },
                "file": { "type": "file" },
            } }),
            ),
            json!({}),
        ));
        assert!(outcome.has_rewrite(Fidelity::Exact, "does not apply to the type `object`"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "read as strings"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`file` is not a type of OpenAPI"));
        let schema = &outcome.draft["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
            ["schema"];
        assert_eq!(
            schema["properties"]["level"],
            json!({ "type": "string", "enum": ["1", "two"] })
        );
        assert_eq!(schema["properties"]["list"]["minItems"], 1);
    }

    #[test]
    fn large_integers_get_a_type_that_holds_them() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "count": { "type": "integer", "minimum": 0, "maximum": 9_223_372_036_854_776_000_u64 },
                "late": { "type": "integer", "minimum": -1, "maximum": 9_223_372_036_854_776_000_u64 },
                "exact": { "type": "integer", "maximum": i64::MAX },
            } })),
            json!({}),
        ));
        assert!(
            outcome.has_rewrite(Fidelity::Weakened, "larger than any integer of 64 bits"),
            "{:#?}",
            outcome.rewrites
        );
        let code = outcome.code;
        for part in [
            "pub count: ::std::option::Option<u64>",
            "pub exact: ::std::option::Option<i64>",
        ] {
            assert!(code.contains(part), "{part}: {code}");
        }
        assert!(code.contains("Late{Int64(i64),Number(f64)"), "{code}");
    }
}
