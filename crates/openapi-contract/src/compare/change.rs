//! What differs between two contracts, as data. Facts and remedies are made of it.

use std::fmt;

use serde_json::Value;

use crate::model::{Bound, Num};
use crate::witness::Side;

/// The longest value that is shown in a sentence, in characters.
const LONGEST: usize = 60;

/// The longest list that is shown in a help, in characters.
const LONGEST_LIST: usize = 120;

/// One difference. The old side is the old contract, or the contract that a view is compared with.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A keyword has another value, or is set on one side only.
    Keyword {
        keyword: String,
        old: Option<Literal>,
        new: Option<Literal>,
    },
    /// A keyword with the same value on both sides, which refers to a schema that differs.
    Referenced { keyword: String, value: Literal },
    /// A quality of a value that isn't one keyword: "the type" is "`integer`".
    Quality {
        noun: &'static str,
        old: String,
        new: String,
    },
    /// A quality of a named part: "the serialization of `limit`".
    Named {
        noun: String,
        old: String,
        new: String,
    },
    /// A description, summary or title.
    Text {
        noun: String,
        old: Option<String>,
        new: Option<String>,
    },
    /// Something that only `side` has.
    Only { what: ChangedItem, side: Side },
    /// Something that `side` requires and the other side doesn't.
    Required { what: String, side: Side },
    /// Something that is deprecated on `side` only.
    Deprecated { what: String, side: Side },
    /// `side` allows null.
    Null { side: Side },
    /// `side` allows the values of an enum only; the other side has no enum.
    Enum { values: Vec<String>, side: Side },
    /// `side` requires credentials; the other side requires none.
    Credentials { credentials: String, side: Side },
    /// `side` accepts these credentials as an alternative.
    Alternative { credentials: String, side: Side },
    /// An operation has another path or method.
    Moved {
        id: String,
        old: String,
        new: String,
    },
    /// Several changes that are reported as one.
    Several {
        of: Option<String>,
        changes: Vec<Change>,
    },
}

/// Something that only one side has: an operation, a parameter, an enum value.
#[derive(Clone, Debug)]
pub(super) struct ChangedItem {
    /// With its article and name: "the required query parameter `limit`".
    pub(super) noun: String,
    /// `noun` with fewer names, if it has many.
    pub(super) short_noun: Option<String>,
    /// `noun` without "required", if the item is required.
    pub(super) optional_noun: Option<String>,
    pub(super) is_plural: bool,
    /// The announced date of its removal.
    pub(super) sunset: Option<String>,
}

impl From<String> for ChangedItem {
    fn from(noun: String) -> Self {
        Self {
            noun,
            short_noun: None,
            optional_noun: None,
            is_plural: false,
            sunset: None,
        }
    }
}

impl ChangedItem {
    /// Its noun for a help: a long one would hide the rest of the sentence.
    pub(super) fn short(&self) -> &str {
        self.short_noun.as_deref().unwrap_or(&self.noun)
    }

    /// Something such as "property `a`" that may be required.
    pub(super) fn named(name: &str, is_required: bool) -> Self {
        let plain = format!("the {name}");
        if !is_required {
            return plain.into();
        }
        Self {
            optional_noun: Some(plain),
            ..format!("the required {name}").into()
        }
    }
}

impl From<&str> for ChangedItem {
    fn from(noun: &str) -> Self {
        noun.to_owned().into()
    }
}

impl Change {
    /// A keyword with its values.
    pub(super) fn keyword(
        keyword: impl Into<String>,
        old: Option<impl Into<Literal>>,
        new: Option<impl Into<Literal>>,
    ) -> Self {
        let (mut old, mut new) = (old.map(Into::into), new.map(Into::into));
        if let (Some(old), Some(new)) = (&mut old, &mut new) {
            Literal::show_difference(old, new);
        }
        Self::Keyword {
            keyword: keyword.into(),
            old,
            new,
        }
    }

    /// Several changes that are reported as one.
    pub(super) fn all(changes: impl IntoIterator<Item = Self>) -> Self {
        let mut changes: Vec<Self> = changes.into_iter().collect();
        match changes.pop() {
            Some(only) if changes.is_empty() => only,
            last => {
                changes.extend(last);
                let of = None;
                Self::Several { of, changes }
            }
        }
    }

    /// Something that only one side has.
    pub(super) fn only(what: impl Into<ChangedItem>, side: Side) -> Self {
        let what = what.into();
        Self::Only { what, side }
    }

    /// The text of a description or the like.
    pub(super) fn text(
        noun: impl Into<String>,
        old: Option<&String>,
        new: Option<&String>,
    ) -> Self {
        Self::Text {
            noun: noun.into(),
            old: old.cloned(),
            new: new.cloned(),
        }
    }

    /// One end of a range of numbers: `end` is `minimum` or `maximum`.
    pub(super) fn bound(end: RangeEnd, old: Option<Bound>, new: Option<Bound>) -> Self {
        let is_exclusive = |bound: Option<Bound>| bound.map(|bound| bound.exclusive);
        let keyword = match (is_exclusive(old), is_exclusive(new)) {
            (Some(left), Some(right)) if left != right => {
                let shown = |bound: Option<Bound>| match bound {
                    Some(bound) if bound.exclusive => format!("{} (exclusive)", bound.value),
                    Some(bound) => bound.value.to_string(),
                    None => "not set".to_owned(),
                };
                return Self::Quality {
                    noun: end.noun(),
                    old: shown(old),
                    new: shown(new),
                };
            }
            (left, right) => end.keyword(left.or(right).unwrap_or_default()),
        };
        Self::keyword(
            keyword,
            old.map(|bound| bound.value),
            new.map(|bound| bound.value),
        )
    }
}

/// One end of a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum RangeEnd {
    Minimum,
    Maximum,
}

impl RangeEnd {
    fn noun(self) -> &'static str {
        match self {
            Self::Minimum => "the minimum",
            Self::Maximum => "the maximum",
        }
    }

    fn keyword(self, is_exclusive: bool) -> &'static str {
        match (self, is_exclusive) {
            (Self::Minimum, false) => "minimum",
            (Self::Minimum, true) => "exclusiveMinimum",
            (Self::Maximum, false) => "maximum",
            (Self::Maximum, true) => "exclusiveMaximum",
        }
    }
}

/// A value as it is written in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// A number or boolean.
    Bare(String),
    /// A string.
    Text(String),
    /// Strings of an array.
    List(Vec<String>),
    /// Any other value, as compact JSON.
    Json(String),
}

impl Literal {
    /// Cuts off the beginning of two long values where they are the same as far as they are shown.
    fn show_difference(old: &mut Self, new: &mut Self) {
        let ((Self::Text(left), Self::Text(right)) | (Self::Json(left), Self::Json(right))) =
            (old, new)
        else {
            return;
        };
        if left == right || shortened(left) != shortened(right) {
            return;
        }
        let same = left.chars().zip(right.chars());
        let same = same.take_while(|(left, right)| left == right).count();
        for text in [left, right] {
            let rest = text.chars().skip(same.saturating_sub(LONGEST / 3));
            *text = format!("...{}", rest.collect::<String>());
        }
    }

    /// The value as it is written in YAML.
    pub(super) fn yaml(&self) -> String {
        match self {
            Self::Bare(text) => text.clone(),
            Self::Text(text) | Self::Json(text) => shortened(text),
            Self::List(texts) => shortened(&format!("[{}]", texts.join(", "))),
        }
    }

    /// The value as it is written in an attribute of Rust code, if it can be.
    pub(super) fn attribute(&self) -> Option<String> {
        match self {
            Self::Bare(text) => Some(text.clone()),
            Self::Text(text) => Some(format!("{:?}", shortened(text))),
            Self::List(_) | Self::Json(_) => None,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) => f.write_str(text),
            Self::Text(text) | Self::Json(text) => write!(f, "`{}`", shortened(text)),
            Self::List(texts) => f.write_str(&code_list(texts, "and")),
        }
    }
}

impl From<&Value> for Literal {
    fn from(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text.clone()),
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Bare(value.to_string()),
            Value::Array(_) | Value::Object(_) => Self::Json(value.to_string()),
        }
    }
}

impl From<Value> for Literal {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl From<u64> for Literal {
    fn from(number: u64) -> Self {
        Self::Bare(number.to_string())
    }
}

impl From<Num> for Literal {
    fn from(number: Num) -> Self {
        Self::Bare(number.to_string())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bare(value.to_string())
    }
}

impl From<&String> for Literal {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&Num> for Literal {
    fn from(number: &Num) -> Self {
        (*number).into()
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Words in backticks: `` `a`, `b` and `c` ``.
pub(super) fn code_list<T: fmt::Display>(
    words: impl IntoIterator<Item = T>,
    conjunction: &str,
) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.pop() {
        None => "none".to_owned(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", words.join(", ")),
    }
}

/// Words in backticks, without those that make a sentence too long: `` `a`, `b` and 10 more ``.
pub(super) fn short_code_list<T: fmt::Display>(
    words: impl IntoIterator<Item = T>,
    conjunction: &str,
) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    let mut length = 0;
    let fitting = words.iter().take_while(|word| {
        length += word.chars().count();
        length <= LONGEST_LIST
    });
    match fitting.count() {
        all if all == words.len() => code_list(words, conjunction),
        count => {
            let fits = count > 0;
            let count = count.max(1);
            let shown = words[..count].iter().map(|word| match fits {
                true => format!("`{word}`"),
                false => format!("`{}`", shortened(word)),
            });
            let shown = shown.collect::<Vec<_>>().join(", ");
            match words.len() - count {
                0 => shown,
                rest => format!("{shown} {conjunction} {rest} more"),
            }
        }
    }
}

/// The beginning of a text, in one line.
pub(super) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut_between_words() {
        let short = |words: &[String]| short_code_list(words, "and");
        let numbers = |count: u32| (10..10 + count).map(|number| number.to_string());
        assert_eq!(short(&[]), "none");
        assert_eq!(short(&numbers(2).collect::<Vec<_>>()), "`10` and `11`");
        let all: Vec<String> = numbers(60).collect();
        assert_eq!(short(&all), code_list(&all, "and"));
        let cut = short(&numbers(70).collect::<Vec<_>>());
        assert!(cut.ends_with(", `68`, `69` and 10 more"), "{cut}");
    }

    #[test]
    fn one_word_that_is_too_long_is_cut() {
        let long = "a".repeat(LONGEST_LIST + 1);
        let start = "a".repeat(LONGEST);
        assert_eq!(short_code_list([&long], "or"), format!("`{start}...`"));
        let list = short_code_list([&long, "b"], "or");
        assert_eq!(list, format!("`{start}...` or 1 more"));
    }
}
