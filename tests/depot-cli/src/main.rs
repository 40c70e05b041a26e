//! The Depot API on the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let streams = depot_cli::Streams::of_process();
    depot_cli::run(std::env::args_os(), streams).await.into()
}
