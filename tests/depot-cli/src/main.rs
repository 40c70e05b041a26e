//! The Depot API on the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let streams = depot_cli::Streams::stdio();
    depot_cli::run(std::env::args_os(), streams).await.into()
}
