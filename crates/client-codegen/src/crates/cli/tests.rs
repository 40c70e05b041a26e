//! The flags of commands, and operations without a command.

use std::collections::HashMap;

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use quote::ToTokens;
use serde_json::{Value, json};

use super::{CliInput, commands, login, names};
use crate::client_ir::{self, Operation};
use crate::client_plan::{ClientPlan, Reading, ResponseBody, ResponsePlan, Statuses};
use crate::extensions::ExtensionInput;
use crate::{contract_info, progenitor};

/// The plan and the operations of a contract.
fn read(contract: &Value) -> (ClientPlan, Vec<Operation>) {
    let document = Document::parse("contract.json", contract.to_string()).unwrap();
    let contract = Contract::read(document).unwrap();
    let info = contract_info::read(&contract).unwrap();
    let plan = ClientPlan::read(&contract).unwrap();
    let tokens = progenitor::generate(&plan, &info, None).unwrap();
    let operations = client_ir::read(&plan, &syn::parse2(tokens).unwrap()).unwrap();
    (plan, operations)
}

/// Code without spaces.
fn text(code: impl ToTokens) -> String {
    let text = code.into_token_stream().to_string();
    text.split_whitespace().collect()
}

/// Makes an operation inconsistent.
type Change = fn(&mut Operation);

/// Generates the command of the only operation of a contract, after a change that makes it inconsistent. Returns
/// the code of the command and of the call without spaces, or the error.
fn command(contract: &Value, change: Change) -> Result<(String, String), String> {
    let (plan, mut operations) = read(contract);
    change(&mut operations[0]);
    let input = CliInput {
        client: &ExtensionInput {
            plan: &plan,
            operations: &operations,
            own_state: false,
        },
        module: syn::parse_quote!(client),
        item_streams: &HashMap::new(),
    };
    let made = commands::command(&input, &operations[0]);
    let made = made.map_err(|error| error.to_string())?;
    Ok((text(made.command), text(made.call)))
}

fn contract(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Toys", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// A body or response with JSON.
fn body(schema: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "description": "", "content": content })
}

/// A contract with one operation, and the component `Toy`.
fn operation(mut more: Value) -> Value {
    more["operationId"] = json!("send_toy");
    let toy = json!({
        "type": "object",
        "required": ["zebra", "kind", "parts"],
        "properties": {
            "zebra": { "type": "string", "description": "Its stripes." },
            "apple": { "type": "integer" },
            "kind": { "type": "string", "enum": ["very-large", "small"] },
            "parts": { "type": "array", "items": { "type": "object" } },
            "name": { "type": ["string", "null"] },
            "tags": { "type": "array", "items": { "type": "string" } },
        },
    });
    let responses = more.as_object_mut().unwrap().entry("responses");
    responses.or_insert_with(|| json!({ "204": { "description": "" } }));
    contract(json!({ "/toy": { "post": more } }), json!({ "Toy": toy }))
}

fn toy() -> Value {
    json!({ "$ref": "#/components/schemas/Toy" })
}

/// The names of the flags, in the order of the command.
fn flags(command: &str) -> Vec<&str> {
    let arguments = command.split("Arg::new(\"").skip(1);
    arguments
        .filter_map(|argument| argument.split('"').next())
        .collect()
}

/// The code of the argument with this name.
fn argument<'c>(command: &'c str, name: &str) -> &'c str {
    let start = format!("::new(\"{name}\")");
    let (_, behind) = command.split_once(&start).unwrap();
    behind.split("::clap::Arg::new").next().unwrap()
}

#[test]
fn flags_have_the_order_of_the_contract() {
    let contract = operation(json!({
        "parameters": [
            { "name": "Zone-Id", "in": "header", "schema": { "type": "string" } },
            { "name": "kind", "in": "query", "schema": { "type": "string" } },
            { "name": "help", "in": "query", "schema": { "type": "string" } },
        ],
        "requestBody": body(toy()),
    }));
    let (command, _) = command(&contract, |_| {}).unwrap();
    let expected = [
        "zone-id",
        "kind",
        "help-2",
        "zebra",
        "apple",
        "body-kind",
        "name",
        "tags",
        "json-body",
    ];
    assert_eq!(flags(&command), expected);
}

#[test]
fn defaults_are_shown_and_not_sent() {
    for (schema, shown) in [
        (
            json!({ "type": "integer", "default": 20 }),
            ".help(\"Howmany.[default:20]\")",
        ),
        (
            json!({ "type": "string", "default": "a" }),
            ".help(\"Howmany.[default:a]\")",
        ),
        (json!({ "type": "integer" }), ".help(\"Howmany.\")"),
    ] {
        let contract = operation(json!({
            "parameters": [
                { "name": "limit", "in": "query", "description": "How many.", "schema": schema },
            ],
        }));
        let (command, call) = command(&contract, |_| {}).unwrap();
        assert!(command.contains(shown), "{command}");
        assert!(!command.contains("default_value"), "{command}");
        assert!(call.contains("matches.get_one::<"), "{call}");
    }
}

#[test]
fn properties_are_required_unless_there_is_a_file() {
    let of = |required: bool| {
        let mut sent = body(toy());
        sent["required"] = json!(required);
        command(&operation(json!({ "requestBody": sent })), |_| {}).unwrap()
    };
    let (required, call) = of(true);
    let unless = ".required_unless_present(\"json-body\")";
    assert!(
        argument(&required, "zebra").ends_with(&format!("{unless}.help(\"Itsstripes.\")).arg("))
    );
    assert!(
        argument(&required, "kind")
            .contains("PossibleValuesParser::new([\"very-large\",\"small\"])")
    );
    assert!(argument(&required, "apple").contains(".required(false)"));
    assert!(argument(&required, "name").contains("value::<String>"));
    assert!(argument(&required, "tags").contains("value::<Vec<String>>"));
    // `parts` has no flag.
    assert!(argument(&required, "json-body").contains(".required(true)"));
    let file = call.find("request=request.body(body)").unwrap();
    assert!(
        file < call.find("body.zebra(value.clone())").unwrap(),
        "{call}"
    );

    let (optional, _) = of(false);
    assert!(!optional.contains(unless) && !optional.contains(".required(true)"));
}

#[test]
fn pages_of_dropshot_are_listed_without_a_flag() {
    let optional =
        |name: &str, ty: &str| json!({ "name": name, "in": "query", "schema": { "type": ty } });
    let page = json!({
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": { "type": "array", "items": toy() },
            "next_page": { "type": ["string", "null"] },
        },
    });
    let contract = operation(json!({
        "x-dropshot-pagination": { "required": [] },
        "parameters": [
            optional("limit", "integer"),
            optional("page_token", "string"),
            optional("owner", "string"),
        ],
        "responses": { "200": body(page) },
    }));
    let (command, call) = command(&contract, |_| {}).unwrap();
    assert_eq!(flags(&command), ["limit", "owner"]);
    assert!(
        call.contains("take(request.stream(),limit.unwrap_or(usize::MAX))"),
        "{call}"
    );
    assert!(!call.contains("send()"), "{call}");
}

/// The command of an operation with these contents of its body, and the body required.
fn of_contents(content: Value) -> (String, String) {
    let body = json!({ "required": true, "content": content });
    command(&operation(json!({ "requestBody": body })), |_| {}).unwrap()
}

#[test]
fn one_of_several_contents_must_be_given() {
    let form = json!({ "type": "object", "properties": { "shade": { "type": "string" } } });
    let (command, call) = of_contents(json!({
        "application/json": { "schema": toy() },
        "application/x-www-form-urlencoded": { "schema": form },
        "text/plain": { "schema": { "type": "string" } },
        "image/png": {},
    }));
    let own = ["zebra", "apple", "kind", "name", "tags", "json-body"];
    let others = ["body-form", "body-text", "body-image-png"];
    assert_eq!(flags(&command), [&own[..], &others[..]].concat());
    let listed = |flags: &[&str]| format!("{flags:?}").replace(' ', "");
    for (flag, required) in [
        (
            "zebra",
            &["json-body", "body-form", "body-text", "body-image-png"][..],
        ),
        ("json-body", &others[..]),
    ] {
        let expected = format!(".required_unless_present_any({})", listed(required));
        assert!(argument(&command, flag).contains(&expected), "{command}");
        assert!(!argument(&command, flag).contains("conflicts"), "{command}");
    }
    for (at, flag) in others.iter().enumerate() {
        let before = [&own[..], &others[..at]].concat();
        let expected = format!(".required(false).conflicts_with_all({})", listed(&before));
        assert!(argument(&command, flag).contains(&expected), "{command}");
    }
    for setter in [
        "request.body(body)",
        "request.body_map(|body|body.zebra(",
        "request.body_form(body)",
        "request.body_text(std::fs::read_to_string(path)",
        "request.body_image_png(self.config.upload(path)?)",
    ] {
        assert!(call.contains(setter), "{setter}: {call}");
    }
}

#[test]
fn flags_say_which_content_is_sent_if_none_is_required() {
    let properties = json!({ "type": "object", "properties": { "shade": { "type": "string" } } });
    let (command, _) = of_contents(json!({
        "application/json": { "schema": properties },
        "text/plain": { "schema": { "type": "string" } },
    }));
    let expected = ".required_unless_present_any([\"shade\",\"body-text\"])";
    assert!(
        argument(&command, "json-body").contains(expected),
        "{command}"
    );
    // Alone, no property is needed.
    let (command, _) = of_contents(json!({ "application/json": { "schema": properties } }));
    assert!(
        argument(&command, "json-body").contains(".required(false)"),
        "{command}"
    );
}

#[test]
fn file_of_any_media_type_needs_its_media_type() {
    let (command, call) = of_contents(json!({ "*/*": {} }));
    assert_eq!(flags(&command), ["body-file", "content-type"]);
    assert!(argument(&command, "body-file").contains(".requires(\"content-type\")"));
    assert!(argument(&command, "content-type").contains(".requires(\"body-file\")"));
    assert!(
        call.contains("request.body(bodies::Content::new(content_type,content))"),
        "{call}"
    );
}

#[test]
fn parts_of_forms_have_flags() {
    let form = json!({
        "type": "object",
        "required": ["photo"],
        "properties": {
            "photo": { "type": "string", "contentMediaType": "image/png" },
            "shades": { "type": "array", "items": { "type": "string" } },
            "size": { "type": "integer" },
            "toy": toy(),
        },
    });
    let form = json!({ "multipart/form-data": { "schema": form } });
    let (command, call) = of_contents(form.clone());
    assert_eq!(flags(&command), ["photo", "shades", "size", "toy"]);
    assert!(argument(&command, "photo").contains(".required(true)"));
    assert!(argument(&command, "shades").contains("ArgAction::Append).required(false)"));
    assert!(argument(&command, "toy").contains("value::<types::Toy>"));
    assert!(
        call.contains("{letmutform=bodies::SendToyForm::new();"),
        "{call}"
    );
    assert!(!call.contains("contains_id"), "{call}");

    // Next to JSON, the form is sent if a part of it is given.
    let mut contents = form;
    contents["application/json"] = json!({ "schema": { "type": "string" } });
    let (command, call) = of_contents(contents);
    let photo = argument(&command, "photo");
    assert!(
        photo.contains(".required(false).conflicts_with_all([\"json-body\"])"),
        "{photo}"
    );
    assert!(
        call.contains("matches.contains_id(id)){letmutform="),
        "{call}"
    );
    assert!(
        call.contains("request=request.body_multipart(form);"),
        "{call}"
    );
}

#[test]
fn tags_with_many_operations_are_groups_with_descriptions() {
    let responses = json!({ "204": { "description": "" } });
    let operation = |number: usize| {
        let tag = if number == 0 { "rare" } else { "common" };
        let id = format!("op{number}");
        let operation = json!({ "operationId": id, "tags": [tag], "responses": responses });
        (format!("/{id}"), json!({ "get": operation }))
    };
    let paths = (0..21).map(operation).collect::<serde_json::Map<_, _>>();
    let mut contract = contract(paths.into(), json!({}));
    contract["tags"] = json!([{ "name": "rare", "description": "Rare ones. And more." }]);
    let (plan, operations) = read(&contract);
    let items: String = names::items(&operations, &plan.tags)
        .into_iter()
        .map(text)
        .collect();
    let expected =
        "Group{name:\"rare\",about:\"Rareones\"},Group{name:\"common\",about:\"20commands\"}";
    assert!(items.contains(expected), "{items}");
}

#[test]
fn requirements_are_found_by_the_id_in_the_contract() {
    let mut contract = operation(json!({ "security": [{ "key": [] }] }));
    contract["components"]["securitySchemes"] =
        json!({ "key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    contract["servers"] = json!([{ "url": "https://toys.example/v1/" }]);
    let (plan, operations) = read(&contract);
    let input = ExtensionInput {
        plan: &plan,
        operations: &operations,
        own_state: false,
    };
    let module = login::module(&input, "toy-cli", &["api-key".to_owned()].into());
    let module: String = module.into_iter().map(text).collect();
    for expected in [
        "requirement.operation_id==id",
        "flag:\"key\",env:\"TOY_KEY\"",
        "credentials.key(secret.clone())",
        "BASE_URL:Option<&str>=Some(\"https://toys.example/v1\")",
    ] {
        assert!(module.contains(expected), "{expected}: {module}");
    }
}

#[test]
fn operations_without_a_command_are_errors() {
    let json = body(toy());
    let cases: [(Value, Change, &str); 3] = [
        (
            json!({ "requestBody": json }),
            |operation| operation.contents[0].typed = None,
            "has a body without a type",
        ),
        (
            json!({}),
            |operation| operation.plan.responses.clear(),
            "has successful responses of several kinds, or none",
        ),
        (
            json!({}),
            |operation| {
                operation.plan.responses.push(ResponsePlan {
                    statuses: Statuses::Range(200, 200),
                    reading: Reading::Success(ResponseBody::Stream),
                });
            },
            "has successful responses of several kinds, or none",
        ),
    ];
    for (more, change, expected) in cases {
        let contract = operation(more);
        assert!(command(&contract, |_| {}).is_ok(), "{expected}");
        let error = command(&contract, change).unwrap_err();
        let expected = format!("the operation `send_toy` {expected}");
        assert!(error.contains(&expected), "{error}");
    }
}
