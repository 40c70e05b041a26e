//! The Depot API on the command line: every command sends a request and prints the response.

#![forbid(unsafe_code)]

mod arguments;
mod columns;
mod connection;
// Formatted by its generator, so that the files are the same on every machine.
#[rustfmt::skip]
pub mod generated;
mod render;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use generated::Cli;
use terminal::Terminal;

pub use terminal::Streams;

/// The result of a command. Scripts rely on the numbers: they are the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The command succeeded.
    Done = 0,
    /// The server returned an error.
    Rejected = 1,
    /// The arguments are invalid, or the server did not respond.
    Failed = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs a command. The first argument is the name of the program.
pub async fn run(args: impl IntoIterator<Item = OsString>, streams: Streams) -> Status {
    let mut command = arguments::command();
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => return streams.usage(&error),
    };
    if let Some((arguments::COMPLETIONS, completions)) = matches.subcommand() {
        return match completions.get_one::<clap_complete::Shell>("shell") {
            Some(shell) => streams.completions(*shell, &mut command),
            None => Status::Failed,
        };
    }
    let Some((operation, operation_matches)) = arguments::operation(&matches) else {
        return Status::Failed;
    };
    let output = arguments::output(&matches).and_then(|(format, columns)| {
        columns::check(operation, &columns)?;
        Ok((format, columns))
    });
    let client = output.and_then(|output| {
        let url = arguments::base_url(&matches)?;
        let credentials = arguments::credentials(&matches);
        let retries = arguments::retries(&matches);
        let client = connection::client(&url, operation, &credentials, retries)?;
        Ok((output, client))
    });
    let ((format, columns), client) = match client {
        Ok(client) => client,
        Err(error) => return streams.failure(&format!("{error:#}")),
    };
    let terminal = Terminal::new(streams, operation, format, columns);
    let result = Cli::new(client, terminal.clone())
        .execute(operation, operation_matches)
        .await;
    terminal.end(result)
}
