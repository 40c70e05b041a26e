//! `cargo xtask client`: the crate compiles and works, and other files are never overwritten.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::{env, fs, iter};

use workspace_tests::captured::{Run, xtask};
use workspace_tests::documents::workspace;
use xtask::Status;

/// A contract with a path parameter, an array in the query, bytes in both directions and an API key.
const CONTRACT: &str = include_str!("toys.yaml");

/// Tests of the client and the command line against mocks.
const PROGRAM: &str = include_str!("program.rs");

/// Runs `cargo xtask client`.
fn client(arguments: &[&Path]) -> Run {
    let command = iter::once(OsString::from("client"));
    xtask(command.chain(arguments.iter().map(|argument| argument.into())))
}

fn write(path: &Path, text: &str) {
    let directory = path.parent().expect("a path with a directory");
    fs::create_dir_all(directory).expect("a directory that can be made");
    fs::write(path, text).expect("a file that can be written");
}

#[test]
fn crate_with_mocks_and_command_line_compiles_and_works() {
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
    let Run {
        status,
        stdout,
        stderr,
    } = client(&args);
    assert_eq!(status, Status::Clean, "{stderr}");
    assert!(stdout.starts_with("toys-client in "), "{stdout}");
    assert!(stderr.contains("Created "), "{stderr}");

    // Locked versions, which are available offline.
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

    // Reuse what this workspace has built already.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let run = Command::new(cargo)
        .args(["test", "--offline", "--workspace", "--quiet"])
        .current_dir(&out)
        .env("CARGO_TARGET_DIR", target.expect("the target directory"))
        .output()
        .expect("cargo runs");
    let messages = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success(),
        "{messages}{}",
        String::from_utf8_lossy(&run.stdout)
    );
    assert!(!messages.contains("warning"), "{messages}");

    // Everything is up to date, and changed files are kept.
    let Run {
        status,
        stdout,
        stderr,
    } = client(&args[..3]);
    assert_eq!(status, Status::Clean, "{stderr}");
    assert!(stdout.ends_with(", 0 files written\n"), "{stdout}");
    assert!(
        fs::read_to_string(manifest)
            .expect("a manifest")
            .contains("toys-cli")
    );
}

#[test]
fn other_files_are_not_overwritten() {
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
        let Run {
            status,
            stdout,
            stderr,
        } = client(&[&*contract, Path::new("--out"), &*out]);
        assert_eq!(status, Status::Failed, "{file}");
        assert!(stderr.contains(file), "{stderr}");
        assert_eq!(stdout, "");
        let files = fs::read_dir(&out).expect("a directory").count();
        assert_eq!(files, 1, "only {file} exists");
        fs::remove_dir_all(&out).expect("it can be removed");
    }
}

#[test]
fn strict_reports_losses_and_invalid_contracts_fail() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let contract = directory.path().join("toys.yaml");
    let out = directory.path().join("toys");
    write(
        &contract,
        &CONTRACT.replace(
            "#/components/schemas/Problem",
            "#/components/schemas/Missing",
        ),
    );
    // The client reads a reference without a target as any JSON value.
    let Run { status, stdout, .. } =
        client(&[&*contract, Path::new("--strict"), Path::new("--out"), &*out]);
    assert_eq!(status, Status::Findings, "{stdout}");
    assert!(stdout.contains("toys.yaml:31:"), "{stdout}");
    let loses = directory.path().join("loses.yaml");
    // The client sends such a toy as bytes.
    let of_bytes = "application/octet-stream:
            schema: { type: string, format: binary }";
    let of_toys = "application/cbor:
            schema: { $ref: \"#/components/schemas/Toy\" }";
    assert!(CONTRACT.contains(of_bytes));
    write(&loses, &CONTRACT.replace(of_bytes, of_toys));
    let Run { status, stdout, .. } =
        client(&[&*loses, Path::new("--strict"), Path::new("--out"), &*out]);
    assert_eq!(status, Status::Findings, "{stdout}");
    assert!(stdout.contains("weakened"), "{stdout}");
    let nowhere = directory.path().join("nowhere.yaml");
    let Run { status, .. } = client(&[&*nowhere, Path::new("--out"), &*out]);
    assert_eq!(status, Status::Failed);
    assert!(!out.exists());
}
