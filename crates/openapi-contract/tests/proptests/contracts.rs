//! Generated contracts in which every keyword has an effect, so that every removal is a difference.

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Reads a generated document, or an edit of one.
pub(crate) fn read(document: &Value) -> Contract {
    let document = Document::parse("contract.json", document.to_string()).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

/// A contract of a few operations with parameters, bodies, statuses and headers.
pub(crate) fn document() -> impl Strategy<Value = Value> {
    let keys = vec![
        ("/things", "get"),
        ("/things", "post"),
        ("/things/{id}", "get"),
        ("/things/{id}", "put"),
        ("/other", "patch"),
    ];
    let operations = prop::sample::subsequence(keys, 1..4).prop_flat_map(|keys| {
        let operations: Vec<_> = keys
            .into_iter()
            .map(|(path, method)| operation(path, method))
            .collect();
        operations
    });
    (operations, object(2), any::<bool>()).prop_map(|(operations, thing, is_secured)| {
        let response =
            json!({"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}});
        let mut paths = Map::from_iter([(
            "/thing".to_owned(),
            json!({"get": {
                "operationId": "the_thing",
                "responses": {"200": {"description": "The thing.", "content": response}},
            }}),
        )]);
        for (path, method, operation) in operations {
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[method] = operation;
        }
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": "generated", "version": "1.0.0"},
            "paths": paths,
            "components": {
                "schemas": {"Thing": thing},
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            },
        });
        if is_secured {
            document["security"] = json!([{"key": []}]);
        }
        document
    })
}

fn operation(
    path: &'static str,
    method: &'static str,
) -> impl Strategy<Value = (String, &'static str, Value)> {
    let parameters = prop::sample::subsequence(parameters(), 0..5).prop_shuffle();
    let statuses = prop::sample::subsequence(vec!["200", "404", "5XX", "default"], 1..4);
    let responses = statuses.prop_flat_map(|statuses| {
        let responses: Vec<_> = statuses
            .into_iter()
            .map(|status| {
                response().prop_map(move |mut response| {
                    // Without `default`, a status could mean the same as `default`.
                    response["headers"][format!("X-{status}")] =
                        json!({"schema": {"type": "integer"}});
                    (status, response)
                })
            })
            .collect();
        responses
    });
    (
        parameters,
        prop::option::of(body()),
        responses,
        any::<(bool, bool)>(),
    )
        .prop_map(
            move |(mut parameters, body, responses, (is_required, is_deprecated))| {
                if path.contains("{id}") {
                    parameters.push(json!({
                        "name": "id", "in": "path", "required": true,
                        "schema": {"type": "string", "minLength": 2, "maxLength": 9},
                    }));
                }
                let mut operation = json!({
                    "operationId": format!("{method}_{}", path.len()),
                    "parameters": parameters,
                });
                if let Some(content) = body.filter(|_| method != "get") {
                    operation["requestBody"] = json!({"content": content});
                    if is_required {
                        operation["requestBody"]["required"] = json!(true);
                    }
                }
                if is_deprecated {
                    operation["deprecated"] = json!(true);
                }
                operation["responses"] = responses
                    .into_iter()
                    .map(|(status, response)| (status.to_owned(), response))
                    .collect::<Map<_, _>>()
                    .into();
                (path.to_owned(), method, operation)
            },
        )
}

fn parameters() -> Vec<Value> {
    vec![
        json!({"name": "limit", "in": "query", "schema": {
            "type": "integer", "minimum": 1, "maximum": 100, "multipleOf": 5, "default": 20,
        }}),
        json!({"name": "sort", "in": "query", "required": true, "schema": {
            "type": "string", "enum": ["up", "down", "none"],
        }}),
        json!({"name": "tags", "in": "query", "explode": false, "schema": {
            "type": "array", "minItems": 1, "maxItems": 4,
            "items": {"type": "string", "pattern": "^[a-z]+$"},
        }}),
        json!({"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}}),
        json!({"name": "session", "in": "cookie", "schema": {"type": "boolean"}}),
    ]
}

fn response() -> impl Strategy<Value = Value> {
    let headers = prop::sample::subsequence(
        vec![
            (
                "X-Total",
                json!({"required": true, "schema": {"type": "integer", "minimum": 0}}),
            ),
            (
                "X-Next",
                json!({"schema": {"type": "string", "minLength": 1}}),
            ),
        ],
        0..3,
    );
    (headers, prop::option::of(body())).prop_map(|(headers, content)| {
        let mut response = json!({"description": "An response."});
        if !headers.is_empty() {
            let headers = headers.into_iter();
            response["headers"] = headers
                .map(|(name, header)| (name.to_owned(), header))
                .collect::<Map<_, _>>()
                .into();
        }
        if let Some(content) = content {
            response["content"] = content;
        }
        response
    })
}

fn body() -> impl Strategy<Value = Value> {
    let schema = prop_oneof![
        Just(json!({"$ref": "#/components/schemas/Thing"})),
        object(2),
    ];
    (schema, any::<bool>()).prop_map(|(schema, has_text)| {
        let mut content = json!({"application/json": {"schema": schema}});
        if has_text {
            content["text/plain"] = json!({"schema": {"type": "string", "maxLength": 40}});
        }
        content
    })
}

/// An object schema in which every keyword rejects something.
fn object(depth: u32) -> BoxedStrategy<Value> {
    let properties = prop::sample::subsequence(properties(), 1..6).prop_shuffle();
    let nested = if depth > 0 {
        prop::option::of(object(depth - 1)).boxed()
    } else {
        Just(None).boxed()
    };
    let additional = prop::sample::select(vec![
        None,
        Some(json!(false)),
        Some(json!({"type": "integer", "maximum": 5})),
    ]);
    let required = prop::sample::subsequence(vec!["count", "name", "kind", "part"], 0..4);
    (
        properties,
        nested,
        additional,
        required.prop_shuffle(),
        any::<bool>(),
    )
        .prop_map(|(properties, nested, additional, mut required, nullable)| {
            let mut schema = json!({"type": "object"});
            let properties = properties.into_iter();
            let mut members: Map<String, Value> = properties
                .map(|(name, schema)| (name.to_owned(), schema))
                .collect();
            members.extend(nested.map(|nested| ("part".to_owned(), nested)));
            required.retain(|name| members.contains_key(*name));
            schema["properties"] = members.into();
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            if let Some(additional) = additional {
                schema["additionalProperties"] = additional;
            }
            if nullable {
                schema["nullable"] = json!(true);
            }
            schema
        })
        .boxed()
}

fn properties() -> Vec<(&'static str, Value)> {
    vec![
        (
            "count",
            json!({"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2}),
        ),
        (
            "ratio",
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1}),
        ),
        (
            "name",
            json!({"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[a-z]*$"}),
        ),
        (
            "at",
            json!({"type": "string", "format": "date-time", "nullable": true}),
        ),
        (
            "kind",
            json!({"type": "string", "enum": ["one", "two", "three"], "default": "one"}),
        ),
        ("secret", json!({"type": "string", "writeOnly": true})),
        ("number", json!({"type": "integer", "readOnly": true})),
        (
            "list",
            json!({
                "type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true,
                "items": {"type": "integer", "maximum": 50},
            }),
        ),
        (
            "map",
            json!({
                "type": "object", "minProperties": 1, "maxProperties": 4,
                "additionalProperties": {"type": "string", "minLength": 1},
            }),
        ),
        (
            "shape",
            json!({"oneOf": [
                {"type": "object", "required": ["round"], "properties": {"round": {"type": "boolean"}}, "additionalProperties": false},
                {"type": "object", "required": ["edges"], "properties": {"edges": {"type": "integer"}}, "additionalProperties": false},
                {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}, "additionalProperties": false},
            ]}),
        ),
        (
            "either",
            json!({"anyOf": [{"type": "string", "maxLength": 5}, {"type": "integer"}]}),
        ),
        (
            "mode",
            json!({"allOf": [{"type": "string"}, {"maxLength": 7}]}),
        ),
    ]
}
