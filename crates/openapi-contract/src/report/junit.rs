//! Findings as `JUnit` XML: a suite for each rule, a test case for each finding. What is above
//! `editorial` has failed, what is accepted is skipped.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::sanitize::{shortened, visible, visible_lines};
use super::{Counts, Report, phrases, text};
use crate::finding::{Finding, Level};
use crate::rules::Rule;

/// The most characters of a test's name.
const MOST: usize = 300;

/// What the report is called where nobody said.
const TITLE: &str = "OpenAPI contract";

/// A report as one XML document.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<Rule, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        suites.entry(finding.rule).or_default().push(finding);
    }
    let name = if report.title.is_empty() {
        TITLE
    } else {
        report.title
    };
    let mut cases = String::new();
    for (rule, findings) in &suites {
        cases += &suite(report, *rule, findings);
    }
    if suites.is_empty() {
        // Without a single test, many servers take the run for broken.
        cases += &opened("testsuite", "findings", 1, [0, 0]);
        cases += "    <testcase classname=\"findings\" name=\"nothing to report\"/>\n";
        cases += "  </testsuite>\n";
    }
    let tests = report.findings.len().max(1);
    let root = opened("testsuites", name, tests, ended(report.findings.iter()));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}{cases}</testsuites>\n",
        root.trim_start()
    )
}

/// How many have failed, and how many are skipped.
fn ended<'f>(findings: impl Iterator<Item = &'f Finding>) -> [usize; 2] {
    let counts = Counts::of(findings);
    [counts.above_editorial(), counts.accepted]
}

fn opened(tag: &str, name: &str, tests: usize, [failures, skipped]: [usize; 2]) -> String {
    let name = attribute(name);
    let skipped = match skipped {
        0 => String::new(),
        _ => format!(" skipped=\"{skipped}\""),
    };
    format!(
        "  <{tag} name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"{skipped}>\n"
    )
}

fn suite(report: &Report<'_>, rule: Rule, findings: &[&Finding]) -> String {
    let ended = ended(findings.iter().copied());
    let mut text = opened("testsuite", rule.id, findings.len(), ended);
    for finding in findings {
        case(report, finding, &mut text).expect("writing to a string does not fail");
    }
    text + "  </testsuite>\n"
}

fn case(report: &Report<'_>, finding: &Finding, text: &mut String) -> std::fmt::Result {
    let place = report.place(finding);
    // The pointer, not the line: a test keeps its name, and its history, where lines move.
    let name = match place {
        Some(location) => format!("{}, at {}", finding.fact, phrases::pointer(location)),
        None => finding.fact.clone(),
    };
    let name = attribute(&shortened(&name, MOST));
    write!(
        text,
        "    <testcase classname=\"{}\" name=\"{name}\"",
        finding.rule.id
    )?;
    if let Some(location) = place {
        let file = attribute(&location.file);
        write!(text, " file=\"{file}\" line=\"{}\"", location.position.line)?;
    }
    if finding.accepted.is_some() {
        let why = phrases::last_sentence(finding);
        let why = attribute(&format!("{}: {why}", finding.level));
        return writeln!(
            text,
            ">\n      <skipped message=\"{why}\"/>\n    </testcase>"
        );
    }
    if finding.level == Level::Editorial {
        return writeln!(text, "/>");
    }
    let message = attribute(&shortened(&finding.fact, MOST));
    let body = escaped(&visible_lines(&text::plain(report, finding)));
    writeln!(text, ">")?;
    writeln!(
        text,
        "      <failure type=\"{}\" message=\"{message}\">{body}</failure>",
        finding.level
    )?;
    writeln!(text, "    </testcase>")
}

fn attribute(text: &str) -> String {
    escaped(&visible(text)).replace('"', "&quot;")
}

/// `>` as well: `]]>` must not stand in text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
