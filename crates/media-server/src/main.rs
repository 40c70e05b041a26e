//! The binary `media-server`. Everything it does is in the library or in [`cli`].

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
