//! Converts OpenAPI 3.1 to 3.0.
//!
//! Type arrays, `null`, `const` and numeric exclusive bounds have equivalents in 3.0. Keywords of newer
//! JSON Schema versions, such as `if` or `propertyNames`, are dropped: the types of a client do not
//! enforce them.

use serde_json::{Value, json};

use super::draft_markers::{empty_with_origin, keys};
use super::merged_object::is_equivalent;
use super::rewrite_log::RewriteLog;
use super::walk::{self, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::VERSION);
const WEAKENED: PassKind = PassKind::weakened(rules::VERSION);

/// Annotations, and keywords that only help to resolve references.
const ANNOTATIONS: [&str; 13] = [
    "examples",
    "$schema",
    "$id",
    "$anchor",
    "$comment",
    "$defs",
    "definitions",
    "$vocabulary",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "contentSchema",
    "contentMediaType",
    "contentEncoding",
];

/// Keywords that constrain values and have no equivalent.
const DROPPED: [&str; 13] = [
    "if",
    "then",
    "else",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
    "dependentSchemas",
    "additionalItems",
    "$dynamicRef",
];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let is_31 = value.get("openapi").and_then(Value::as_str);
    if !is_31.is_some_and(|version| version.starts_with("3.1")) {
        return;
    }
    walk::schemas(value, &mut |schema, operation| {
        lower_schema(schema, operation, log);
    });
    if let Some(root) = value.as_object_mut() {
        root.insert("openapi".to_owned(), Value::from("3.0.3"));
    }
}

fn lower_schema(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    content(schema, operation, log);
    // `nullable` is not a keyword in 3.1.
    schema.retain(|key, _| !ANNOTATIONS.contains(&key.as_str()) && key != "nullable");
    for key in DROPPED {
        if schema.contains_key(key) {
            let message = Change::new(
                format!("`{key}` has no equivalent in OpenAPI 3.0; it is dropped"),
                format!("The client does not enforce `{key}`."),
                format!(
                    "Validate `{key}` on the server, or express it with keywords of OpenAPI 3.0."
                ),
            );
            log.record_object(WEAKENED, schema, Some(key), operation, message);
            schema.shift_remove(key);
        }
    }
    reference(schema, operation, log);
    tuple(schema, operation, log);
    patterns(schema, operation, log);
    if let Some(value) = schema.shift_remove("const") {
        schema
            .entry("enum")
            .or_insert_with(|| Value::Array(vec![value]));
    }
    for (bound, exclusive, is_tighter) in [
        (
            "minimum",
            "exclusiveMinimum",
            f64::ge as fn(&f64, &f64) -> bool,
        ),
        ("maximum", "exclusiveMaximum", f64::le),
    ] {
        let Some(limit) = schema.shift_remove(exclusive) else {
            continue;
        };
        let inclusive = schema.get(bound).and_then(Value::as_f64);
        if inclusive.is_none_or(|inclusive| {
            limit
                .as_f64()
                .is_some_and(|limit| is_tighter(&limit, &inclusive))
        }) {
            schema.insert(bound.to_owned(), limit);
            schema.insert(exclusive.to_owned(), Value::Bool(true));
        }
    }
    null(schema);
    types(schema, operation, log);
}

/// Converts the content of a string to a format.
fn content(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    if schema.contains_key("format") {
        return;
    }
    let format = match (
        walk::string(schema, "contentEncoding"),
        walk::string(schema, "contentMediaType"),
    ) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some("application/octet-stream")) => "binary",
        _ => return,
    };
    let message = format!("the content keywords are converted to `format: {format}`");
    log.record_object(EXACT, schema, None, operation, message);
    schema.insert("format".to_owned(), Value::from(format));
}

/// Moves a reference that has keywords next to it into an `allOf`.
fn reference(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let Some(reference) = schema.get("$ref").cloned() else {
        return;
    };
    const UNCONSTRAINING: [&str; 9] = [
        "$ref",
        "title",
        "description",
        "example",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "discriminator",
    ];
    let is_alone = super::draft_markers::keys(schema)
        .iter()
        .all(|key| UNCONSTRAINING.contains(key) || key.starts_with("x-"));
    if is_alone {
        if schema.contains_key("default") {
            let message = Change::new(
                "`default` next to a `$ref` is dropped",
                "The client does not fill in the default.",
                "Move `default` into the referenced schema.",
            );
            log.record_object(WEAKENED, schema, Some("default"), operation, message);
        }
        for flag in ["deprecated", "readOnly", "writeOnly"] {
            if walk::is_true(schema, flag) {
                let message =
                    format!("`{flag}` next to a `$ref` does not affect the client; it is dropped");
                log.record_object(EXACT, schema, Some(flag), operation, message);
            }
        }
        schema.retain(|key, _| key == "$ref" || super::draft_markers::is_marker(key));
        return;
    }
    let mut inner = empty_with_origin(schema);
    inner.insert("$ref".to_owned(), reference);
    schema.shift_remove("$ref");
    let parts = schema
        .entry("allOf")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Some(parts) = parts.as_array_mut() {
        parts.insert(0, Value::Object(inner));
    }
}

/// Converts a tuple to an array of items that have any of its types.
fn tuple(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    if let Some(Value::Array(places)) = schema.shift_remove("prefixItems") {
        let count = places.len() as u64;
        let rest = schema.shift_remove("items");
        let is_closed = rest.as_ref().is_some_and(is_never);
        let most = schema.get("maxItems").and_then(Value::as_u64);
        let has_more = !is_closed && most.is_none_or(|most| most > count);
        if is_closed {
            let most = most.map_or(count, |most| most.min(count));
            schema.insert("maxItems".to_owned(), Value::from(most));
        }
        let mut kinds: Vec<Value> = Vec::new();
        for kind in places.into_iter().chain(rest.clone().filter(|_| has_more)) {
            if !kinds.iter().any(|known| is_equivalent(known, &kind)) {
                kinds.push(kind);
            }
        }
        let remedy = "Use an object with a property for each element.";
        let (kind, message) = if has_more && rest.is_none() {
            kinds.clear();
            let message = Change::new(
                "`prefixItems` is dropped, since more elements of any type may follow",
                "The client accepts any JSON value for each element of the array.",
                remedy,
            );
            (WEAKENED, message)
        } else if kinds.len() == 1 {
            (
                EXACT,
                Change::from("all `prefixItems` are the same; they become `items`"),
            )
        } else {
            let message = Change::new(
                "`prefixItems` become `items` that accept any of their types",
                "The client accepts the type of any element at each index of the array.",
                remedy,
            );
            (WEAKENED, message)
        };
        log.record_object(kind, schema, None, operation, message);
        let items = match kinds.len() {
            0 => None,
            1 => kinds.pop(),
            _ => {
                let mut items = empty_with_origin(schema);
                items.insert("anyOf".to_owned(), Value::Array(kinds));
                Some(Value::Object(items))
            }
        };
        schema.extend(items.map(|items| ("items".to_owned(), items)));
    }
    if schema.get("items").is_some_and(is_never) {
        schema.insert("items".to_owned(), Value::Object(empty_with_origin(schema)));
        schema.insert("maxItems".to_owned(), Value::from(0));
    }
}

/// Whether a schema rejects every value.
fn is_never(schema: &Value) -> bool {
    let denied = schema.get("not").and_then(Value::as_object);
    denied.is_some_and(|denied| keys(denied).is_empty())
}

/// Converts properties with name patterns to properties with any name.
fn patterns(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let Some(patterns) = schema.shift_remove("patternProperties") else {
        return;
    };
    let Value::Object(patterns) = patterns else {
        return;
    };
    let message = Change::new(
        "`patternProperties` become `additionalProperties`",
        "The client accepts properties with any name.",
        "Use `additionalProperties` with the schema of the properties.",
    );
    log.record_object(WEAKENED, schema, None, operation, message);
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let mut schemas = patterns.into_iter().map(|(_, schema)| schema);
    match (schemas.next(), schemas.next()) {
        (Some(only), None) if is_closed => {
            schema.insert("additionalProperties".to_owned(), only);
        }
        _ => {
            schema.shift_remove("additionalProperties");
        }
    }
}

/// Converts `null` among the alternatives to `nullable`.
fn null(schema: &mut Object) {
    for key in ["oneOf", "anyOf"] {
        let Some(parts) = schema.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        let before = parts.len();
        parts.retain(|part| !is_null(part));
        if parts.len() == before {
            continue;
        }
        let only = (parts.len() == 1).then(|| parts.remove(0));
        if let Some(only) = only {
            schema.shift_remove(key);
            let parts = schema
                .entry("allOf")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(parts) = parts.as_array_mut() {
                parts.push(only);
            }
        } else if schema
            .get(key)
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
        {
            schema.shift_remove(key);
        }
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| {
        ty == "null" || ty.as_array().is_some_and(|types| types == &[json!("null")])
    }) || schema.get("const") == Some(&Value::Null)
        || schema
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| values == &[Value::Null])
}

fn types(schema: &mut Object, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let mut types: Vec<String> = match schema.get("type") {
        Some(Value::String(ty)) => vec![ty.clone()],
        Some(Value::Array(types)) => {
            let types = types.iter().filter_map(Value::as_str);
            types.map(str::to_owned).collect()
        }
        _ => {
            nulls_of_enum(schema, true);
            return;
        }
    };
    let count = types.len();
    types.retain(|ty| ty != "null");
    let is_nullable = types.len() < count;
    if types.iter().any(|ty| ty == "number") {
        types.retain(|ty| ty != "integer");
    }
    types.dedup();
    if is_nullable && !types.is_empty() {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    nulls_of_enum(schema, is_nullable);
    match types.as_slice() {
        [] if ["anyOf", "oneOf"]
            .iter()
            .any(|key| schema.contains_key(*key)) =>
        {
            let message = Change::new(
                "no alternative allows `null`, which the type requires; the schema becomes nullable alternatives",
                "No value is valid by the contract, and the client accepts null and the alternatives.",
                "Add `type: 'null'` as an alternative, instead of next to the alternatives.",
            );
            log.record_object(WEAKENED, schema, Some("type"), operation, message);
            schema.shift_remove("type");
            schema.insert("nullable".to_owned(), Value::Bool(true));
        }
        [] => {
            schema.shift_remove("type");
            schema.insert("enum".to_owned(), json!([null]));
        }
        [only] => {
            schema.insert("type".to_owned(), Value::from(only.as_str()));
        }
        _ => alternatives(schema, &types, operation, log),
    }
}

/// Converts `null` among the enum values of a schema that allows it to `nullable`.
fn nulls_of_enum(schema: &mut Object, may_be_null: bool) {
    let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else {
        return;
    };
    if !values.contains(&Value::Null) || values.len() == 1 {
        return;
    }
    values.retain(|value| !value.is_null());
    if may_be_null {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// Converts several types to alternatives, each with the keywords for its type.
fn alternatives(
    schema: &mut Object,
    types: &[String],
    operation: Option<&str>,
    log: &mut RewriteLog<'_>,
) {
    if ["allOf", "anyOf", "oneOf", "not", "$ref"]
        .iter()
        .any(|key| schema.contains_key(*key))
    {
        // The alternatives have types of their own.
        if !["anyOf", "oneOf"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            let message = Change::new(
                format!(
                    "`type` lists several types next to other schemas; it is dropped ({})",
                    types.join(", ")
                ),
                "The client does not check the type.",
                "Declare one type here, or the types in the schemas of the `allOf`.",
            );
            log.record_object(WEAKENED, schema, Some("type"), operation, message);
        }
        schema.shift_remove("type");
        return;
    }
    let mut parts = Vec::new();
    for ty in types {
        let mut part = empty_with_origin(schema);
        part.insert("type".to_owned(), Value::from(ty.as_str()));
        for (key, value) in schema.iter() {
            if constrained_type(key) == Some(kind(ty)) {
                part.insert(key.clone(), value.clone());
            }
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let own: Vec<Value> = values
                .iter()
                .filter(|value| is_of(value, ty))
                .cloned()
                .collect();
            if own.is_empty() {
                continue;
            }
            part.insert("enum".to_owned(), Value::Array(own));
        }
        parts.push(Value::Object(part));
    }
    schema.retain(|key, _| constrained_type(key).is_none() && key != "type" && key != "enum");
    log.record_object(
        EXACT,
        schema,
        Some("type"),
        operation,
        "several types become `oneOf` alternatives",
    );
    schema.insert("oneOf".to_owned(), Value::Array(parts));
}

fn kind(ty: &str) -> &str {
    if ty == "integer" { "number" } else { ty }
}

/// The type whose values a keyword constrains.
pub(super) fn constrained_type(key: &str) -> Option<&'static str> {
    Some(match key {
        "minLength" | "maxLength" | "pattern" | "format" => "string",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => "number",
        "items" | "minItems" | "maxItems" | "uniqueItems" => "array",
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => {
            "object"
        }
        _ => return None,
    })
}

pub(super) fn is_of(value: &Value, ty: &str) -> bool {
    match ty {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};
    use openapi_contract::Fidelity;

    #[test]
    fn null_next_to_alternatives_is_another_alternative() {
        let value = json!({ "type": "null", "oneOf": [{ "type": "string" }, {
            "type": "array", "items": { "$ref": "#/components/schemas/Value" } }] });
        let mut document = contract(
            responding_with(json!({ "$ref": "#/components/schemas/Value" })),
            json!({ "Value": value }),
        );
        document["openapi"] = json!("3.1.0");
        let outcome = lowered(&document);
        assert!(outcome.has_rewrite(Fidelity::Weakened, "becomes nullable alternatives"));
        assert!(
            outcome.code.contains("Array(::std::vec::Vec<"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn keywords_with_equivalents_are_converted() {
        let mut document = contract(
            responding_with(json!({ "$ref": "#/components/schemas/All" })),
            json!({
                "All": { "type": "object", "required": ["id"], "properties": {
                    "id": { "type": ["string", "null"] },
                    "kind": { "const": "all" },
                    "count": { "type": "integer", "exclusiveMinimum": 0, "maximum": 9 },
                    "other": { "anyOf": [{ "$ref": "#/components/schemas/Other" }, { "type": "null" }] },
                    "either": { "type": ["string", "integer"], "maxLength": 3 },
                    "none": { "type": "null" },
                    "data": { "type": "string", "contentEncoding": "base64" },
                    "beside": { "$ref": "#/components/schemas/Other", "description": "A part." },
                } },
                "Other": { "type": "object", "examples": [{}], "properties": { "a": { "type": "boolean" } } },
            }),
        );
        document["openapi"] = json!("3.1.0");
        document["info"]["license"] = json!({ "name": "MIT License", "identifier": "MIT" });
        document["webhooks"] = json!({});
        let outcome = lowered(&document);
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.has_rewrite(Fidelity::Exact, "requests of the server"));
        let all = &outcome.draft["components"]["schemas"]["All"]["properties"];
        assert_eq!(all["id"], json!({ "type": "string", "nullable": true }));
        assert_eq!(all["kind"], json!({ "enum": ["all"] }));
        let count =
            json!({ "type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 9 });
        assert_eq!(all["count"], count);
        assert_eq!(all["none"], json!({ "enum": [null] }));
        assert_eq!(
            all["beside"],
            json!({ "$ref": "#/components/schemas/Other" })
        );
        assert_eq!(all["data"], json!({ "type": "string", "format": "byte" }));
        assert_eq!(outcome.draft["openapi"], "3.0.3");
        assert_eq!(outcome.draft["info"]["license"]["name"], "MIT");
        let plain = outcome.code;
        assert!(
            plain.contains("pub other: super::Nullable<Other>"),
            "{plain}"
        );
        assert!(
            plain.contains("pub either: ::std::option::Option<AllEither>"),
            "{plain}"
        );
    }

    #[test]
    fn keywords_without_equivalents_are_dropped_and_recorded() {
        let mut document = contract(
            responding_with(
                json!({ "type": "object", "if": { "required": ["a"] }, "properties": {
                "open": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }] },
                "pair": { "type": "array", "maxItems": 2, "prefixItems": [{ "type": "string" }, { "type": "integer" }] },
                "swap": { "type": "array", "items": false, "prefixItems": [{ "type": "string" }, { "type": "string" }] },
                "tags": { "type": "object", "patternProperties": { "^x": { "type": "string" } },
                          "additionalProperties": false },
            } }),
            ),
            json!({}),
        );
        document["openapi"] = json!("3.1.0");
        let outcome = lowered(&document);
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`if` has no equivalent"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`prefixItems` is dropped"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "accept any of their types"));
        assert!(outcome.has_rewrite(Fidelity::Exact, "all `prefixItems` are the same"));
        assert!(
            outcome
                .code
                .contains("pub open: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>")
        );
        assert!(
            outcome
                .code
                .contains("pub pair: ::std::option::Option<::std::vec::Vec<GetResponsePairItem>>")
        );
        assert!(
            outcome.code.contains(
                "pub swap: ::std::option::Option<::std::vec::Vec<::std::string::String>>"
            )
        );
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`patternProperties` become"));
        assert!(
            outcome
                .code
                .contains("BTreeMap<::std::string::String,::std::string::String")
        );
    }
}
