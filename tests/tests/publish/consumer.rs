//! A project that depends on the published client, outside of the workspace.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::copy::{WorkspaceCopy, original, target};
use crate::server::Server;

const PROGRAM: &str = include_str!("consumer/program.rs");

/// A project that depends on the published client.
pub(crate) struct Consumer {
    root: PathBuf,
    version: String,
}

impl Consumer {
    /// Writes the project, with the client from the registry of this name.
    pub(crate) fn of(registry: &str, copy: &WorkspaceCopy) -> Self {
        let root = copy.sibling("consumer");
        fs::create_dir_all(root.join("src")).expect("a directory");
        let version = copy.version();
        let manifest = format!(
            r#"[package]
name = "consumer"
version = "0.1.0"
edition = "2024"

[dependencies]
futures = {{ version = "0.3", default-features = false, features = ["std"] }}
media-client = {{ version = "{version}", registry = "{registry}" }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
"#
        );
        fs::write(root.join("Cargo.toml"), manifest).expect("a written file");
        fs::write(root.join("src/main.rs"), PROGRAM).expect("a written file");
        // The versions that the proof of the package has built already.
        fs::copy(original().join("Cargo.lock"), root.join("Cargo.lock")).expect("a copied file");
        Self { root, version }
    }

    /// Builds and runs the program, and returns the lines it prints.
    pub(crate) fn run(&self, server: &Server) -> Vec<String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        // Built in the directory of the proof, to reuse its dependencies.
        let output = Command::new(cargo)
            .current_dir(&self.root)
            .args(["run", "--quiet", "--config", "profile.dev.debug=false"])
            .arg("--target-dir")
            .arg(target().join("package-proof"))
            .env("MEDIA_API_URL", server.url())
            .env("MEDIA_API_KEY", server.key())
            .output()
            .expect("cargo runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the consumer failed:\n{stderr}");
        let lock = fs::read_to_string(self.root.join("Cargo.lock")).expect("a lock file");
        // A compatible runtime may be newer than the one that the client was published with.
        for package in [
            format!("name = \"media-client\"\nversion = \"{}\"\n", self.version),
            "name = \"openapi-client-runtime\"\n".to_owned(),
        ] {
            let found = lock.split("\n\n").find(|entry| entry.contains(&package));
            let is_from_registry =
                found.is_some_and(|entry| entry.contains("source = \"registry+http://127.0.0.1:"));
            assert!(is_from_registry, "not from the registry:\n{lock}");
        }
        let lines = String::from_utf8(output.stdout).expect("text");
        lines.lines().map(str::to_owned).collect()
    }
}
