//! The command line: one command per operation, and the options that all of them share.

use anyhow::{Context, Result, bail};
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::generated::login::{BASE_URL, BASE_URL_ENV, Given, LOGINS, Login};
use crate::generated::{Cli, CliCommand, GROUPS, Group};
use crate::render::Format;
use crate::terminal::Terminal;

/// The name of the command that prints a completion script.
pub(crate) const COMPLETIONS: &str = "completions";

const BASE_URL_FLAG: &str = "base-url";
const COLUMNS_FLAG: &str = "columns";
const FORMAT_FLAG: &str = "format";
const RETRIES_FLAG: &str = "retries";

const AFTER_HELP: &str = "\
Exit status:
  0  success
  1  the server returned an error
  2  invalid usage, or no response from the server";

/// The command line with all commands.
pub(crate) fn command() -> Command {
    let operations: Vec<Command> = CliCommand::iter().map(operation_command).collect();
    let is_taken = |flag: &str| {
        let arguments = operations.iter().flat_map(Command::get_arguments);
        arguments.filter_map(Arg::get_long).any(|long| long == flag)
    };
    // If an operation has a flag with the same name, the shared option gets a longer one.
    let shared = |argument: Arg, flag: &'static str| {
        let id = argument.get_id().to_string();
        let argument = match is_taken(flag) {
            true => argument.long(id),
            false => argument.long(flag),
        };
        argument.global(true).help_heading("Global options")
    };
    let mut command = Command::new(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .after_help(examples())
        .term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(shared(base_url_argument(), BASE_URL_FLAG))
        .arg(shared(format_argument(), FORMAT_FLAG))
        .arg(shared(columns_argument(), COLUMNS_FLAG))
        .arg(shared(retries_argument(), RETRIES_FLAG));
    for login in LOGINS {
        let argument = Arg::new(id(login))
            .value_name(login.value_name)
            .env(login.env)
            .hide_env_values(true)
            .help(login.help);
        command = command.arg(shared(argument, login.flag));
    }
    command
        .subcommands(GROUPS.iter().map(group_command))
        .subcommands(operations_of(None).map(operation_command))
        .subcommand(
            Command::new(COMPLETIONS)
                .about("Print a completion script for a shell")
                .arg(
                    Arg::new("shell")
                        .required(true)
                        .value_parser(clap::value_parser!(clap_complete::Shell)),
                ),
        )
}

fn operation_command(operation: CliCommand) -> Command {
    Cli::<Terminal>::get_command(operation).name(operation.name())
}

fn group_command(group: &'static Group) -> Command {
    Command::new(group.name)
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(operations_of(Some(group)).map(operation_command))
}

/// The operations in a group, or the operations without a group.
fn operations_of(group: Option<&'static Group>) -> impl Iterator<Item = CliCommand> {
    let name = group.map(|group| group.name);
    CliCommand::iter().filter(move |operation| operation.group().map(|group| group.name) == name)
}

/// The operation to call, and its arguments.
pub(crate) fn operation(matches: &ArgMatches) -> Option<(CliCommand, &ArgMatches)> {
    let (name, inner) = matches.subcommand()?;
    let group = GROUPS.iter().find(|group| group.name == name);
    let (name, inner) = match group {
        Some(_) => inner.subcommand()?,
        None => (name, inner),
    };
    let operation = operations_of(group).find(|operation| operation.name() == name)?;
    Some((operation, inner))
}

fn base_url_argument() -> Arg {
    let argument = Arg::new("server-base-url")
        .value_name("URL")
        .env(BASE_URL_ENV)
        .help("Base URL of the API");
    match BASE_URL {
        Some(url) => argument.default_value(url),
        None => argument,
    }
}

fn format_argument() -> Arg {
    Arg::new("response-format")
        .value_name("FORMAT")
        .default_value("json")
        .value_parser(PossibleValuesParser::new(Format::NAMES))
        .help("Output format of responses")
}

fn columns_argument() -> Arg {
    Arg::new("table-columns")
        .value_name("NAMES")
        .action(ArgAction::Append)
        .value_delimiter(',')
        .value_parser(NonEmptyStringValueParser::new())
        .help("Print a table with these columns, such as `id,owner.name`")
}

fn retries_argument() -> Arg {
    Arg::new("request-retries")
        .value_name("NUMBER")
        .default_value("0")
        .value_parser(clap::value_parser!(u8))
        .help("How many times to retry a request after a temporary failure, such as 429 or 503")
}

fn examples() -> String {
    let program = env!("CARGO_PKG_NAME");
    let first = CliCommand::iter()
        .next()
        .map(invocation)
        .unwrap_or_default();
    let mut examples =
        format!("Examples:\n  {program} {first} --help\n  {program} {first} --format table\n");
    if let Some(login) = LOGINS.first() {
        examples.push_str(&format!("  {}=... {program} {first}\n", login.env));
    }
    format!("{examples}\n{AFTER_HELP}")
}

/// The name of a command, after that of its group.
fn invocation(operation: CliCommand) -> String {
    match operation.group() {
        Some(group) => format!("{} {}", group.name, operation.name()),
        None => operation.name().to_owned(),
    }
}

/// The id of the argument for a credential. No argument of an operation has the same.
fn id(login: &Login) -> String {
    format!("login-{}", login.flag)
}

/// The base URL of the API.
pub(crate) fn base_url(matches: &ArgMatches) -> Result<String> {
    let url = matches.get_one::<String>("server-base-url");
    url.cloned()
        .with_context(|| format!("no base URL: pass --{BASE_URL_FLAG} or set {BASE_URL_ENV}"))
}

/// The credentials from flags and environment variables. Empty ones are ignored.
pub(crate) fn credentials(matches: &ArgMatches) -> Vec<Given> {
    let given = LOGINS.iter().filter_map(|login| {
        let secret = matches.get_one::<String>(&id(login))?;
        let secret = secret.trim_end_matches(['\r', '\n']);
        (!secret.is_empty()).then(|| Given::new(*login, secret))
    });
    given.collect()
}

/// How many times a request is retried.
pub(crate) fn retries(matches: &ArgMatches) -> usize {
    matches
        .get_one::<u8>("request-retries")
        .copied()
        .map_or(0, usize::from)
}

/// The output format of responses, and the columns of a table; all if there are none.
pub(crate) fn output(matches: &ArgMatches) -> Result<(Format, Vec<String>)> {
    let name = matches.get_one::<String>("response-format");
    let format = name.map_or(Format::Json, |name| Format::from_name(name));
    let columns = matches.get_many::<String>("table-columns");
    let columns: Vec<String> = columns.into_iter().flatten().cloned().collect();
    let is_default = matches.value_source("response-format") == Some(ValueSource::DefaultValue);
    match format {
        _ if columns.is_empty() => Ok((format, columns)),
        Format::Table => Ok((format, columns)),
        _ if is_default => Ok((Format::Table, columns)),
        _ => bail!("--{COLUMNS_FLAG} requires --{FORMAT_FLAG} table"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn command_line_is_valid() {
        super::command().debug_assert();
    }
}
