//! The command line: what every command takes, and a command for each operation.

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};

use crate::generated::login::{BASE_URL, BASE_URL_ENV, LOGINS, Login};
use crate::generated::{Cli, CliCommand};
use crate::render::Format;
use crate::terminal::Terminal;

/// The command that prints a completion script.
pub(crate) const COMPLETIONS: &str = "completions";

const BASE_URL_FLAG: &str = "base-url";
const FORMAT_FLAG: &str = "format";

const AFTER_HELP: &str = "\
Exit status:
  0  done
  1  the server said no
  2  wrong usage, or the server could not be reached";

/// The whole command line.
pub(crate) fn command() -> Command {
    let operations: Vec<Command> = CliCommand::iter().map(of_operation).collect();
    let is_taken = |flag: &str| {
        let arguments = operations.iter().flat_map(Command::get_arguments);
        arguments.filter_map(Arg::get_long).any(|long| long == flag)
    };
    // A flag that an operation has as well is only known in front of the command.
    let shared = |argument: Arg, flag: &'static str| argument.long(flag).global(!is_taken(flag));
    let mut command = Command::new(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .after_help(examples())
        .term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(shared(base_url_argument(), BASE_URL_FLAG))
        .arg(shared(format_argument(), FORMAT_FLAG));
    for login in LOGINS {
        let argument = Arg::new(id(login))
            .value_name("SECRET")
            .env(login.env)
            .hide_env_values(true)
            .help(login.help);
        command = command.arg(shared(argument, login.flag));
    }
    command.subcommands(operations).subcommand(
        Command::new(COMPLETIONS)
            .about("Print a completion script for a shell")
            .arg(
                Arg::new("shell")
                    .required(true)
                    .value_parser(clap::value_parser!(clap_complete::Shell)),
            ),
    )
}

fn of_operation(operation: CliCommand) -> Command {
    Cli::<Terminal>::get_command(operation).name(name(operation))
}

/// What the command of an operation is called.
pub(crate) fn name(operation: CliCommand) -> String {
    operation.operation_id().replace('_', "-")
}

fn base_url_argument() -> Arg {
    let argument = Arg::new("server-base-url")
        .value_name("URL")
        .env(BASE_URL_ENV)
        .help("The address of the API");
    match BASE_URL {
        Some(url) => argument.default_value(url),
        None => argument,
    }
}

fn format_argument() -> Arg {
    Arg::new("answer-format")
        .value_name("FORMAT")
        .default_value("json")
        .value_parser(PossibleValuesParser::new(Format::NAMES))
        .help("How answers are written")
}

fn examples() -> String {
    let program = env!("CARGO_PKG_NAME");
    let first = CliCommand::iter().next().map(name).unwrap_or_default();
    let mut examples =
        format!("Examples:\n  {program} {first} --help\n  {program} {first} --format table\n");
    if let Some(login) = LOGINS.first() {
        examples.push_str(&format!("  {}=... {program} {first}\n", login.env));
    }
    format!("{examples}\n{AFTER_HELP}")
}

/// The id of a credential's argument: no operation has one like it.
fn id(login: &Login) -> String {
    format!("login-{}", login.flag)
}

/// The address of the API.
pub(crate) fn base_url(matches: &ArgMatches) -> Result<String> {
    let url = matches.get_one::<String>("server-base-url");
    url.cloned()
        .with_context(|| format!("which server? Give --{BASE_URL_FLAG}, or {BASE_URL_ENV}"))
}

/// The credentials that were given.
pub(crate) fn credentials(matches: &ArgMatches) -> Vec<(Login, String)> {
    let given = LOGINS.iter().filter_map(|login| {
        let secret = matches.get_one::<String>(&id(login))?;
        Some((*login, secret.clone()))
    });
    given.collect()
}

/// How answers are written.
pub(crate) fn format(matches: &ArgMatches) -> Format {
    let name = matches.get_one::<String>("answer-format");
    name.map_or(Format::Json, |name| Format::of(name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
