//! The set of strings that patterns match: inclusion, with a string that disproves it.
//!
//! Each pattern is compiled to an automaton that accepts whole strings. Several automata run in
//! step, shortest strings first. The size of the automata and the length of the search are bounded.

use std::collections::{HashMap, VecDeque};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use super::for_automata;

/// The strings of certain lengths that match all of some patterns.
pub(crate) struct Language {
    automata: Vec<dense::DFA<Vec<u32>>>,
    least: u64,
    most: Option<u64>,
}

/// The result of a search for a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LanguageSearch {
    /// The shortest string.
    Found(String),
    /// There is no such string.
    None,
    /// The search was too large.
    Unknown,
}

/// The maximum size of an automaton in bytes, also while it is built.
const LARGEST: usize = 1 << 20;

/// The maximum number of states that a search visits.
const FURTHEST: usize = 20_000;

/// The maximum length of strings whose characters a search counts.
const LONGEST: u64 = 128;

impl Language {
    /// The strings of `least` to `most` characters that match all of `patterns`. `None` if an
    /// automaton would be too large.
    pub(crate) fn new<'p>(
        patterns: impl IntoIterator<Item = &'p String>,
        (least, most): (u64, Option<u64>),
    ) -> Option<Self> {
        let patterns = patterns.into_iter();
        let automata: Option<Vec<_>> = patterns.map(|pattern| automaton(pattern)).collect();
        let mut automata = automata?;
        // The search runs on bytes, and some byte sequences are not UTF-8.
        if automata.is_empty() {
            automata.push(automaton("")?);
        }
        Some(Self {
            automata,
            least,
            most,
        })
    }

    /// Whether a string is in the language.
    pub(crate) fn has(&self, text: &str) -> bool {
        let length = text.chars().count() as u64;
        let config = start::Config::new().anchored(Anchored::Yes);
        let accepts = |automaton: &dense::DFA<Vec<u32>>| {
            automaton.start_state(&config).is_ok_and(|start| {
                let step = |state, byte| automaton.next_state(state, byte);
                let last = text.bytes().fold(start, step);
                automaton.is_match_state(automaton.next_eoi_state(last))
            })
        };
        let fits = length >= self.least && self.most.is_none_or(|most| length <= most);
        fits && self.automata.iter().all(accepts)
    }

    /// The shortest string of the language.
    pub(crate) fn shortest(&self) -> LanguageSearch {
        let outside = |_: &[StateID]| true;
        self.walk(&[], &outside)
    }

    /// The shortest string of this language that does not match all patterns of another. The
    /// lengths of the other are ignored.
    pub(crate) fn shortest_difference(&self, other: &Self) -> LanguageSearch {
        let is_outside = |states: &[StateID]| !all_accept(&other.automata, states);
        self.walk(&other.automata, &is_outside)
    }

    fn walk(
        &self,
        others: &[dense::DFA<Vec<u32>>],
        is_outside: &dyn Fn(&[StateID]) -> bool,
    ) -> LanguageSearch {
        // Lengths make the search long and rarely matter.
        let free = self.walk_counting(others, is_outside, 0);
        let fits = |text: &str| {
            let length = text.chars().count() as u64;
            length >= self.least && self.most.is_none_or(|most| length <= most)
        };
        match free {
            LanguageSearch::Found(text) if !fits(&text) => {
                let longest = self.most.map_or(self.least, |most| most + 1);
                if longest > LONGEST {
                    return LanguageSearch::Unknown;
                }
                self.walk_counting(others, is_outside, longest)
            }
            other => other,
        }
    }

    /// Runs all automata in step. Strings are distinguished by their length up to `longest`.
    fn walk_counting(
        &self,
        others: &[dense::DFA<Vec<u32>>],
        is_outside: &dyn Fn(&[StateID]) -> bool,
        longest: u64,
    ) -> LanguageSearch {
        let automata: Vec<&dense::DFA<Vec<u32>>> = self.automata.iter().chain(others).collect();
        let own = self.automata.len();
        let config = start::Config::new().anchored(Anchored::Yes);
        let starts: Result<Vec<StateID>, _> = automata
            .iter()
            .map(|automaton| automaton.start_state(&config))
            .collect();
        let Ok(starts) = starts else {
            return LanguageSearch::Unknown;
        };
        let bytes = representatives(&automata);
        let mut walk = AutomataWalk::default();
        walk.visit(starts, 0, None);
        while let Some(at) = walk.queue.pop_front() {
            let (states, length) = walk.states[at].clone();
            let fits = longest == 0
                || (length >= self.least && self.most.is_none_or(|most| length <= most));
            if fits && all_accept(&self.automata, &states[..own]) && is_outside(&states[own..]) {
                return walk
                    .text(at)
                    .map_or(LanguageSearch::Unknown, LanguageSearch::Found);
            }
            for &byte in &bytes {
                let next: Vec<StateID> = automata
                    .iter()
                    .zip(&states)
                    .map(|(automaton, &state)| automaton.next_state(state, byte))
                    .collect();
                let mut owned = self.automata.iter().zip(&next);
                let is_hopeless = owned.any(|(automaton, &state)| {
                    automaton.is_dead_state(state) || automaton.is_quit_state(state)
                });
                if is_hopeless {
                    continue;
                }
                // Continuation bytes are not counted as characters.
                let is_first = byte & 0xC0 != 0x80;
                let length = (length + u64::from(is_first)).min(longest);
                walk.visit(next, length, Some((at, byte)));
                if walk.states.len() > FURTHEST {
                    return LanguageSearch::Unknown;
                }
            }
        }
        LanguageSearch::None
    }
}

/// The visited states, and how each was reached.
#[derive(Default)]
struct AutomataWalk {
    seen: HashMap<(Vec<StateID>, u64), usize>,
    states: Vec<(Vec<StateID>, u64)>,
    edges: Vec<Option<(usize, u8)>>,
    queue: VecDeque<usize>,
}

impl AutomataWalk {
    fn visit(&mut self, states: Vec<StateID>, length: u64, edge: Option<(usize, u8)>) {
        let state = (states, length);
        if self.seen.contains_key(&state) {
            return;
        }
        let at = self.states.len();
        self.seen.insert(state.clone(), at);
        self.states.push(state);
        self.edges.push(edge);
        self.queue.push_back(at);
    }

    fn text(&self, at: usize) -> Option<String> {
        let mut bytes = Vec::new();
        let mut at = at;
        while let Some((from, byte)) = self.edges[at] {
            bytes.push(byte);
            at = from;
        }
        bytes.reverse();
        String::from_utf8(bytes).ok()
    }
}

/// Whether all automata accept in these states.
fn all_accept(automata: &[dense::DFA<Vec<u32>>], states: &[StateID]) -> bool {
    let mut each = automata.iter().zip(states);
    each.all(|(automaton, &state)| automaton.is_match_state(automaton.next_eoi_state(state)))
}

/// One byte of each class that some automaton distinguishes, preferably a readable one.
fn representatives(automata: &[&dense::DFA<Vec<u32>>]) -> Vec<u8> {
    let readable = (b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .chain(b' '..=b'~');
    let mut seen = std::collections::HashSet::new();
    let kind = |byte: u8| -> Vec<u8> {
        let classes = automata.iter();
        classes
            .map(|automaton| automaton.byte_classes().get(byte))
            .collect()
    };
    readable
        .chain(0..=u8::MAX)
        .filter(|&byte| seen.insert((kind(byte), byte & 0xC0 == 0x80)))
        .collect()
}

/// The automaton of the strings that contain a match of a pattern.
fn automaton(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let translated = for_automata(pattern)?;
    let whole = format!("(?s:.*)(?:{translated})(?s:.*)");
    let limits = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(LARGEST));
    let size = thompson::Config::new().nfa_size_limit(Some(LARGEST));
    let mut builder = dense::Builder::new();
    builder.configure(limits).thompson(size).build(&whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(pattern: &str, lengths: (u64, Option<u64>)) -> Language {
        Language::new([&pattern.to_owned()], lengths).expect("it is small")
    }

    fn shortest_difference(left: &str, right: &str) -> LanguageSearch {
        language(left, (0, None)).shortest_difference(&language(right, (0, None)))
    }

    fn found(text: &str) -> LanguageSearch {
        LanguageSearch::Found(text.to_owned())
    }

    #[test]
    fn inclusion_holds_or_is_disproved_by_a_string() {
        for (left, right, expected) in [
            ("^[0-9]+$", "^[0-9a-f]+$", LanguageSearch::None),
            ("^[0-9a-f]+$", "^[0-9]+$", found("a")),
            ("[0-9a-f]+", "[0-9]+", found("a")),
            (r"^\w+$", r"^[\w\s]+$", LanguageSearch::None),
            (r"^[\w\s]+$", r"^\w+$", found(" ")),
            ("x", ".*", LanguageSearch::None),
            ("", ".*", LanguageSearch::None),
            ("", "^.*$", found("\n")),
            ("", "^[^]*$", LanguageSearch::None),
            ("^a{1,64}$", "^a{1,32}$", found(&"a".repeat(33))),
            ("^(ab)+$", "^(ab){1,3}$", found("abababab")),
            (r"^\d$", "^[0-9]$", LanguageSearch::None),
            ("^[^a]$", "^[^b]$", found("b")),
            ("^ä$", "^[a-zäöü]$", LanguageSearch::None),
        ] {
            assert_eq!(
                shortest_difference(left, right),
                expected,
                "{left} without {right}"
            );
        }
    }

    #[test]
    fn lengths_are_respected() {
        let letters = language("^[a-z]*$", (3, Some(5)));
        assert_eq!(letters.shortest(), found("aaa"));
        assert_eq!(
            letters.shortest_difference(&language("^.{0,5}$", (0, None))),
            LanguageSearch::None
        );
        assert!(letters.has("abc") && !letters.has("ab") && !letters.has("ABC"));
        let long = language("^[a-z]{4}", (0, Some(3)));
        assert_eq!(long.shortest(), LanguageSearch::None);
    }

    #[test]
    fn searches_that_are_too_large_are_unknown() {
        let large = "^(a|b)*a(a|b){40}$".to_owned();
        assert!(Language::new([&large], (0, None)).is_none());
        let looks_ahead = "^(?=a)b".to_owned();
        assert!(Language::new([&looks_ahead], (0, None)).is_none());
    }
}
