//! `media-server serve` as a program: first start, restart, log.

use crate::support::client::{get, send};
use crate::support::program::{Program, fixture, stderr};

#[test]
fn the_first_start_makes_what_it_needs() {
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
    program.succeed(&["import", &fixture("image.png")]);
    let mode = |name: &str| {
        let path = program.data_dir().join(name);
        let metadata = path.metadata().expect("it was made");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("files"), 0o700);
    assert_eq!(mode("incoming"), 0o700);
    assert_eq!(mode("media.db"), 0o600);
}

#[test]
fn a_restart_keeps_files_and_keys() {
    let program = Program::new();
    let key = program.new_key("default");
    program.succeed(&["import", &fixture("image.png")]);
    let listing = || {
        let server = program.serve(&[]);
        get(server.address, "/v1/media", &key).json()["data"]["items"].clone()
    };
    let before = listing();
    assert_eq!(before.as_array().map(Vec::len), Some(1));
    assert_eq!(listing(), before);
}

#[test]
fn keys_and_files_that_come_later_are_served_at_once() {
    let program = Program::new();
    let server = program.serve(&[]);
    let key = program.new_key("late");
    program.succeed(&["import", "--library", "late", &fixture("image.png")]);
    let answer = get(server.address, "/v1/media", &key);
    assert_eq!(answer.json()["data"]["items"][0]["filename"], "image.png");
}

#[test]
fn the_rate_limit_can_be_set() {
    let program = Program::new();
    let key = program.new_key("default");
    let server = program.serve(&["--rate-limit", "1", "--rate-window", "1h"]);
    get(server.address, "/v1/media", &key);
    let answer = get(server.address, "/v1/media", &key);
    assert_eq!(answer.status, 429);
    assert!(answer.message().contains("1 request an hour"));
}

#[test]
fn the_log_tells_of_each_request_and_never_the_key() {
    let program = Program::new();
    let key = program.new_key("default");
    let keys = program.succeed(&["keys", "list"]);
    let key_id = keys
        .split_whitespace()
        .find(|word| word.starts_with("key_"));
    let server = program.serve(&["--log-format", "json"]);
    let answer = get(server.address, "/v1/media?limit=7", &key);
    let line = server.log_line("answered");
    let event: serde_json::Value = serde_json::from_str(&line).expect("a JSON line");
    assert_eq!(event["request_id"].as_str(), answer.header("x-request-id"));
    assert_eq!(event["method"], "GET");
    assert_eq!(event["path"], "/v1/media");
    assert_eq!(event["status"], 200);
    assert!(event["latency_ms"].is_f64());
    assert_eq!(event["key"].as_str(), key_id);
    assert!(!line.contains("mapi_"));
}

#[test]
fn the_cause_of_a_500_is_in_the_log_under_its_request_id() {
    let program = Program::new();
    let key = program.new_key("default");
    let server = program.serve(&[]);
    rusqlite::Connection::open(program.data_dir().join("media.db"))
        .and_then(|database| database.execute_batch("DROP TABLE media"))
        .expect("a table less");
    let answer = get(server.address, "/v1/media", &key);
    assert_eq!(answer.status, 500);
    let line = server.log_line("the request failed");
    assert!(line.contains(answer.header("x-request-id").expect("an id")));
    assert!(line.contains("no such table: media"));
}

#[test]
fn an_address_in_use_is_a_clear_error() {
    let program = Program::new();
    let server = program.serve(&[]);
    let address = server.address.to_string();
    let output = program.run(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with(&format!("error: cannot listen on {address}")));
}
