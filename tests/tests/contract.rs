//! The contract's own quality: it holds against the lint, it says what was agreed, and the lint
//! finds what is wrong in it.

use std::collections::BTreeSet;

use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, InvalidContract, Operation, OperationKey, canonical_json};
use openapi_contract::{Finding, Level};
use serde_json::{Value, json};
use workspace_tests::documents::{self, CONTRACT};
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};

fn media() -> Contract {
    documents::contract("openapi/media.yaml", CONTRACT)
}

fn list_media(contract: &Contract) -> (&OperationKey, &Operation) {
    let mut operations = contract.operations.iter();
    let only = operations.next().expect("there is one operation");
    assert!(operations.next().is_none(), "there are more operations");
    only
}

/// The contract in canonical form: references lead to `$defs`.
fn canonical() -> Value {
    canonical_json(&media())
}

#[test]
fn every_example_and_default_is_allowed_by_its_schema() {
    let facts: Vec<_> = lint(&media(), &[])
        .into_iter()
        .map(|found| found.fact)
        .collect();
    assert!(facts.is_empty(), "{facts:#?}");
}

#[test]
fn the_operation_is_get_media_below_v1() {
    let contract = media();
    let (key, operation) = list_media(&contract);
    assert_eq!(key.to_string(), "GET /v1/media");
    assert_eq!(operation.id.as_deref(), Some("list_media"));
    assert_eq!(
        canonical()["operations"]["GET /v1/media"]["requestBody"],
        Value::Null
    );
}

#[test]
fn an_api_key_is_asked_for() {
    let security = &canonical()["operations"]["GET /v1/media"]["security"];
    assert_eq!(security, &json!([{"http bearer": []}]));
}

#[test]
fn the_parameters_are_type_limit_and_offset() {
    let canonical = canonical();
    let parameters = &canonical["operations"]["GET /v1/media"]["parameters"];
    let parameters: Vec<_> = parameters
        .as_array()
        .expect("a list")
        .iter()
        .map(|parameter| {
            (
                &parameter["in"],
                &parameter["name"],
                &parameter["required"],
                &parameter["schema"],
            )
        })
        .collect();
    let limit = json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20});
    let media_type = json!({"$ref": "#/$defs/MediaType"});
    let [query, optional] = [json!("query"), json!(false)];
    let names = [json!("limit"), json!("offset"), json!("type")];
    assert_eq!(parameters[0], (&query, &names[0], &optional, &limit));
    assert_eq!(parameters[1].1, &names[1]);
    assert_eq!(parameters[1].3["type"], "integer");
    assert_eq!(
        (&parameters[1].3["minimum"], &parameters[1].3["default"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(parameters[2], (&query, &names[2], &optional, &media_type));
    assert_eq!(parameters.len(), 3);
}

#[test]
fn the_types_and_states_are_those_that_were_agreed() {
    let schemas = &canonical()["$defs"];
    assert_eq!(
        schemas["MediaType"]["enum"],
        json!(["document", "image", "video"])
    );
    assert_eq!(
        schemas["MediaStatus"]["enum"],
        json!(["failed", "processing", "ready"])
    );
}

#[test]
fn an_item_has_ten_fields_of_which_three_can_be_null() {
    let item = &canonical()["$defs"]["MediaItem"];
    let types: Vec<(&str, Value)> = item["properties"]
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, schema)| {
            let given = schema.get("type").or_else(|| schema.get("$ref"));
            (name.as_str(), given.cloned().unwrap_or_default())
        })
        .collect();
    let text = json!("string");
    assert_eq!(
        types,
        [
            ("content_type", text.clone()),
            ("created_at", text.clone()),
            ("duration", json!(["number", "null"])),
            ("filename", text.clone()),
            ("height", json!(["integer", "null"])),
            ("media_id", text.clone()),
            ("size", json!("integer")),
            ("status", json!("#/$defs/MediaStatus")),
            ("type", json!("#/$defs/MediaType")),
            ("width", json!(["integer", "null"])),
        ]
    );
    let names: Vec<&str> = types.iter().map(|(name, _)| *name).collect();
    assert_eq!(item["required"], json!(names));
    assert_eq!(item["properties"]["media_id"]["format"], json!("uuid"));
    assert_eq!(
        item["properties"]["created_at"]["format"],
        json!("date-time")
    );
}

#[test]
fn an_answer_has_data_error_and_meta() {
    let schemas = &canonical()["$defs"];
    for (name, null) in [("MediaListResponse", "error"), ("ErrorResponse", "data")] {
        assert_eq!(
            schemas[name]["required"],
            json!(["data", "error", "meta"]),
            "{name}"
        );
        assert_eq!(schemas[name]["properties"][null]["type"], "null", "{name}");
    }
    let list = &schemas["MediaList"];
    assert_eq!(
        list["required"],
        json!(["items", "media_ids", "pagination"])
    );
    assert_eq!(
        list["properties"]["media_ids"]["items"]["format"],
        json!("uuid")
    );
    assert_eq!(
        schemas["Pagination"]["required"],
        json!(["limit", "offset"])
    );
    assert_eq!(
        schemas["Meta"]["required"],
        json!(["request_id", "timestamp"])
    );
}

#[test]
fn no_member_of_an_item_is_a_url() {
    let canonical = canonical();
    let properties = canonical["$defs"]["MediaItem"]["properties"].as_object();
    let names = properties.expect("an object").keys();
    let urls: Vec<_> = names.filter(|name| name.contains("url")).collect();
    assert!(urls.is_empty(), "{urls:?}");
}

#[test]
fn the_page_that_was_agreed_is_an_example() {
    let contract = media();
    let document = &contract.document;
    let example =
        "/paths/~1media/get/responses/200/content/application~1json/examples/one_image/value";
    let example = document.at_pointer(example).expect("it is there");
    assert_eq!(
        document.to_json(example),
        json!({
            "data": {
                "items": [{
                    "media_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                    "status": "ready",
                    "type": "image",
                    "filename": "product-photo.jpg",
                    "content_type": "image/jpeg",
                    "size": 2_048_576,
                    "width": 1920,
                    "height": 1080,
                    "duration": null,
                    "created_at": "2026-04-10T12:00:00.000Z"
                }],
                "media_ids": ["a1b2c3d4-e5f6-7890-abcd-ef1234567890"],
                "pagination": {"limit": 20, "offset": 0}
            },
            "error": null,
            "meta": {"request_id": "a1b2c3d4", "timestamp": "2026-04-10T12:00:00.000Z"}
        })
    );
}

#[test]
fn the_statuses_carry_their_headers() {
    let contract = media();
    let (_, operation) = list_media(&contract);
    let headers = |required: bool| {
        operation.responses.iter().map(move |(status, response)| {
            let headers = response.headers.values();
            let headers = headers.filter(move |header| header.required == required);
            let names: BTreeSet<&str> = headers.map(|header| header.name.as_str()).collect();
            (status.to_string(), names.into_iter().collect::<Vec<_>>())
        })
    };
    let [id, limit, remaining, reset] = [
        "X-Request-Id",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
    ];
    let expected = [
        ("200", vec![limit, remaining, reset, id]),
        ("400", vec![limit, remaining, reset, id]),
        ("401", vec!["WWW-Authenticate", id]),
        ("429", vec!["Retry-After", limit, remaining, reset, id]),
        ("500", vec![id]),
    ];
    let expected = expected.map(|(status, names)| (status.to_owned(), names));
    assert_eq!(headers(true).collect::<Vec<_>>(), expected);
    let optional: Vec<_> = headers(false)
        .filter(|(_, names)| !names.is_empty())
        .collect();
    assert_eq!(
        optional,
        [("500".to_owned(), vec![limit, remaining, reset])]
    );
}

/// All that is wrong with the contract after an edit.
fn findings_after(edit: Edit) -> Vec<Finding> {
    let document = Document::parse("media.yaml", edit.in_yaml(CONTRACT)).expect("it parses");
    match Contract::read(document) {
        Ok(contract) => lint(&contract, &[]),
        Err(InvalidContract { findings, .. }) => findings,
    }
}

/// Fails unless the lint finds this, and nothing else, in the line with this text.
fn barks(edit: Edit, rule: &str, line: &str) {
    let text = edit.in_yaml(CONTRACT);
    let found: Vec<_> = findings_after(edit)
        .iter()
        .map(|finding| {
            let place = finding.old.as_ref().expect("lints have a place");
            let line = text.lines().nth(place.position.line as usize - 1);
            (
                finding.rule.id,
                finding.level > Level::Editorial,
                line.unwrap_or_default().trim().to_owned(),
            )
        })
        .filter(|(id, ..)| *id == rule)
        .collect();
    // What is added to show one thing may lack others, which other rules then say.
    assert_eq!(found, [(rule, true, line.to_owned())]);
}

#[test]
fn a_wrong_example_is_found() {
    barks(
        Set(
            "/components/schemas/MediaItem/properties/size/example",
            "-1",
        ),
        "example-invalid",
        "example: -1",
    );
}

#[test]
fn a_wrong_member_of_an_example_is_found_at_its_line() {
    barks(
        Set(
            "/paths/~1media/get/responses/200/content/application~1json/examples/every_type/value/data/items/1/status",
            "done",
        ),
        "example-invalid",
        "status: done",
    );
}

#[test]
fn a_wrong_example_of_a_header_is_found() {
    barks(
        Set("/components/headers/WWW-Authenticate/example", "Basic"),
        "example-invalid",
        "example: Basic",
    );
}

#[test]
fn a_wrong_default_is_found() {
    barks(
        Set("/components/parameters/limit/schema/default", "101"),
        "default-invalid",
        "default: 101",
    );
}

#[test]
fn a_reference_to_nothing_is_found() {
    barks(
        Set(
            "/components/schemas/MediaList/properties/items/items/$ref",
            "'#/components/schemas/File'",
        ),
        "unresolved-reference",
        "$ref: '#/components/schemas/File'",
    );
}

#[test]
fn a_security_scheme_that_is_not_there_is_found() {
    barks(
        Rename("/components/securitySchemes/api_key", "key"),
        "unresolved-reference",
        "- api_key: []",
    );
}

#[test]
fn a_missing_operation_id_is_found() {
    barks(
        Remove("/paths/~1media/get/operationId"),
        "operation-id-missing",
        "get:",
    );
}

#[test]
fn an_operation_id_for_two_operations_is_found() {
    barks(
        Set(
            "/paths/~1status",
            "{get: {operationId: list_media, responses: {'200': {description: Up.}}}}",
        ),
        "operation-id-clash",
        "operationId: list_media",
    );
}

#[test]
fn a_part_without_the_form_of_openapi_is_found() {
    barks(
        Set("/components/schemas/MediaStatus/enum", "ready"),
        "invalid-contract",
        "enum: ready",
    );
}

#[test]
fn a_version_that_is_not_read_is_found() {
    barks(
        Set("/openapi", "4.0.0"),
        "unsupported-version",
        "openapi: 4.0.0",
    );
}
