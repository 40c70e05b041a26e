//! The driver program that calls the operations of a generated client.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// The result of a call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CallOutcome {
    /// A decoded body, as JSON.
    Value { head: Head, value: Value },
    /// The items of a stream, as JSON.
    Items { head: Head, items: Vec<Value> },
    /// A body that is not decoded.
    Bytes { head: Head, bytes: Vec<u8> },
    /// A response whose type has no body.
    Empty { head: Head },
    /// An error with the raw response.
    Raw {
        head: Head,
        kind: RawKind,
        body: Vec<u8>,
        message: String,
    },
    /// The client rejected the call and sent no request.
    Rejected { message: String },
    /// The client received no response.
    Failed { message: String },
}

/// The status and the headers of a response, as the client returns them.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// Whether the client returned an error.
    pub(super) is_error: bool,
}

/// Why the response is raw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawKind {
    /// The client has no type for it.
    Unexpected,
    /// The client cannot decode the body.
    Unreadable,
    /// The body did not arrive completely.
    Incomplete,
}

/// The program. It is started on the first call, and again after a crash.
pub(super) struct Program {
    path: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            running: None,
        }
    }

    /// Makes a call. A crash of the program is a failed call.
    pub(super) fn call(&mut self, call: &Value) -> Result<CallOutcome> {
        let running = match &mut self.running {
            Some(running) => running,
            None => self.running.insert(start(&self.path)?),
        };
        let mut line = call.to_string();
        line.push('\n');
        let sent = running.input.write_all(line.as_bytes());
        let mut outcome = String::new();
        let read = sent.and_then(|()| running.output.read_line(&mut outcome));
        if !matches!(read, Ok(length) if length > 0) {
            let status = self.stop();
            let message = format!("the client crashed: {status}");
            return Ok(CallOutcome::Failed { message });
        }
        serde_json::from_str(&outcome)
            .with_context(|| format!("unexpected output of {}: {outcome}", self.path.display()))
    }

    fn stop(&mut self) -> String {
        let Some(mut running) = self.running.take() else {
            return String::new();
        };
        drop(running.input);
        match running.child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(path: &Path) -> Result<Running> {
    let cannot = || format!("{} cannot be started", path.display());
    let mut child = Command::new(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(cannot)?;
    let input = child.stdin.take().with_context(cannot)?;
    let output = BufReader::new(child.stdout.take().with_context(cannot)?);
    Ok(Running {
        child,
        input,
        output,
    })
}
