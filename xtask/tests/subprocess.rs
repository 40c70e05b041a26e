//! What kills the generator is told, and leaves nothing behind.
#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// What the processes may have of memory, in KiB: enough to start, and not for the contract.
const MEMORY: u32 = 400_000;

#[test]
fn the_end_of_the_generator_is_a_message() {
    let mut contract = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: get
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components: {schemas: {A: {type: object, properties: {
"
    .to_owned();
    for number in 0..10_000 {
        let _ = writeln!(contract, "  p{number}: {{type: string}},");
    }
    contract += "  }}}}\n";
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("wide.yaml");
    fs::write(&file, contract).expect("a file that can be written");
    let out = directory.path().join("out");
    let limited = format!("ulimit -v {MEMORY} && exec \"$@\"");
    let run = Command::new("sh")
        .args(["-c", &limited, "sh", env!("CARGO_BIN_EXE_xtask"), "client"])
        .arg(&file)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("error: the generator died ("), "{said}");
    assert!(!out.exists());
}
