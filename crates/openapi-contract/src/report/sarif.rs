//! Findings as SARIF 2.1.0, for code scanning and editors
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::Report;
use super::fingerprint::fingerprints;
use super::phrases::{self, VERDICTS, sentence};
use super::sanitize::{visible, visible_json};
use crate::finding::{Finding, Level, Location};
use crate::rules::Rule;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A report as a log with one run.
pub(super) fn render(report: &Report<'_>) -> String {
    let rules: BTreeSet<Rule> = report.findings.iter().map(|finding| finding.rule).collect();
    let rules: Vec<Rule> = rules.into_iter().collect();
    let fingerprints = fingerprints(report.findings);
    let mut results: Vec<Value> = report
        .findings
        .iter()
        .zip(fingerprints)
        .map(|(finding, fingerprint)| result(report, &rules, finding, &fingerprint))
        .collect();
    suppress(report.findings, &mut results);
    let mut run = json!({
        "tool": {"driver": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules.iter().map(rule).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if !report.title.is_empty() {
        run["automationDetails"] = json!({"description": {"text": escaped(report.title)}});
    }
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]});
    visible_json(&format!("{log:#}")) + "\n"
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.about},
        "help": {"text": rule.about, "markdown": rule.page},
    })
}

fn result(report: &Report<'_>, rules: &[Rule], finding: &Finding, fingerprint: &str) -> Value {
    // A result that is not a failure has no level.
    let (kind, level) = match (finding.level, finding.fidelity) {
        (Level::Editorial, _) => ("informational", "none"),
        (_, Some(_)) | (Level::Compatible, None) => ("fail", "note"),
        (Level::Undecided | Level::Risky, None) => ("fail", "warning"),
        (Level::Breaking, None) => ("fail", "error"),
    };
    let mut properties: Map<String, Value> = VERDICTS
        .iter()
        .map(|(name, of)| ((*name).to_owned(), of(finding).to_string().into()))
        .collect();
    if let Some(fidelity) = finding.fidelity {
        properties.insert("fidelity".to_owned(), fidelity.to_string().into());
    }
    let main = report.location(finding);
    let mut location = json!({});
    if let Some(main) = main {
        location["physicalLocation"] = physical(report, main);
    }
    if !finding.sites.is_empty() {
        let sites = finding.sites.iter().map(ToString::to_string);
        let sites = sites.map(|name| json!({"fullyQualifiedName": name}));
        location["logicalLocations"] = sites.collect();
    }
    let related: Vec<Value> = [&finding.old, &finding.new]
        .into_iter()
        .flatten()
        .filter(|location| Some(*location) != main)
        .map(|location| {
            json!({
                "message": {"text": escaped(&phrases::elsewhere(finding, location))},
                "physicalLocation": physical(report, location),
            })
        })
        .collect();
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rules.binary_search(&finding.rule).unwrap_or_default(),
        "kind": kind,
        "level": level,
        "message": {"text": message(finding)},
        "locations": [location],
        "relatedLocations": related,
        "partialFingerprints": {"id/v1": fingerprint},
        "properties": properties,
    })
}

/// Marks the results that are accepted. Either all results of a run have `suppressions`, or none.
fn suppress(findings: &[Finding], results: &mut [Value]) {
    if findings.iter().all(|finding| finding.accepted.is_none()) {
        return;
    }
    for (finding, result) in findings.iter().zip(results) {
        let suppression = finding.accepted.as_ref().map(|acceptance| {
            let justification = escaped(&acceptance.reason);
            let until = acceptance.until.to_string();
            json!({
                "kind": "external",
                "status": "accepted",
                "justification": justification,
                "properties": {"until": until},
            })
        });
        result["suppressions"] = suppression.into_iter().collect();
    }
}

fn physical(report: &Report<'_>, location: &Location) -> Value {
    let start = location.position;
    let mut region = json!({"startLine": start.line, "startColumn": start.column});
    if let Some(source) = report.source(location) {
        let end = source.position(location.span.end);
        region["endLine"] = end.line.into();
        region["endColumn"] = end.column.into();
    }
    json!({"artifactLocation": {"uri": uri(&location.file)}, "region": region})
}

/// The sentences of a finding, the most important first, because some viewers show only one.
fn message(finding: &Finding) -> String {
    let mut sentences = vec![sentence(&finding.fact), finding.consequence.clone()];
    if let Some(witness) = &finding.witness {
        let [message, verdicts] = phrases::witness(witness);
        sentences.push(format!("Witness: {message}. {}", sentence(&verdicts)));
    }
    sentences.push(phrases::last_sentence(finding));
    sentences.retain(|text| !text.is_empty());
    escaped(&sentences.join(" "))
}

/// Text without control characters, and without links in the syntax of SARIF.
fn escaped(text: &str) -> String {
    visible(text).replace("](", "\\](")
}

/// The characters that are percent-encoded in a path: all but the unreserved ones of RFC 3986.
const NOT_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A file's name as a relative reference (RFC 3986), or as a `file` URI where it is absolute.
fn uri(file: &str) -> String {
    let path = utf8_percent_encode(file, NOT_IN_PATH);
    if file.starts_with('/') {
        format!("file://{path}")
    } else {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn file_name_becomes_uri_reference() {
        assert_eq!(uri("openapi/media.yaml"), "openapi/media.yaml");
        assert_eq!(uri("HEAD:a b.yaml"), "HEAD%3Aa%20b.yaml");
        assert_eq!(uri("/a/ü.yaml"), "file:///a/%C3%BC.yaml");
    }
}
