//! Findings for people, in the manner of a compiler.

use annotate_snippets::renderer::{DEFAULT_TERM_WIDTH, DecorStyle};
use annotate_snippets::{AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet};

use super::sanitize::{shortened, visible, visible_in_place};
use super::{Report, excerpt, phrases};
use crate::document::Source;
use crate::finding::{Finding, Level, Location};

/// The most characters of one sentence; machine formats have it whole.
const MOST: usize = 400;

/// The most characters of a part of a line. It is more than a terminal's line, so the renderer
/// cuts it again, and shows that it did.
const SEEN: usize = 2 * DEFAULT_TERM_WIDTH;

/// How text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether to colour it.
    pub colour: bool,
    /// Whether to draw with characters beyond ASCII.
    pub unicode: bool,
}

/// Findings with an excerpt of each place, an empty line between them. Places in documents that
/// are not among the sources are named only.
pub(super) fn render(report: &Report<'_>, style: TextStyle) -> String {
    let renderer = renderer(style);
    let rendered = report
        .findings
        .iter()
        .map(|finding| one(report, finding, &renderer));
    rendered.collect::<Vec<_>>().join("\n")
}

/// One finding without colour, for formats that have plain text inside.
pub(super) fn plain(report: &Report<'_>, finding: &Finding) -> String {
    one(report, finding, &renderer(TextStyle::default()))
}

fn renderer(style: TextStyle) -> Renderer {
    let renderer = if style.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let decor = if style.unicode {
        DecorStyle::Unicode
    } else {
        DecorStyle::Ascii
    };
    renderer.decor_style(decor).term_width(DEFAULT_TERM_WIDTH)
}

fn one(report: &Report<'_>, finding: &Finding, renderer: &Renderer) -> String {
    let mut text = renderer.render(&[group(report, finding)]);
    text.push('\n');
    text
}

fn group<'a>(report: &Report<'a>, finding: &'a Finding) -> Group<'a> {
    let severity = match finding.level {
        _ if finding.accepted.is_some() => Severity::NOTE,
        Level::Breaking => Severity::ERROR,
        Level::Undecided | Level::Risky => Severity::WARNING,
        Level::Compatible => Severity::INFO,
        Level::Editorial => Severity::NOTE,
    };
    let severity = severity.with_name(phrases::standing(finding));
    let title = severity
        .primary_title(said(&finding.fact))
        .id(finding.rule.id);
    let mut group = Group::with_title(title);
    let site = said(&phrases::sites(finding));
    let mut has_excerpt = false;
    let mut elsewhere = Vec::new();
    for location in [&finding.old, &finding.new].into_iter().flatten() {
        match report.source(location) {
            Some(source) => {
                let (kind, label) = if has_excerpt {
                    (AnnotationKind::Context, "")
                } else {
                    (AnnotationKind::Primary, site.as_str())
                };
                group = excerpt(group, source, location, kind, label);
                has_excerpt = true;
            }
            None => elsewhere.push(said(&format!(
                "{} at {}",
                location.file,
                phrases::pointer(location)
            ))),
        }
    }
    let mut notes = Vec::new();
    if !has_excerpt && !site.is_empty() {
        notes.push(site);
    }
    notes.extend(elsewhere);
    notes.push(said(&finding.consequence));
    if finding.accepted.is_some() {
        // It is decided: the reason says more than a proof.
        notes.push(said(&phrases::last_sentence(finding)));
        return noted(group, notes);
    }
    notes.extend(finding.witness.as_ref().map(|witness| {
        let [message, verdicts] = phrases::witness(witness);
        format!("witness: {}\n{}", said(&message), said(&verdicts))
    }));
    noted(group, notes).element(Severity::HELP.message(said(&finding.remedy)))
}

fn noted<'a>(group: Group<'a>, notes: Vec<String>) -> Group<'a> {
    let notes = notes.into_iter();
    notes.fold(group, |group, note| {
        group.element(Severity::NOTE.no_name().message(note))
    })
}

fn said(text: &str) -> String {
    shortened(&visible(text), MOST).into_owned()
}

/// The line of a place, or what is seen of it: a document can be one line of megabytes.
fn excerpt<'a>(
    group: Group<'a>,
    source: &Source,
    location: &Location,
    kind: AnnotationKind,
    label: &str,
) -> Group<'a> {
    let (line, start, end) = excerpt::line(source, location);
    let parts = [&line[..start], &line[start..end], &line[end..]];
    let seen = [
        last(parts[0], SEEN),
        first(parts[1], SEEN),
        first(parts[2], SEEN),
    ];
    let [before, marked, after] = seen.map(visible_in_place);
    let annotation = kind.span(before.len()..before.len() + marked.len());
    let annotation = if label.is_empty() {
        annotation
    } else {
        annotation.label(label.to_owned())
    };
    let number = location.position.line as usize;
    let snippet = Snippet::source(before + &marked + &after)
        .line_start(number)
        .annotation(annotation);
    let file = visible(&location.file).into_owned();
    if seen == parts {
        return group.element(snippet.path(file));
    }
    // The renderer cannot count the column in a part of a line.
    let origin = Origin::path(file)
        .line(number)
        .char_column(location.position.column as usize);
    group.element(origin).element(snippet)
}

fn first(text: &str, most: usize) -> &str {
    let end = text
        .char_indices()
        .nth(most)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn last(text: &str, most: usize) -> &str {
    let start = most.checked_sub(1);
    let start = start.and_then(|most| text.char_indices().rev().nth(most));
    &text[start.map_or(0, |(at, _)| at)..]
}
