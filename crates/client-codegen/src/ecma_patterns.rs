//! Which patterns the `regress` crate compiles, and with which flags.

use regress::Regex;

/// Whether generated code can compile a pattern.
pub(crate) fn is_readable(pattern: &str) -> bool {
    if needs_unicode(pattern) {
        is_unicode(pattern)
    } else {
        Regex::new(pattern).is_ok()
    }
}

/// Whether a pattern has another meaning, or is invalid, without the flag `u`.
pub(crate) fn needs_unicode(pattern: &str) -> bool {
    [r"\p{", r"\P{", r"\u{"]
        .iter()
        .any(|class| pattern.contains(class))
}

/// Whether a pattern compiles with the flag `u`.
pub(crate) fn is_unicode(pattern: &str) -> bool {
    Regex::with_flags(pattern, "u").is_ok()
}
