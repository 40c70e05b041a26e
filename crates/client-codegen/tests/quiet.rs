//! A panic of progenitor's is not seen outside, and any other still is.
//!
//! Alone in its file: the panic hook belongs to the whole process.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use serde_json::json;
use support::{answer, contract, generate, get, problem};

static SEEN: AtomicUsize = AtomicUsize::new(0);

#[test]
fn only_progenitors_panics_are_silent() {
    panic::set_hook(Box::new(|_| {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }));
    let mut two_errors = get("two_errors", json!({ "type": "string" }));
    two_errors["get"]["responses"]["500"] = answer(json!({ "type": "integer" }));
    let document = contract(
        json!({ "/two": two_errors }),
        json!({ "Problem": problem() }),
    );
    assert!(generate(&document).is_err());
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);

    assert!(thread::spawn(|| panic!("of someone else")).join().is_err());
    assert_eq!(SEEN.load(Ordering::SeqCst), 1);
}
