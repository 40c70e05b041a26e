//! A crash of the generator is reported, and leaves no files behind.
#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// The memory limit of the processes in KiB: enough to start, but not to generate from the contract.
const MEMORY: u32 = 315_000;

#[test]
fn crash_of_the_generator_is_reported() {
    let mut contract = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: get
      responses:
        '200': {description: A., content: {application/json: {schema: {type: string, enum: [
"
    .to_owned();
    for number in 0..500_000 {
        let _ = writeln!(contract, "  value-{number},");
    }
    contract += "  ]}}}}\n";
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
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("error: the generator crashed ("),
        "{stderr}"
    );
    assert!(!out.exists());
}
