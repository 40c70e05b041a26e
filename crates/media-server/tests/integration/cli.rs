//! The command line: help, exit statuses, colours and pipes.

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
fn invalid_arguments_make_the_exit_status_2() {
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
fn document_is_printed_without_a_data_directory() {
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
fn data_directory_option_is_global() {
    let program = Program::new();
    program.succeed(&["--data-dir", "first", "keys", "list"]);
    program.succeed(&["keys", "list", "--data-dir", "second"]);
    assert!(program.working_dir().join("first/media.db").is_file());
    assert!(program.working_dir().join("second/media.db").is_file());
}

#[test]
fn closed_pipe_is_not_an_error() {
    let program = Program::new();
    let mut child = program
        .command(&["openapi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut errors = String::new();
    let mut stream = child.stderr.take().expect("a pipe");
    stream.read_to_string(&mut errors).expect("text");
    assert_eq!(child.wait().expect("a child process").code(), Some(0));
    assert_eq!(errors, "");
}

#[test]
fn no_colour_without_a_terminal() {
    let program = Program::new();
    let output = program.run(&["keys", "revoke", "key_nothing"]);
    assert!(!stderr(&output).contains('\x1b'));
}

#[cfg(unix)]
#[test]
fn clicolor_force_enables_colour_and_no_color_disables_it() {
    let program = Program::new();
    let error = |variables: &[(&str, &str)]| {
        let mut command = program.command(&["keys", "revoke", "key_nothing"]);
        command
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied());
        stderr(&command.output().expect("the program starts"))
    };
    assert!(error(&[("CLICOLOR_FORCE", "1")]).contains('\x1b'));
    assert!(!error(&[("NO_COLOR", "1")]).contains('\x1b'));
}

#[test]
fn damaged_database_is_an_error() {
    let program = Program::new();
    program.succeed(&["keys", "list"]);
    let database = program.data_dir().join("media.db");
    std::fs::write(&database, "damaged".repeat(10_000)).expect("the database");
    let output = program.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(2));
    let error = stderr(&output);
    assert!(error.contains("media.db; it is damaged, or was not created by media-server: "));
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn newer_database_is_an_error() {
    let program = Program::new();
    program.succeed(&["keys", "list"]);
    let database = program.data_dir().join("media.db");
    let mut bytes = std::fs::read(&database).expect("the database");
    // `user_version` is at offset 60 of an SQLite file.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&database, bytes).expect("the database");
    let output = program.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("use a newer media-server"));
}
