//! The binary `media-server`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
