//! The TOML file of accepted changes, with the location of every value.

use std::collections::HashMap;
use std::ops::Range;

use semver::Version;
use toml_edit::{Document, Item, Table, TableLike};

use super::{AcceptedChange, AcceptedChanges, about};
use crate::document::{MAX_BYTES, Source, Span};
use crate::finding::{Acceptance, Finding, Location};
use crate::rules;

/// A file that does not contain accepted changes.
#[derive(Debug)]
pub struct InvalidAcceptedChanges {
    /// The file, for showing locations.
    pub source: Box<Source>,
    /// Everything that is wrong with it.
    pub findings: Vec<Finding>,
}

pub(super) fn parse(name: &str, text: String) -> Result<AcceptedChanges, InvalidAcceptedChanges> {
    if text.len() > MAX_BYTES {
        let source = Source::new(name, String::new());
        let fact = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        let remedy = "Remove the entries that have expired.".to_owned();
        let findings = vec![problem(location(&source, Some(0..0), ""), fact, remedy)];
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
            let fact = format!("invalid TOML: {}", one_line(error.message()));
            let remedy = "Fix the syntax here, or just before it.".to_owned();
            reader.problems.push(problem(place, fact, remedy));
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
        // The span of a table is that of its header; entries of an inline array only have that of
        // `accepted`.
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
                let remedy = format!("Remove this entry, or the one on line {first}.");
                let place = entry.id_place.clone();
                self.problems.push(problem(place, fact, remedy));
            }
            entries.push(entry);
        }
        entries
    }

    fn entry_form(&mut self, span: Option<Range<usize>>) {
        let fact = "`accepted` must be an array of tables".to_owned();
        let remedy = "Write each entry under its own `[[accepted]]`.".to_owned();
        self.problem(span, "/accepted", fact, remedy);
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
                let fact = format!("`{until}` is not a semantic version");
                let remedy = "Write a release such as `until = \"2.0.0\"`.".to_owned();
                self.problems.push(problem(until_place, fact, remedy));
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

    /// A required string with at least one visible character.
    fn text(
        &mut self,
        table: &dyn TableLike,
        key: &str,
        span: Option<Range<usize>>,
        pointer: &str,
    ) -> Option<(String, Location)> {
        let Some(item) = table.get(key) else {
            let fact = format!("the entry has no `{key}`");
            let remedy = format!("Add `{key} = \"...\"` to the entry.");
            self.problem(span, pointer, fact, remedy);
            return None;
        };
        let pointer = format!("{pointer}/{key}");
        match item.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => {
                let place = location(self.source, item.span(), &pointer);
                Some((text.to_owned(), place))
            }
            _ => {
                let fact = format!("`{key}` must be a string that is not empty");
                let remedy = format!("Write it as `{key} = \"...\"`.");
                self.problem(item.span(), &pointer, fact, remedy);
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
            let known = match &*known {
                [only] => only.clone(),
                _ => format!("one of {}", known.join(", ")),
            };
            let fact = format!("unknown key `{key}`, expected {known}");
            let remedy = format!("Remove `{key}`, or rename it to {known}.");
            self.problem(span, pointer, fact, remedy);
        }
    }

    fn problem(&mut self, span: Option<Range<usize>>, pointer: &str, fact: String, remedy: String) {
        let place = location(self.source, span, pointer);
        self.problems.push(problem(place, fact, remedy));
    }
}

/// An id as a line of the file: `id = "..."`.
pub fn id_line(id: &str) -> String {
    format!("id = {}", toml_edit::Value::from(id))
}

fn problem(place: Location, fact: String, remedy: String) -> Finding {
    Finding {
        fact,
        consequence: "None of the entries in this file can be applied.".to_owned(),
        remedy,
        ..about(rules::ACCEPTED_CHANGES_INVALID, place)
    }
}

fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.key(key).and_then(toml_edit::Key::span)
}

/// The location of the first line of a span. Without a span, the start of the file.
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
