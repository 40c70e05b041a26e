//! The team's side: `cargo xtask publish`, and what it says.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use xtask::{Output, Status};

use crate::copy::WorkspaceCopy;

/// How a command ended, and what it said.
pub(crate) struct Run {
    pub(crate) status: Status,
    stdout: String,
    stderr: String,
}

/// Runs `cargo xtask publish` in a copy of the workspace.
pub(crate) fn publish(workspace: &WorkspaceCopy, arguments: &[&str]) -> Run {
    let (stdout, stderr) = (Written::default(), Written::default());
    let mut output = Output::plain(stdout.clone(), stderr.clone());
    let mut line: Vec<OsString> = ["cargo xtask", "publish", "--root"]
        .map(OsString::from)
        .to_vec();
    line.push(workspace.root().into());
    line.extend(arguments.iter().map(OsString::from));
    let status = xtask::run(line, &mut output);
    Run {
        status,
        stdout: stdout.text(),
        stderr: stderr.text(),
    }
}

impl Run {
    /// Asserts that this is in the report.
    #[track_caller]
    pub(crate) fn reported(&self, text: &str) {
        assert!(
            self.stdout.contains(text),
            "not reported: {text}\nbut: {self}"
        );
    }

    /// Asserts that this is in the progress or in an error.
    #[track_caller]
    pub(crate) fn said(&self, text: &str) {
        assert!(self.stderr.contains(text), "not said: {text}\nbut: {self}");
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "{status:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}

/// What a command wrote, readable while it still holds the writer.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("no writer panicked");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
