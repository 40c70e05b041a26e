//! The command line as such: help, exit statuses, colours, pipes.

use std::io::Read;
use std::process::Stdio;

use crate::support::program::{Program, stderr, stdout};

/// Commands and the names of their snapshots.
const COMMANDS: &[(&str, &[&str])] = &[
    ("help", &[]),
    ("help_serve", &["serve"]),
    ("help_import", &["import"]),
    ("help_keys", &["keys"]),
    ("help_keys_create", &["keys", "create"]),
    ("help_keys_list", &["keys", "list"]),
    ("help_keys_revoke", &["keys", "revoke"]),
    ("help_openapi", &["openapi"]),
    ("help_completions", &["completions"]),
];

#[test]
fn every_command_has_help() {
    let program = Program::new();
    for (snapshot, command) in COMMANDS {
        let arguments = [command, &["--help"][..]].concat();
        insta::assert_snapshot!(*snapshot, program.succeed(&arguments));
    }
}

#[test]
fn bad_arguments_are_status_2() {
    let program = Program::new();
    for arguments in [
        &[][..],
        &["dance"],
        &["import"],
        &["serve", "--rate-limit", "0"],
        &["serve", "--rate-window", "60"],
        &["serve", "--listen", "here"],
    ] {
        let output = program.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn the_document_goes_to_standard_output_and_needs_no_data() {
    let program = Program::new();
    let printed = program.succeed(&["openapi"]);
    assert_eq!(
        printed,
        media_server::document_json(&media_server::openapi())
    );
    assert!(!program.data_dir().exists());
}

#[test]
fn every_shell_has_a_completion_script() {
    let program = Program::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = program.succeed(&["completions", shell]);
        assert!(script.contains("media-server"), "{shell}");
    }
}

#[test]
fn the_data_directory_may_be_named_before_and_after_the_command() {
    let program = Program::new();
    program.succeed(&["--data-dir", "first", "keys", "list"]);
    program.succeed(&["keys", "list", "--data-dir", "second"]);
    assert!(program.working_dir().join("first/media.db").is_file());
    assert!(program.working_dir().join("second/media.db").is_file());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = Program::new();
    let mut child = program
        .command(&["openapi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut complaints = String::new();
    let mut stream = child.stderr.take().expect("it is piped");
    stream.read_to_string(&mut complaints).expect("text");
    assert_eq!(child.wait().expect("our child").code(), Some(0));
    assert_eq!(complaints, "");
}

#[test]
fn without_a_terminal_there_is_no_colour() {
    let program = Program::new();
    let output = program.run(&["keys", "revoke", "key_nothing"]);
    assert!(!stderr(&output).contains('\x1b'));
}

#[cfg(unix)]
#[test]
fn colour_can_be_asked_for_and_no_color_wins() {
    let program = Program::new();
    let complaint = |variables: &[(&str, &str)]| {
        let mut command = program.command(&["keys", "revoke", "key_nothing"]);
        command
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied());
        stderr(&command.output().expect("the program starts"))
    };
    assert!(complaint(&[("CLICOLOR_FORCE", "1")]).contains('\x1b'));
    assert!(!complaint(&[("NO_COLOR", "1")]).contains('\x1b'));
}

#[test]
fn a_damaged_database_is_a_clear_error() {
    let program = Program::new();
    program.succeed(&["keys", "list"]);
    let database = program.data_dir().join("media.db");
    std::fs::write(&database, "damaged".repeat(10_000)).expect("the database");
    let output = program.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("media.db; it must be one of media-server, and undamaged: "));
    assert_eq!(told.lines().count(), 1);
}

#[test]
fn a_newer_database_is_a_clear_error() {
    let program = Program::new();
    program.succeed(&["keys", "list"]);
    let database = program.data_dir().join("media.db");
    let mut bytes = std::fs::read(&database).expect("the database");
    // The header of an SQLite file holds `user_version` at offset 60.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&database, bytes).expect("the database");
    let output = program.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("use a newer media-server"));
}
