//! Arbitrary bytes as a call in the format `google_embed_content`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spanwire_fuzz::call(Some("google_embed_content"), data));
