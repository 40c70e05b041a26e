//! The clients of contracts that together use what is hard to generate: they compile, and their types
//! are right.
//!
//! `cargo xtask prove` does the work, and tells what is wrong in words.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

use xtask::{Output, Status};

/// A writer whose text can be looked at.
#[derive(Clone, Default)]
struct Text(Rc<RefCell<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Text {
    fn read(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

#[test]
fn clients_compile_and_their_types_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // What was built stays for the next run.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proof");
    let arguments: [OsString; 10] = [
        "xtask".into(),
        "--root".into(),
        root.into(),
        "prove".into(),
        root.join("openapi/media.yaml").into(),
        root.join("tests/depot-client/openapi.yaml").into(),
        root.join("tests/contracts").into(),
        "--with=mock,cli".into(),
        "--out".into(),
        out.into(),
    ];
    let (report, progress) = (Text::default(), Text::default());
    let mut output = Output::plain(report.clone(), progress.clone());
    let status = xtask::run(arguments, &mut output);
    assert_eq!(
        status,
        Status::Clean,
        "{}\n{}",
        progress.read(),
        report.read()
    );
    // Every contract has its row, and every row its values.
    let report = report.read();
    let rows: Vec<&str> = report
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(rows.len(), 8, "{report}");
}
