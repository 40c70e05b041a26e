//! Conversion of ECMA-262 regular expressions to the syntax of the regex engines in use.
//!
//! The validator implements ECMA-262 with the `u` flag. Most contracts rely on the syntax without
//! it: a hyphen next to a class, a brace that is not a quantifier, and a backslash before an
//! ordinary character are literals there.

use std::iter::Peekable;
use std::str::Chars;

/// The pattern for the validator. Invalid syntax is kept.
pub(crate) fn for_validator(pattern: &str) -> String {
    let mut mending = PatternRewriter {
        rest: pattern.chars().peekable(),
        text: String::with_capacity(pattern.len()),
    };
    mending.run();
    mending.text
}

/// The pattern for building automata, or `None` if it has lookaround or backreferences.
pub(crate) fn for_automata(pattern: &str) -> Option<String> {
    let mended = for_validator(pattern);
    let translated = jsonschema_regex::to_rust_regex(&mended).ok()?;
    Some(translated.into_owned())
}

struct PatternRewriter<'p> {
    rest: Peekable<Chars<'p>>,
    text: String,
}

impl PatternRewriter<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => {
                    self.escape(false);
                }
                '[' => self.class(),
                '{' if !self.repeats() => self.text.push_str(r"\{"),
                other => self.text.push(other),
            }
        }
    }

    /// Whether a brace starts a quantifier.
    fn repeats(&self) -> bool {
        let inner: String = self.rest.clone().take_while(|&c| c != '}').collect();
        let is_closed = self.rest.clone().nth(inner.chars().count()) == Some('}');
        let is_count = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        is_closed
            && match inner.split_once(',') {
                None => is_count(&inner),
                Some((least, most)) => is_count(least) && (most.is_empty() || is_count(most)),
            }
    }

    /// Converts an escape after its backslash. Returns whether it is a class, such as `\d`.
    fn escape(&mut self, in_class: bool) -> bool {
        let Some(c) = self.rest.next() else {
            self.text.push('\\');
            return false;
        };
        match c {
            // The boundaries of words in other engines.
            '<' | '>' => self.text.push(c),
            // The start and end of the text in other engines. In ECMA-262 they are letters.
            'A' if !in_class => self.text.push('^'),
            'Z' | 'z' if !in_class => self.text.push('$'),
            'b' if in_class => self.text.push_str(r"\x08"),
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => {
                self.text.push_str(r"\x00");
            }
            'u' => self.unicode(),
            other if !other.is_ascii() => self.text.push(other),
            other => self.text.extend(['\\', other]),
        }
        matches!(c, 'd' | 'D' | 's' | 'S' | 'w' | 'W')
    }

    /// Converts a surrogate pair, such as `\uD83D\uDE00`.
    fn unicode(&mut self) {
        let ahead: String = self.rest.clone().take(10).collect();
        let unit = |at: usize| u16::from_str_radix(ahead.get(at..at + 4)?, 16).ok();
        let second = ahead.get(4..6).filter(|text| *text == r"\u");
        let halves = unit(0).zip(second.and_then(|_| unit(6)));
        let whole = halves.and_then(|(high, low)| {
            let mut decoded = char::decode_utf16([high, low]);
            decoded.next()?.ok().filter(|_| decoded.next().is_none())
        });
        match whole {
            Some(c) => {
                self.text.push(c);
                self.rest.by_ref().take(10).for_each(drop);
            }
            None => self.text.push_str(r"\u"),
        }
    }

    /// Converts a character class after its opening bracket.
    fn class(&mut self) {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            // An empty class matches nothing, a negated empty class matches everything.
            self.text
                .push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
            return;
        }
        self.text.push_str(if is_negated { "[^" } else { "[" });
        // A hyphen is a range between two characters, and a literal next to a class.
        let mut is_behind_class = false;
        while let Some(c) = self.rest.next() {
            let mut is_class = false;
            match c {
                ']' => {
                    self.text.push(']');
                    return;
                }
                '\\' => is_class = self.escape(true),
                '-' if is_behind_class || self.is_before_class() => self.text.push_str(r"\-"),
                other => self.text.push(other),
            }
            is_behind_class = is_class;
        }
    }

    fn is_before_class(&self) -> bool {
        let mut ahead = self.rest.clone();
        let letter = ahead.next().filter(|&c| c == '\\').and(ahead.next());
        matches!(letter, Some('d' | 'D' | 's' | 'S' | 'w' | 'W'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_patterns_are_unchanged() {
        for pattern in [
            r"^[a-z0-9.+-]+\/\d{2,}$",
            r"(?<year>\d{4})-(?:a|b){1,3}?",
            r"^(?!x)[\w.]+$",
            r"a\",
        ] {
            assert_eq!(for_validator(pattern), pattern);
        }
    }

    #[test]
    fn patterns_are_converted() {
        for (pattern, expected) in [
            (r"[\w-./:]", r"[\w\-./:]"),
            (r"[a-\d]", r"[a\-\d]"),
            ("[^]", r"[\s\S]"),
            ("[]", r"[^\s\S]"),
            (r"\<a\>", "<a>"),
            (r"\Aa\Z", "^a$"),
            (r"[\b]", r"[\x08]"),
            (r"a\0", r"a\x00"),
            (r"^{id}$", r"^\{id}$"),
            (r"x{,3}", r"x\{,3}"),
            (r"\uD83D\uDE00\u0041", r"😀\u0041"),
        ] {
            assert_eq!(for_validator(pattern), expected, "{pattern}");
            let built = jsonschema::validator_for(&serde_json::json!({"pattern": expected}));
            assert!(built.is_ok(), "{pattern}");
        }
    }
}
