//! Findings as JSON.
//!
//! The types in this module define the format; `schemas/report.schema.json` is generated from them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::sanitize::visible_json;
use super::{Counts, Report};
use crate::finding::Finding;

/// The URL of the JSON Schema of a [`JsonReport`].
pub const SCHEMA: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/main/crates/openapi-contract/schemas/report.schema.json"
);

/// The version of the format. It is raised when programs that read the previous version may fail;
/// adding properties does not raise it.
pub const VERSION: u32 = 1;

/// A report of findings of openapi-contract.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Report of openapi-contract")]
pub struct JsonReport<'a> {
    /// The URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    pub schema: &'a str,
    /// The version of the format.
    #[schemars(range(min = 1))]
    pub version: u32,
    /// What was checked or compared; may be empty.
    pub title: &'a str,
    /// The number of findings of each level.
    pub counts: Counts,
    /// The findings, in the order of the document.
    pub findings: Vec<JsonFinding<'a>>,
}

/// A finding with its id.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonFinding<'a> {
    /// The stable id, by which a change is accepted. It does not depend on line numbers.
    pub id: String,
    /// The finding itself.
    #[serde(flatten)]
    pub finding: &'a Finding,
}

impl<'a> JsonReport<'a> {
    /// The JSON form of a report.
    pub fn new(report: &Report<'a>) -> Self {
        let entry = |finding: &'a Finding| JsonFinding {
            id: finding.id(),
            finding,
        };
        Self {
            schema: SCHEMA,
            version: VERSION,
            title: report.title,
            counts: Counts::of(report.findings),
            findings: report.findings.iter().map(entry).collect(),
        }
    }
}

/// The JSON Schema of a [`JsonReport`].
pub fn schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<JsonReport<'_>>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema
}

/// A report as a [`JsonReport`], indented.
pub(super) fn render(report: &Report<'_>) -> String {
    let document = serde_json::to_string_pretty(&JsonReport::new(report))
        .expect("a document has string keys and finite numbers only");
    visible_json(&document) + "\n"
}
