//! Arbitrary bytes as a call in the format `openai_chat`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("openai_chat"), data));
