//! `media-server keys`.

use std::io::{self, Write};

use anyhow::Context;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
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
        Keys::Revoke { id } => revoke(library, &KeyId::new(id)),
    }
}

fn create(
    library: &SqliteLibrary,
    name: &LibraryName,
    label: &str,
    out: &mut dyn Write,
) -> Result<CommandOutcome, Failure> {
    let created = match library.create_key(name, label) {
        Err(error @ SqliteError::Label) => return Ok(rejected(&error)),
        created => created?,
    };
    // Only the key, so that a script can capture it.
    writeln!(out, "{}", created.key.reveal())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")?;
    print_note(format_args!(
        "created key {} for library {name}; store it now, it is not shown again",
        created.id
    ));
    Ok(CommandOutcome::Done)
}

fn revoke(library: &SqliteLibrary, id: &KeyId) -> Result<CommandOutcome, Failure> {
    match library.revoke_key(id) {
        Ok(()) => {
            print_note(format_args!("revoked key {id}"));
            Ok(CommandOutcome::Done)
        }
        Err(error @ SqliteError::UnknownKey(_)) => Ok(rejected(&error)),
        Err(error) => Err(error.into()),
    }
}

fn rejected(error: &SqliteError) -> CommandOutcome {
    print_error(error);
    CommandOutcome::Rejected
}

fn list(keys: &[KeySummary], out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.add_row(["ID", "LIBRARY", "CREATED", "REVOKED", "LABEL"]);
    for key in keys {
        table.add_row([
            key.id.to_string(),
            key.library.clone(),
            key.created_at.to_string(),
            key.revoked_at.map_or("-".to_owned(), |at| at.to_string()),
            key.label.clone(),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    writeln!(out, "{}", table.trim_fmt())?;
    out.flush()
}

/// Prints a note to standard error: standard output is for results.
fn print_note(message: impl std::fmt::Display) {
    // If standard error is closed, the note is lost.
    let _ = writeln!(anstream::stderr(), "{message}");
}
