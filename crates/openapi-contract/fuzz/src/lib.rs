//! Properties that hold for any bytes.
//!
//! The fuzz targets call these functions, and so do the property tests of openapi-contract.

use std::io;

use openapi_contract::compare::Relation;
use openapi_contract::document::{Document, NodeId, Value, escape_token};
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, canonical_json};
use openapi_contract::report::{self, TextStyle};
use openapi_contract::{Finding, Level, Location};

/// Separates files in the bytes of a case: the record separator of ASCII.
const SEPARATOR: u8 = 0x1e;

/// Loads the bytes as the files `0`, `1` ... of one document. Every value is found by its pointer
/// and lies in its file; every error has a position in it.
pub fn load(bytes: &[u8]) {
    let files: Vec<&[u8]> = bytes.split(|&byte| byte == SEPARATOR).collect();
    let document = Document::load_with("0", &mut |name| {
        let file = name.parse().ok().and_then(|index: usize| files.get(index));
        let file = file.map(|file| file.to_vec());
        file.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    });
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            let lines = files[0].iter().filter(|&&byte| byte == b'\n').count() + 1;
            let line = error.position().map_or(1, |position| position.line);
            assert!((1..=lines).contains(&(line as usize)), "{error}");
            return;
        }
    };
    visit(&document, document.root(), "");
    if let Ok(json) = serde_json::from_slice::<serde_json::Value>(files[0])
        && (json.is_object() || json.is_array())
    {
        assert_eq!(
            document.to_json(document.root()),
            json,
            "as serde_json reads it"
        );
    }
}

fn visit(document: &Document, id: NodeId, pointer: &str) {
    let node = document.node(id);
    let source = document.source_of(id);
    assert!(
        node.span.start <= node.span.end,
        "{pointer}: {:?}",
        node.span
    );
    let end = source.text().len();
    assert!(node.span.end as usize <= end, "{pointer}: {:?}", node.span);
    // A YAML alias occurs at several pointers and reports the first.
    let own = document.pointer(id);
    assert_eq!(document.at_pointer(&own), Some(id), "{own}");
    assert!(document.at_pointer(pointer).is_some(), "{pointer}");
    let location = Location::new(document, id, None);
    assert!(location.position.line > 0 && location.position.column > 0);
    if let Err(error) = document.resolve(id) {
        assert!(!error.to_string().is_empty());
    }
    match &node.value {
        Value::Array(elements) => {
            for (index, &element) in elements.iter().enumerate() {
                visit(document, element, &format!("{pointer}/{index}"));
            }
        }
        Value::Object(entries) => {
            for entry in entries.iter() {
                let key = escape_token(entry.key);
                visit(document, entry.value, &format!("{pointer}/{key}"));
            }
        }
        _ => {}
    }
}

/// Reads, lints and prints a contract. Every finding has a location, and a contract equals itself.
pub fn canonical(bytes: &[u8]) {
    let Some(contract) = contract("fuzz.yaml", bytes) else {
        return;
    };
    show(&lint(&contract, &[]), &[&contract.document]);
    let findings = openapi_contract::compare::compare(&contract, &contract, Relation::Evolution);
    let differences = report::Counts::of(&findings).above_editorial();
    assert_eq!(differences, 0, "a contract equals itself: {findings:#?}");
    assert!(canonical_json(&contract).is_object());
}

/// Compares two contracts in both directions and renders the findings. Every break has a witness.
pub fn compare(bytes: &[u8]) {
    let mut sides = bytes.splitn(2, |&byte| byte == SEPARATOR);
    let mut side = |name| contract(name, sides.next().unwrap_or_default());
    let (Some(old), Some(new)) = (side("old.yaml"), side("new.yaml")) else {
        return;
    };
    for (old, new) in [(&old, &new), (&new, &old)] {
        let findings = openapi_contract::compare::compare(old, new, Relation::Evolution);
        for finding in &findings {
            let is_proved = finding.wire != Level::Breaking || finding.witness.is_some();
            assert!(is_proved, "no claim without a witness: {finding:#?}");
        }
        show(&findings, &[&old.document, &new.document]);
    }
}

/// The contract in the bytes, if they are one.
fn contract(name: &str, bytes: &[u8]) -> Option<Contract> {
    let document = Document::parse_bytes(name, bytes.to_vec()).ok()?;
    match Contract::read(document) {
        Ok(contract) => Some(contract),
        Err(invalid) => {
            assert!(!invalid.findings.is_empty(), "it says why");
            show(&invalid.findings, &[&invalid.document]);
            None
        }
    }
}

/// Renders findings; each has a location.
fn show(findings: &[Finding], documents: &[&Document]) {
    for finding in findings {
        assert!(
            finding.old.is_some() || finding.new.is_some(),
            "{finding:#?}"
        );
    }
    let sources: Vec<_> = documents
        .iter()
        .flat_map(|document| document.sources())
        .collect();
    let text = report::text(findings, &sources, TextStyle::default());
    assert_eq!(text.is_empty(), findings.is_empty());
}
