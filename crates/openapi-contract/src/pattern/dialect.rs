//! From the regular expressions of browsers to those of the engines here.
//!
//! The validator reads ECMA-262 as it is with the flag `u`, and most contracts are written without:
//! there a hyphen beside a class stands for itself, and so do a brace that repeats nothing and a
//! backslash before a character without a meaning.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern as the validator reads it. What has no meaning there is left as it is.
pub(crate) fn for_validator(pattern: &str) -> String {
    let mut mending = PatternRewriter {
        rest: pattern.chars().peekable(),
        text: String::with_capacity(pattern.len()),
    };
    mending.run();
    mending.text
}

/// A pattern as automata are built from it; nothing where it looks around or refers back.
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

    /// Whether what stands behind a brace is a number of times.
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

    /// The part of an escape behind its backslash. True for a class, such as `\d`.
    fn escape(&mut self, in_class: bool) -> bool {
        let Some(c) = self.rest.next() else {
            self.text.push('\\');
            return false;
        };
        match c {
            // Elsewhere the ends of words.
            '<' | '>' => self.text.push(c),
            // Elsewhere the ends of the text. ECMA-262 has letters there, which nobody would escape.
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

    /// A character that is written as two halves, `\uD83D\uDE00`.
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

    /// What stands between brackets.
    fn class(&mut self) {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            // Nothing at all, and everything.
            self.text
                .push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
            return;
        }
        self.text.push_str(if is_negated { "[^" } else { "[" });
        // A hyphen is a range between two characters, and itself beside a class.
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
    fn what_needs_no_mending_stays() {
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
    fn what_has_another_spelling_is_mended() {
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
