//! Validation of SARIF against `sarif-2.1.0.schema.json`, the schema that OASIS publishes.

use openapi_contract::report::Format;
use serde_json::Value;

use crate::examples::{invalid_contract, markup, no_difference, orders, rewrites};

const SCHEMA: &str = include_str!("sarif-2.1.0.schema.json");

#[test]
fn logs_match_the_schema() {
    for example in [
        orders(),
        invalid_contract(),
        no_difference(),
        rewrites(),
        markup(),
    ] {
        let log = serde_json::from_str(&example.render(Format::Sarif)).expect("the JSON is valid");
        assert_eq!(violations(&log), [""; 0], "{}", example.title);
    }
}

#[test]
fn every_result_has_a_rule_a_location_and_a_fingerprint() {
    let example = orders();
    let log: Value =
        serde_json::from_str(&example.render(Format::Sarif)).expect("the JSON is valid");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("the run has results");
    assert_eq!(results.len(), example.findings.len());
    for (result, finding) in results.iter().zip(&example.findings) {
        let rule = result["ruleIndex"].as_u64().expect("the index is a number") as usize;
        let rule = &run["tool"]["driver"]["rules"][rule];
        assert_eq!(rule["id"], finding.rule.id);
        let page = rule["help"]["markdown"]
            .as_str()
            .expect("each rule has a page");
        assert!(page.starts_with(&format!("# {}\n", finding.rule.id)));
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "openapi/orders.yaml");
        let new = finding
            .new
            .as_ref()
            .expect("every difference has both locations");
        assert_eq!(location["region"]["startLine"], new.position.line);
        assert!(result["partialFingerprints"]["id/v1"].is_string());
    }
}

#[test]
fn schema_rejects_an_invalid_level() {
    let mut log: Value =
        serde_json::from_str(&orders().render(Format::Sarif)).expect("the JSON is valid");
    let result: &mut Value = &mut log["runs"][0]["results"][0];
    result["level"] = "terrible".into();
    assert_eq!(violations(&log).len(), 1);
}

fn violations(log: &Value) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("the JSON is valid");
    // The pattern has an unbalanced bracket, which some regular expression dialects reject.
    for has_language in ["run", "toolComponent"] {
        schema["definitions"][has_language]["properties"]["language"]
            .as_object_mut()
            .and_then(|language| language.remove("pattern"))
            .expect("the pattern exists");
    }
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let errors = validator.iter_errors(log);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}
