//! Peak memory of this process (`VmHWM`), on Linux.

use std::fs;

/// Resets the peak. If this fails, [`peak`] is the peak since the process started.
pub(crate) fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").ok();
}

/// The peak in MiB.
pub(crate) fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024)
}
