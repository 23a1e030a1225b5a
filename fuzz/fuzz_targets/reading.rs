#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../tests/suite/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::reading(bytes));
