//! The output streams and exit status of commands.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use anstream::AutoStream;
use clap::builder::styling::{AnsiColor, Style as AnsiStyle};
use openapi_contract::document::Source;
use openapi_contract::report::{self, TextStyle};

use crate::parse_errors::parse_error;

/// How a command ended. The numbers are stable exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to report.
    Clean = 0,
    /// There are findings, or generated code is stale.
    Findings = 1,
    /// The command could not run.
    Failed = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// The streams of a command: reports go to standard output, progress and errors to standard error.
pub struct Output {
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    style: TextStyle,
}

impl Output {
    /// The streams of this process, coloured only on a terminal and without `NO_COLOR`.
    pub fn of_process() -> Self {
        let stdout = AutoStream::auto(io::stdout());
        let is_terminal = io::stdout().is_terminal();
        let style = TextStyle {
            colour: stdout.current_choice() != anstream::ColorChoice::Never,
            unicode: is_terminal,
        };
        Self {
            stdout: Box::new(stdout),
            stderr: Box::new(AutoStream::auto(io::stderr())),
            style,
        }
    }

    /// Streams that write uncoloured text to the given writers.
    pub fn plain(stdout: impl Write + 'static, stderr: impl Write + 'static) -> Self {
        Self {
            stdout: Box::new(AutoStream::never(Box::new(stdout) as Box<dyn Write>)),
            stderr: Box::new(AutoStream::never(Box::new(stderr) as Box<dyn Write>)),
            style: TextStyle::default(),
        }
    }

    /// The style of text reports.
    pub(crate) fn style(&self) -> TextStyle {
        self.style
    }

    /// Writes a part of the report to standard output.
    pub(crate) fn report(&mut self, text: &str) -> io::Result<()> {
        self.stdout.write_all(text.as_bytes())?;
        self.stdout.flush()
    }

    /// Writes a progress line in the form of cargo: a right-aligned status word, and a message.
    pub(crate) fn progress(&mut self, word: &str, text: &str) -> io::Result<()> {
        self.line(word, AnsiColor::Green, text)
    }

    /// Writes a progress line in the colour of warnings.
    pub(crate) fn warn(&mut self, word: &str, text: &str) -> io::Result<()> {
        self.line(word, AnsiColor::Yellow, text)
    }

    fn line(&mut self, word: &str, colour: AnsiColor, text: &str) -> io::Result<()> {
        let style: AnsiStyle = colour.on_default().bold();
        // Text of contracts must not reach the terminal as control sequences.
        let replace_control = |c: char| {
            if c.is_control() && c != '\n' {
                '\u{FFFD}'
            } else {
                c
            }
        };
        let text: String = text.chars().map(replace_control).collect();
        writeln!(self.stderr, "{style}{word:>12}{style:#} {text}")
    }

    /// Shows a usage error or help.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> Status {
        let text = error.render().ansi().to_string();
        // A closed stream is no reason to fail here.
        if error.use_stderr() {
            self.stderr.write_all(text.as_bytes()).ok();
            Status::Failed
        } else {
            self.stdout.write_all(text.as_bytes()).ok();
            Status::Clean
        }
    }

    /// Shows the error of a command that could not run.
    pub(crate) fn failure(&mut self, error: &anyhow::Error) -> Status {
        if let Some((error, finding)) = parse_error(error) {
            let sources: Vec<&Source> = error.file().into_iter().collect();
            let text = report::text(&[finding], &sources, self.style);
            write!(self.stderr, "{text}").ok();
            return Status::Failed;
        }
        let style = AnsiColor::Red.on_default().bold();
        writeln!(self.stderr, "{style}error{style:#}: {error:#}").ok();
        Status::Failed
    }
}

/// A duration in seconds, such as `0.12 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

/// A count with its noun: `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Whether a command failed because the reader of its output has closed the pipe.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
