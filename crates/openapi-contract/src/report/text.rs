//! Findings as text, in the style of compiler diagnostics.

use annotate_snippets::renderer::{DEFAULT_TERM_WIDTH, DecorStyle};
use annotate_snippets::{AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet};

use super::sanitize::{shortened, visible, visible_in_place};
use super::{Report, excerpt, phrases};
use crate::document::Source;
use crate::finding::{Finding, Level, Location};

/// The maximum number of characters of a sentence; JSON has it in full.
const MAX_SENTENCE: usize = 400;

/// The maximum number of characters of a part of a line. It is longer than a line of a terminal, so
/// that the renderer shows that it is cut.
const MAX_PART: usize = 2 * DEFAULT_TERM_WIDTH;

/// The style of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether to use colours.
    pub colour: bool,
    /// Whether to draw with characters other than ASCII.
    pub unicode: bool,
}

/// Findings with an excerpt of each location, separated by empty lines. Locations in documents that
/// are not among the sources have no excerpt.
pub(super) fn render(report: &Report<'_>, style: TextStyle) -> String {
    let renderer = renderer(style);
    let rendered = report
        .findings
        .iter()
        .map(|finding| one(report, finding, &renderer));
    rendered.collect::<Vec<_>>().join("\n")
}

/// One finding without colours, for formats that contain plain text.
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
    let name = match finding.accepted {
        Some(_) => format!("{}, accepted", finding.level),
        None => finding.level.to_string(),
    };
    let severity = severity.with_name(name);
    let title = severity
        .primary_title(escaped(&finding.fact))
        .id(finding.rule.id);
    let mut group = Group::with_title(title);
    let site = escaped(&phrases::sites(finding));
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
            None => elsewhere.push(escaped(&phrases::elsewhere(finding, location))),
        }
    }
    let mut notes = Vec::new();
    if !has_excerpt && !site.is_empty() {
        notes.push(site);
    }
    notes.extend(elsewhere);
    notes.push(escaped(&finding.consequence));
    if finding.accepted.is_some() {
        // The reason matters more than the proof.
        notes.push(escaped(&phrases::last_sentence(finding)));
        return noted(group, notes);
    }
    notes.extend(finding.witness.as_ref().map(|witness| {
        let [message, verdicts] = phrases::witness(witness);
        format!("witness: {}\n{}", escaped(&message), escaped(&verdicts))
    }));
    let group = noted(group, notes);
    let group = match finding.fidelity {
        Some(fidelity) => group.element(
            Severity::NOTE
                .with_name("fidelity")
                .message(fidelity.to_string()),
        ),
        None => group,
    };
    if finding.remedy.is_empty() {
        return group;
    }
    group.element(Severity::HELP.message(escaped(&finding.remedy)))
}

fn noted<'a>(group: Group<'a>, notes: Vec<String>) -> Group<'a> {
    let notes = notes.into_iter();
    notes.fold(group, |group, note| {
        group.element(Severity::NOTE.no_name().message(note))
    })
}

fn escaped(text: &str) -> String {
    shortened(&visible(text), MAX_SENTENCE).into_owned()
}

/// The line of a location, or a part of it, because a document can be one line of megabytes.
fn excerpt<'a>(
    group: Group<'a>,
    source: &Source,
    location: &Location,
    kind: AnnotationKind,
    label: &str,
) -> Group<'a> {
    let (line, start, end) = excerpt::line(source, location);
    let parts = [&line[..start], &line[start..end], &line[end..]];
    let shown = [
        last(parts[0], MAX_PART),
        first(parts[1], MAX_PART),
        first(parts[2], MAX_PART),
    ];
    let [before, marked, after] = shown.map(visible_in_place);
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
    if shown == parts {
        return group.element(snippet.path(file));
    }
    // The renderer counts the column from the start of the part, so it is given explicitly.
    let origin = Origin::path(file)
        .line(number)
        .char_column(location.position.column as usize);
    group.element(origin).element(snippet)
}

fn first(text: &str, max: usize) -> &str {
    let end = text
        .char_indices()
        .nth(max)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn last(text: &str, max: usize) -> &str {
    let start = max.checked_sub(1);
    let start = start.and_then(|max| text.char_indices().rev().nth(max));
    &text[start.map_or(0, |(at, _)| at)..]
}
