//! The plan: what is, or would be, published.

use std::fmt;

use super::client::Client;
use super::package::Package;
use super::registry::Availability;
use crate::output::counted;

/// A publication, as people are to judge it.
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
            Availability::Free => writeln!(f, "which does not have this version")?,
            Availability::Taken => writeln!(f, "which already has this version")?,
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

/// A size as people read it.
fn size(bytes: u64) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}
