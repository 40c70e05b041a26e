//! The command line: what every command takes, and a command for each operation.

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};

use crate::generated::login::{BASE_URL, BASE_URL_ENV, Given, LOGINS, Login};
use crate::generated::{Cli, CliCommand, GROUPS, Group};
use crate::render::Format;
use crate::terminal::Terminal;

/// The command that prints a completion script.
pub(crate) const COMPLETIONS: &str = "completions";

const BASE_URL_FLAG: &str = "base-url";
const FORMAT_FLAG: &str = "format";
const RETRIES_FLAG: &str = "retries";

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
    // Where an operation has a flag of this name, it is called as the argument is.
    let shared = |argument: Arg, flag: &'static str| {
        let id = argument.get_id().to_string();
        let argument = match is_taken(flag) {
            true => argument.long(id),
            false => argument.long(flag),
        };
        argument
            .global(true)
            .help_heading("Options of every command")
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
        .subcommands(GROUPS.iter().map(of_group))
        .subcommands(members(None).map(of_operation))
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

fn of_operation(operation: CliCommand) -> Command {
    Cli::<Terminal>::get_command(operation).name(operation.name())
}

fn of_group(group: &'static Group) -> Command {
    Command::new(group.name)
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(members(Some(group)).map(of_operation))
}

/// The operations of a group, or those that are in none.
fn members(group: Option<&'static Group>) -> impl Iterator<Item = CliCommand> {
    let name = group.map(|group| group.name);
    CliCommand::iter().filter(move |operation| operation.group().map(|group| group.name) == name)
}

/// The operation that was asked for, and its arguments.
pub(crate) fn operation(matches: &ArgMatches) -> Option<(CliCommand, &ArgMatches)> {
    let (name, inner) = matches.subcommand()?;
    let group = GROUPS.iter().find(|group| group.name == name);
    let (name, inner) = match group {
        Some(_) => inner.subcommand()?,
        None => (name, inner),
    };
    let operation = members(group).find(|operation| operation.name() == name)?;
    Some((operation, inner))
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

fn retries_argument() -> Arg {
    Arg::new("answer-retries")
        .value_name("NUMBER")
        .default_value("0")
        .value_parser(clap::value_parser!(u8))
        .help("How often a request is sent again when that may help, as after 429 or 503")
}

fn examples() -> String {
    let program = env!("CARGO_PKG_NAME");
    let first = CliCommand::iter().next().map(words).unwrap_or_default();
    let mut examples =
        format!("Examples:\n  {program} {first} --help\n  {program} {first} --format table\n");
    if let Some(login) = LOGINS.first() {
        examples.push_str(&format!("  {}=... {program} {first}\n", login.env));
    }
    format!("{examples}\n{AFTER_HELP}")
}

/// What is typed for a command.
fn words(operation: CliCommand) -> String {
    match operation.group() {
        Some(group) => format!("{} {}", group.name, operation.name()),
        None => operation.name().to_owned(),
    }
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

/// The credentials that were given. An empty one is none.
pub(crate) fn credentials(matches: &ArgMatches) -> Vec<Given> {
    let given = LOGINS.iter().filter_map(|login| {
        let secret = matches.get_one::<String>(&id(login))?;
        let secret = secret.trim_end_matches(['\r', '\n']);
        (!secret.is_empty()).then(|| Given::new(*login, secret))
    });
    given.collect()
}

/// How often a request is sent again.
pub(crate) fn retries(matches: &ArgMatches) -> usize {
    matches
        .get_one::<u8>("answer-retries")
        .copied()
        .map_or(0, usize::from)
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
