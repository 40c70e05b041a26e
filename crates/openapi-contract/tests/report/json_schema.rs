//! The published JSON Schema of the JSON format.

use std::path::PathBuf;

use openapi_contract::report::{Format, json};
use serde_json::Value;

use crate::examples::{accepted, invalid_contract, markup, no_difference, orders, rewrites};

/// With this environment variable set, the file is written instead of compared.
const UPDATE: &str = "UPDATE_SCHEMAS";

#[test]
fn published_schema_is_current() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json");
    let expected = format!("{:#}\n", json::schema().to_value());
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, expected).expect("the schema can be written");
        return;
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == expected,
        "{} is stale: set {UPDATE}=1 and run this test again",
        path.display()
    );
}

#[test]
fn reports_match_the_schema() {
    for example in [
        orders(),
        accepted(),
        invalid_contract(),
        no_difference(),
        rewrites(),
        markup(),
    ] {
        let report = read(&example.render(Format::Json));
        assert_eq!(violations(&report), [""; 0], "{}", example.title);
    }
}

#[test]
fn schema_rejects_an_invalid_level() {
    let mut report = read(&orders().render(Format::Json));
    report["findings"][0]["level"] = "terrible".into();
    assert_eq!(
        violations(&report),
        [
            r#"/findings/0/level: "terrible" is not valid under any of the schemas listed in the 'oneOf' keyword"#
        ]
    );
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the JSON is valid")
}

fn violations(report: &Value) -> Vec<String> {
    let schema = json::schema().to_value();
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let errors = validator.iter_errors(report);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}
