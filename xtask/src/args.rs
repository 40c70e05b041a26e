//! The command line: every command, argument and flag.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use openapi_contract::document::{Document, LoadError};
use openapi_contract::report::Format;

const AFTER_HELP: &str = "\
Exit status:
  0  no findings, or only ones that do not fail the command
  1  findings that fail the command, or generated code is stale
  2  the command could not run";

/// Generates code from the contract, and checks that code, server and releases match it
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = AFTER_HELP, version = None)]
// One width everywhere: help reads the same in a log as on a terminal.
#[command(term_width = 100)]
pub struct Args {
    /// Workspace directory [default: the workspace that contains the current directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate the client, its mocks and its command line from the contract
    #[command(after_help = "\
Reports the constructs of the contract that the client enforces only in part, or omits.

Examples:
  cargo xtask generate                 update what is stale
  cargo xtask generate --check         write nothing, show a diff of what is stale; for CI
  cargo xtask generate --strict        fail if the client does not enforce the whole contract
  cargo xtask generate --format json   report in JSON")]
    Generate {
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        root_dir: RootDir,
        /// Write nothing; print a unified diff of stale files and exit with status 1 if there are any
        #[arg(long)]
        check: bool,
        /// Write nothing and exit with status 1 if a construct is weakened or omitted in the client
        #[arg(long)]
        strict: bool,
    },
    /// Generate a stand-alone client crate from any contract
    #[command(after_help = "\
Updates a crate that this command wrote before: generated files are replaced, other files are kept.
Never overwrites files that it did not write.

Examples:
  cargo xtask client petstore.yaml --out ../petstore-client
  cargo xtask client petstore.yaml --out ../petstore --name petstore --with mock,cli
  cargo xtask client petstore.yaml --out ../petstore-client --strict --format github")]
    Client(ClientArgs),
    /// Lint the contract, and check generated code, server, client and last release against it
    #[command(after_help = "\
Examples:
  cargo xtask check                        report with locations in the contract
  cargo xtask check --editorial            include differences in documentation
  cargo xtask check --strict               fail if the client does not enforce the whole contract
  cargo xtask check --format github        annotate a pull request
  cargo xtask check --server served.json   check the OpenAPI document of another server")]
    Check {
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        root_dir: RootDir,
        /// Contract to check [default: openapi/media.yaml in the workspace]
        #[arg(long, value_name = "FILE")]
        contract: Option<PathBuf>,
        /// OpenAPI document of a server, instead of the one of crates/media-server
        #[arg(long, value_name = "FILE")]
        server: Option<PathBuf>,
        /// Exit with status 1 if a construct is weakened or omitted in the client
        #[arg(long)]
        strict: bool,
    },
    /// Compare two contracts: what changed, who breaks, and which version the changes require
    #[command(after_help = "\
OLD and NEW are files, or REV:PATH for a file in a git revision.

Examples:
  cargo xtask diff old.yaml new.yaml
  cargo xtask diff HEAD:openapi/media.yaml openapi/media.yaml      uncommitted changes
  cargo xtask diff v1.0.0:openapi/media.yaml openapi/media.yaml    changes since a tag")]
    Diff(DiffArgs),
    /// Lint contracts
    #[command(after_help = "\
Examples:
  cargo xtask lint                     lint the contract of the workspace
  cargo xtask lint a.yaml b.json       lint other contracts
  cargo xtask lint --strict            fail if a client would not enforce the whole contract
  cargo xtask lint --format github     annotate a pull request")]
    Lint {
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        root_dir: RootDir,
        /// Contracts to lint [default: openapi/media.yaml in the workspace]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Exit with status 1 if a construct is weakened or omitted in generated clients
        #[arg(long)]
        strict: bool,
    },
    /// Explain a rule: what its findings mean, who breaks, and what to do, with an example
    #[command(after_help = "\
Examples:
  cargo xtask explain                     list all rules
  cargo xtask explain enum-value-added    explain the rule that a finding shows in brackets")]
    Explain {
        /// Id of the rule [default: list all rules]
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// Run comparison and generation on a corpus of third-party contracts
    #[command(after_help = "\
The directory has contracts in `apis/`, and pairs of contracts in `oasdiff/cases.json`: an array of
objects with `name`, `base`, `revision`, `max_level` (ERR, WARN, INFO or NONE) and `expected`, the
findings of another tool. Either may be missing.

Examples:
  cargo run --release --package xtask -- corpus ../corpora    a debug build takes minutes")]
    Corpus {
        /// Directory of the corpus
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Prove that the clients of contracts compile, and send and receive what the contracts allow
    #[command(after_help = "\
Calls every operation against a mock server that returns conformant responses. Validates each
request against the contract, and compares each decoded response with what was sent.

A directory stands for all YAML and JSON files in it, plus one contract per subdirectory.

Examples:
  cargo xtask prove openapi/media.yaml
  cargo run --release --package xtask -- prove ../contracts --out target/proof --with mock,cli
  cargo xtask prove api.yaml --baseline --openapi-to-rust ~/.cargo/bin/openapi-to-rust")]
    Prove(ProveArgs),
    /// Generate once, in a process that is measured
    #[command(hide = true)]
    Measure {
        /// Generator to run
        generator: Generator,
        /// Contract to generate from
        contract: PathBuf,
        /// Directory to write to
        out: PathBuf,
        #[command(flatten)]
        root_dir: RootDir,
    },
    /// Package the client, prove that the package builds and passes its tests, and publish it
    #[command(after_help = "\
Examples:
  cargo xtask publish --registry company              prove and print the plan, publish nothing
  cargo xtask publish --registry company --execute    publish")]
    Publish {
        /// Name of the registry in cargo's configuration
        #[arg(long, value_name = "NAME")]
        registry: String,
        /// Publish; without this flag, only the plan is printed
        #[arg(long)]
        execute: bool,
    },
    /// Run all tests of the workspace, and install the tools they need
    #[command(after_help = "\
Arguments are passed to `cargo test`. Without arguments, snapshots that no test refers to fail as
well.

Examples:
  cargo xtask test                    run all tests, as CI does
  cargo xtask test -p media-server    run the tests of one package")]
    Test {
        /// Arguments for `cargo test` [default: --workspace]
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Print a shell completion script
    #[command(after_help = "\
Examples:
  cargo xtask completions bash > ~/.local/share/bash-completion/completions/xtask")]
    Completions {
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ClientArgs {
    /// OpenAPI 3.0 or 3.1 contract
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Directory of the crate
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Name of the package [default: derived from the contract's title]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Companion crates to generate, as subdirectories of DIR
    #[arg(long, value_name = "CRATES", value_enum, value_delimiter = ',')]
    pub(crate) with: Vec<CompanionCrate>,
    /// Directory of `openapi-client-runtime`, which a new crate then depends on [default: the one of this workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) runtime: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) root_dir: RootDir,
    /// Write nothing and exit with status 1 if a construct is weakened or omitted in the client
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProveArgs {
    /// Contracts, or directories of contracts
    #[arg(value_name = "PATH", required = true)]
    pub(crate) contracts: Vec<PathBuf>,
    /// Directory for crates and build output, reused between runs [default: a temporary directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Companion crates that must compile as well
    #[arg(long, value_name = "CRATES", value_enum, value_delimiter = ',')]
    pub(crate) with: Vec<CompanionCrate>,
    /// Also generate with unmodified progenitor and prettyplease from a document with the same operations
    /// and types, and print a table that compares lines, time, memory and the time of `cargo check`
    #[arg(long)]
    pub(crate) baseline: bool,
    /// Also compare with this program of the crate `openapi-to-rust`
    #[arg(long, value_name = "FILE")]
    pub(crate) openapi_to_rust: Option<PathBuf>,
    /// Number of times to measure each generator; they take turns, and the best run of each counts
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Only generate and compile; do not call operations
    #[arg(long)]
    pub(crate) no_calls: bool,
    #[command(flatten)]
    pub(crate) root_dir: RootDir,
}

/// A companion crate of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompanionCrate {
    /// Typed mocks for tests
    Mock,
    /// Command line
    Cli,
}

/// A generator to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generator {
    /// This workspace
    Workspace,
    /// Plain progenitor and prettyplease
    Baseline,
}

impl Generator {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Baseline => "baseline",
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// Output format of the report
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Text, value_parser = formats())]
    pub(crate) format: Format,
    /// Include editorial findings, which change nothing on the wire
    #[arg(long)]
    pub(crate) editorial: bool,
}

/// The directory that references of a contract may lead to.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RootDir {
    /// Directory of all files of a contract: references may lead to any file in it or below. In a
    /// git revision, it is relative to the repository [default: the directory of the contract]
    #[arg(long = "root-dir", value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
}

impl RootDir {
    /// Reads a contract. Messages call it `name`.
    pub(crate) fn load(&self, path: &Path, name: &str) -> Result<Document, LoadError> {
        match &self.path {
            Some(root) => Document::load_below(root, path, name),
            None => Document::load(path, name),
        }
    }
}

fn formats() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL
        .iter()
        .map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(values).try_map(|name| name.parse())
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// Old contract
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// New contract
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) root_dir: RootDir,
    /// Exit with status 1 if a finding has at least this level
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Breaking)]
    pub(crate) fail_on: FailOn,
    /// File of accepted changes [default: openapi/accepted-changes.toml if NEW is the contract of
    /// the workspace]
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,
}

/// The lowest level that fails a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Breaking and undecided findings
    Breaking,
    /// Also risky findings
    Risky,
    /// Also compatible findings
    Compatible,
}
