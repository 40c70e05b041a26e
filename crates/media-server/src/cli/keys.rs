//! `media-server keys`.

use std::io::{self, Write};

use anyhow::Context;
use media_server::{KeyId, KeySummary, LibraryName, SqliteError, SqliteLibrary};

use super::args::Keys;
use super::exit::{CommandOutcome, Failure, print_error};

pub(super) fn run(
    library: &SqliteLibrary,
    keys: Keys,
    out: &mut dyn Write,
) -> Result<CommandOutcome, Failure> {
    match keys {
        Keys::Create {
            library: name,
            label,
        } => create(library, &name, &label, out),
        Keys::List => {
            list(&library.keys()?, out).context("cannot write to standard output")?;
            Ok(CommandOutcome::Done)
        }
        Keys::Revoke { id } => told(library.revoke_key(&KeyId::new(id.clone())), || {
            print_note(format_args!("key {id} is revoked"));
        }),
    }
}

fn create(
    library: &SqliteLibrary,
    name: &LibraryName,
    label: &str,
    out: &mut dyn Write,
) -> Result<CommandOutcome, Failure> {
    let created = match library.create_key(name, label) {
        Err(error @ SqliteError::Label) => return Ok(reported(&error)),
        created => created?,
    };
    // The key alone, so that a script can take it.
    writeln!(out, "{}", created.key.reveal())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")?;
    print_note(format_args!(
        "key {} of library {name}: keep it now, it is not shown again",
        created.id
    ));
    Ok(CommandOutcome::Done)
}

fn told(
    done: Result<(), SqliteError>,
    on_success: impl FnOnce(),
) -> Result<CommandOutcome, Failure> {
    match done {
        Ok(()) => {
            on_success();
            Ok(CommandOutcome::Done)
        }
        Err(error @ SqliteError::UnknownKey(_)) => Ok(reported(&error)),
        Err(error) => Err(error.into()),
    }
}

fn reported(error: &SqliteError) -> CommandOutcome {
    print_error(error);
    CommandOutcome::Reported
}

fn list(keys: &[KeySummary], out: &mut dyn Write) -> io::Result<()> {
    let width = keys
        .iter()
        .map(|key| key.library.len())
        .chain(["LIBRARY".len()])
        .max()
        .unwrap_or_default();
    let mut line = |id: &str, library: &str, created: &str, revoked: &str, label: &str| {
        let line = format!("{id:<16}  {library:<width$}  {created:<24}  {revoked:<24}  {label}");
        writeln!(out, "{}", line.trim_end())
    };
    line("ID", "LIBRARY", "CREATED", "REVOKED", "LABEL")?;
    for key in keys {
        let revoked = key.revoked_at.map_or("-".to_owned(), |at| at.to_string());
        let created = key.created_at.to_string();
        line(
            key.id.as_str(),
            &key.library,
            &created,
            &revoked,
            &key.label,
        )?;
    }
    out.flush()
}

/// Tells what happened, on standard error: standard output is for results.
fn print_note(message: impl std::fmt::Display) {
    // With a broken standard error there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{message}");
}
