//! What others see of this workspace, kept as snapshots: a change of any of it is a line to review.
//!
//! After a change that is meant, run `cargo insta review` or set `INSTA_UPDATE=always`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::rc::Rc;

use clap::CommandFactory;
use media_client::generated::schemas;
use openapi_contract::model::canonical_json;
use serde_json::Value;
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};
use workspace_tests::{documents, surface};
use xtask::{Args, Output, Status};

#[test]
fn the_servers_document() {
    let server = documents::contract("server", documents::server());
    insta::assert_snapshot!(format!("{:#}", canonical_json(&server)));
}

#[test]
fn the_clients_public_surface() {
    let root = documents::workspace().join("crates/media-client/src/lib.rs");
    // The builders of types and requests follow from the types and parameters.
    let facts = surface::of_crate(&root, &["builder"]);
    insta::assert_snapshot!(facts.join("\n"));
}

#[test]
fn the_clients_schemas() {
    let mut facts = BTreeSet::new();
    for body in schemas::request_body_schemas() {
        let place = format!("{} sends {}", body.operation_id, body.media_type);
        schema_facts(&mut facts, &place, body.schema.to_value());
    }
    for parameter in schemas::parameter_schemas() {
        let (id, location) = (parameter.operation_id, parameter.location);
        let required = if parameter.required { "required " } else { "" };
        let place = format!("{id} sends {required}{location} {}", parameter.name);
        schema_facts(&mut facts, &place, parameter.schema.to_value());
    }
    for answer in schemas::response_schemas() {
        let place = format!("{} reads {}", answer.operation_id, answer.status);
        schema_facts(&mut facts, &place, answer.schema.to_value());
    }
    let facts: Vec<String> = facts.into_iter().collect();
    insta::assert_snapshot!(facts.join("\n"));
}

/// A schema as facts of one line each: what stands at the place, and the members of all types.
fn schema_facts(facts: &mut BTreeSet<String>, place: &str, mut schema: Value) {
    let definitions = schema["$defs"].take();
    let name = schema["title"].as_str().unwrap_or_default().to_owned();
    if schema.get("properties").is_some() {
        facts.insert(format!("{place}: {name}"));
        type_facts(facts, &name, schema);
    } else {
        facts.insert(format!("{place}: {}", bare(schema)));
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
    for (member, schema) in properties.as_object().into_iter().flatten() {
        let mark = if required.contains(&member.as_str()) {
            ""
        } else {
            "?"
        };
        facts.insert(format!("{name}.{member}{mark}: {}", bare(schema.clone())));
    }
    facts.insert(format!("{name}: {}", bare(schema)));
}

/// A schema without words and empty members.
fn bare(mut schema: Value) -> Value {
    if let Value::Object(members) = &mut schema {
        let words = ["$schema", "title", "description"];
        members.retain(|name, value| !words.contains(&name.as_str()) && !value.is_null());
    }
    schema
}

/// Bytes that a command writes and a test reads.
#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a command of xtask: how it ended, and what it wrote.
fn xtask(arguments: &[&str]) -> (Status, String, String) {
    let (stdout, stderr) = (Buffer::default(), Buffer::default());
    let mut output = Output::plain(stdout.clone(), stderr.clone());
    let arguments = ["cargo xtask"].iter().chain(arguments).map(OsString::from);
    let status = xtask::run(arguments, &mut output);
    (status, stdout.text(), stderr.text())
}

/// Checks documents as `check` does, in a directory of their own. Without a server's document, the
/// contract is held against the server of the workspace.
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
    let (status, stdout, stderr) = xtask(&all);
    let prefix = format!("{}/", directory.path().display());
    let shown = format!("{stdout}-- stderr --\n{stderr}-- {status:?} --").replace(&prefix, "");
    without_durations(&shown)
}

/// `in 0.12 s` as `in [time]`.
fn without_durations(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" in ") {
        Some((before, duration)) if duration.ends_with(" s") => format!("{before} in [time]"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn edited(edits: &[Edit]) -> String {
    edits
        .iter()
        .fold(documents::CONTRACT.to_owned(), |text, edit| {
            edit.in_yaml(&text)
        })
}

/// Differences of many kinds at once: in requests and answers, found in the server and the client.
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
fn a_contract_that_holds() {
    insta::assert_snapshot!(check(documents::CONTRACT, None, &[]));
}

#[test]
fn many_differences_at_once() {
    insta::assert_snapshot!(check(&edited(MANY), None, &[]));
}

#[test]
fn many_differences_for_programs() {
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
fn many_differences_for_a_pull_request() {
    insta::assert_snapshot!(check(&edited(MANY), None, &["--format", "github"]));
}

#[test]
fn differences_in_words() {
    let edits = [Set(
        "/components/schemas/MediaItem/properties/size/description",
        "In bytes.",
    )];
    let server = edited(&edits);
    insta::assert_snapshot!(check(documents::CONTRACT, Some(&server), &["--editorial"]));
}

#[test]
fn a_server_that_drifted() {
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
fn broken_yaml() {
    let broken = documents::CONTRACT.replacen("    get:\n", "    get:\n  \t  bad: [\n", 1);
    insta::assert_snapshot!(check(&broken, None, &[]));
}

#[test]
fn a_key_that_is_there_twice() {
    let twice = documents::CONTRACT.replacen(
        "  version: 1.0.0\n",
        "  version: 1.0.0\n  version: 1.1.0\n",
        1,
    );
    insta::assert_snapshot!(check(&twice, None, &[]));
}

#[test]
fn references_that_lead_nowhere() {
    let edits = [
        Rename("/components/schemas/MediaStatus", "Status"),
        Set("/security", "[{token: []}]"),
    ];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn parts_without_the_form_of_openapi() {
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
fn no_operation_id_and_wrong_examples() {
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
fn a_version_that_is_not_read() {
    let edits = [Remove("/openapi"), Set("/swagger", "'2.0'")];
    insta::assert_snapshot!(check(&edited(&edits), None, &[]));
}

#[test]
fn a_document_that_is_not_there() {
    let (status, stdout, stderr) = xtask(&["check", "--contract", "no/such.yaml"]);
    insta::assert_snapshot!(format!("{stdout}{stderr}{status:?}"));
}

/// A command line with all that it shows.
fn session(arguments: &[&str]) -> String {
    let (status, stdout, stderr) = xtask(arguments);
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
fn arguments_that_are_refused() {
    let refused: [&[&str]; 4] = [&[], &["chekc"], &["check", "--format", "xml"], &["publish"]];
    insta::assert_snapshot!(refused.map(session).join("\n"));
}
