//! Reports of findings in several formats.
//!
//! A [`Report`] is rendered in any [`Format`]. Text from contracts is untrusted: every format shows
//! control and direction characters as escapes (`sanitize`), and escapes its own markup.

mod counts;
mod excerpt;
mod fingerprint;
mod format;
mod github;
mod group;
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

/// The content of a report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report<'a> {
    /// What was checked or compared, in a few words. It is the heading in formats that have one, and
    /// may be empty.
    pub title: &'a str,
    /// The findings, in the order in which they are shown.
    pub findings: &'a [Finding],
    /// The documents that contain the locations. Locations in other documents have no excerpt.
    pub sources: &'a [&'a Source],
    /// The document in which findings are annotated.
    pub focus: Focus<'a>,
}

/// Which of the two documents of a finding is edited, and therefore annotated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus<'a> {
    /// The old one, or the contract that a view is compared with.
    #[default]
    Old,
    /// The new one.
    New,
    /// The contract in these files.
    Files(&'a [&'a Source]),
}

impl<'a> Report<'a> {
    /// The location at which a finding is annotated.
    fn location(&self, finding: &'a Finding) -> Option<&'a Location> {
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

    /// The source that contains a location.
    fn source(&self, location: &Location) -> Option<&'a Source> {
        // Two revisions of a file may have the same name: the position distinguishes them, unless
        // it is the same in both.
        self.sources.iter().copied().find(|source| {
            source.name() == location.file
                && source.position(location.span.start) == location.position
        })
    }
}

/// Renders a report in a format. Only [`Format::Text`] uses the style.
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

/// Renders findings as text with excerpts from the sources.
pub fn text(findings: &[Finding], sources: &[&Source], style: TextStyle) -> String {
    let report = Report {
        findings,
        sources,
        ..Report::default()
    };
    text::render(&report, style)
}
