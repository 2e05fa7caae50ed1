//! Arbitrary bytes as a file of envelopes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = spanwire::envelope::read_all(data);
    let _ = spanwire::inspect::render(data);
    let _ = spanwire::lint::file(data);
});
