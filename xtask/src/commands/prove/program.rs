//! The program that makes calls with a generated client.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// What the client made of an answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CallOutcome {
    /// A value of its types, written as JSON.
    Value { status: u16, value: Value },
    /// Bytes, as text.
    Bytes { status: u16, text: String },
    /// An answer that it has no type for.
    Untyped { status: u16 },
    /// A body that it cannot read.
    Unreadable { message: String },
    /// It made no request.
    Refused { message: String },
    /// It got no answer.
    Failed { message: String },
}

/// The program, started when it is first needed, and again when it has died.
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

    /// Makes a call. When the program dies of it, that is the answer.
    pub(super) fn call(&mut self, call: &Value) -> Result<CallOutcome> {
        let running = match &mut self.running {
            Some(running) => running,
            None => self.running.insert(start(&self.path)?),
        };
        let mut line = call.to_string();
        line.push('\n');
        let sent = running.input.write_all(line.as_bytes());
        let mut answer = String::new();
        let read = sent.and_then(|()| running.output.read_line(&mut answer));
        if !matches!(read, Ok(length) if length > 0) {
            let status = self.stop();
            let message = format!("the client died: {status}");
            return Ok(CallOutcome::Failed { message });
        }
        serde_json::from_str(&answer)
            .with_context(|| format!("{} says {answer}", self.path.display()))
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
