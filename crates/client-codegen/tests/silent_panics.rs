//! Panics of progenitor are not printed, other panics are.
//!
//! A file of its own, because the panic hook is global to the process.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use openapi_contract::Fidelity;
use serde_json::json;
use support::{client_crate, contract, get, problem};

static SEEN: AtomicUsize = AtomicUsize::new(0);

#[test]
fn only_progenitors_panics_are_silent() {
    panic::set_hook(Box::new(|_| {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }));
    let document = contract(
        json!({ "/{": get("no_path", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    let made = client_crate(&document, None).unwrap();
    let omitted = made.findings.iter();
    let omitted = omitted.filter(|one| one.fidelity == Some(Fidelity::Omitted));
    assert_eq!(omitted.count(), 1, "{:?}", made.findings);
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);

    assert!(
        thread::spawn(|| panic!("not from progenitor"))
            .join()
            .is_err()
    );
    assert_eq!(SEEN.load(Ordering::SeqCst), 1);
}
