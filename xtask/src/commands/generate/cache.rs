//! Remembers that generated files are fresh, so that they are not generated again to compare them.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use client_codegen::output::{self, Fingerprint, Plan};
use openapi_contract::document::Document;

/// File name in the target directory.
const FILE: &str = "client-codegen.sha256";

/// The plans of the crates at `roots`, made by `generate` unless the same files were fresh before.
///
/// `options` is everything else that the files depend on.
pub(crate) fn plans(
    document: &Document,
    options: &str,
    roots: &[PathBuf],
    target: &Path,
    generate: impl FnOnce() -> Result<Vec<Plan>>,
) -> Result<Vec<Plan>> {
    let Some(generator) = generator() else {
        return generate();
    };
    let mut inputs = vec![options, &generator];
    for source in document.sources() {
        inputs.extend([source.name(), source.text()]);
    }
    let roots: Vec<&Path> = roots.iter().map(PathBuf::as_path).collect();
    let file = target.join(FILE);
    // If a file is unreadable, planning reports it.
    let fingerprint = Fingerprint::take(&inputs, &roots).ok();
    if fingerprint
        .as_ref()
        .is_some_and(|fingerprint| fingerprint.is_remembered(&file))
    {
        let plans = roots.iter().map(|root| output::fresh(root));
        return Ok(plans.collect::<Result<_, _>>()?);
    }
    let plans = generate()?;
    if let Some(fingerprint) = fingerprint
        && plans.iter().all(Plan::is_fresh)
        && target.is_dir()
    {
        // A failure only makes the next run slower.
        fingerprint.remember(&file).ok();
    }
    Ok(plans)
}

/// Identifies this build of the program, as another build may generate other files.
fn generator() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let metadata = path.metadata().ok()?;
    let built = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!(
        "{} {} {}",
        path.display(),
        metadata.len(),
        built.as_nanos()
    ))
}
