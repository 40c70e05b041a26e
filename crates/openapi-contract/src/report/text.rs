//! Findings for people, in the manner of a compiler.

use annotate_snippets::renderer::{DEFAULT_TERM_WIDTH, DecorStyle};
use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};
use serde_json::Value;

use crate::document::Source;
use crate::finding::{Direction, Finding, Level, Location, Witness};

/// How text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour it.
    pub colour: bool,
    /// Whether to draw with characters beyond ASCII.
    pub unicode: bool,
}

/// Findings with an excerpt of each place, an empty line between them. Places are shown from the
/// sources whose name they have; others are named only.
pub fn text(findings: &[Finding], sources: &[&Source], style: Style) -> String {
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
    let renderer = renderer.decor_style(decor).term_width(DEFAULT_TERM_WIDTH);
    let rendered = findings.iter().map(|finding| {
        let mut text = renderer.render(&[group(finding, sources)]);
        text.push('\n');
        text
    });
    rendered.collect::<Vec<_>>().join("\n")
}

fn group<'a>(finding: &'a Finding, sources: &[&'a Source]) -> Group<'a> {
    let severity = match finding.level {
        Level::Breaking => Severity::ERROR,
        Level::Undecided | Level::Risky => Severity::WARNING,
        Level::Compatible => Severity::INFO,
        Level::Docs => Severity::NOTE,
    };
    let severity = severity.with_name(finding.level.to_string());
    let title = severity
        .primary_title(finding.fact.as_str())
        .id(finding.rule.id);
    let mut group = Group::with_title(title);
    let site = sites(finding);
    let mut has_excerpt = false;
    let mut elsewhere = Vec::new();
    for location in [&finding.old, &finding.new].into_iter().flatten() {
        let source = sources.iter().find(|source| source.name() == location.file);
        match source {
            Some(source) => {
                let kind = if has_excerpt {
                    AnnotationKind::Context
                } else {
                    AnnotationKind::Primary
                };
                group = group.element(excerpt(
                    source,
                    location,
                    kind,
                    (!has_excerpt).then(|| site.clone()),
                ));
                has_excerpt = true;
            }
            None => elsewhere.push(format!("{} at {}", location.file, shown_pointer(location))),
        }
    }
    let mut notes = Vec::new();
    if !has_excerpt && !site.is_empty() {
        notes.push(site);
    }
    notes.extend(elsewhere);
    notes.push(finding.consequence.clone());
    notes.extend(finding.witness.as_ref().map(witness));
    for note in notes {
        group = group.element(Severity::NOTE.no_name().message(note));
    }
    group.element(Severity::HELP.message(finding.remedy.as_str()))
}

fn excerpt<'a>(
    source: &'a Source,
    location: &Location,
    kind: AnnotationKind,
    label: Option<String>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let span = location.span.start as usize..location.span.end as usize;
    let annotation = kind.span(span);
    let annotation = match label {
        Some(label) => annotation.label(label),
        None => annotation,
    };
    Snippet::source(source.text())
        .path(source.name())
        .annotation(annotation)
}

fn shown_pointer(location: &Location) -> &str {
    if location.pointer.is_empty() {
        "its root"
    } else {
        &location.pointer
    }
}

/// Where a finding is in the messages: the first place, and how many more there are.
fn sites(finding: &Finding) -> String {
    match &finding.sites[..] {
        [] => String::new(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

fn witness(witness: &Witness) -> String {
    let shown = match &witness.value {
        Some((name, value)) if name.starts_with('$') => {
            format!("{} with {name} = {}", message(witness), shortened(value))
        }
        _ => message(witness),
    };
    format!(
        "witness: {shown}\n{} allows it, {} refuses it: {}",
        witness.allowed_by, witness.refused_by, witness.reason
    )
}

/// The message in a line: enough to see it; machine formats have it whole.
fn message(witness: &Witness) -> String {
    let message = &witness.message;
    match witness.direction {
        Direction::Request => {
            let method = message["method"].as_str().unwrap_or_default();
            let path = message["path"].as_str().unwrap_or_default();
            let query = message["query"].as_object().map(|query| {
                let pairs = query
                    .iter()
                    .map(|(name, value)| format!("{name}={}", bare(value)));
                pairs.collect::<Vec<_>>().join("&")
            });
            let query = query.map_or_else(String::new, |query| format!("?{query}"));
            let credentials = match message.get("credentials") {
                Some(_) => "",
                None => " without credentials",
            };
            let body = match (&witness.value, message.get("body")) {
                (None, Some(body)) => format!(" with the body {}", shortened(body)),
                _ => String::new(),
            };
            format!("{method} {path}{query}{credentials}{body}")
        }
        Direction::Response => {
            let operation = &witness.operation;
            let status = &message["status"];
            let headers = match &witness.value {
                None => with_headers(message),
                Some((name, value)) if !name.starts_with('$') => {
                    format!(" with {name}: {}", bare(value))
                }
                Some(_) => String::new(),
            };
            format!("{operation} answers {status}{headers}")
        }
    }
}

fn with_headers(message: &Value) -> String {
    let names = message["headers"]
        .as_object()
        .map(|headers| headers.keys().cloned().collect::<Vec<_>>());
    match names {
        Some(names) if !names.is_empty() => format!(" with the headers {}", names.join(", ")),
        _ => " without headers".to_owned(),
    }
}

fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => shortened(other),
    }
}

fn shortened(value: &Value) -> String {
    const MOST: usize = 100;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
