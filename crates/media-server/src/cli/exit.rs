//! Exit statuses, and the one way in which an error is told.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};

/// How a command ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandOutcome {
    /// Exit status 0.
    Done,
    /// Something was wrong with an input, and has been told. Exit status 1.
    Reported,
}

impl From<CommandOutcome> for ExitCode {
    fn from(outcome: CommandOutcome) -> Self {
        match outcome {
            CommandOutcome::Done => Self::SUCCESS,
            CommandOutcome::Reported => Self::from(1),
        }
    }
}

/// Why a command could not run. Exit status 2.
pub(super) type Failure = anyhow::Error;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Tells why a command could not run. A reader that went away is no failure: what it wanted it got.
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

/// Writes one error line.
pub(super) fn print_error(message: impl std::fmt::Display) {
    // With a broken standard error there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{ERROR}error:{ERROR:#} {message}");
}

/// Text from outside as it may go to a terminal: without control characters.
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
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("a\x1b[31m é"), "a\\u{1b}[31m é");
    }
}
