//! `cargo xtask prove` on contracts with all constructs that are hard to generate.

#![allow(clippy::unwrap_used)]

use std::ffi::OsString;
use std::path::Path;

use workspace_tests::captured::xtask;
use workspace_tests::documents::workspace;
use xtask::Status;

#[test]
fn clients_compile_and_send_and_receive_what_contracts_allow() {
    let root = workspace();
    // The next run reuses what was built.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proof");
    let arguments: [OsString; 9] = [
        "--root".into(),
        root.clone().into(),
        "prove".into(),
        root.join("openapi/media.yaml").into(),
        root.join("tests/depot-client/openapi.yaml").into(),
        root.join("tests/contracts").into(),
        "--with=mock,cli".into(),
        "--out".into(),
        out.into(),
    ];
    let run = xtask(arguments);
    assert_eq!(run.status, Status::Clean, "{run}");
    // Every contract has a row.
    let rows = run.stdout.lines().skip(1);
    let rows: Vec<&str> = rows.take_while(|line| !line.is_empty()).collect();
    let contracts = std::fs::read_dir(root.join("tests/contracts")).expect("the contracts");
    let contracts = contracts.map(|entry| entry.expect("an entry").path());
    let contracts = contracts.filter(|path| path.extension().is_none_or(|kind| kind == "yaml"));
    assert_eq!(rows.len(), 2 + contracts.count(), "{run}");
}
