//! The Media API on the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let streams = media_cli::Streams::stdio();
    media_cli::run(std::env::args_os(), streams).await.into()
}
