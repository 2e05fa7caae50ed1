//! Arbitrary bytes as a call in the format that the shape tells.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(None, data));
