//! Remembers that generated files are fresh, so that they are not generated again to compare them.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use client_codegen::output::{self, Fingerprint, Plan};
use openapi_contract::document::{Document, Position, Span};
use openapi_contract::{Fidelity, Finding, Location, MessagePart, Site};
use serde::{Deserialize, Serialize};

/// File name in the target directory.
const FILE: &str = "client-codegen.cache";

/// Crates to write, in the order of their directories, and the findings of the generator.
pub(crate) struct Generated {
    pub(crate) plans: Vec<Plan>,
    pub(crate) findings: Vec<Finding>,
}

/// Generates the crates at `roots` by `generate`, unless the same files were fresh before.
///
/// `options` is everything else that the files depend on.
pub(crate) fn generated(
    document: &Document,
    options: &str,
    roots: &[PathBuf],
    target: &Path,
    generate: impl FnOnce() -> Result<Generated>,
) -> Result<Generated> {
    let Some(generator) = generator() else {
        return generate();
    };
    let mut inputs = vec![options, &generator];
    for source in document.sources() {
        inputs.extend([source.name(), source.text()]);
    }
    let roots: Vec<&Path> = roots.iter().map(PathBuf::as_path).collect();
    let file = target.join(FILE);
    // If a file is unreadable, planning reports it.
    let fingerprint = Fingerprint::compute(&inputs, &roots).ok();
    let remembered = fingerprint
        .as_ref()
        .and_then(|fingerprint| fingerprint.load_payload(&file));
    // Findings that cannot be parsed are generated again.
    if let Some(findings) = remembered.and_then(|payload| parse(&payload)) {
        let plans = roots.iter().map(|root| output::up_to_date_plan(root));
        let plans = plans.collect::<Result<_, _>>()?;
        return Ok(Generated { plans, findings });
    }
    let generated = generate()?;
    if let Some(fingerprint) = fingerprint
        && generated.plans.iter().all(Plan::is_fresh)
        && target.is_dir()
        && let Some(payload) = serialize(&generated.findings)
    {
        // A failure only makes the next run slower.
        fingerprint.store(&file, &payload).ok();
    }
    Ok(generated)
}

/// Identifies this build of the program, as another build may generate other files.
fn generator() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let metadata = path.metadata().ok()?;
    let built = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!(
        "{} {} {}",
        path.display(),
        metadata.len(),
        built.as_nanos()
    ))
}

/// A finding of the generator. It has no more than these fields.
#[derive(Serialize, Deserialize)]
struct CachedFinding {
    rule: String,
    fidelity: CachedFidelity,
    fact: String,
    consequence: String,
    remedy: String,
    operations: Vec<String>,
    location: Option<CachedLocation>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CachedFidelity {
    Exact,
    Weakened,
    Omitted,
}

#[derive(Serialize, Deserialize)]
struct CachedLocation {
    file: String,
    line: u32,
    column: u32,
    pointer: String,
    named_pointer: String,
    start: u32,
    end: u32,
}

/// The findings as JSON; `None` if one has a field that is not cached.
fn serialize(findings: &[Finding]) -> Option<String> {
    let mut cached = Vec::new();
    for finding in findings {
        let entry = CachedFinding::from(finding);
        if entry.restore().as_ref() != Some(finding) {
            return None;
        }
        cached.push(entry);
    }
    serde_json::to_string(&cached).ok()
}

fn parse(payload: &str) -> Option<Vec<Finding>> {
    let cached: Vec<CachedFinding> = serde_json::from_str(payload).ok()?;
    cached.iter().map(CachedFinding::restore).collect()
}

impl From<&Finding> for CachedFinding {
    fn from(finding: &Finding) -> Self {
        let sites = finding.sites.iter();
        Self {
            rule: finding.rule.id.to_owned(),
            fidelity: match finding.fidelity {
                None | Some(Fidelity::Exact) => CachedFidelity::Exact,
                Some(Fidelity::Weakened) => CachedFidelity::Weakened,
                Some(Fidelity::Omitted) => CachedFidelity::Omitted,
            },
            fact: finding.fact.clone(),
            consequence: finding.consequence.clone(),
            remedy: finding.remedy.clone(),
            operations: sites.map(|site| site.operation.clone()).collect(),
            location: finding.old.as_ref().map(CachedLocation::from),
        }
    }
}

impl CachedFinding {
    /// The finding; `None` if its rule is unknown.
    fn restore(&self) -> Option<Finding> {
        let mut rules = client_codegen::rules::ALL.iter();
        let rule = rules.find(|rule| rule.id == self.rule)?;
        let fidelity = match self.fidelity {
            CachedFidelity::Exact => Fidelity::Exact,
            CachedFidelity::Weakened => Fidelity::Weakened,
            CachedFidelity::Omitted => Fidelity::Omitted,
        };
        let sites = self.operations.iter().map(|operation| Site {
            operation: operation.clone(),
            part: MessagePart::Operation,
            path: String::new(),
        });
        Some(Finding {
            consequence: self.consequence.clone(),
            remedy: self.remedy.clone(),
            sites: sites.collect(),
            old: self.location.as_ref().map(CachedLocation::restore),
            ..Finding::rewrite(*rule, fidelity, self.fact.clone())
        })
    }
}

impl From<&Location> for CachedLocation {
    fn from(location: &Location) -> Self {
        Self {
            file: location.file.clone(),
            line: location.position.line,
            column: location.position.column,
            pointer: location.pointer.clone(),
            named_pointer: location.named_pointer.clone(),
            start: location.span.start,
            end: location.span.end,
        }
    }
}

impl CachedLocation {
    fn restore(&self) -> Location {
        Location {
            file: self.file.clone(),
            position: Position {
                line: self.line,
                column: self.column,
            },
            pointer: self.pointer.clone(),
            named_pointer: self.named_pointer.clone(),
            span: Span {
                start: self.start,
                end: self.end,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::Level;
    use openapi_contract::rules;

    use openapi_contract::model::Contract;

    use super::*;

    const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Blobs, version: 1.0.0}
paths:
  /blobs:
    put:
      operationId: putBlob
      requestBody: {content: {application/cbor: {schema: {type: object}}}}
      responses: {'204': {description: Stored.}}
";

    fn findings() -> Vec<Finding> {
        let document = Document::parse("blobs.yaml", CONTRACT).expect("valid YAML");
        let contract = Contract::read(document).expect("a contract");
        client_codegen::findings(&contract).expect("a client")
    }

    #[test]
    fn findings_are_restored() {
        let findings = findings();
        assert!(!findings.is_empty());
        let payload = serialize(&findings).expect("all fields are cached");
        assert_eq!(parse(&payload), Some(findings));
    }

    #[test]
    fn invalid_payloads_are_ignored() {
        let payload = serialize(&findings()).expect("all fields are cached");
        assert_eq!(parse(""), None);
        assert_eq!(parse(&payload[..payload.len() / 2]), None);
        let unknown = payload.replace("\"rule\":\"", "\"rule\":\"no-such-");
        assert_eq!(parse(&unknown), None);
    }

    #[test]
    fn findings_with_other_fields_are_not_cached() {
        let other = Finding::new(rules::TYPE_CHANGED, Level::Breaking, "changed");
        assert_eq!(serialize(&[other]), None);
    }
}
