//! `media-server import`.

use std::io::Write;

use anyhow::Context;
use media_server::{ImportError, MediaItem, MediaStatus, SqliteLibrary};

use super::args::Import;
use super::exit::{CommandOutcome, Failure, print_error, printable};

/// Imports the files, and prints a line for each.
pub(super) fn run(
    library: &SqliteLibrary,
    import: &Import,
    out: &mut dyn Write,
) -> Result<CommandOutcome, Failure> {
    let mut outcome = CommandOutcome::Done;
    for file in &import.files {
        let name = printable(&file.display().to_string());
        match library.import(&import.library, file) {
            Ok(item) => {
                writeln!(out, "{name}: {}", describe(&item))
                    .context("cannot write to standard output")?;
                if item.status == MediaStatus::Failed {
                    outcome = CommandOutcome::Rejected;
                }
            }
            // The other files would fail in the same way.
            Err(error @ (ImportError::Store { .. } | ImportError::Record(_))) => {
                return Err(Failure::new(error).context(name));
            }
            Err(error) => {
                print_error(format_args!("{name}: {error}"));
                outcome = CommandOutcome::Rejected;
            }
        }
    }
    Ok(outcome)
}

fn describe(item: &MediaItem) -> String {
    let mut text = format!("{} {} {}", item.media_id, item.status, item.content_type);
    if let (Some(width), Some(height)) = (item.width, item.height) {
        text.push_str(&format!(", {width}x{height} pixels"));
    }
    if let Some(seconds) = item.duration {
        text.push_str(&format!(", {seconds} s"));
    }
    if item.status == MediaStatus::Failed {
        text.push_str(", damaged");
    }
    text
}
