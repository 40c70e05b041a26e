//! The commands, one module each.

mod check;
mod client;
mod common;
mod corpus;
mod diff;
mod explain;
mod generate;
mod lint;
mod measure;
mod prove;
mod publish;
mod test;

use anyhow::Result;
use clap::CommandFactory;

use crate::args::{Args, Command};
use crate::output::{Output, Status};
use crate::workspace::Workspace;

/// Runs the command given by the arguments.
pub(crate) fn run(args: Args, output: &mut Output) -> Result<Status> {
    if let Command::Completions { shell } = args.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Args::command(), "cargo-xtask", &mut script);
        output.report(&String::from_utf8_lossy(&script))?;
        return Ok(Status::Clean);
    }
    if let Command::Client(args) = args.command {
        let result = client::run(&args, output);
        return common::report_parse_error(result, &args.report, output);
    }
    let workspace = Workspace::find(args.root)?;
    match args.command {
        Command::Generate {
            report,
            root_dir,
            check,
            strict,
        } => {
            let result = generate::run(&workspace, &root_dir, &report, check, strict, output);
            common::report_parse_error(result, &report, output)
        }
        Command::Check {
            report,
            root_dir,
            contract,
            server,
            strict,
        } => {
            let documents = check::Documents {
                contract,
                root_dir,
                server,
            };
            let result = check::run(&workspace, &documents, strict, &report, output);
            common::report_parse_error(result, &report, output)
        }
        Command::Diff(args) => {
            let result = diff::run(&workspace, &args, output);
            common::report_parse_error(result, &args.report, output)
        }
        Command::Lint {
            report,
            root_dir,
            files,
            strict,
        } => lint::run(&workspace, files, &root_dir, strict, &report, output),
        Command::Explain { id } => explain::run(id.as_deref(), output),
        Command::Corpus { directory } => corpus::run(&directory, output),
        Command::Prove(args) => prove::run(&workspace, &args, output),
        Command::Measure {
            generator,
            contract,
            out,
            root_dir,
        } => measure::run(generator, &contract, &out, &root_dir),
        Command::Publish { registry, execute } => {
            publish::run(&workspace, &registry, execute, output)
        }
        Command::Test { arguments } => test::run(&workspace, arguments, output),
        Command::Client(_) | Command::Completions { .. } => {
            unreachable!("handled above; these commands need no workspace")
        }
    }
}
