//! Package names that `client` rejects.

use std::fs;
use std::process::Command;

const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
";

#[test]
fn ambiguous_package_names_are_rejected() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("api.yaml");
    fs::write(&contract, CONTRACT).expect("a file that can be written");
    for (name, message) in [
        ("async", "`async` is also a Rust keyword; choose another"),
        (
            "std",
            "`std` is also a standard library crate; choose another",
        ),
        (
            "openapi-client-runtime",
            "a crate that the generated code depends on",
        ),
        ("1st", "`1st` is not a valid package name; choose one"),
    ] {
        let out = directory.path().join(name);
        let run = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("client")
            .arg(&contract)
            .arg("--out")
            .arg(&out)
            .args(["--name", name])
            .output()
            .expect("the program runs");
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(message), "{name}: {stderr}");
        assert!(!out.exists(), "{name}");
    }
}
