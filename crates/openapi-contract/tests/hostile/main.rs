//! What nobody writes by accident: each is one clear error with a place, or is read, and takes
//! neither long nor much memory.

mod alternatives;
mod any_bytes;
mod invalid_values;
mod limits;
mod references;
mod wrong_types;

use std::time::{Duration, Instant};

use openapi_contract::document::Document;

/// The most that anything here may take. Release builds on a desk need a tenth of it; slow machines
/// that run other tests at the same time must not fail.
const LONGEST: Duration = Duration::from_secs(120);

/// Runs something, and fails where it takes too long.
fn in_time<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let taken = start.elapsed();
    assert!(taken < LONGEST, "{what} took {taken:?}");
    result
}

/// The error that a text is refused with, and in time.
fn refused(name: &str, text: impl Into<String>) -> String {
    let text = text.into();
    in_time(name, || match Document::parse(name, text) {
        Ok(_) => panic!("{name} is not refused"),
        Err(error) => error.to_string(),
    })
}
