//! What kills the generator is told, and leaves nothing behind.

use std::fs;
use std::process::Command;

/// What both parts say of `parent` is merged, which needs what both say of the parent's `parent` merged.
const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: get
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}
components:
  schemas:
    Node:
      allOf:
        - {type: object, properties: {parent: {type: object}}}
        - {type: object, properties: {parent: {$ref: '#/components/schemas/Node'}}}
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
