//! Commands whose output is captured.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use xtask::{Output, Status};

/// A writer whose content can be read while the command still holds it.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// What was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Exit status and output of a command of xtask.
pub struct Run {
    /// The exit status.
    pub status: Status,
    /// Standard output: the report.
    pub stdout: String,
    /// Standard error: progress and errors.
    pub stderr: String,
}

/// Runs a command of xtask.
pub fn xtask<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let (stdout, stderr) = (Captured::default(), Captured::default());
    let mut output = Output::plain(stdout.clone(), stderr.clone());
    let program = std::iter::once(OsString::from("cargo xtask"));
    let arguments = arguments.into_iter().map(Into::into);
    let status = xtask::run(program.chain(arguments), &mut output);
    Run {
        status,
        stdout: stdout.text(),
        stderr: stderr.text(),
    }
}

impl Run {
    /// Removes a text from the output, such as the path of a temporary directory.
    #[must_use]
    pub fn without(self, text: &str) -> Self {
        Self {
            status: self.status,
            stdout: self.stdout.replace(text, ""),
            stderr: self.stderr.replace(text, ""),
        }
    }

    /// Status and output without durations, for a snapshot.
    pub fn shown(&self) -> String {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        without_durations(&format!("{stdout}-- stderr --\n{stderr}-- {status:?} --"))
    }

    /// Asserts that standard output contains a text.
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    pub fn assert_stdout(&self, text: &str) {
        assert!(self.stdout.contains(text), "no {text:?} in stdout:\n{self}");
    }

    /// Asserts that standard error contains a text.
    ///
    /// # Panics
    /// If it does not.
    #[track_caller]
    pub fn assert_stderr(&self, text: &str) {
        assert!(self.stderr.contains(text), "no {text:?} in stderr:\n{self}");
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// Replaces `in 0.12 s` at the end of lines by `in [time]`.
fn without_durations(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once("in ") {
        Some((before, duration)) if duration.ends_with(" s") => format!("{before}in [time]"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
