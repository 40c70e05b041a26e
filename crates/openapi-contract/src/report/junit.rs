//! Findings as `JUnit` XML: a test suite for each rule and a test case for each finding. Findings
//! above `editorial` fail; those that are accepted, omitted or weakened are skipped.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as JunitReport, TestCase, TestCaseStatus, TestSuite};

use super::group::FindingGroup;
use super::sanitize::{shortened, visible, visible_lines};
use super::{Report, phrases, text};
use crate::finding::{Finding, Level};
use crate::rules::Rule;

/// The maximum number of characters of a test's name.
const MAX_NAME: usize = 300;

/// The title of a report that has none.
const TITLE: &str = "OpenAPI contract";

/// A report as one XML document.
pub(super) fn render(report: &Report<'_>) -> String {
    let title = if report.title.is_empty() {
        TITLE
    } else {
        report.title
    };
    let mut by_rule: BTreeMap<Rule, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        by_rule.entry(finding.rule).or_default().push(finding);
    }
    let mut junit = JunitReport::new(visible(title));
    for (rule, findings) in by_rule {
        let mut suite = TestSuite::new(rule.id);
        suite.add_test_cases(findings.into_iter().map(|finding| case(report, finding)));
        junit.add_test_suite(suite);
    }
    if report.findings.is_empty() {
        // Many servers report a run without any test as an error.
        let mut case = TestCase::new("nothing to report", TestCaseStatus::success());
        case.set_classname("findings");
        let mut suite = TestSuite::new("findings");
        suite.add_test_case(case);
        junit.add_test_suite(suite);
    }
    junit
        .to_string()
        .expect("writing to a string does not fail, and the XML is UTF-8")
}

fn case(report: &Report<'_>, finding: &Finding) -> TestCase {
    let location = report.location(finding);
    // With the pointer instead of the line, the test keeps its name, and its history, when lines move.
    let name = match location {
        Some(location) => format!("{}, at {}", finding.fact, phrases::pointer(location)),
        None => finding.fact.clone(),
    };
    let mut case = TestCase::new(line(&name), status(report, finding));
    case.set_classname(finding.rule.id);
    if let Some(location) = location {
        let line = location.position.line.to_string();
        case.extra
            .insert("file".into(), (*visible(&location.file)).into());
        case.extra.insert("line".into(), line.as_str().into());
    }
    if let Some(fidelity) = finding.fidelity {
        case.add_property(("fidelity", fidelity.to_string().as_str()));
    }
    case
}

fn status(report: &Report<'_>, finding: &Finding) -> TestCaseStatus {
    let mut status = match FindingGroup::of(finding) {
        FindingGroup::Level(Level::Editorial) => return TestCaseStatus::success(),
        FindingGroup::Level(_) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        group => {
            let reason = match group {
                FindingGroup::Accepted => finding.level.to_string(),
                _ => group.name().to_owned(),
            };
            let mut skipped = TestCaseStatus::skipped();
            let message = format!("{reason}: {}", phrases::last_sentence(finding));
            skipped.set_message(visible(&message));
            return skipped;
        }
    };
    status
        .set_type(finding.level.to_string())
        .set_message(line(&finding.fact))
        .set_description(visible_lines(&text::plain(report, finding)));
    status
}

fn line(text: &str) -> String {
    visible(&shortened(text, MAX_NAME)).into_owned()
}
