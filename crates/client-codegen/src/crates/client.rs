//! The client crate.

use std::path::PathBuf;

use super::client_scaffold;
use super::manifest::{BUILDERS, MANIFEST, Manifest};
use crate::contract_info::ContractInfo;
use crate::error::GenerateError;
use crate::files::{GeneratedFile, Ownership};
use crate::header::FileHeader;
use crate::layout::{ClientSources, Dependency};
use crate::options::{ContractSource, Options};

/// The manifest of the crate: the given one, or that of a new crate.
pub(crate) fn manifest(
    info: &ContractInfo,
    options: &Options,
    manifest: Option<&str>,
) -> Result<Manifest, GenerateError> {
    Ok(match manifest {
        Some(text) => Manifest::parse(text)?,
        None => Manifest::parse(&client_scaffold::manifest(info, options))?,
    })
}

/// The files of the crate. A new crate has a README and a `src/lib.rs` as well.
pub(crate) fn files(
    source: &ContractSource<'_>,
    info: &ContractInfo,
    options: &Options,
    mut manifest: Manifest,
    is_new: bool,
    sources: ClientSources,
    header: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let crates = sources.crates.into_iter();
    let crates: Vec<Dependency> = crates
        .map(|dependency| dependency.with_runtime(options))
        .collect();
    manifest.ensure(&crates)?;
    manifest.ensure_feature(BUILDERS)?;
    manifest.ensure_features(&sources.features)?;
    manifest.record(source.path, header)?;
    if let Some(members) = &options.workspace {
        manifest.ensure_workspace(members)?;
    }
    let mut files = sources.files;
    files.push(GeneratedFile {
        path: PathBuf::from(MANIFEST),
        contents: manifest.into_text(),
        ownership: Ownership::Managed,
    });
    if is_new {
        files.extend(client_scaffold::files(info, options));
    }
    Ok(files)
}
