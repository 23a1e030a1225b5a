#![no_main]
#![allow(dead_code)]

#[path = "../../tests/suite/invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::small_languages(text));
