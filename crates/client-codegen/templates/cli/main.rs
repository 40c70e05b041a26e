//! The {{title}} on the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let streams = {{crate}}::Streams::stdio();
    {{crate}}::run(std::env::args_os(), streams).await.into()
}
