//! The packages: their files, and unpacking them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use tar::Archive;

use super::crates::{PublishedCrate, PublishedCrates};
use super::registry::Registry;
use crate::cargo;
use crate::workspace::Workspace;

/// A packed crate, as uploaded to a registry. Packing is deterministic.
#[derive(PartialEq, Eq)]
pub(super) struct Package {
    packed: Vec<u8>,
    stem: String,
    name: &'static str,
    files: Vec<PackedFile>,
}

/// A file in a package.
#[derive(PartialEq, Eq)]
pub(super) struct PackedFile {
    pub(super) path: PathBuf,
    pub(super) size: u64,
}

impl Package {
    /// Packs these crates for a registry. They may depend on each other before the registry has them.
    pub(super) fn pack(
        workspace: &Workspace,
        registry: &Registry<'_>,
        crates: &PublishedCrates,
        chosen: &[&PublishedCrate],
    ) -> Result<Vec<Self>> {
        let mut command = cargo::command(workspace.root());
        // `package_check` verifies more than cargo would.
        command.args(["package", "--registry", registry.name()]);
        command.args(["--locked", "--no-verify"]);
        for published in chosen {
            command.args(["--package", published.name]);
        }
        let run = cargo::captured(&mut command)?;
        if !run.succeeded {
            let names: Vec<String> = chosen.iter().map(ToString::to_string).collect();
            let error = cargo::error_tail(&run.stderr);
            bail!("cannot package {}: {error}", names.join(" and "));
        }
        let directory = crates.target.join("package");
        chosen
            .iter()
            .map(|published| Self::read(&directory, published))
            .collect()
    }

    fn read(directory: &Path, published: &PublishedCrate) -> Result<Self> {
        let stem = published.stem();
        let path = directory.join(format!("{stem}.crate"));
        let packed =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let files = files(&packed, &stem)
            .with_context(|| format!("{} cannot be unpacked", path.display()))?;
        Ok(Self {
            packed,
            stem,
            name: published.name,
            files,
        })
    }

    /// The name of the crate.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The root directory in the package: the name and the version of the crate.
    pub(super) fn stem(&self) -> &str {
        &self.stem
    }

    /// The files in the package.
    pub(super) fn files(&self) -> &[PackedFile] {
        &self.files
    }

    /// Size of the upload in bytes.
    pub(super) fn packed_size(&self) -> u64 {
        self.packed.len() as u64
    }

    /// Total size of its files in bytes.
    pub(super) fn unpacked_size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Unpacks it into a directory, and returns the path of the crate.
    pub(super) fn unpack(&self, directory: &Path) -> Result<PathBuf> {
        let mut archive = archive(&self.packed);
        // Packed files have a fixed modification time in the past. Cargo would consider them older
        // than what it built from another package.
        archive.set_preserve_mtime(false);
        archive
            .unpack(directory)
            .with_context(|| format!("{}.crate cannot be unpacked", self.stem))?;
        Ok(directory.join(&self.stem))
    }
}

fn archive(packed: &[u8]) -> Archive<GzDecoder<&[u8]>> {
    Archive::new(GzDecoder::new(packed))
}

/// The files of a package, relative to the root of the crate.
fn files(packed: &[u8], stem: &str) -> Result<Vec<PackedFile>> {
    let mut files = Vec::new();
    for entry in archive(packed).entries()? {
        let entry = entry?;
        let path = entry.path()?;
        let path = path.strip_prefix(stem).unwrap_or(&path).to_owned();
        let size = entry.size();
        files.push(PackedFile { path, size });
    }
    Ok(files)
}
