//! Reads and lints any bytes: `cargo fuzz run canonical`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| openapi_contract_fuzz::canonical(bytes));
