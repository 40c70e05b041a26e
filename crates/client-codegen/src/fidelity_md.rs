//! Writes `FIDELITY.md`: the differences between the contract and the client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use openapi_contract::Fidelity;
use openapi_contract::Finding;

use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::header::FileHeader;
use crate::rules;

/// The file, unless all findings are exact.
pub(crate) fn file(findings: &[Finding], stamp: &FileHeader) -> Option<GeneratedFile> {
    if findings
        .iter()
        .all(|one| one.fidelity == Some(Fidelity::Exact))
    {
        return None;
    }
    let mut text = format!(
        "<!--\n{}-->\n\n# Differences between the contract and the client\n\n\
         The locations are those of the contract. The rule in brackets is explained at the end.\n",
        stamp.header()
    );
    for (fidelity, title) in [
        (Fidelity::Omitted, "Missing from the client"),
        (Fidelity::Weakened, "Not enforced by the client"),
        (Fidelity::Exact, "Changed without effect on the client"),
    ] {
        let of_fidelity = findings.iter().filter(|one| one.fidelity == Some(fidelity));
        let items: String = of_fidelity.map(|one| item(one, fidelity)).collect();
        if !items.is_empty() {
            let _ = write!(text, "\n## {title}\n\n{items}");
        }
    }
    text.push_str("\n## Rules\n\n");
    let used: BTreeSet<&str> = findings.iter().map(|one| one.rule.id).collect();
    for rule in rules::ALL.iter().filter(|rule| used.contains(rule.id)) {
        let _ = writeln!(text, "- `{}`: {}", rule.id, rule.about);
    }
    Some(GeneratedFile {
        path: [GENERATED_DIR, "FIDELITY.md"].iter().collect::<PathBuf>(),
        contents: text,
        ownership: Ownership::Generated,
    })
}

/// A finding as an item of a list. What an exact one means is clear from its section.
fn item(finding: &Finding, fidelity: Fidelity) -> String {
    let mut text = String::from("- ");
    if let Some(location) = &finding.old {
        let _ = write!(text, "{}:{}", location.file, location.position);
    }
    let operations: Vec<String> = finding
        .sites
        .iter()
        .map(|site| format!("`{}`", one_line(&site.operation)))
        .collect();
    if !operations.is_empty() {
        let _ = write!(text, " ({})", operations.join(", "));
    }
    let _ = writeln!(
        text,
        ": {} \\[{}\\]",
        one_line(&finding.fact),
        finding.rule.id
    );
    if fidelity != Fidelity::Exact {
        let (consequence, remedy) = (one_line(&finding.consequence), one_line(&finding.remedy));
        let _ = writeln!(text, "  {consequence} Help: {remedy}");
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
