//! Snapshots of what users see: documents, APIs, reports and help.
//!
//! After an intended change, run `cargo insta review` or set `INSTA_UPDATE=always`.

use std::collections::BTreeSet;
use std::fs;

use clap::CommandFactory;
use media_client::generated::schemas;
use openapi_contract::model::canonical_json;
use serde_json::Value;
use workspace_tests::captured::{Run, xtask};
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};
use workspace_tests::{documents, surface};
use xtask::Args;

#[test]
fn server_document() {
    let server = documents::contract("server", documents::server());
    insta::assert_snapshot!(format!("{:#}", canonical_json(&server)));
}

#[test]
fn client_api() {
    let root = documents::workspace().join("crates/media-client/src/lib.rs");
    // The builders of types and requests follow from the types and parameters.
    let facts = surface::of_crate(&root, &["builder"]);
    insta::assert_snapshot!(facts.join("\n"));
}

#[test]
fn client_schemas() {
    let mut facts = BTreeSet::new();
    for body in schemas::request_body_schemas() {
        let usage = format!("{} sends {}", body.operation_id, body.media_type);
        schema_facts(&mut facts, &usage, body.schema.to_value());
    }
    for parameter in schemas::parameter_schemas() {
        let (id, location) = (parameter.operation_id, parameter.location);
        let required = if parameter.required { "required " } else { "" };
        let usage = format!("{id} sends {required}{location} {}", parameter.name);
        schema_facts(&mut facts, &usage, parameter.schema.to_value());
    }
    for response in schemas::response_schemas() {
        let usage = format!("{} reads {}", response.operation_id, response.status);
        schema_facts(&mut facts, &usage, response.schema.to_value());
    }
    let facts: Vec<String> = facts.into_iter().collect();
    insta::assert_snapshot!(facts.join("\n"));
}

/// A schema as lines: its use, and the properties of all types.
fn schema_facts(facts: &mut BTreeSet<String>, usage: &str, mut schema: Value) {
    let definitions = schema["$defs"].take();
    let name = schema["title"].as_str().unwrap_or_default().to_owned();
    if schema.get("properties").is_some() {
        facts.insert(format!("{usage}: {name}"));
        type_facts(facts, &name, schema);
    } else {
        facts.insert(format!("{usage}: {}", bare(schema)));
    }
    for (name, definition) in definitions.as_object().into_iter().flatten() {
        type_facts(facts, name, definition.clone());
    }
}

fn type_facts(facts: &mut BTreeSet<String>, name: &str, mut schema: Value) {
    let properties = schema["properties"].take();
    let required = schema["required"].take();
    let required: Vec<&str> = required
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (property, schema) in properties.as_object().into_iter().flatten() {
        let mark = if required.contains(&property.as_str()) {
            ""
        } else {
            "?"
        };
        facts.insert(format!("{name}.{property}{mark}: {}", bare(schema.clone())));
    }
    facts.insert(format!("{name}: {}", bare(schema)));
}

/// A schema without annotations and null properties.
fn bare(mut schema: Value) -> Value {
    if let Value::Object(properties) = &mut schema {
        let annotations = ["$schema", "title", "description"];
        properties.retain(|name, value| !annotations.contains(&name.as_str()) && !value.is_null());
    }
    schema
}

/// Runs `check` on documents in a temporary directory. Without a server's document, the contract is
/// compared with the server of the workspace.
fn check(contract: &str, server: Option<&str>, arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).expect("a fresh directory");
        path.to_str().expect("a plain path").to_owned()
    };
    let root = documents::workspace();
    let contract = path("media.yaml", contract);
    let mut all = vec!["check", "--root", root.to_str().expect("a plain path")];
    all.extend(["--contract", &contract]);
    let server = server.map(|server| path("server.json", server));
    if let Some(server) = &server {
        all.extend(["--server", server]);
    }
    all.extend(arguments);
    let prefix = format!("{}/", directory.path().display());
    xtask(all).without(&prefix).shown()
}

fn edited(edits: &[Edit]) -> String {
    edits
        .iter()
        .fold(documents::CONTRACT.to_owned(), |text, edit| {
            edit.in_yaml(&text)
        })
}

/// Differences of many kinds, in requests and responses, in server and client.
const MANY: &[Edit] = &[
    Set("/components/parameters/limit/schema/maximum", "500"),
    Remove("/paths/~1media/get/responses/500"),
    Set("/components/headers/Retry-After/required", "false"),
    Set(
        "/components/schemas/MediaStatus/enum",
        "[ready, processing, failed, deleted]",
    ),
    Set(
        "/components/schemas/MediaItem/properties/duration/type",
        "integer",
    ),
    Rename("/components/schemas/MediaItem/properties/filename", "name"),
    Set("/paths/~1media/get/operationId", "list_files"),
];

#[test]
fn matching_contract() {
    insta::assert_snapshot!(check(documents::CONTRACT, None, &[]));
}

#[test]
fn many_differences() {
    insta::assert_snapshot!(check(&edited(MANY), None, &[]));
}

#[test]
fn many_differences_as_json() {
    let few = [
        Set("/components/parameters/limit/schema/maximum", "500"),
        Set(
            "/components/schemas/MediaStatus/enum",
            "[ready, processing, failed, deleted]",
        ),
    ];
    insta::assert_snapshot!(check(&edited(&few), None, &["--format", "json"]));
}

#[test]
fn many_differences_as_github_annotations() {
    insta::assert_snapshot!(check(&edited(MANY), None, &["--format", "github"]));
}

#[test]
fn editorial_differences() {
    let edits = [Set(
        "/components/schemas/MediaItem/properties/size/description",
        "In bytes.",
    )];
    let server = edited(&edits);
    insta::assert_snapshot!(check(documents::CONTRACT, Some(&server), &["--editorial"]));
}

#[test]
fn server_drift() {
    let mut server = serde_json::from_str(&documents::server()).expect("it is JSON");
    for edit in [
        Set("/paths/~1media/get/parameters/1/schema/maximum", "50"),
        Set(
            "/paths/~1media/get/responses/503",
            r#"{"description": "Down."}"#,
        ),
        Remove("/paths/~1media/get/responses/200/headers/X-Request-Id"),
        Set(
            "/components/schemas/MediaItem/properties/filename/type",
            r#"["string", "null"]"#,
        ),
        Remove("/components/schemas/ApiError/properties/code/pattern"),
        Remove("/security"),
    ] {
        edit.in_json(&mut server);
    }
    let server = format!("{server:#}");
    insta::assert_snapshot!(check(documents::CONTRACT, Some(&server), &[]));
}

#[test]
fn invalid_yaml() {
    let invalid = documents::CONTRACT.replacen("    get:\n", "    get:\n  \t  bad: [\n", 1);
    insta::assert_snapshot!(check(&invalid, None, &[]));
}

#[test]
fn duplicate_key() {
    let duplicate = documents::CONTRACT.replacen(
        "  version: 1.0.0\n",
        "  version: 1.0.0\n  version: 1.1.0\n",
        1,
    );
    insta::assert_snapshot!(check(&duplicate, None, &[]));
}

#[test]
fn dangling_references() {
    let edits = [
        Rename("/components/schemas/MediaStatus", "Status"),
        Set("/security", "[{token: []}]"),
    ];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn invalid_openapi() {
    let edits = [
        Set("/components/parameters/limit/in", "body"),
        Set(
            "/components/schemas/MediaItem/properties/size/minimum",
            "none",
        ),
        Set("/components/schemas/MediaStatus/enum", "ready"),
    ];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn missing_operation_id_and_invalid_examples() {
    let edits = [
        Remove("/paths/~1media/get/operationId"),
        Set("/components/parameters/limit/schema/default", "0"),
        Set(
            "/components/schemas/MediaItem/properties/created_at/example",
            "yesterday",
        ),
        Set(
            "/paths/~1media/get/responses/200/content/application~1json/examples/one_image/value/data/items/0/size",
            "large",
        ),
    ];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn unsupported_version() {
    let edits = [Remove("/openapi"), Set("/swagger", "'2.0'")];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn missing_document() {
    let Run {
        status,
        stdout,
        stderr,
    } = xtask(["check", "--contract", "no/such.yaml"]);
    insta::assert_snapshot!(format!("{stdout}{stderr}{status:?}"));
}

/// A command line with its output.
fn session(arguments: &[&str]) -> String {
    let Run {
        status,
        stdout,
        stderr,
    } = xtask(arguments);
    let line = ["$ cargo xtask"].iter().chain(arguments).copied();
    let line = line.collect::<Vec<_>>().join(" ");
    format!("{line}\n{stdout}{stderr}-- {status:?} --\n")
}

#[test]
fn help_of_every_command() {
    let commands = Args::command();
    let commands = commands.get_subcommands().map(|command| command.get_name());
    let sessions: Vec<String> = std::iter::once(session(&["--help"]))
        .chain(commands.map(|name| session(&[name, "--help"])))
        .collect();
    insta::assert_snapshot!(sessions.join("\n"));
}

#[test]
fn invalid_arguments() {
    let invalid: [&[&str]; 4] = [&[], &["chekc"], &["check", "--format", "xml"], &["publish"]];
    insta::assert_snapshot!(invalid.map(session).join("\n"));
}
