//! `media-server keys`: made once, shown once, listed without secrets, revoked.

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
fn a_new_key_stands_alone_on_standard_output() {
    let program = Program::new();
    let output = program.run(&["keys", "create"]);
    let key = stdout(&output);
    let digits = key
        .strip_prefix("mapi_")
        .and_then(|rest| rest.strip_suffix('\n'))
        .expect("the form of a key");
    assert_eq!(digits.len(), 64);
    assert!(
        digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert!(stderr(&output).contains("not shown again"));
}

#[test]
fn the_list_holds_no_secret() {
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
fn the_key_is_stored_nowhere() {
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
fn a_revoked_key_is_listed_as_such_and_refused() {
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
fn revoking_twice_is_fine() {
    let program = Program::new();
    program.new_key("default");
    let id = key_ids(&program).remove(0);
    program.succeed(&["keys", "revoke", &id]);
    program.succeed(&["keys", "revoke", &id]);
}

#[test]
fn an_unknown_key_is_reported() {
    let program = Program::new();
    let output = program.run(&["keys", "revoke", "key_nothing"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "error: there is no key key_nothing; `media-server keys list` shows the keys there are\n"
    );
}

#[test]
fn a_label_with_control_characters_is_reported() {
    let program = Program::new();
    let output = program.run(&["keys", "create", "--label", "a\x1b[31m"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_bad_library_name_is_refused() {
    let program = Program::new();
    let output = program.run(&["keys", "create", "--library", "a b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("1 to 64 ASCII letters"));
}
