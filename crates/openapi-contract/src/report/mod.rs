//! Findings for people and for programs.
//!
//! One [`Report`] is rendered in any [`Format`]. Text of contracts is foreign text: every format
//! shows control and direction characters by their code (`visible`), and escapes what would mean
//! something in it.

mod counts;
mod excerpt;
mod fingerprint;
mod format;
mod github;
mod html;
pub mod json;
mod junit;
mod markdown;
mod phrases;
mod sanitize;
mod sarif;
mod text;

pub use counts::Counts;
pub use format::{Format, UnknownFormat};
pub use text::TextStyle;

use crate::document::Source;
use crate::finding::{Finding, Location};

/// What a report says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report<'a> {
    /// What was checked or compared, in a few words. Formats with a heading have it there; empty
    /// where there is nothing to add.
    pub title: &'a str,
    /// The findings, in the order in which they are shown.
    pub findings: &'a [Finding],
    /// The documents that places are in. What is not among them is named, but not shown.
    pub sources: &'a [&'a Source],
    /// The document that annotations are put on.
    pub focus: Focus<'a>,
}

/// Which of the two documents of a finding people edit, so that annotations are put where they look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus<'a> {
    /// The old one, or the contract that a view is held to.
    #[default]
    Old,
    /// The new one: it is the old one that lies in the past.
    New,
    /// The contract that has these files: other places lie in the past, or are those of a view.
    Files(&'a [&'a Source]),
}

impl<'a> Report<'a> {
    /// The place that a finding is annotated at.
    fn place(&self, finding: &'a Finding) -> Option<&'a Location> {
        let is_new = match self.focus {
            Focus::Old => false,
            Focus::New => true,
            Focus::Files(files) => finding
                .new
                .as_ref()
                .is_some_and(|location| files.iter().any(|file| file.name() == location.file)),
        };
        let (first, second) = match is_new {
            false => (&finding.old, &finding.new),
            true => (&finding.new, &finding.old),
        };
        first.as_ref().or(second.as_ref())
    }

    /// The source that a place is in.
    fn source(&self, location: &Location) -> Option<&'a Source> {
        // Two revisions of a file may have one name: the place tells them apart, or the first is
        // as good as the second.
        self.sources.iter().copied().find(|source| {
            source.name() == location.file
                && source.position(location.span.start) == location.position
        })
    }
}

/// A report in a format. The style matters to [`Format::Text`] alone.
pub fn render(format: Format, report: &Report<'_>, style: TextStyle) -> String {
    match format {
        Format::Text => text::render(report, style),
        Format::Json => json::render(report),
        Format::Github => github::render(report),
        Format::Sarif => sarif::render(report),
        Format::Junit => junit::render(report),
        Format::Markdown => markdown::render(report),
        Format::Html => html::render(report),
    }
}

/// Findings as text, with excerpts from the sources: [`render`] in [`Format::Text`].
pub fn text(findings: &[Finding], sources: &[&Source], style: TextStyle) -> String {
    let report = Report {
        findings,
        sources,
        ..Report::default()
    };
    text::render(&report, style)
}
