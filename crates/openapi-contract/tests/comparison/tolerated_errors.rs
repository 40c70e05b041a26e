//! Documents that deviate from OpenAPI but have a clear meaning.

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

fn read(text: &str) -> Contract {
    let document = Document::parse("test.yaml", text).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

const REGULAR: &str = "\
openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: p, in: query, schema: {type: string, nullable: true}}]
      responses: {'200': {description: Fine.}}
";

const IRREGULAR: &str = "\
openapi: 3.0.3
info: {title: T}
webhooks: null
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: p, in: query, schema: {type: [string, 'null'], maxLength: null}}]
      requestBody: null
      security: null
      responses: {'200': {description: Fine., headers: null, content: null, links: null}}
";

#[test]
fn irregular_documents_are_understood() {
    let (regular, irregular) = (read(REGULAR), read(IRREGULAR));
    let found = compare(&regular, &irregular, Relation::Drift);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn lint_reports_irregular_locations() {
    let contract = read(IRREGULAR);
    let found = lint(&contract, &[]);
    let mut rules: Vec<&str> = found.iter().map(|finding| finding.rule.id).collect();
    rules.retain(|id| matches!(*id, "irregular-form" | "member-missing"));
    let irregular = rules.iter().filter(|id| **id == "irregular-form").count();
    assert_eq!((irregular, rules.len()), (8, 9));
}

#[test]
fn an_undefined_scheme_keeps_its_name() {
    let with = |scheme: &str| {
        let text = REGULAR.replace(
            "      responses",
            &format!("      security: [{{{scheme}: []}}]\n      responses"),
        );
        read(&text)
    };
    let (old, new) = (with("one"), with("other"));
    assert!(compare(&old, &old, Relation::Drift).is_empty());
    let found = compare(&old, &new, Relation::Evolution);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["security-added", "security-removed"]);
    let linted = lint(&old, &[]);
    assert!(
        linted
            .iter()
            .any(|found| found.rule.id == "unresolved-reference")
    );
}

#[test]
fn an_operation_without_responses_excludes_nothing() {
    let silent = "  /a:\n    get:\n      operationId: a\n";
    let with_responses = format!("{silent}      responses: {{'200': {{description: Fine.}}}}\n");
    assert_eq!(
        crate::found(silent, &with_responses),
        ["compatible status-added"]
    );
    assert_eq!(
        crate::found(&with_responses, silent),
        ["undecided status-removed"]
    );
}
