//! Findings as JSON, for programs.
//!
//! The types here are the format; `schemas/report.schema.json` is made from them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::sanitize::visible_json;
use super::{Counts, Report};
use crate::finding::Finding;

/// Where the JSON Schema of a [`JsonReport`] is published.
pub const SCHEMA: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/main/crates/openapi-contract/schemas/report.schema.json"
);

/// The version of the format. It grows when a program that reads the one before may fail; members
/// can be added without that.
pub const VERSION: u32 = 1;

/// A report of findings of openapi-contract.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Report of openapi-contract")]
pub struct JsonReport<'a> {
    /// Where the JSON Schema of this document is published.
    #[serde(rename = "$schema")]
    pub schema: &'a str,
    /// The version of the format.
    #[schemars(range(min = 1))]
    pub version: u32,
    /// What was checked or compared; empty where nobody said.
    pub title: &'a str,
    /// How many findings there are of each level.
    pub counts: Counts,
    /// The findings, in the order of the document.
    pub findings: Vec<JsonFinding<'a>>,
}

/// A finding with its id.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonFinding<'a> {
    /// What it is called in this report and the next, wherever lines move: the id by which a change
    /// is accepted.
    pub id: String,
    /// The finding itself.
    #[serde(flatten)]
    pub finding: &'a Finding,
}

impl<'a> JsonReport<'a> {
    /// The document of a report.
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
