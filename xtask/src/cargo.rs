//! Runs cargo from a program that cargo runs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, PipeReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::output::Output;

/// Prefixes of the variables that `cargo run` and `cargo test` set for the program they run. Build
/// scripts and macros of an inner cargo would take them for those of their own package.
const OUTER_PACKAGE: [&str; 4] = [
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
];

/// The target directory of a workspace.
pub(crate) fn target_directory(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => PathBuf::from(directory),
        None => root.join("target"),
    }
}

/// Exit state and output of a captured cargo.
pub(crate) struct Captured {
    pub(crate) succeeded: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Exit state of a streamed cargo, and its output without progress lines.
pub(crate) struct Streamed {
    pub(crate) succeeded: bool,
    pub(crate) text: String,
}

/// The cargo that runs this program, in `directory` and with the configuration found there.
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

/// Runs cargo without showing its output.
pub(crate) fn captured(command: &mut Command) -> Result<Captured> {
    let output = readable(command).output().with_context(cannot_run)?;
    Ok(Captured {
        succeeded: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs cargo, shows its progress lines as they come, and returns everything else.
pub(crate) fn streamed(mut command: Command, output: &mut Output) -> Result<Streamed> {
    let (reader, writer) = std::io::pipe().context("cannot create a pipe for cargo")?;
    let twin = writer
        .try_clone()
        .context("cannot create a pipe for cargo")?;
    readable(&mut command).stdout(twin).stderr(writer);
    let mut child = command.spawn().with_context(cannot_run)?;
    // The command holds the write ends of the pipe; reading would never end.
    drop(command);
    let text = show(reader, output);
    if text.is_err() {
        // Its output has no reader any more. It may have ended by itself in the meantime.
        child.kill().ok();
    }
    let status = child.wait().context("cannot wait for cargo")?;
    Ok(Streamed {
        succeeded: status.success(),
        text: text?,
    })
}

/// The end of an output of cargo: the error with its causes.
pub(crate) fn error_tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let start = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or_else(|| lines.len().saturating_sub(10));
    // Standard output of a build script consists of instructions for cargo.
    let mut is_for_cargo = false;
    let for_people = lines[start..].iter().copied().filter(|line| {
        is_for_cargo = match line.trim_start() {
            "--- stdout" => true,
            "--- stderr" => false,
            _ => is_for_cargo && (line.is_empty() || line.starts_with(' ')),
        };
        !is_for_cargo
    });
    let tail = for_people.collect::<Vec<_>>().join("\n");
    tail.strip_prefix("error: ").unwrap_or(&tail).to_owned()
}

/// Makes the output of cargo parseable: no colour, no progress bar.
fn readable(command: &mut Command) -> &mut Command {
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .env("CARGO_TERM_QUIET", "false")
}

fn cannot_run() -> &'static str {
    "cannot run cargo"
}

fn show(reader: PipeReader, output: &mut Output) -> Result<String> {
    let mut text = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.context("cannot read the output of cargo")?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        match progress(line) {
            Some((word, rest)) => output.progress(word, rest)?,
            None => text.extend([line, "\n"]),
        }
    }
    Ok(text)
}

/// Status word and message of a progress line of cargo. The word ends in the twelfth column.
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
    fn progress_lines_are_recognized() {
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
    fn error_tail_is_the_error_with_its_causes() {
        let output = "    Updating index\nerror: no such file\n\nCaused by:\n  not found\n";
        assert_eq!(
            error_tail(output),
            "no such file\n\nCaused by:\n  not found"
        );
    }

    #[test]
    fn error_tail_of_a_build_script_omits_its_instructions() {
        let output = "error: failed to run custom build command for `x`\n\nCaused by:\n  \
                    --- stdout\n  cargo:rerun-if-env-changed=X\n\n  --- stderr\n  no X\n";
        let tail = "failed to run custom build command for `x`\n\nCaused by:\n  \
                     --- stderr\n  no X";
        assert_eq!(error_tail(output), tail);
    }

    #[test]
    fn error_tail_without_an_error_is_the_last_lines() {
        let output: String = (1..=30).map(|line| format!("line {line}\n")).collect();
        let tail = error_tail(&output);
        assert!(tail.starts_with("line 21\n"), "{tail}");
        assert!(tail.ends_with("line 30"), "{tail}");
    }
}
