//! `media-server serve`: first start, restart and log.

use crate::support::client::{get, send};
use crate::support::program::{Program, fixture_argument, stderr};

#[test]
fn first_start_creates_the_data_directory() {
    let program = Program::new();
    let server = program.serve(&[]);
    assert_eq!(send(server.address, "GET", "/v1/media", &[]).status, 401);
    assert!(program.data_dir().join("media.db").is_file());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::new();
    program.succeed(&["import", &fixture_argument("image.png")]);
    let mode = |name: &str| {
        let path = program.data_dir().join(name);
        let metadata = path.metadata().expect("a path");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("files"), 0o700);
    assert_eq!(mode("incoming"), 0o700);
    assert_eq!(mode("media.db"), 0o600);
}

#[test]
fn restart_keeps_files_and_keys() {
    let program = Program::new();
    let key = program.new_key("default");
    program.succeed(&["import", &fixture_argument("image.png")]);
    let listing = || {
        let server = program.serve(&[]);
        get(server.address, "/v1/media", &key).json()["data"]["items"].clone()
    };
    let before = listing();
    assert_eq!(before.as_array().map(Vec::len), Some(1));
    assert_eq!(listing(), before);
}

#[test]
fn new_keys_and_files_are_served_at_once() {
    let program = Program::new();
    let server = program.serve(&[]);
    let key = program.new_key("late");
    program.succeed(&[
        "import",
        "--library",
        "late",
        &fixture_argument("image.png"),
    ]);
    let response = get(server.address, "/v1/media", &key);
    assert_eq!(response.json()["data"]["items"][0]["filename"], "image.png");
}

#[test]
fn rate_limit_can_be_set() {
    let program = Program::new();
    let key = program.new_key("default");
    let server = program.serve(&["--rate-limit", "1", "--rate-window", "1h"]);
    get(server.address, "/v1/media", &key);
    let response = get(server.address, "/v1/media", &key);
    assert_eq!(response.status, 429);
    assert!(response.message().contains("1 request an hour"));
}

#[test]
fn log_has_each_request_and_never_the_key() {
    let program = Program::new();
    let key = program.new_key("default");
    let keys = program.succeed(&["keys", "list"]);
    let key_id = keys
        .split_whitespace()
        .find(|word| word.starts_with("key_"));
    let server = program.serve(&["--log-format", "json"]);
    let response = get(server.address, "/v1/media?limit=7", &key);
    let line = server.log_line("request handled");
    let event: serde_json::Value = serde_json::from_str(&line).expect("a JSON line");
    assert_eq!(
        event["request_id"].as_str(),
        response.header("x-request-id")
    );
    assert_eq!(event["method"], "GET");
    assert_eq!(event["path"], "/v1/media");
    assert_eq!(event["status"], 200);
    assert!(event["latency_ms"].is_f64());
    assert_eq!(event["key"].as_str(), key_id);
    assert!(!line.contains("mapi_"));
}

#[test]
fn cause_of_a_500_is_logged_with_the_request_id() {
    let program = Program::new();
    let key = program.new_key("default");
    let server = program.serve(&[]);
    rusqlite::Connection::open(program.data_dir().join("media.db"))
        .and_then(|database| database.execute_batch("DROP TABLE media"))
        .expect("a dropped table");
    let response = get(server.address, "/v1/media", &key);
    assert_eq!(response.status, 500);
    let line = server.log_line("the request failed");
    assert!(line.contains(response.header("x-request-id").expect("an id")));
    assert!(line.contains("no such table: media"));
}

#[test]
fn address_in_use_is_an_error() {
    let program = Program::new();
    let server = program.serve(&[]);
    let address = server.address.to_string();
    let output = program.run(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with(&format!("error: cannot listen on {address}")));
}
