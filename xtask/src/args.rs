//! The whole command line on one page.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

const AFTER_HELP: &str = "\
Exit status:
  0  nothing to report
  1  findings, or something is stale
  2  the command could not run";

/// From the contract to everything else, and back to see whether it holds.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = AFTER_HELP, version = None)]
pub struct Args {
    /// The workspace's directory [default: the one around the current directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the client crate from the contract
    #[command(after_help = "\
Examples:
  cargo xtask generate            write what is stale
  cargo xtask generate --check    only say what is stale, with a diff; for CI")]
    Generate {
        /// Write nothing; show what is stale as a unified diff, and fail if anything is
        #[arg(long)]
        check: bool,
    },
    /// Check everything that must hold: the contract itself, generated code, server and client
    #[command(after_help = "\
Examples:
  cargo xtask check                        the report, with the places in the contract
  cargo xtask check --docs                 the same, with differences that only readers see
  cargo xtask check --format github        annotations for a pull request
  cargo xtask check --server served.json   hold another server's document to the contract")]
    Check {
        #[command(flatten)]
        report: ReportArgs,
        /// The contract [default: openapi/media.yaml in the workspace]
        #[arg(long, value_name = "FILE")]
        contract: Option<PathBuf>,
        /// A server's OpenAPI document, in place of that of crates/media-server
        #[arg(long, value_name = "FILE")]
        server: Option<PathBuf>,
    },
    /// Pack the client, prove that the package builds and passes its tests, and publish it
    #[command(after_help = "\
Examples:
  cargo xtask publish --registry company              prove and show the plan, publish nothing
  cargo xtask publish --registry company --execute    publish")]
    Publish {
        /// The registry's name in cargo's configuration
        #[arg(long, value_name = "NAME")]
        registry: String,
        /// Really publish
        #[arg(long)]
        execute: bool,
    },
    /// Run all tests of the workspace, with the tools they need
    #[command(after_help = "\
Examples:
  cargo xtask test                    everything, as CI does
  cargo xtask test -p media-server    what `cargo test` is to run, in its words")]
    Test {
        /// Arguments for `cargo test` [default: --workspace]
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  cargo xtask completions bash > ~/.local/share/bash-completion/completions/xtask")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Also show differences that no machine sees
    #[arg(long)]
    pub(crate) docs: bool,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with excerpts of the documents
    Text,
    /// For programs
    Json,
    /// Annotations of a pull request on GitHub
    Github,
}
