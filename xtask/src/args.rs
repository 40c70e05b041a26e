//! The whole command line on one page.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use openapi_contract::report::Format;

const AFTER_HELP: &str = "\
Exit status:
  0  nothing to report
  1  findings, or something is stale
  2  the command could not run";

/// From the contract to everything else, and back to see whether it holds.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = AFTER_HELP, version = None)]
// One width everywhere: help reads the same in a log as on a terminal.
#[command(term_width = 100)]
pub struct Args {
    /// The workspace's directory [default: the one around the current directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the client from the contract, with its mocks and its command line
    #[command(after_help = "\
Examples:
  cargo xtask generate            write what is stale
  cargo xtask generate --check    only say what is stale, with a diff; for CI
  cargo xtask generate --strict   fail where the client says less than the contract")]
    Generate {
        /// Write nothing; show what is stale as a unified diff, and fail if anything is
        #[arg(long)]
        check: bool,
        /// Fail if the client's types enforce less than the contract, or lack an operation of it
        #[arg(long)]
        strict: bool,
    },
    /// Write a client crate that stands alone, from any contract
    #[command(after_help = "\
A crate that this command wrote before is brought up to date: what was generated is replaced, what
people wrote stays. Nothing else is overwritten.

Examples:
  cargo xtask client petstore.yaml --out ../petstore-client
  cargo xtask client petstore.yaml --out ../petstore --name petstore --with mock,cli")]
    Client(ClientArgs),
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
    /// Show what changed between two contracts, who breaks, and which version that asks for
    #[command(after_help = "\
OLD and NEW are files, or files of a git revision as REV:PATH.

Examples:
  cargo xtask diff old.yaml new.yaml
  cargo xtask diff HEAD:openapi/media.yaml openapi/media.yaml      what is not committed yet
  cargo xtask diff v1.0.0:openapi/media.yaml openapi/media.yaml    what changed since a tag")]
    Diff(DiffArgs),
    /// Check the quality of contracts, each by itself
    #[command(after_help = "\
Examples:
  cargo xtask lint                     the workspace's contract
  cargo xtask lint a.yaml b.json       any others
  cargo xtask lint --format github     annotations for a pull request")]
    Lint {
        #[command(flatten)]
        report: ReportArgs,
        /// The contracts [default: openapi/media.yaml in the workspace]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Say what a finding means, who it breaks, and what to do, with an example
    #[command(after_help = "\
Examples:
  cargo xtask explain                     all rules, each in a sentence
  cargo xtask explain enum-value-added    the rule of a finding, which is in its brackets
  cargo xtask explain responses           the pass of a rewrite, which is in its brackets")]
    Explain {
        /// The id of the rule or pass [default: all]
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// Try comparison and lowering on a folder of contracts and pairs of contracts that others wrote
    #[command(after_help = "\
The folder has contracts in `apis/`, and pairs in `oasdiff/cases.json`: a list of objects with
`name`, `base`, `revision`, `max_level` (ERR, WARN, INFO or NONE) and `expected`, a list of what
another tool found. Either may be missing.

Examples:
  cargo run --release --package xtask -- corpus ../corpora    a debug build takes minutes")]
    Corpus {
        /// The folder
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Prove that the clients of contracts compile, and that their types are right
    #[command(after_help = "\
Every operation is called against a server that replays answers which the contract allows. What
arrives there is held to the contract, and what the client makes of the answers to what was sent.

A folder stands for the YAML and JSON files in it, and for the contract in each folder in it.

Examples:
  cargo xtask prove openapi/media.yaml
  cargo run --release --package xtask -- prove ../contracts --out target/proof --with mock,cli")]
    Prove(ProveArgs),
    /// Generate once, and print as JSON what it took
    #[command(hide = true)]
    Measure {
        /// Whose generator
        generator: Generator,
        /// The contract
        contract: PathBuf,
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
pub(crate) struct ClientArgs {
    /// The contract, OpenAPI 3.0 or 3.1
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The directory of the crate
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The name of the package [default: from the contract's title]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What else to write, in directories of the crate's
    #[arg(long, value_name = "CRATES", value_enum, value_delimiter = ',')]
    pub(crate) with: Vec<With>,
    /// Write nothing if the client's types enforce less than the contract, or lack an operation of it
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProveArgs {
    /// The contracts, or folders of them
    #[arg(value_name = "PATH", required = true)]
    pub(crate) contracts: Vec<PathBuf>,
    /// Where to write the crates and to build them; to be used again [default: a directory that
    /// is gone afterwards]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What else must compile
    #[arg(long, value_name = "CRATES", value_enum, value_delimiter = ',')]
    pub(crate) with: Vec<With>,
    /// Also generate and check what progenitor and prettyplease make of the same contract alone,
    /// and show it behind ours; both generate by turns, in processes of their own, and progenitor with
    /// the allocator of the system
    #[arg(long)]
    pub(crate) baseline: bool,
    /// Only generate and compile; make no calls
    #[arg(long)]
    pub(crate) no_calls: bool,
}

/// A crate that goes with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    /// Typed mocks, for tests
    Mock,
    /// A command line
    Cli,
}

/// Who generates a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generator {
    /// This workspace
    Ours,
    /// progenitor and prettyplease alone
    Baseline,
}

impl Generator {
    /// What it is called on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Baseline => "baseline",
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Text, value_parser = formats())]
    pub(crate) format: Format,
    /// Also show differences that no machine sees
    #[arg(long)]
    pub(crate) docs: bool,
}

fn formats() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL
        .iter()
        .map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(values).try_map(|name| name.parse())
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// The contract as it was
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The contract as it is
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// The least level that fails the command
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Breaking)]
    pub(crate) fail_on: FailOn,
    /// Changes that are accepted [default: openapi/accepted-changes.toml, when NEW is the
    /// workspace's contract]
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,
}

/// The least level that fails a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// What breaks somebody, and what could not be decided
    Breaking,
    /// Also what may lose meaning
    Risky,
    /// Also what is added
    Compatible,
}
