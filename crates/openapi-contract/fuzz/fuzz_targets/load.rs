//! Loads any bytes: `cargo fuzz run load` in the directory of openapi-contract.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| openapi_contract_fuzz::load(bytes));
