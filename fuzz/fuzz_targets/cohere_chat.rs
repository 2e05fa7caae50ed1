//! Arbitrary bytes as a call in the format `cohere_chat`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("cohere_chat"), data));
