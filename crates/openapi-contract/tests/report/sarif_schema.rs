//! SARIF as OASIS defines it. `sarif-2.1.0.schema.json` is the schema that the standard publishes.

use openapi_contract::report::Format;
use serde_json::Value;

use crate::examples::{foreign, no_contract, no_difference, orders};

const SCHEMA: &str = include_str!("sarif-2.1.0.schema.json");

#[test]
fn logs_follow_the_standard() {
    for example in [orders(), no_contract(), no_difference(), foreign()] {
        let log = serde_json::from_str(&example.render(Format::Sarif)).expect("it is JSON");
        assert_eq!(violations(&log), [""; 0], "{}", example.title);
    }
}

#[test]
fn every_result_has_a_rule_a_place_and_a_fingerprint() {
    let example = orders();
    let log: Value = serde_json::from_str(&example.render(Format::Sarif)).expect("it is JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("there are results");
    assert_eq!(results.len(), example.findings.len());
    for (result, finding) in results.iter().zip(&example.findings) {
        let rule = result["ruleIndex"].as_u64().expect("it is an index") as usize;
        let rule = &run["tool"]["driver"]["rules"][rule];
        assert_eq!(rule["id"], finding.rule.id);
        let page = rule["help"]["markdown"]
            .as_str()
            .expect("each rule has a page");
        assert!(page.starts_with(&format!("# {}\n", finding.rule.id)));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "openapi/orders.yaml");
        let new = finding
            .new
            .as_ref()
            .expect("every difference has both places");
        assert_eq!(place["region"]["startLine"], new.position.line);
        assert!(result["partialFingerprints"]["id/v1"].is_string());
    }
}

#[test]
fn the_schema_refuses_what_is_no_log() {
    let mut log: Value = serde_json::from_str(&orders().render(Format::Sarif)).expect("it is JSON");
    let result: &mut Value = &mut log["runs"][0]["results"][0];
    result["level"] = "terrible".into();
    assert_eq!(violations(&log).len(), 1);
}

fn violations(log: &Value) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("it is JSON");
    // A stray bracket, which not every dialect of regular expressions lets pass.
    for has_language in ["run", "toolComponent"] {
        schema["definitions"][has_language]["properties"]["language"]
            .as_object_mut()
            .and_then(|language| language.remove("pattern"))
            .expect("the pattern is there");
    }
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let errors = validator.iter_errors(log);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}
