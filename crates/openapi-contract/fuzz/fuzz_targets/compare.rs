//! Compares two contracts that the byte 1E separates: `cargo fuzz run compare`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| openapi_contract_fuzz::compare(bytes));
