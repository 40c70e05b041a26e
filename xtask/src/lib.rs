//! The commands of the workspace.
//!
//! This crate parses arguments, reads files and prints reports. The rules are in `openapi-contract`,
//! the code generator is `client-codegen`.

mod args;
mod baseline;
mod cargo;
mod commands;
mod output;
mod parse_errors;
mod peak_rss;
mod subprocess;
mod views;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use args::Args;
pub use output::{Output, Status};

/// Runs the command given by the arguments of this process.
pub fn main() -> ExitCode {
    if let Some(code) = subprocess::run_generator(&mut Output::of_process()) {
        return code;
    }
    subprocess::with_large_stack(|| run(std::env::args_os(), &mut Output::of_process())).into()
}

/// Runs one command. The first argument is the name of the program.
pub fn run(args: impl IntoIterator<Item = OsString>, output: &mut Output) -> Status {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return output.usage(&error),
    };
    match commands::run(args, output) {
        Ok(status) => status,
        Err(error) if output::is_broken_pipe(&error) => Status::Clean,
        Err(error) => output.failure(&error),
    }
}
