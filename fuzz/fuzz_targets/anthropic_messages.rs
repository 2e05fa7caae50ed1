//! Arbitrary bytes as a call in the format `anthropic_messages`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("anthropic_messages"), data));
