//! Compression of an envelope: `wire HOW` prints bytes and nanoseconds per span.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark has nothing to report to")]

use std::io::Write as _;
use std::time::Instant;

use flate2::{Compression, write::GzEncoder};
use spanwire_bench::work::envelope;

const SPANS: u32 = 100;
const TIMES: u32 = 60;

fn main() {
    let how = std::env::args().nth(1).unwrap();
    let bytes = envelope(SPANS);
    let level = how.rsplit(' ').next().and_then(|level| level.parse::<u8>().ok()).unwrap_or(0);
    let compress = || match how.split(' ').next().unwrap() {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(u32::from(level)));
            encoder.write_all(&bytes).unwrap();
            encoder.finish().unwrap()
        }
        "miniz" => miniz_oxide::deflate::compress_to_vec(&bytes, level),
        "zstd" => zstd::bulk::compress(&bytes, i32::from(level)).unwrap(),
        "none" => bytes.clone(),
        other => panic!("{other} is no compression"),
    };
    let size = compress().len();
    let begin = Instant::now();
    for _ in 0..TIMES {
        std::hint::black_box(compress());
    }
    let nanoseconds = begin.elapsed().as_nanos() as f64 / f64::from(TIMES * SPANS);
    println!("{{\"bytes\": {}, \"ns\": {nanoseconds}}}", size as f64 / f64::from(SPANS));
}
