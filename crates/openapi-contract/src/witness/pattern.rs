//! Strings that match a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::pattern::for_automata;

/// Readable characters, in order of preference.
const PREFERRED: &str = "a0A-_ .x";

/// A short string that should match `pattern`. `None` if the pattern uses an unsupported feature,
/// such as look-around. The caller checks the string.
pub(super) fn matching(pattern: &str) -> Option<String> {
    let pattern = for_automata(pattern)?;
    let hir = regex_syntax::Parser::new().parse(&pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            // A pattern can require a very long string.
            const MOST: u32 = 1_000;
            for _ in 0..repetition.min.min(MOST) {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
    }
    Some(())
}

fn member(class: &Class) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            let ranges = class.ranges();
            let has = |c: char| {
                ranges
                    .iter()
                    .any(|range| range.start() <= c && c <= range.end())
            };
            let preferred = PREFERRED.chars().find(|&c| has(c));
            preferred.or_else(|| ranges.first().map(|range| range.start()))
        }
        Class::Bytes(class) => class
            .ranges()
            .first()
            .map(|range| char::from(range.start())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_matching_strings() {
        for (pattern, expected) in [
            ("^[a-z]+/[a-z0-9.+-]+$", "a/a"),
            (r"^\d{4}-\d{2}T$", "0000-00T"),
            ("^(ab|cd)?x{2}$", "xx"),
            ("^(?!a)b$", ""),
        ] {
            assert_eq!(matching(pattern).unwrap_or_default(), expected, "{pattern}");
        }
    }
}
