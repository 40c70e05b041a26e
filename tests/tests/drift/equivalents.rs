//! Equivalent documents: inlined, extracted, renamed, reordered, or in another version of OpenAPI. No
//! comparison finds more than editorial differences on the wire, in either direction. Between two
//! versions renamed components change generated Rust code, which is a separate verdict.

use std::fmt::Write;

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use serde_json::{Map, Value, json};
use workspace_tests::documents::{self, contract};
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};

use crate::edits::PARCELS;

/// Asserts that comparisons in both directions find only editorial differences.
fn same(name: &str, left: &str, right: &str) {
    let differences = differences(left, right);
    assert!(differences.is_empty(), "{name}:\n{differences}");
}

fn differences(left: &str, right: &str) -> String {
    let mut report = String::new();
    for relation in [Relation::Drift, Relation::Evolution] {
        for (old, new) in [(left, right), (right, left)] {
            let findings = compare(&contract("old", old), &contract("new", new), relation);
            for finding in findings
                .iter()
                .filter(|found| found.wire > Level::Editorial)
            {
                let (level, rule, fact) = (finding.wire, finding.rule.id, &finding.fact);
                writeln!(report, "{relation:?}: {level}[{rule}] {fact}")
                    .expect("writing to a string cannot fail");
            }
        }
    }
    report
}

/// Asserts it for the contract of the Media API and an edited version.
fn same_edited(name: &str, edits: &[Edit]) {
    let edited = edits
        .iter()
        .fold(documents::media_contract(), |text, edit| {
            edit.in_yaml(&text)
        });
    same(name, &documents::media_contract(), &edited);
}

fn media_as_json() -> Value {
    let contract = contract("media.yaml", documents::media_contract());
    contract.document.to_json(contract.document.root())
}

/// A document whose only operation receives and returns values of a schema.
fn around(version: &str, schema: &str) -> String {
    format!(
        "\
openapi: {version}
info: {{title: Test, version: 1.0.0}}
paths:
  /values:
    post:
      operationId: post_value
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Value'}}}}}}
      responses:
        '200':
          description: The same.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Value'}}}}}}
components:
  schemas:
    Text: {{type: string, minLength: 1}}
    Item: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}
    Value: {schema}
"
    )
}

const V30: &str = "3.0.3";
const V31: &str = "3.1.0";

/// Pairs of schemas that allow the same values, each with its version of OpenAPI.
const SCHEMAS: &[(&str, [&str; 2], [&str; 2])] = &[
    (
        "nullable and an array of types",
        [V30, "{type: string, nullable: true}"],
        [V31, "{type: [string, 'null']}"],
    ),
    (
        "array of types and oneOf with null",
        [V31, "{type: [string, 'null'], minLength: 1}"],
        [
            V31,
            "{oneOf: [{$ref: '#/components/schemas/Text'}, {type: 'null'}]}",
        ],
    ),
    (
        "oneOf and anyOf with null",
        [
            V31,
            "{oneOf: [{$ref: '#/components/schemas/Item'}, {type: 'null'}]}",
        ],
        [
            V31,
            "{anyOf: [{type: 'null'}, {$ref: '#/components/schemas/Item'}]}",
        ],
    ),
    (
        "nullable with allOf, and anyOf with null",
        [
            V30,
            "{type: object, nullable: true, allOf: [{required: [name], properties: {name: {type: string}}}]}",
        ],
        [
            V31,
            "{anyOf: [{$ref: '#/components/schemas/Item'}, {type: 'null'}]}",
        ],
    ),
    (
        "enum with null",
        [V30, "{type: string, nullable: true, enum: [a, b, null]}"],
        [
            V31,
            "{oneOf: [{type: 'null'}, {type: string, enum: [b, a]}]}",
        ],
    ),
    (
        "null as enum and as type",
        [V30, "{enum: [null]}"],
        [V31, "{type: 'null'}"],
    ),
    (
        "allOf with one member",
        [V31, "{allOf: [{$ref: '#/components/schemas/Text'}]}"],
        [V31, "{type: string, minLength: 1}"],
    ),
    (
        "allOf with several members, merged",
        [
            V31,
            "{allOf: [{$ref: '#/components/schemas/Item'}, {required: [size], properties: {size: {type: integer}}}]}",
        ],
        [
            V31,
            "{type: object, required: [size, name], properties: {name: {type: string}, size: {type: integer}}}",
        ],
    ),
    (
        "oneOf and anyOf with one member",
        [V31, "{oneOf: [{$ref: '#/components/schemas/Text'}]}"],
        [V31, "{anyOf: [{$ref: '#/components/schemas/Text'}]}"],
    ),
    (
        "reordered oneOf",
        [V31, "{oneOf: [{type: string}, {type: integer}]}"],
        [V31, "{oneOf: [{type: integer}, {type: string}]}"],
    ),
    (
        "alternatives of one type each and a list of types",
        [V31, "{anyOf: [{type: string}, {type: integer}]}"],
        [V31, "{type: [integer, string]}"],
    ),
    (
        "a constant and an enum of one",
        [V31, "{const: parcel}"],
        [V31, "{type: string, enum: [parcel]}"],
    ),
    (
        "exclusive bounds of both versions",
        [
            V30,
            "{type: number, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}",
        ],
        [V31, "{type: number, exclusiveMinimum: 0, maximum: 9}"],
    ),
    (
        "bounds of integers, with and without the bound itself",
        [V31, "{type: integer, minimum: 1, maximum: 9}"],
        [
            V31,
            "{type: integer, exclusiveMinimum: 0, exclusiveMaximum: 10}",
        ],
    ),
    (
        "a bound that is no integer",
        [V31, "{type: integer, minimum: 0.5}"],
        [V31, "{type: integer, minimum: 1}"],
    ),
    (
        "numbers in another notation",
        [V31, "{type: number, maximum: 1e3, minimum: 1.0}"],
        [V31, "{type: number, maximum: 1000, minimum: 1}"],
    ),
    (
        "limits that say nothing",
        [
            V31,
            "{type: array, items: {}, minItems: 0, uniqueItems: false}",
        ],
        [V31, "{type: array}"],
    ),
    (
        "keywords for other types",
        [V31, "{type: string, minimum: 1, items: {type: string}}"],
        [V31, "{type: string}"],
    ),
    (
        "additional properties written out",
        [V31, "{type: object, additionalProperties: {}}"],
        [V31, "{type: object, additionalProperties: true}"],
    ),
    (
        "descriptions, examples and extensions",
        [
            V31,
            "{type: string, title: A, description: B, examples: [c], x-note: d}",
        ],
        [V31, "{type: string, example: e, deprecated: false}"],
    ),
    (
        "readOnly and nullable as they are by default",
        [
            V30,
            "{type: string, nullable: false, readOnly: false, writeOnly: false}",
        ],
        [V30, "{type: string}"],
    ),
];

#[test]
fn equivalent_schemas() {
    let mut report = String::new();
    for (name, [left_version, left], [right_version, right]) in SCHEMAS {
        let differences = differences(&around(left_version, left), &around(right_version, right));
        if !differences.is_empty() {
            writeln!(report, "{name}:\n{differences}").expect("writing to a string cannot fail");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn inlined_references() {
    let document = media_as_json();
    let mut inlined = document.clone();
    inline(&mut inlined["paths"], &document);
    inlined["components"] = json!({"securitySchemes": document["components"]["securitySchemes"]});
    same(
        "inlined",
        &documents::media_contract(),
        &inlined.to_string(),
    );
}

/// Replaces each reference by its target.
fn inline(value: &mut Value, document: &Value) {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        *value = document
            .pointer(pointer)
            .expect("an existing location")
            .clone();
    }
    match value {
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| inline(member, document)),
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| inline(element, document)),
        _ => {}
    }
}

#[test]
fn extracted_schema() {
    same_edited(
        "extracted",
        &[
            Set(
                "/components/schemas/Size",
                "{type: integer, format: int64, minimum: 0}",
            ),
            Set(
                "/components/schemas/MediaItem/properties/size",
                "{$ref: '#/components/schemas/Size'}",
            ),
        ],
    );
}

#[test]
fn renamed_components() {
    let names = [
        "MediaListResponse",
        "ErrorResponse",
        "MediaList",
        "MediaItem",
        "MediaStatus",
        "MediaType",
        "Pagination",
        "Meta",
        "ApiError",
    ];
    let mut renamed = media_as_json().to_string();
    for name in names {
        for (from, to) in [("\"NAME\":", "\"TheNAME\":"), ("/NAME\"", "/TheNAME\"")] {
            renamed = renamed.replace(&from.replace("NAME", name), &to.replace("NAME", name));
        }
    }
    assert!(renamed.contains("#/components/schemas/TheMediaList\""));
    same("renamed", &documents::media_contract(), &renamed);
}

#[test]
fn reversed_order() {
    let mut reversed = media_as_json();
    reverse(&mut reversed, "");
    same(
        "reversed",
        &documents::media_contract(),
        &reversed.to_string(),
    );
    let mut parcels = contract("parcels.yaml", PARCELS);
    let document = &mut parcels.document;
    let mut reversed = document.to_json(document.root());
    reverse(&mut reversed, "");
    same("reversed", PARCELS, &reversed.to_string());
}

/// Reverses properties of objects, and arrays whose order has no meaning.
fn reverse(value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => {
            let mut reversed: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            reversed.reverse();
            for (name, member) in &mut reversed {
                reverse(member, name);
            }
            *members = reversed.into_iter().collect::<Map<_, _>>();
        }
        Value::Array(elements) => {
            if [
                "required",
                "enum",
                "parameters",
                "oneOf",
                "security",
                "tags",
            ]
            .contains(&name)
            {
                elements.reverse();
            }
            elements.iter_mut().for_each(|element| reverse(element, ""));
        }
        _ => {}
    }
}

#[test]
fn contract_in_json() {
    same(
        "JSON",
        &documents::media_contract(),
        &format!("{:#}", media_as_json()),
    );
}

#[test]
fn yaml_anchors() {
    let anchored = documents::media_contract()
        .replacen(
            "pagination:\n          $ref: '#/components/schemas/Pagination'",
            "pagination: *page",
            1,
        )
        .replacen("\n    Pagination:\n", "\n    Pagination: &page\n", 1);
    // An alias follows its anchor.
    let (before, pagination) = anchored
        .split_once("\n    Pagination: &page\n")
        .expect("an existing location");
    let (pagination, after) = pagination
        .split_once("\n\n")
        .expect("an empty line follows");
    let (head, lists) = before
        .split_once("\n    MediaList:\n")
        .expect("an existing location");
    let anchored =
        format!("{head}\n    Pagination: &page\n{pagination}\n\n    MediaList:\n{lists}\n{after}");
    assert!(anchored.contains("*page"));
    same("anchors", &documents::media_contract(), &anchored);
}

#[test]
fn parameters_of_the_path_item() {
    same_edited(
        "path-level parameters",
        &[
            Set(
                "/paths/~1media/parameters",
                "[{$ref: '#/components/parameters/limit'}, {$ref: '#/components/parameters/type'}]",
            ),
            Set(
                "/paths/~1media/get/parameters",
                "[{$ref: '#/components/parameters/offset'}]",
            ),
        ],
    );
}

#[test]
fn overridden_parameter_of_the_path_item() {
    same_edited(
        "overridden",
        &[Set(
            "/paths/~1media/parameters",
            "[{name: limit, in: query, schema: {type: string}}]",
        )],
    );
}

#[test]
fn explicit_style_and_explode() {
    same_edited(
        "style",
        &[
            Set("/components/parameters/type/style", "form"),
            Set("/components/parameters/type/explode", "true"),
            Set("/components/parameters/type/required", "false"),
        ],
    );
}

#[test]
fn case_of_header_names() {
    same_edited(
        "header case",
        &[Rename(
            "/paths/~1media/get/responses/429/headers/Retry-After",
            "retry-after",
        )],
    );
}

#[test]
fn ignored_headers() {
    // OpenAPI: a response header `Content-Type` is ignored.
    same_edited(
        "Content-Type",
        &[Set(
            "/paths/~1media/get/responses/200/headers/Content-Type",
            "{schema: {type: string}}",
        )],
    );
}

#[test]
fn response_component() {
    let mut document = media_as_json();
    let response = document["paths"]["/media"]["get"]["responses"]["401"].take();
    document["paths"]["/media"]["get"]["responses"]["401"] =
        json!({"$ref": "#/components/responses/Unauthorized"});
    document["components"]["responses"] = json!({"Unauthorized": response});
    same(
        "a response component",
        &documents::media_contract(),
        &document.to_string(),
    );
}

#[test]
fn security_of_the_operation() {
    same_edited(
        "security",
        &[
            Set("/paths/~1media/get/security", "[{api_key: []}]"),
            Remove("/security"),
        ],
    );
}

#[test]
fn renamed_security_scheme() {
    same_edited(
        "a renamed scheme",
        &[
            Rename("/components/securitySchemes/api_key", "bearer"),
            Set("/security", "[{bearer: []}]"),
        ],
    );
}

/// Another host is a difference between versions, but not between a contract and its server, which
/// does not know its own name.
#[test]
fn server_with_host() {
    let edited = Set("/servers/0/url", "https://media.example.com/v1/")
        .in_yaml(&documents::media_contract());
    let (left, right) = (
        contract("old", documents::media_contract()),
        contract("new", &edited),
    );
    for (old, new) in [(&left, &right), (&right, &left)] {
        let findings = compare(old, new, Relation::Drift);
        assert!(
            findings.iter().all(|found| found.wire <= Level::Editorial),
            "{findings:#?}"
        );
    }
}

#[test]
fn base_path_in_the_paths() {
    same_edited(
        "a longer path",
        &[
            Set("/servers/0/url", "/"),
            Rename("/paths/~1media", "/v1/media"),
        ],
    );
}

#[test]
fn case_of_media_types() {
    same_edited(
        "a media type",
        &[Rename(
            "/paths/~1media/get/responses/200/content/application~1json",
            "Application/JSON",
        )],
    );
}

#[test]
fn renamed_path_parameter() {
    let renamed = PARCELS.replace("parcel_id", "id");
    same("a path parameter", PARCELS, &renamed);
    let findings = compare(
        &contract("old", PARCELS),
        &contract("new", renamed),
        Relation::Drift,
    );
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["parameter-renamed", "parameter-renamed"]);
}
