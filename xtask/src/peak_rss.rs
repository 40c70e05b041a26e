//! Peak memory of a process (`VmHWM`), on Linux.

use std::fs;

/// Resets the peak. If this fails, [`peak`] is the peak since the process started.
pub(crate) fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").ok();
}

/// The peak in MiB.
pub(crate) fn peak() -> Option<u64> {
    Some(read("self")? / 1024)
}

/// The peak of another process, in KiB.
pub(crate) fn peak_of(process: u32) -> Option<u64> {
    read(&process.to_string())
}

fn read(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
