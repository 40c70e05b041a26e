//! Remembers what was found fresh, so that nothing is generated only to be compared.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use client_codegen::output::{self, Fingerprint, Plan};
use openapi_contract::document::Document;

/// The file in the target directory.
const FILE: &str = "client-codegen.sha256";

/// The plans for crates' directories: those that `anew` makes, unless these very files were found
/// fresh before.
///
/// `options` is all else that the files depend on.
pub(crate) fn plans(
    document: &Document,
    options: &str,
    roots: &[PathBuf],
    target: &Path,
    anew: impl FnOnce() -> Result<Vec<Plan>>,
) -> Result<Vec<Plan>> {
    let Some(generator) = generator() else {
        return anew();
    };
    let mut inputs = vec![options, &generator];
    for source in document.sources() {
        inputs.extend([source.name(), source.text()]);
    }
    let roots: Vec<&Path> = roots.iter().map(PathBuf::as_path).collect();
    let file = target.join(FILE);
    // What cannot be read now is said by the one who plans.
    let fingerprint = Fingerprint::take(&inputs, &roots).ok();
    if fingerprint
        .as_ref()
        .is_some_and(|fingerprint| fingerprint.is_remembered(&file))
    {
        let plans = roots.iter().map(|root| output::fresh(root));
        return Ok(plans.collect::<Result<_, _>>()?);
    }
    let plans = anew()?;
    if let Some(fingerprint) = fingerprint
        && plans.iter().all(Plan::is_fresh)
        && target.is_dir()
    {
        // Without it the next run takes as long as this one.
        fingerprint.remember(&file).ok();
    }
    Ok(plans)
}

/// This build of this program: another one may generate something else.
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
