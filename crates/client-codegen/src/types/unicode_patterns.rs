//! Patterns of Unicode, as JSON Schema reads them: typify compiles all as those of text from before.

use crate::lower::{is_unicode, needs_unicode};

/// How a pattern is compiled, as tokens are printed.
const COMPILED: &str = ":: regress :: Regex :: new (";

/// What stands behind the pattern.
const END: &str = ") . unwrap";

/// Compiles the patterns with the flag that need it.
pub(super) fn with_flags(text: String) -> String {
    if !text.contains(COMPILED) {
        return text;
    }
    let mut pieces = text.split(COMPILED);
    let mut flagged = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece
            .split_once(END)
            .filter(|(pattern, _)| is_flagged(pattern))
        {
            Some((pattern, rest)) => {
                let pattern = pattern.trim_end();
                flagged +=
                    &format!(":: regress :: Regex :: with_flags ({pattern}, \"u\"{END}{rest}");
            }
            None => {
                flagged += COMPILED;
                flagged += piece;
            }
        }
    }
    flagged
}

/// Whether a literal is a pattern that needs the flag.
fn is_flagged(literal: &str) -> bool {
    syn::parse_str::<syn::LitStr>(literal.trim()).is_ok_and(|pattern| {
        let pattern = pattern.value();
        needs_unicode(&pattern) && is_unicode(&pattern)
    })
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::with_flags;

    #[test]
    fn only_patterns_of_unicode_are_compiled_as_such() {
        let compiled = |pattern: &str| quote!(::regress::Regex::new(#pattern).unwrap()).to_string();
        let flagged = with_flags(compiled(r"^[\p{L}_\-]*$"));
        let expected = quote!(::regress::Regex::with_flags("^[\\p{L}_\\-]*$", "u").unwrap());
        assert_eq!(
            flagged.replace(' ', ""),
            expected.to_string().replace(' ', "")
        );
        for pattern in ["^a*$", r"\p{L", r"^\_\p{L}$"] {
            assert_eq!(with_flags(compiled(pattern)), compiled(pattern));
        }
    }
}
