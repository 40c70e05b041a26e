//! The contracts to prove, with the names of their crates.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A contract to prove.
#[derive(Debug)]
pub(super) struct Target {
    /// The name of the contract in the table.
    pub(super) name: String,
    /// Package name of its client.
    pub(super) package: String,
    pub(super) path: PathBuf,
}

/// The contracts at a path: the file itself, or all YAML and JSON files in a directory, plus one per
/// subdirectory. There it is the file with `openapi`, and the largest if there are several or none.
pub(super) fn list(path: &Path) -> Result<Vec<Target>> {
    let unreadable = || format!("{} cannot be read", path.display());
    if fs::metadata(path).with_context(unreadable)?.is_file() {
        return Ok(vec![target(path, path.file_stem())]);
    }
    let mut contracts = Vec::new();
    for entry in sorted(path)? {
        if entry.is_dir() {
            let files = sorted(&entry)?.into_iter().filter(|file| is_contract(file));
            let size = |file: &PathBuf| fs::metadata(file).map_or(0, |data| data.len());
            let root = files.max_by_key(|file| (is_root(file), size(file)));
            contracts.extend(root.map(|file| target(&file, entry.file_name())));
        } else if is_contract(&entry) {
            contracts.push(target(&entry, entry.file_stem()));
        }
    }
    Ok(contracts)
}

/// Makes package names unique.
pub(super) fn make_unique(contracts: &mut [Target]) {
    for at in 1..contracts.len() {
        let (before, rest) = contracts.split_at_mut(at);
        let mut number = 1;
        let package = rest[0].package.clone();
        while before.iter().any(|other| other.package == rest[0].package) {
            number += 1;
            rest[0].package = format!("{package}-{number}");
        }
    }
}

fn sorted(directory: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", directory.display());
    let entries = fs::read_dir(directory).with_context(unreadable)?;
    let paths = entries.map(|entry| Ok(entry.with_context(unreadable)?.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn is_contract(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json")) && path.is_file()
}

/// Whether a file is a complete contract, not a part of one.
fn is_root(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.starts_with("openapi:") || text.contains("\nopenapi:") || text.contains("\"openapi\"")
}

fn target(path: &Path, name: Option<&std::ffi::OsStr>) -> Target {
    let name = name.unwrap_or_default().to_string_lossy().into_owned();
    let replace = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let package: String = name.chars().map(replace).collect();
    Target {
        package: format!("c-{}", package.trim_matches('-')),
        name,
        path: path.to_owned(),
    }
}
