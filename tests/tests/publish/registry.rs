//! A local registry. It stops with the test and leaves no files behind.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const TIMEOUT: Duration = Duration::from_secs(20);

/// A running registry.
pub(crate) struct Registry {
    process: Child,
    root: TempDir,
    url: String,
    caches_before: BTreeSet<PathBuf>,
}

impl Registry {
    /// Starts an empty registry on a free port.
    pub(crate) fn start(program: &OsStr) -> Self {
        let root = tempfile::tempdir().expect("a temporary directory");
        let caches_before = caches();
        let mut process = Command::new(program)
            .arg(root.path())
            .args(["--addr", "127.0.0.1:0"])
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_WORK_TREE")
            .stdin(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be run: {error}", program.display()));
        let start = Instant::now();
        let url = loop {
            if let Some(url) = url(root.path()) {
                break url;
            }
            let ended = process.try_wait().expect("the process is known");
            assert!(ended.is_none(), "the registry stopped: {ended:?}");
            if start.elapsed() > TIMEOUT {
                process.kill().ok();
                panic!("the registry does not serve within {TIMEOUT:?}");
            }
            thread::sleep(Duration::from_millis(20));
        };
        Self {
            process,
            root,
            url,
            caches_before,
        }
    }

    /// URL of its index.
    pub(crate) fn index(&self) -> String {
        format!("{}/git", self.url)
    }

    /// Sorted file names of its packages.
    pub(crate) fn packages(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path()).expect("the registry's directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let mut packages: Vec<String> = names.filter(|name| name.ends_with(".crate")).collect();
        packages.sort();
        packages
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // It may have stopped already.
        self.process.kill().ok();
        self.process.wait().ok();
        // A later registry may have the same URL, and must not use the caches of this one.
        for cache in caches().difference(&self.caches_before) {
            fs::remove_dir_all(cache).ok();
        }
    }
}

/// The URL of a registry, from the file that it writes when it is ready.
fn url(root: &Path) -> Option<String> {
    let config = fs::read(root.join("config.json")).ok()?;
    let config: Value = serde_json::from_slice(&config).ok()?;
    // Once this file exists, the index can be fetched.
    let is_ready = root.join("index").symlink_metadata().is_ok();
    let url = config["api"].as_str()?.to_owned();
    is_ready.then_some(url)
}

/// The caches of cargo for local registries.
fn caches() -> BTreeSet<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let home = home.expect("cargo has a home");
    ["index", "cache", "src"]
        .into_iter()
        .filter_map(|kind| fs::read_dir(home.join("registry").join(kind)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("127.0.0.1-")
        })
        .collect()
}
