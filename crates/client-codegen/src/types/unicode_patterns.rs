//! Enables Unicode mode for the patterns that need it, as JSON Schema requires. typify compiles all patterns
//! without it.

use crate::lower::{is_unicode, needs_unicode};

/// The start of the call that compiles a pattern, as printed tokens.
const COMPILED: &str = ":: regress :: Regex :: new (";

/// The end of the call.
const END: &str = ") . unwrap";

/// Adds the flag to the patterns that need it.
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

/// Returns whether a literal is a pattern that needs the flag.
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
    fn only_unicode_patterns_get_the_flag() {
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
