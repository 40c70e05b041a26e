//! Supported OpenAPI versions.

use openapi_contract::document::Document;
use openapi_contract::model::Contract;

/// The findings of an invalid document, one per line.
fn problems(text: &str) -> String {
    let document = Document::parse("test.yaml", text).expect("it parses");
    let findings = match Contract::read(document) {
        Ok(contract) => contract.invalid_part_findings(),
        Err(invalid) => invalid.findings,
    };
    let lines = findings.iter().map(|found| {
        let place = found.old.as_ref().expect("it has a location");
        format!("{} {}: {}\n", found.rule.id, place, found.fact)
    });
    lines.collect()
}

#[test]
fn old_and_unknown_versions_are_rejected() {
    let texts = [
        "swagger: '2.0'\ninfo: {title: T, version: 1.0.0}\npaths: {}\n",
        "openapi: 4.0.0\ninfo: {title: T, version: 1.0.0}\npaths: {}\n",
        "openapi: 3.1\ninfo: {title: T, version: 1.0.0}\npaths: {}\n",
        "info: {title: T, version: 1.0.0}\npaths: {}\n",
    ];
    insta::assert_snapshot!(texts.map(problems).concat(), @r#"
    unsupported-version test.yaml:1:1: the document uses Swagger 2.0
    unsupported-version test.yaml:1:1: `openapi` must be a version from 3.0.0 to 3.2.x, but is `4.0.0`
    unsupported-version test.yaml:1:1: `openapi` must be a version from 3.0.0 to 3.2.x, but is a number
    unsupported-version test.yaml:1:1: the document has no `openapi`
    "#);
}

const NEWER: &str = "\
openapi: VERSION
$self: https://example.com/api
info: {title: T, version: 1.0.0}
servers: [{url: https://example.com, name: production}]
tags: [{name: a, summary: A, parent: b, kind: nav}]
paths:
  /a:
    query: {responses: {'200': {description: Fine.}}}
    additionalOperations: {LINK: {responses: {'200': {description: Fine.}}}}
    get:
      parameters:
        - {name: q, in: query, style: cookie, schema: {type: string}}
        - {$ref: '#/components/parameters/All'}
      responses:
        '200':
          description: Fine.
          summary: Fine.
          content:
            application/jsonl:
              itemSchema: {type: object}
              prefixEncoding: []
              itemEncoding: {}
              examples: {a: {dataValue: {}, serializedValue: ''}}
components:
  mediaTypes: {}
  parameters:
    All: {name: all, in: querystring, content: {}}
  schemas:
    Pet:
      oneOf: [{type: object}, {type: string}]
      discriminator: {propertyName: kind, defaultMapping: Cat}
      xml: {nodeType: element}
      # Names and data are no fields.
      properties: {query: {type: string}, itemSchema: {type: string}}
      example: {defaultMapping: 1}
      x-query: 1
  securitySchemes:
    auth:
      type: oauth2
      oauth2MetadataUrl: https://example.com
      flows: {deviceAuthorization: {tokenUrl: /token, scopes: {}}}
";

#[test]
fn features_of_3_2_are_invalid_parts() {
    insta::assert_snapshot!(problems(&NEWER.replace("VERSION", "3.2.0")), @r#"
    unsupported-version test.yaml:2:1: `$self` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:4:38: `name` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:5:18: `summary` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:5:30: `parent` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:5:41: `kind` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:8:5: `query` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:9:5: `additionalOperations` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:12:32: `style: cookie` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:17:11: `summary` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:20:15: `itemSchema` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:21:15: `prefixEncoding` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:22:15: `itemEncoding` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:23:30: `dataValue` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:23:45: `serializedValue` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:25:3: `mediaTypes` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:27:22: `in: querystring` is an OpenAPI 3.2 feature that is not supported yet
    invalid-contract test.yaml:27:22: unknown parameter location `querystring`
    unsupported-version test.yaml:31:43: `defaultMapping` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:32:13: `nodeType` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:40:7: `oauth2MetadataUrl` is an OpenAPI 3.2 feature that is not supported yet
    unsupported-version test.yaml:41:15: `deviceAuthorization` is an OpenAPI 3.2 feature that is not supported yet
    "#);
}

#[test]
fn documents_of_3_2_without_new_features_are_read() {
    let text = include_str!("../../../../openapi/media.yaml");
    let first = text.lines().find(|line| line.starts_with("openapi:"));
    let text = text.replace(first.expect("it has a version"), "openapi: 3.2.0");
    assert_eq!(problems(&text), "");
}
