//! Exit statuses and error messages.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};

/// The result of a command that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandOutcome {
    /// Exit status 0.
    Done,
    /// An input was rejected, and the error was printed. Exit status 1.
    Rejected,
}

impl From<CommandOutcome> for ExitCode {
    fn from(outcome: CommandOutcome) -> Self {
        match outcome {
            CommandOutcome::Done => Self::SUCCESS,
            CommandOutcome::Rejected => Self::from(1),
        }
    }
}

/// Why a command could not run. Exit status 2.
pub(super) type Failure = anyhow::Error;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Reports why a command could not run. A closed pipe is not an error.
pub(super) fn report(failure: &Failure) -> ExitCode {
    let broken_pipe = failure
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if broken_pipe {
        return ExitCode::SUCCESS;
    }
    print_error(format_args!("{failure:#}"));
    ExitCode::from(2)
}

/// Prints an error.
pub(super) fn print_error(message: impl std::fmt::Display) {
    // If standard error is closed, the message is lost.
    let _ = writeln!(anstream::stderr(), "{ERROR}error:{ERROR:#} {message}");
}

/// Escapes control characters, for text that is shown on a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(printable("a\x1b[31m é"), "a\\u{1b}[31m é");
    }
}
