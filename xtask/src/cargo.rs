//! Running cargo within a command that cargo itself runs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, PipeReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::output::Output;

/// What `cargo run` and `cargo test` tell the program they run about its own package. It is not
/// about the packages that an inner cargo builds, which build scripts and macros would believe.
const OUTER_PACKAGE: [&str; 4] = [
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
];

/// Where cargo builds the packages of a workspace.
pub(crate) fn target_directory(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => PathBuf::from(directory),
        None => root.join("target"),
    }
}

/// How a captured cargo ended, and what it said.
pub(crate) struct Captured {
    pub(crate) succeeded: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// How a streamed cargo ended, and what it said besides its progress.
pub(crate) struct Streamed {
    pub(crate) succeeded: bool,
    pub(crate) text: String,
}

/// The cargo that runs this program, at work in a directory and with that directory's
/// configuration.
pub(crate) fn command(directory: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(directory).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if is_of_outer_package(&name) {
            command.env_remove(name);
        }
    }
    command
}

fn is_of_outer_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    OUTER_PACKAGE.iter().any(|prefix| name.starts_with(prefix))
}

/// Runs a cargo that is done in a moment, without showing it.
pub(crate) fn captured(command: &mut Command) -> Result<Captured> {
    let output = readable(command).output().with_context(no_cargo)?;
    Ok(Captured {
        succeeded: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a cargo that takes its time: shows its progress as it comes and keeps everything else.
pub(crate) fn streamed(mut command: Command, output: &mut Output) -> Result<Streamed> {
    let (reader, writer) = std::io::pipe().context("no pipe can be made for cargo")?;
    let twin = writer
        .try_clone()
        .context("no pipe can be made for cargo")?;
    readable(&mut command).stdout(twin).stderr(writer);
    let mut child = command.spawn().with_context(no_cargo)?;
    // The command holds this process's ends for writing: the pipe would never end.
    drop(command);
    let text = show(reader, output);
    if text.is_err() {
        // Nobody reads what it says any more. It may have ended by itself in the meantime.
        child.kill().ok();
    }
    let status = child.wait().context("cargo cannot be waited for")?;
    Ok(Streamed {
        succeeded: status.success(),
        text: text?,
    })
}

/// What cargo said last: its error with the causes, without what it said before.
pub(crate) fn error_tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let start = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or_else(|| lines.len().saturating_sub(10));
    // What a build script wrote to its standard output is for cargo.
    let mut is_for_cargo = false;
    let for_people = lines[start..].iter().copied().filter(|line| {
        is_for_cargo = match line.trim_start() {
            "--- stdout" => true,
            "--- stderr" => false,
            _ => is_for_cargo && (line.is_empty() || line.starts_with(' ')),
        };
        !is_for_cargo
    });
    let words = for_people.collect::<Vec<_>>().join("\n");
    words.strip_prefix("error: ").unwrap_or(&words).to_owned()
}

/// Settles how cargo talks, so that what it says can be read by this program.
fn readable(command: &mut Command) -> &mut Command {
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .env("CARGO_TERM_QUIET", "false")
}

fn no_cargo() -> &'static str {
    "cargo cannot be run"
}

fn show(reader: PipeReader, output: &mut Output) -> Result<String> {
    let mut text = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.context("the output of cargo cannot be read")?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        match progress(line) {
            Some((word, rest)) => output.progress(word, rest)?,
            None => text.extend([line, "\n"]),
        }
    }
    Ok(text)
}

/// The word and the rest of a line of cargo's progress, whose word ends in the twelfth column.
fn progress(line: &str) -> Option<(&str, &str)> {
    let (word, rest) = line.split_at_checked(12)?;
    let word = word.trim_start();
    let is_word = word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    if !is_word {
        return None;
    }
    Some((word, rest.strip_prefix(' ')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_other_output() {
        let compiling = Some(("Compiling", "media-client v1.0.0 (/tmp/x)"));
        assert_eq!(
            progress("   Compiling media-client v1.0.0 (/tmp/x)"),
            compiling
        );
        assert_eq!(
            progress("   Doc-tests media_client"),
            Some(("Doc-tests", "media_client"))
        );
        for line in [
            "",
            "running 5 tests",
            "test stream::every_page_is_read ... ok",
            "            indented source",
            "   --> src/lib.rs:1:1",
            "error: could not compile `media-client`",
        ] {
            assert_eq!(progress(line), None, "{line}");
        }
    }

    #[test]
    fn last_words_are_the_error_with_its_causes() {
        let said = "    Updating index\nerror: no such file\n\nCaused by:\n  not found\n";
        assert_eq!(error_tail(said), "no such file\n\nCaused by:\n  not found");
    }

    #[test]
    fn last_words_of_a_build_script_are_its_errors() {
        let said = "error: failed to run custom build command for `x`\n\nCaused by:\n  \
                    --- stdout\n  cargo:rerun-if-env-changed=X\n\n  --- stderr\n  no X\n";
        let words = "failed to run custom build command for `x`\n\nCaused by:\n  \
                     --- stderr\n  no X";
        assert_eq!(error_tail(said), words);
    }

    #[test]
    fn last_words_without_an_error_are_the_last_lines() {
        let said: String = (1..=30).map(|line| format!("line {line}\n")).collect();
        let words = error_tail(&said);
        assert!(words.starts_with("line 21\n"), "{words}");
        assert!(words.ends_with("line 30"), "{words}");
    }
}
