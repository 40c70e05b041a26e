//! `media-server keys`.

use crate::support::client::get;
use crate::support::program::{Program, stderr, stdout};

fn key_ids(program: &Program) -> Vec<String> {
    let list = program.succeed(&["keys", "list"]);
    let words = list.split_whitespace();
    words
        .filter(|word| word.starts_with("key_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn only_the_new_key_is_printed_to_standard_output() {
    let program = Program::new();
    let output = program.run(&["keys", "create"]);
    let key = stdout(&output);
    let digits = key
        .strip_prefix("mapi_")
        .and_then(|rest| rest.strip_suffix('\n'))
        .expect("a well-formed key");
    assert_eq!(digits.len(), 64);
    assert!(
        digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert!(stderr(&output).contains("not shown again"));
}

#[test]
fn list_has_no_secrets() {
    let program = Program::new();
    let key = program.succeed(&[
        "keys",
        "create",
        "--library",
        "team-a",
        "--label",
        "build server",
    ]);
    let list = program.succeed(&["keys", "list"]);
    assert!(list.contains("team-a"));
    assert!(list.contains("build server"));
    assert!(!list.contains("mapi_"));
    for part in key.trim_end().as_bytes()["mapi_".len()..].chunks(8) {
        assert!(!list.contains(std::str::from_utf8(part).expect("digits")));
    }
}

#[test]
fn key_is_not_stored() {
    let program = Program::new();
    let key = program.new_key("default");
    for entry in std::fs::read_dir(program.data_dir()).expect("the data directory") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(path).unwrap_or_default();
        assert!(
            !bytes
                .windows(key.len())
                .any(|window| window == key.as_bytes())
        );
    }
}

#[test]
fn revoked_key_is_listed_and_rejected() {
    let program = Program::new();
    let key = program.new_key("default");
    let server = program.serve(&[]);
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
    let id = key_ids(&program).remove(0);
    program.succeed(&["keys", "revoke", &id]);
    assert_eq!(get(server.address, "/v1/media", &key).status, 401);
    let list = program.succeed(&["keys", "list"]);
    let times = list.matches('Z').count();
    assert_eq!(times, 2, "created and revoked: {list}");
}

#[test]
fn key_can_be_revoked_twice() {
    let program = Program::new();
    program.new_key("default");
    let id = key_ids(&program).remove(0);
    program.succeed(&["keys", "revoke", &id]);
    program.succeed(&["keys", "revoke", &id]);
}

#[test]
fn unknown_key_is_reported() {
    let program = Program::new();
    let output = program.run(&["keys", "revoke", "key_nothing"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "error: no key with id `key_nothing`; run `media-server keys list` to list all keys\n"
    );
}

#[test]
fn label_with_control_characters_is_rejected() {
    let program = Program::new();
    let output = program.run(&["keys", "create", "--label", "a\x1b[31m"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
}

#[test]
fn invalid_library_name_is_rejected() {
    let program = Program::new();
    let output = program.run(&["keys", "create", "--library", "a b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("1 to 64 ASCII letters"));
}
