//! What kills the generator is told, and leaves nothing behind.

use std::fs;
use std::process::Command;

/// Each of the two leads to the other in two ways, and a part of each is any value.
const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: post
      requestBody:
        content:
          application/json:
            schema:
              anyOf: [{$ref: '#/components/schemas/A'}]
              properties: {a: {$ref: '#/components/schemas/A'}}
      responses: {'200': {description: A.}}
components:
  schemas:
    A:
      properties:
        a: {properties: {items: {allOf: [{$ref: '#/components/schemas/B'}]}}}
        items: {properties: {child: {oneOf: [{$ref: '#/components/schemas/B'}, {}]}}}
    B:
      properties:
        child: {oneOf: [{}, {$ref: '#/components/schemas/A'}]}
        a: {properties: {items: {$ref: '#/components/schemas/B'}}}
";

#[test]
fn an_overflow_is_a_message() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("tree.yaml");
    fs::write(&contract, CONTRACT).expect("a file that can be written");
    let out = directory.path().join("out");
    let run = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([
            "client".as_ref(),
            contract.as_os_str(),
            "--out".as_ref(),
            out.as_os_str(),
        ])
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("error: the generator died ("), "{said}");
    assert!(!out.exists());
}
