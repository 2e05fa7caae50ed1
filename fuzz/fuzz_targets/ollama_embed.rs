//! Arbitrary bytes as a call in the format `ollama_embed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("ollama_embed"), data));
