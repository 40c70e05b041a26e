//! `cargo xtask client`: a crate from any contract that compiles and works by itself, and that
//! overwrites nothing.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::{env, fs};

use workspace_tests::documents::workspace;
use xtask::{Output, Status};

/// A contract with a path parameter, a list in the query, bytes in both directions and a key.
const CONTRACT: &str = include_str!("toys.yaml");

/// A program that calls the API, mocked.
const PROGRAM: &str = include_str!("program.rs");

#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs the command; returns how it ended, and what it wrote to standard output and error.
fn client(args: &[&Path]) -> (Status, String, String) {
    let (stdout, stderr) = (Written::default(), Written::default());
    let mut output = Output::plain(stdout.clone(), stderr.clone());
    let command = ["cargo xtask", "client"].map(OsString::from).into_iter();
    let args = args.iter().map(|arg| arg.as_os_str().to_owned());
    let status = xtask::run(command.chain(args), &mut output);
    drop(output);
    let text = |written: Written| String::from_utf8_lossy(&written.0.take()).into_owned();
    (status, text(stdout), text(stderr))
}

fn write(path: &Path, text: &str) {
    let directory = path.parent().expect("a path with a directory");
    fs::create_dir_all(directory).expect("a directory that can be made");
    fs::write(path, text).expect("a file that can be written");
}

#[test]
fn a_crate_with_mocks_and_a_command_line_compiles_and_works() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("toys.yaml");
    let out = directory.path().join("toys");
    write(&contract, CONTRACT);
    let args = [
        &*contract,
        Path::new("--out"),
        &*out,
        Path::new("--with"),
        Path::new("mock,cli"),
    ];
    let (status, stdout, stderr) = client(&args);
    assert_eq!(status, Status::Clean, "{stderr}");
    assert!(stdout.starts_with("toys-client in "), "{stdout}");
    assert!(stderr.contains("Created "), "{stderr}");

    // The versions that this workspace was tested with, which are there without a network.
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).expect("a lock file");
    write(&out.join("Cargo.lock"), &lock);
    write(&out.join("mock/tests/program.rs"), PROGRAM);
    let manifest = out.join("mock/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    write(
        &manifest,
        &format!(
            "{text}\n[dev-dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\ntoys-cli = {{ path = \"../cli\" }}\n"
        ),
    );

    // What this workspace has built already is not built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let run = Command::new(cargo)
        .args(["test", "--offline", "--workspace", "--quiet"])
        .current_dir(&out)
        .env("CARGO_TARGET_DIR", target.expect("the target directory"))
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stdout)
    );
    assert!(!said.contains("warning"), "{said}");

    // What is there is up to date, and what people changed stays.
    let (status, stdout, stderr) = client(&args[..3]);
    assert_eq!(status, Status::Clean, "{stderr}");
    assert!(stdout.ends_with(", 0 files written\n"), "{stdout}");
    assert!(
        fs::read_to_string(manifest)
            .expect("a manifest")
            .contains("toys-cli")
    );
}

#[test]
fn nothing_of_others_is_overwritten() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("toys.yaml");
    write(&contract, CONTRACT);
    for (file, text) in [
        ("README.md", "Mine.\n"),
        ("Cargo.toml", "[package]\nname = \"mine\"\n"),
        ("src/generated/mod.rs", "// Mine.\n"),
    ] {
        let out = directory.path().join("mine");
        write(&out.join(file), text);
        let (status, stdout, stderr) = client(&[&*contract, Path::new("--out"), &*out]);
        assert_eq!(status, Status::Failed, "{file}");
        assert!(stderr.contains(file), "{stderr}");
        assert_eq!(stdout, "");
        let files = fs::read_dir(&out).expect("a directory").count();
        assert_eq!(files, 1, "nothing was written beside {file}");
        fs::remove_dir_all(&out).expect("it can be removed");
    }
}

#[test]
fn a_lost_operation_is_a_finding_and_a_contract_that_cannot_be_read_a_failure() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("toys.yaml");
    let out = directory.path().join("toys");
    write(
        &contract,
        &CONTRACT.replace("#/components/schemas/Problem", "#/components/schemas/Gone"),
    );
    let (status, _, stderr) = client(&[&*contract, Path::new("--out"), &*out]);
    assert_eq!(status, Status::Failed, "{stderr}");
    assert!(stderr.contains("toys.yaml:31:"), "{stderr}");
    let loses = directory.path().join("loses.yaml");
    write(
        &loses,
        &CONTRACT.replace("application/octet-stream", "application/cbor"),
    );
    let (status, stdout, _) = client(&[&*loses, Path::new("--strict"), Path::new("--out"), &*out]);
    assert_eq!(status, Status::Findings, "{stdout}");
    assert!(stdout.contains("weakened"), "{stdout}");
    let nowhere = directory.path().join("nowhere.yaml");
    let (status, ..) = client(&[&*nowhere, Path::new("--out"), &*out]);
    assert_eq!(status, Status::Failed);
    assert!(!out.exists());
}
