//! The plan of a publication.

use std::fmt;

use super::crates::PublishedCrate;
use super::package::Package;
use super::registry::Availability;
use crate::output::counted;

/// What is, or would be, published.
pub(super) struct PublishPlan<'a> {
    /// All crates, in the order of their publication.
    pub(super) crates: [(&'a PublishedCrate, Availability); 2],
    /// The packages that were proven.
    pub(super) packages: &'a [Package],
    pub(super) registry: &'a str,
}

impl fmt::Display for PublishPlan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (published, availability)) in self.crates.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            writeln!(f, "package   {published}")?;
            write!(f, "registry  {}, ", self.registry)?;
            match availability {
                Availability::Free => writeln!(f, "does not have this version")?,
                Availability::Taken => writeln!(f, "already has this version")?,
            }
            if let Some(contract) = &published.contract {
                writeln!(
                    f,
                    "contract  {}, sha256 {}",
                    contract.version, contract.sha256
                )?;
            }
            let mut packages = self.packages.iter();
            if let Some(package) = packages.find(|package| package.stem() == published.stem()) {
                write_content(f, package)?;
            }
        }
        Ok(())
    }
}

fn write_content(f: &mut fmt::Formatter<'_>, package: &Package) -> fmt::Result {
    let files = package.files();
    let count = counted(files.len(), "file");
    let unpacked = size(package.unpacked_size());
    let packed = size(package.packed_size());
    writeln!(f, "content   {count}, {unpacked}, packed {packed}")?;
    for file in files {
        writeln!(f, "{:>12} bytes  {}", file.size, file.path.display())?;
    }
    Ok(())
}

/// A size in KiB.
fn size(bytes: u64) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}
