//! The package: its files, and unpacking it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use tar::Archive;

use super::client::Client;
use crate::cargo;
use crate::workspace::{CLIENT_PACKAGE, Workspace};

/// A packed crate, as uploaded to a registry.
pub(super) struct Package {
    packed: Vec<u8>,
    stem: String,
    files: Vec<PackedFile>,
}

/// A file in a package.
pub(super) struct PackedFile {
    pub(super) path: PathBuf,
    pub(super) size: u64,
}

impl Package {
    /// Packs the client.
    pub(super) fn pack(workspace: &Workspace, client: &Client) -> Result<Self> {
        let mut command = cargo::command(workspace.root());
        // `package_check` verifies more than cargo would.
        command.args(["package", "--package", CLIENT_PACKAGE]);
        command.args(["--locked", "--no-verify"]);
        let run = cargo::captured(&mut command)?;
        if !run.succeeded {
            let error = cargo::error_tail(&run.stderr);
            bail!("cannot package {client}: {error}");
        }
        let stem = client.stem();
        let path = client.target.join("package").join(format!("{stem}.crate"));
        let packed =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let files = files(&packed, &stem)
            .with_context(|| format!("{} cannot be unpacked", path.display()))?;
        Ok(Self {
            packed,
            stem,
            files,
        })
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

    /// Whether both are equal byte for byte: packing is deterministic.
    pub(super) fn has_same_content(&self, other: &Self) -> bool {
        self.packed == other.packed
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
