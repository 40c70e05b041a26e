//! Writes `LOWERING.md`: what the client does otherwise than the contract says.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::header::FileHeader;
use crate::lower::{Fidelity, FidelityCounts, Rewrite};

/// The file, if there is something that the client lacks or does not enforce.
pub(crate) fn file(rewrites: &[Rewrite], stamp: &FileHeader) -> Option<GeneratedFile> {
    let counts = FidelityCounts::of(rewrites);
    if counts.weakened + counts.omitted == 0 {
        return None;
    }
    let mut text = format!(
        "<!--\n{}-->\n\n# What the client does not carry over\n\n\
         The name at the end of a line is that of the pass of the generator that did it; \
         `cargo xtask explain NAME`\nin the generator's workspace says why, and how to avoid the fidelity.\n",
        stamp.header()
    );
    for (fidelity, title) in [
        (Fidelity::Omitted, "Operations that the client lacks"),
        (Fidelity::Weakened, "What its types do not enforce"),
        (Fidelity::Exact, "What is only written otherwise"),
    ] {
        let mut of_kind = rewrites
            .iter()
            .filter(|one| one.fidelity == fidelity)
            .peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n");
        for rewrite in of_kind {
            let location = &rewrite.location;
            let operation = rewrite
                .operation
                .as_ref()
                .map(|id| format!(" (`{}`)", one_line(id)))
                .unwrap_or_default();
            let _ = writeln!(
                text,
                "- {}:{}{operation}: {} \\[{}\\]",
                location.file,
                location.position,
                one_line(&rewrite.message),
                rewrite.pass
            );
        }
    }
    Some(GeneratedFile {
        path: [GENERATED_DIR, "LOWERING.md"].iter().collect::<PathBuf>(),
        contents: text,
        ownership: Ownership::Generated,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
