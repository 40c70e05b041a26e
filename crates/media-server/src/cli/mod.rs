//! The command line.

mod args;
mod exit;
mod import;
mod keys;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser};
use media_server::SqliteLibrary;

use args::{Args, Command};
use exit::{CommandOutcome, Failure};

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let args = Args::parse();
    match dispatch(args) {
        Ok(outcome) => outcome.into(),
        Err(failure) => exit::report(&failure),
    }
}

fn dispatch(args: Args) -> Result<CommandOutcome, Failure> {
    let data_dir = args.data_dir;
    let open = || -> Result<SqliteLibrary, Failure> { Ok(SqliteLibrary::open(data_dir)?) };
    let mut stdout = anstream::stdout().lock();
    match args.command {
        Command::Serve(serve) => serve::run(open()?, serve),
        Command::Import(import) => import::run(&open()?, &import, &mut stdout),
        Command::Keys(keys) => keys::run(&open()?, keys, &mut stdout),
        Command::Openapi => {
            let json = media_server::document_json(&media_server::openapi());
            print(&mut stdout, &json)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = Args::command();
            clap_complete::generate(shell, &mut command, "media-server", &mut script);
            print(&mut stdout, &String::from_utf8_lossy(&script))
        }
    }
}

fn print(out: &mut dyn Write, text: &str) -> Result<CommandOutcome, Failure> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")?;
    Ok(CommandOutcome::Done)
}
