//! Arbitrary bytes as a call in the format `bedrock_converse`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("bedrock_converse"), data));
