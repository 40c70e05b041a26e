//! Rewrites that mean the same: inlined, extracted, renamed, reordered, written in another version.
//! No comparison has anything above `editorial` to say about their messages, in either direction. Between
//! versions, a component's name counts for generated Rust code; that is another verdict.

use std::fmt::Write;

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use serde_json::{Map, Value, json};
use workspace_tests::documents::{self, contract};
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};

use crate::edits::PARCELS;

/// Fails when a comparison of the two, either way round, finds more than different words.
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
                    .expect("a string takes everything");
            }
        }
    }
    report
}

/// The same for the contract of the Media API with some edits of its text.
fn same_edited(name: &str, edits: &[Edit]) {
    let edited = edits
        .iter()
        .fold(documents::CONTRACT.to_owned(), |text, edit| {
            edit.in_yaml(&text)
        });
    same(name, documents::CONTRACT, &edited);
}

fn media_as_json() -> Value {
    let contract = contract("media.yaml", documents::CONTRACT);
    contract.document.to_json(contract.document.root())
}

/// A document whose one operation reads and answers values of a schema.
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

/// Pairs of schemas, each in its version of OpenAPI, that allow the same values.
const SCHEMAS: &[(&str, [&str; 2], [&str; 2])] = &[
    (
        "nullable and a list of types",
        [V30, "{type: string, nullable: true}"],
        [V31, "{type: [string, 'null']}"],
    ),
    (
        "a list of types and one of with null",
        [V31, "{type: [string, 'null'], minLength: 1}"],
        [
            V31,
            "{oneOf: [{$ref: '#/components/schemas/Text'}, {type: 'null'}]}",
        ],
    ),
    (
        "one of and any of with null",
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
        "nullable beside all of, and any of with null",
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
        "an enum with null",
        [V30, "{type: string, nullable: true, enum: [a, b, null]}"],
        [
            V31,
            "{oneOf: [{type: 'null'}, {type: string, enum: [b, a]}]}",
        ],
    ),
    (
        "null as an enum and as a type",
        [V30, "{enum: [null]}"],
        [V31, "{type: 'null'}"],
    ),
    (
        "all of one",
        [V31, "{allOf: [{$ref: '#/components/schemas/Text'}]}"],
        [V31, "{type: string, minLength: 1}"],
    ),
    (
        "all of several, merged",
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
        "one of one, any of one",
        [V31, "{oneOf: [{$ref: '#/components/schemas/Text'}]}"],
        [V31, "{anyOf: [{$ref: '#/components/schemas/Text'}]}"],
    ),
    (
        "alternatives in another order",
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
        "words, examples and extensions",
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
fn schemas_that_allow_the_same_do_not_differ() {
    let mut report = String::new();
    for (name, [left_version, left], [right_version, right]) in SCHEMAS {
        let differences = differences(&around(left_version, left), &around(right_version, right));
        if !differences.is_empty() {
            writeln!(report, "{name}:\n{differences}").expect("a string takes everything");
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn references_can_be_written_out() {
    let document = media_as_json();
    let mut inlined = document.clone();
    inline(&mut inlined["paths"], &document);
    inlined["components"] = json!({"securitySchemes": document["components"]["securitySchemes"]});
    same("inlined", documents::CONTRACT, &inlined.to_string());
}

/// Replaces each reference by what it refers to.
fn inline(value: &mut Value, document: &Value) {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        *value = document.pointer(pointer).expect("it is there").clone();
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
fn a_schema_can_become_a_component() {
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
fn components_can_have_other_names() {
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
    same("renamed", documents::CONTRACT, &renamed);
}

#[test]
fn the_order_of_anything_does_not_matter() {
    let mut reversed = media_as_json();
    reverse(&mut reversed, "");
    same("reversed", documents::CONTRACT, &reversed.to_string());
    let mut parcels = contract("parcels.yaml", PARCELS);
    let document = &mut parcels.document;
    let mut reversed = document.to_json(document.root());
    reverse(&mut reversed, "");
    same("reversed", PARCELS, &reversed.to_string());
}

/// Reverses members everywhere, and the lists whose order means nothing.
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
fn a_contract_can_be_written_as_json() {
    same(
        "JSON",
        documents::CONTRACT,
        &format!("{:#}", media_as_json()),
    );
}

#[test]
fn a_contract_can_use_anchors() {
    let anchored = documents::CONTRACT
        .replacen(
            "pagination:\n          $ref: '#/components/schemas/Pagination'",
            "pagination: *page",
            1,
        )
        .replacen("\n    Pagination:\n", "\n    Pagination: &page\n", 1);
    // An alias stands behind its anchor.
    let (before, pagination) = anchored
        .split_once("\n    Pagination: &page\n")
        .expect("it is there");
    let (pagination, after) = pagination
        .split_once("\n\n")
        .expect("an empty line follows");
    let (head, lists) = before
        .split_once("\n    MediaList:\n")
        .expect("it is there");
    let anchored =
        format!("{head}\n    Pagination: &page\n{pagination}\n\n    MediaList:\n{lists}\n{after}");
    assert!(anchored.contains("*page"));
    same("anchors", documents::CONTRACT, &anchored);
}

#[test]
fn parameters_can_stand_at_the_path() {
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
fn an_operation_can_override_a_parameter_of_its_path() {
    same_edited(
        "overridden",
        &[Set(
            "/paths/~1media/parameters",
            "[{name: limit, in: query, schema: {type: string}}]",
        )],
    );
}

#[test]
fn style_and_explode_can_be_written_out() {
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
fn names_of_headers_are_in_any_case() {
    same_edited(
        "header case",
        &[Rename(
            "/paths/~1media/get/responses/429/headers/Retry-After",
            "retry-after",
        )],
    );
}

#[test]
fn headers_that_are_not_the_contracts_own_count_for_nothing() {
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
fn a_response_can_be_a_component() {
    let mut document = media_as_json();
    let response = document["paths"]["/media"]["get"]["responses"]["401"].take();
    document["paths"]["/media"]["get"]["responses"]["401"] =
        json!({"$ref": "#/components/responses/Unauthorized"});
    document["components"]["responses"] = json!({"Unauthorized": response});
    same(
        "a response component",
        documents::CONTRACT,
        &document.to_string(),
    );
}

#[test]
fn security_can_stand_at_the_operation() {
    same_edited(
        "security",
        &[
            Set("/paths/~1media/get/security", "[{api_key: []}]"),
            Remove("/security"),
        ],
    );
}

#[test]
fn a_security_scheme_can_have_another_name() {
    same_edited(
        "a renamed scheme",
        &[
            Rename("/components/securitySchemes/api_key", "bearer"),
            Set("/security", "[{bearer: []}]"),
        ],
    );
}

/// Between versions, another host is worth a word. Between a contract and its server it is not: the
/// server does not know what it is called.
#[test]
fn a_server_can_be_named_with_its_host() {
    let edited =
        Set("/servers/0/url", "https://media.example.com/v1/").in_yaml(documents::CONTRACT);
    let (left, right) = (
        contract("old", documents::CONTRACT),
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
fn the_base_can_stand_in_the_path() {
    same_edited(
        "a longer path",
        &[
            Set("/servers/0/url", "/"),
            Rename("/paths/~1media", "/v1/media"),
        ],
    );
}

#[test]
fn a_media_type_is_written_in_any_case() {
    same_edited(
        "a media type",
        &[Rename(
            "/paths/~1media/get/responses/200/content/application~1json",
            "Application/JSON",
        )],
    );
}

#[test]
fn a_parameter_of_the_path_can_have_another_name() {
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
