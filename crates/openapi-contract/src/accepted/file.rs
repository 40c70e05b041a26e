//! The file of accepted changes: TOML, each value with its place.

use std::collections::HashMap;
use std::ops::Range;

use semver::Version;
use toml_edit::{Document, Item, Table, TableLike};

use super::{AcceptedChange, AcceptedChanges, about};
use crate::document::{MAX_BYTES, Source, Span};
use crate::finding::{Acceptance, Finding, Location};
use crate::rules;

/// A file that does not hold accepted changes.
#[derive(Debug)]
pub struct InvalidAcceptedChanges {
    /// The file, for showing the places.
    pub source: Box<Source>,
    /// Everything that is wrong with it.
    pub findings: Vec<Finding>,
}

pub(super) fn parse(name: &str, text: String) -> Result<AcceptedChanges, InvalidAcceptedChanges> {
    if text.len() > MAX_BYTES {
        let source = Source::new(name, String::new());
        let fact = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        let findings = vec![problem(location(&source, Some(0..0), ""), fact)];
        return Err(InvalidAcceptedChanges {
            source: Box::new(source),
            findings,
        });
    }
    let source = Source::new(name, text);
    let mut reader = AcceptedChangesParser {
        source: &source,
        problems: Vec::new(),
    };
    let entries = match Document::parse(source.text()) {
        Ok(document) => reader.entries(document.as_table()),
        Err(error) => {
            let place = location(&source, error.span(), "");
            let fact = format!("the file is no TOML: {}", one_line(error.message()));
            reader.problems.push(problem(place, fact));
            Vec::new()
        }
    };
    let mut findings = reader.problems;
    if findings.is_empty() {
        return Ok(AcceptedChanges { source, entries });
    }
    findings.sort_by_key(|finding| finding.new.as_ref().map(|location| location.position));
    Err(InvalidAcceptedChanges {
        source: Box::new(source),
        findings,
    })
}

struct AcceptedChangesParser<'s> {
    source: &'s Source,
    problems: Vec<Finding>,
}

impl AcceptedChangesParser<'_> {
    fn entries(&mut self, table: &Table) -> Vec<AcceptedChange> {
        self.unknown_keys(table, &["accepted"], "");
        let Some(item) = table.get("accepted") else {
            return Vec::new();
        };
        let tables: Vec<&dyn TableLike> = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(|table| table as _).collect(),
            Item::Value(value) => match value.as_array() {
                Some(array) if array.iter().all(|value| value.is_inline_table()) => {
                    let tables = array.iter().filter_map(|value| value.as_inline_table());
                    tables.map(|table| table as _).collect()
                }
                _ => {
                    self.entry_form(item.span());
                    return Vec::new();
                }
            },
            _ => {
                self.entry_form(item.span());
                return Vec::new();
            }
        };
        // A table's own span is that of its header; `accepted` has one where there is none.
        let header = key_span(table, "accepted");
        let spans: Vec<_> = match item {
            Item::ArrayOfTables(tables) => tables.iter().map(Table::span).collect(),
            _ => tables.iter().map(|_| header.clone()).collect(),
        };
        let mut entries: Vec<AcceptedChange> = Vec::new();
        let mut known: HashMap<String, u32> = HashMap::new();
        for (index, (table, span)) in tables.into_iter().zip(spans).enumerate() {
            let Some(entry) = self.entry(table, span, &format!("/accepted/{index}")) else {
                continue;
            };
            let line = entry.id_place.position.line;
            if let Some(first) = known.insert(entry.id.clone(), line) {
                let fact = format!("the id `{}` is already on line {first}", entry.id);
                self.problems.push(problem(entry.id_place.clone(), fact));
            }
            entries.push(entry);
        }
        entries
    }

    fn entry_form(&mut self, span: Option<Range<usize>>) {
        let fact = "`accepted` must be a list of tables, each under `[[accepted]]`".to_owned();
        self.problem(span, "/accepted", fact);
    }

    fn entry(
        &mut self,
        table: &dyn TableLike,
        span: Option<Range<usize>>,
        pointer: &str,
    ) -> Option<AcceptedChange> {
        self.unknown_keys(table, &["id", "reason", "until"], pointer);
        let id = self.text(table, "id", span.clone(), pointer);
        let reason = self.text(table, "reason", span.clone(), pointer);
        let until = self.text(table, "until", span, pointer);
        let (until, until_place) = until?;
        let until = match Version::parse(&until) {
            Ok(until) => until,
            Err(_) => {
                let fact = format!("`{until}` is no release: write a version such as 2.0.0");
                self.problems.push(problem(until_place, fact));
                return None;
            }
        };
        let ((id, id_place), (reason, _)) = (id?, reason?);
        let acceptance = Acceptance { reason, until };
        Some(AcceptedChange {
            id,
            acceptance,
            id_place,
            until_place,
        })
    }

    /// A member that must be a text of at least one visible character.
    fn text(
        &mut self,
        table: &dyn TableLike,
        key: &str,
        span: Option<Range<usize>>,
        pointer: &str,
    ) -> Option<(String, Location)> {
        let Some(item) = table.get(key) else {
            self.problem(span, pointer, format!("the entry has no `{key}`"));
            return None;
        };
        let pointer = format!("{pointer}/{key}");
        match item.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => {
                let place = location(self.source, item.span(), &pointer);
                Some((text.to_owned(), place))
            }
            _ => {
                let fact = format!("`{key}` must be a text, and not empty");
                self.problem(item.span(), &pointer, fact);
                None
            }
        }
    }

    fn unknown_keys(&mut self, table: &dyn TableLike, known: &[&str], pointer: &str) {
        let unknown: Vec<(String, Option<Range<usize>>)> = table
            .iter()
            .filter(|(key, _)| !known.contains(key))
            .map(|(key, _)| (key.to_owned(), key_span(table, key)))
            .collect();
        for (key, span) in unknown {
            let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            let fact = format!("there is no key `{key}` here, only {}", known.join(", "));
            self.problem(span, pointer, fact);
        }
    }

    fn problem(&mut self, span: Option<Range<usize>>, pointer: &str, fact: String) {
        let place = location(self.source, span, pointer);
        self.problems.push(problem(place, fact));
    }
}

/// An id as the file has it: `id = "..."`.
pub fn id_line(id: &str) -> String {
    format!("id = {}", toml_edit::Value::from(id))
}

fn problem(place: Location, fact: String) -> Finding {
    Finding {
        fact,
        consequence: "It is not known which changes are accepted.".to_owned(),
        remedy: "Correct this place.".to_owned(),
        ..about(rules::ACCEPTED_CHANGES_INVALID, place)
    }
}

fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.key(key).and_then(toml_edit::Key::span)
}

/// The place of a span, no longer than its first line; without one, the start of the file.
fn location(source: &Source, span: Option<Range<usize>>, pointer: &str) -> Location {
    let span = span.unwrap_or(0..0);
    let first_line = source
        .text()
        .get(span.clone())
        .and_then(|text| text.lines().next())
        .unwrap_or_default();
    let span = Span {
        start: span.start as u32,
        end: (span.start + first_line.len()) as u32,
    };
    Location {
        file: source.name().to_owned(),
        position: source.position(span.start),
        pointer: pointer.to_owned(),
        named_pointer: pointer.to_owned(),
        span,
    }
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}
