//! Contracts with parts that cannot be read.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare, invalid_parts};
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

use crate::{contract, found, sent};

/// The level and fact of each invalid part of two versions.
fn parts(old: &str, new: &str) -> Vec<String> {
    let findings = invalid_parts(&contract(old), &contract(new));
    let shown = findings.iter().map(|finding| {
        let at = [&finding.old, &finding.new].map(|at| if at.is_some() { '+' } else { '-' });
        format!("{} {}{} {}", finding.level, at[0], at[1], finding.fact)
    });
    shown.collect()
}

#[test]
fn other_parts_are_compared() {
    let body = |key: &str, size: &str| {
        sent(&format!(
            "{{type: object, properties: {{key: {key}, size: {size}}}}}"
        ))
    };
    for unreadable in [
        "{type: char}",
        "{$ref: '#/no'}",
        "{maxLength: many}",
        "{type: [3]}",
        "5",
    ] {
        let old = body(unreadable, "{type: integer}");
        let new = body(unreadable, "{type: string}");
        assert_eq!(found(&old, &old), [""; 0], "{unreadable}");
        assert_eq!(
            found(&old, &new),
            ["breaking type-changed!"],
            "{unreadable}"
        );
    }
}

#[test]
fn changes_of_unreadable_parts_are_undecided() {
    for unreadable in ["{type: char}", "{$ref: '#/no'}", "{enum: 3}", "5"] {
        let (old, new) = (sent(unreadable), sent("{type: string}"));
        let found_in_new = found(&old, &new);
        assert_eq!(found_in_new, ["undecided keyword-changed"], "{unreadable}");
        // The invalid part of the new version is a finding of its own.
        assert_eq!(found(&new, &old), [""; 0], "{unreadable}");
    }
    let (old, new) = (sent("{type: char}"), sent("{type: text}"));
    assert_eq!(found(&old, &new), ["undecided keyword-changed"]);
}

#[test]
fn messages_with_required_unreadable_parts_prove_nothing() {
    let body = |size: &str| {
        sent(&format!(
            "{{type: object, required: [key], properties: {{key: {{type: char}}, size: {size}}}}}"
        ))
    };
    let (old, new) = (body("{type: integer}"), body("{type: string}"));
    assert_eq!(found(&old, &new), ["undecided type-changed"]);
}

#[test]
fn only_new_invalid_parts_are_breaking() {
    let (valid, char) = (sent("{type: string}"), sent("{type: char}"));
    assert_eq!(parts(&valid, &valid), [""; 0]);
    assert_eq!(parts(&char, &char), ["risky ++ unknown type `char`"]);
    assert_eq!(parts(&valid, &char), ["breaking -+ unknown type `char`"]);
    assert_eq!(parts(&char, &valid), ["risky +- unknown type `char`"]);
    let moved = sent("{items: {type: char}}");
    assert_eq!(parts(&char, &moved), ["risky ++ unknown type `char`"]);
    let two = sent("{items: {type: char}, not: {type: char}}");
    let found = parts(&char, &two);
    assert_eq!(
        found,
        [
            "risky ++ unknown type `char`",
            "breaking -+ unknown type `char`"
        ]
    );
}

/// Operations with these paths, each with a query parameter of this type.
fn paths(paths: &[(&str, &str)]) -> String {
    let paths = paths.iter().map(|(path, kind)| {
        let name = path.trim_start_matches("/files/{").trim_end_matches('}');
        format!(
            "  {path}:\n    get:\n      parameters:\n        - {{name: {name}, in: path, required: \
             true, schema: {{type: string}}}}\n        - {{name: q, in: query, schema: {{type: \
             {kind}}}}}\n      responses: {{'200': {{description: Fine.}}}}\n"
        )
    });
    paths.collect()
}

#[test]
fn equivalent_paths_are_compared_one_by_one() {
    let old = paths(&[("/files/{id}", "integer"), ("/files/{name}", "integer")]);
    let new = paths(&[("/files/{name}", "string"), ("/files/{id}", "integer")]);
    let read: Contract = contract(&old);
    assert_eq!(read.operations.len(), 2);
    assert_eq!(read.invalid_parts.len(), 1);
    let findings = compare(&read, &contract(&new), Relation::Evolution);
    let breaking: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.level > Level::Editorial)
        .flat_map(|finding| &finding.sites)
        .map(|site| site.operation.as_str())
        .collect();
    assert_eq!(breaking, ["GET /files/{name}"]);
    let linted = lint(&read, &[]);
    let reported = linted
        .iter()
        .find(|finding| finding.rule.id == "invalid-contract");
    assert_eq!(
        reported.map(|finding| finding.fact.as_str()),
        Some("`/files/{name}` is the same path as `/files/{id}`, with other names of parameters")
    );
}
