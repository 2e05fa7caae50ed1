//! Arbitrary bytes as a call in the format `openai_embeddings`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("openai_embeddings"), data));
