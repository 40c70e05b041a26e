//! Findings as annotations of a pull request on GitHub
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use std::fmt::Write;

use super::Report;
use super::group::FindingGroup;
use super::phrases::{self, sentence};
use super::sanitize::visible;
use crate::finding::{Finding, Level};

/// One workflow command for each finding above `editorial`.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.findings {
        if finding.level == Level::Editorial {
            continue;
        }
        let command = match FindingGroup::of(finding) {
            FindingGroup::Level(Level::Breaking) => "error",
            FindingGroup::Level(Level::Undecided | Level::Risky) => "warning",
            _ => "notice",
        };
        let location = report
            .location(finding)
            .map_or_else(String::new, |location| {
                let file = property(&location.file);
                let position = location.position;
                format!(
                    "file={file},line={},col={},",
                    position.line, position.column
                )
            });
        let title = property(&format!(
            "{} ({})",
            finding.rule.id,
            phrases::level(finding)
        ));
        writeln!(
            text,
            "::{command} {location}title={title}::{}",
            data(finding)
        )
        .expect("writing to a string does not fail");
    }
    text
}

/// The sentences of a finding, one in each line.
fn data(finding: &Finding) -> String {
    let mut sentences = vec![sentence(&finding.fact)];
    sentences.push(finding.consequence.clone());
    if let Some(witness) = &finding.witness {
        let [message, verdicts] = phrases::witness(witness);
        sentences.push(format!("Witness: {message}"));
        sentences.push(verdicts);
    }
    sentences.push(phrases::last_sentence(finding));
    sentences.retain(|text| !text.is_empty());
    let lines: Vec<String> = sentences.iter().map(|text| escaped(text)).collect();
    lines.join("%0A")
}

/// Text without control characters; line feeds are escaped as well.
fn escaped(text: &str) -> String {
    visible(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
