//! The {{title}} on the command line: arguments in, one request, the answer out.

#![forbid(unsafe_code)]

mod arguments;
mod connection;
// Formatted by its generator, so that every machine agrees on each byte.
#[rustfmt::skip]
pub mod generated;
mod render;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use generated::Cli;
use terminal::Terminal;

pub use terminal::Streams;

/// How a command ended. The numbers are promised to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was done.
    Done = 0,
    /// The server said no.
    Refused = 1,
    /// The arguments are wrong, or the server could not be reached.
    Failed = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs one command. The first argument is the program's name.
pub async fn run(args: impl IntoIterator<Item = OsString>, streams: Streams) -> Status {
    let mut command = arguments::command();
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => return streams.usage(&error),
    };
    if let Some((arguments::COMPLETIONS, asked)) = matches.subcommand() {
        return match asked.get_one::<clap_complete::Shell>("shell") {
            Some(shell) => streams.completions(*shell, &mut command),
            None => Status::Failed,
        };
    }
    let Some((operation, of_command)) = arguments::operation(&matches) else {
        return Status::Failed;
    };
    let format = arguments::format(&matches);
    let client = arguments::base_url(&matches).and_then(|url| {
        let given = arguments::credentials(&matches);
        connection::client(&url, operation, &given, arguments::retries(&matches))
    });
    let client = match client {
        Ok(client) => client,
        Err(error) => return streams.failure(&format!("{error:#}")),
    };
    let terminal = Terminal::new(streams, format);
    let result = Cli::new(client, terminal.clone())
        .execute(operation, of_command)
        .await;
    terminal.end(result)
}
