//! Hostile documents: each is read or rejected with one clear error, without using much time or
//! memory.

mod alternatives;
mod any_bytes;
mod invalid_values;
mod limits;
mod references;
mod wrong_types;

use std::time::{Duration, Instant};

use openapi_contract::document::Document;

/// The time limit. Release builds on a desktop need a tenth of it; slow machines under load must
/// not fail.
const LONGEST: Duration = Duration::from_secs(120);

/// Runs a function, and fails if it takes too long.
fn in_time<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let taken = start.elapsed();
    assert!(taken < LONGEST, "{what} took {taken:?}");
    result
}

/// The error that rejects a text, within the time limit.
fn rejected(name: &str, text: impl Into<String>) -> String {
    let text = text.into();
    in_time(name, || match Document::parse(name, text) {
        Ok(_) => panic!("{name} is not rejected"),
        Err(error) => error.to_string(),
    })
}
