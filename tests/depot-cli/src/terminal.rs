//! The output of commands: responses go to standard output, progress and errors to standard error.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::{TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::Status;
use crate::columns::Layout;
use crate::generated::{CliCommand, CliConfig};
use crate::render::Format;
use depot_client::generated::{ByteStream, Error, ResponseValue};

/// The size of the chunks in which a file is sent.
const CHUNK: usize = 64 * 1024;

/// The number of lines to show of a response that cannot be read.
const EXCERPT_LINES: usize = 5;
/// The number of characters to show of each of these lines.
const EXCERPT_WIDTH: usize = 160;

/// The output streams of a command.
pub struct Streams {
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    is_terminal: bool,
}

impl Streams {
    /// The standard streams of the process. Progress is shown if standard error is a terminal.
    pub fn stdio() -> Self {
        Self {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            is_terminal: io::stderr().is_terminal(),
        }
    }

    /// Writes to these writers, without progress.
    pub fn to_writers(stdout: impl Write + 'static, stderr: impl Write + 'static) -> Self {
        Self {
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            is_terminal: false,
        }
    }

    /// Prints the help, or why the arguments are invalid.
    pub(crate) fn usage(mut self, error: &clap::Error) -> Status {
        let text = error.render().to_string();
        // A closed stream is not an error.
        if error.use_stderr() {
            self.stderr.write_all(text.as_bytes()).ok();
            Status::Failed
        } else {
            self.stdout.write_all(text.as_bytes()).ok();
            Status::Done
        }
    }

    /// Prints a completion script.
    pub(crate) fn completions(
        mut self,
        shell: clap_complete::Shell,
        command: &mut clap::Command,
    ) -> Status {
        let mut script = Vec::new();
        clap_complete::generate(shell, command, env!("CARGO_PKG_NAME"), &mut script);
        self.stdout.write_all(&script).ok();
        Status::Done
    }

    /// Reports why no request was sent.
    pub(crate) fn failure(mut self, message: &str) -> Status {
        writeln!(self.stderr, "error: {message}").ok();
        Status::Failed
    }
}

/// Receives the responses and errors of the generated commands.
#[derive(Clone)]
pub(crate) struct Terminal(Rc<Inner>);

struct Inner {
    streams: RefCell<Streams>,
    command: CliCommand,
    format: Format,
    /// The columns of a table; all if there are none.
    columns: Vec<String>,
    /// The result of the command, once a response or an error was printed.
    status: Cell<Option<Status>>,
    bar: ProgressBar,
    /// The items of the pages received so far.
    items: RefCell<Vec<Value>>,
}

impl Terminal {
    pub(crate) fn new(
        streams: Streams,
        command: CliCommand,
        format: Format,
        columns: Vec<String>,
    ) -> Self {
        let bar = ProgressBar::no_length();
        if !streams.is_terminal {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self(Rc::new(Inner {
            streams: RefCell::new(streams),
            command,
            format,
            columns,
            status: Cell::new(None),
            bar,
            items: RefCell::default(),
        }))
    }

    /// Ends the command. Reports the error, unless it was reported already.
    pub(crate) fn end(&self, result: Result<()>) -> Status {
        self.0.bar.finish_and_clear();
        match (result, self.0.status.get()) {
            (Ok(()), status) => status.unwrap_or(Status::Done),
            (Err(_), Some(status)) => status,
            (Err(error), None) => self.report(&format!("{error:#}")),
        }
    }

    fn report(&self, message: &str) -> Status {
        writeln!(self.0.streams.borrow_mut().stderr, "error: {message}").ok();
        Status::Failed
    }

    /// Writes a response. A reader that closed the pipe early is not an error.
    fn write(&self, bytes: &[u8]) {
        self.0.bar.finish_and_clear();
        let mut streams = self.0.streams.borrow_mut();
        let written = streams
            .stdout
            .write_all(bytes)
            .and_then(|()| streams.stdout.flush());
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            writeln!(streams.stderr, "error: cannot write the response: {error}").ok();
            self.0.status.set(Some(Status::Failed));
        }
    }

    fn write_value(&self, value: &impl serde::Serialize, layout: &Layout) {
        match serde_json::to_value(value) {
            Ok(value) => {
                let value = layout.ordered(value);
                let Inner {
                    format, columns, ..
                } = &*self.0;
                self.write(format.render(&value, layout, columns).as_bytes());
            }
            Err(error) => {
                let status = self.report(&format!("cannot serialize the response: {error}"));
                self.0.status.set(Some(status));
            }
        }
    }
}

/// The first lines of a body, without characters that control a terminal.
fn excerpt(body: &str) -> String {
    let mut lines = body.lines().filter(|line| !line.trim().is_empty());
    let mut is_all = true;
    let mut text = String::new();
    for line in lines.by_ref().take(EXCERPT_LINES) {
        let mut shown: String = line
            .chars()
            .take(EXCERPT_WIDTH)
            .map(|c| match c {
                '\t' => ' ',
                c if c.is_control() => char::REPLACEMENT_CHARACTER,
                c => c,
            })
            .collect();
        if line.chars().nth(EXCERPT_WIDTH).is_some() {
            is_all = false;
            shown.push_str("...");
        }
        text.push_str(&format!("  {shown}\n"));
    }
    if !is_all || lines.next().is_some() {
        text.push_str(&format!(
            "note: this is the start of {} bytes\n",
            body.len()
        ));
    }
    text
}

/// Shows the progress with this template from now on.
fn show(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
}

impl CliConfig for Terminal {
    fn success_item<T>(&self, value: &ResponseValue<T>)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        let layout = Layout::of_response(self.0.command, value.status().as_u16());
        self.write_value(&**value, &layout);
    }

    fn success_no_item(&self, _: &ResponseValue<()>) {}

    fn error<T>(&self, error: &Error<T>)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        self.0.bar.finish_and_clear();
        let (status, message) = match error {
            Error::ErrorResponse(response) => (
                Status::Rejected,
                format!("the server responded with {}", response.status()),
            ),
            Error::UnexpectedResponse(response) => {
                let media_type = response.headers().get(CONTENT_TYPE);
                let media_type = media_type.and_then(|value| value.to_str().ok());
                let media_type = media_type.map_or_else(String::new, |name| format!(" ({name})"));
                let status = response.status();
                (
                    Status::Rejected,
                    format!(
                        "the server responded with {status}{media_type}, which the API does not declare"
                    ),
                )
            }
            Error::CommunicationError(error) => {
                let mut message = error.to_string();
                let mut cause = std::error::Error::source(error);
                while let Some(inner) = cause {
                    message.push_str(&format!(": {inner}"));
                    cause = inner.source();
                }
                (Status::Failed, message)
            }
            Error::InvalidResponsePayload(response, error) => (
                Status::Failed,
                format!(
                    "the response with status {} does not match the API: {error}",
                    response.status()
                ),
            ),
            Error::InvalidRequest(message) | Error::Custom(message) => {
                (Status::Failed, message.clone())
            }
            other => (
                Status::Failed,
                other.status().map_or_else(
                    || "cannot read the response".to_owned(),
                    |status| format!("cannot read the response with status {status}"),
                ),
            ),
        };
        self.report(&message);
        let body = match error {
            Error::ErrorResponse(response) => {
                let layout = Layout::of_response(self.0.command, response.status().as_u16());
                let body = serde_json::to_value(&**response).ok();
                let body = body.filter(|body| !body.is_null());
                body.map(|body| self.0.format.render(&layout.ordered(body), &layout, &[]))
            }
            other => other.raw().map(|response| excerpt(&response.text())),
        };
        if let Some(body) = body {
            let stderr = &mut self.0.streams.borrow_mut().stderr;
            stderr.write_all(body.as_bytes()).ok();
        }
        self.0.status.set(Some(status));
    }

    fn list_start<T>(&self)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        show(&self.0.bar, "{spinner} {pos} items received, {elapsed}");
    }

    fn list_item<T>(&self, value: &T)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        self.0.bar.inc(1);
        self.0
            .items
            .borrow_mut()
            .extend(serde_json::to_value(value).ok());
    }

    fn list_end_success<T>(&self)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        let items = self.0.items.take();
        self.write_value(&items, &Layout::of_items(self.0.command));
    }

    fn list_end_error<T>(&self, error: &Error<T>)
    where
        T: serde::Serialize + std::fmt::Debug,
    {
        self.error(error);
        let received = self.0.items.take().len();
        if received > 0 {
            let streams = &mut self.0.streams.borrow_mut();
            writeln!(
                streams.stderr,
                "note: the error occurred after {received} items, which are not shown"
            )
            .ok();
        }
    }

    fn upload(&self, path: &Path) -> Result<reqwest::Body> {
        let open = || File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (length, mut file) =
            open().with_context(|| format!("cannot read {}", path.display()))?;
        let bar = self.0.bar.clone();
        // All files of a request share one progress bar.
        bar.set_length(bar.length().unwrap_or(0) + length);
        show(&bar, "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}");
        let chunks = std::iter::from_fn(move || {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk).map(|read| {
                chunk.truncate(read);
                bar.inc(read as u64);
                chunk
            });
            let is_all = bar.length().is_some_and(|length| bar.position() >= length);
            if is_all && !bar.is_finished() {
                show(&bar, "{spinner} {bytes} sent, waiting for the response");
            }
            Some(read).filter(|read| !matches!(read, Ok(chunk) if chunk.is_empty()))
        });
        Ok(reqwest::Body::wrap_stream(stream::iter(chunks)))
    }

    async fn bytes(&self, value: ResponseValue<ByteStream>) -> Result<()> {
        let mut stream = value.into_inner().into_inner();
        // The URL may contain an API key.
        while let Some(chunk) = stream
            .try_next()
            .await
            .map_err(reqwest::Error::without_url)?
        {
            self.write(&chunk);
        }
        Ok(())
    }
}
