//! Arbitrary bytes as a call in the format `neutral`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("neutral"), data));
