//! The plan of a publication.

use std::fmt;

use super::client::Client;
use super::package::Package;
use super::registry::Availability;
use crate::output::counted;

/// What is, or would be, published.
pub(super) struct PublishPlan<'a> {
    pub(super) client: &'a Client,
    pub(super) package: &'a Package,
    pub(super) registry: &'a str,
    pub(super) availability: Availability,
}

impl fmt::Display for PublishPlan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            client, package, ..
        } = self;
        let files = package.files();
        writeln!(f, "package   {client}")?;
        write!(f, "registry  {}, ", self.registry)?;
        match self.availability {
            Availability::Free => writeln!(f, "does not have this version")?,
            Availability::Taken => writeln!(f, "already has this version")?,
        }
        let version = &client.contract_version;
        writeln!(f, "contract  {version}, sha256 {}", client.contract_sha256)?;
        let count = counted(files.len(), "file");
        let unpacked = size(package.unpacked_size());
        let packed = size(package.packed_size());
        writeln!(f, "content   {count}, {unpacked}, packed {packed}")?;
        for file in files {
            writeln!(f, "{:>12} bytes  {}", file.size, file.path.display())?;
        }
        Ok(())
    }
}

/// A size in KiB.
fn size(bytes: u64) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}
