//! Nested `anyOf` and `oneOf`, whose combinations grow exponentially.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

use crate::in_time;

/// A contract whose response is the last of the components.
fn contract(components: &[(String, String)]) -> String {
    let (last, _) = components.last().expect("there are components");
    let mut text = format!(
        "openapi: 3.1.0
info: {{title: Hostile, version: 1.0.0}}
paths:
  /values:
    get:
      operationId: get_value
      responses:
        '200':
          description: A value.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/{last}'}}}}}}
components:
  schemas:
"
    );
    for (name, schema) in components {
        text += &format!("    {name}: {schema}\n");
    }
    text
}

fn reads(name: &str, text: &str) {
    in_time(name, || {
        let read = || {
            let document = Document::parse("hostile.yaml", text).expect("it parses");
            Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
        };
        let (old, new) = (read(), read());
        let findings = compare(&old, &new, Relation::Drift);
        assert!(
            findings.iter().all(|found| found.wire <= Level::Editorial),
            "{findings:#?}"
        );
    });
}

const TYPES: [&str; 6] = ["'null'", "boolean", "integer", "string", "array", "object"];

#[test]
fn nested_unions_with_a_member_for_each_type() {
    for keyword in ["anyOf", "oneOf"] {
        let mut components = vec![("T0".to_owned(), "{maxLength: 5}".to_owned())];
        for level in 1..40 {
            let before = format!("$ref: '#/components/schemas/T{}'", level - 1);
            let members: Vec<String> = TYPES
                .iter()
                .map(|name| format!("{{type: {name}, {before}}}"))
                .collect();
            components.push((
                format!("T{level}"),
                format!("{{{keyword}: [{}]}}", members.join(", ")),
            ));
        }
        reads(keyword, &contract(&components));
    }
}

#[test]
fn nested_unions_of_one_member_and_null() {
    let mut components = vec![("T0".to_owned(), "{type: object}".to_owned())];
    for level in 1..400 {
        let before = level - 1;
        components.push((
            format!("T{level}"),
            format!(
                "{{minProperties: {level}, anyOf: [{{$ref: '#/components/schemas/T{before}'}}, {{type: 'null'}}]}}"
            ),
        ));
    }
    reads("or null", &contract(&components));
}

#[test]
fn all_of_with_many_unions() {
    let union = |index: usize| {
        let members: Vec<String> = TYPES
            .iter()
            .map(|name| format!("{{type: {name}, title: t{index}}}"))
            .collect();
        format!("{{anyOf: [{}]}}", members.join(", "))
    };
    let unions: Vec<String> = (0..60).map(union).collect();
    let all = format!("{{allOf: [{}]}}", unions.join(", "));
    reads("all of them", &contract(&[("All".to_owned(), all)]));
}

#[test]
fn recursive_unions() {
    let reference = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let components = [
        (
            "A".to_owned(),
            format!(
                "{{anyOf: [{}, {{type: 'null'}}, {}]}}",
                reference("B"),
                reference("A")
            ),
        ),
        (
            "B".to_owned(),
            format!(
                "{{oneOf: [{}], not: {}, minLength: 1}}",
                reference("C"),
                reference("A")
            ),
        ),
        (
            "C".to_owned(),
            format!(
                "{{anyOf: [{}, {{type: 'null'}}], maxLength: 3}}",
                reference("A")
            ),
        ),
        (
            "D".to_owned(),
            format!(
                "{{if: {}, then: {}, else: {}}}",
                reference("D"),
                reference("A"),
                reference("C")
            ),
        ),
    ];
    reads("in a circle", &contract(&components));
}
