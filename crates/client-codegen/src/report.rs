//! Writes `LOWERING.md`: what the client does otherwise than the contract says.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::header::Stamp;
use crate::lower::{Price, Prices, Rewrite};

/// The file, if there is something that the client lacks or does not enforce.
pub(crate) fn file(rewrites: &[Rewrite], stamp: &Stamp) -> Option<GeneratedFile> {
    let prices = Prices::of(rewrites);
    if prices.weaker + prices.left_out == 0 {
        return None;
    }
    let mut text = format!(
        "<!--\n{}-->\n\n# What the client does not carry over\n\n\
         The name at the end of a line is that of the pass of the generator that did it; \
         `cargo xtask explain NAME`\nin the generator's workspace says why, and how to avoid the price.\n",
        stamp.header()
    );
    for (price, title) in [
        (Price::LeftOut, "Operations that the client lacks"),
        (Price::Weaker, "What its types do not enforce"),
        (Price::Lossless, "What is only written otherwise"),
    ] {
        let mut of_price = rewrites.iter().filter(|one| one.price == price).peekable();
        if of_price.peek().is_none() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n");
        for rewrite in of_price {
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
