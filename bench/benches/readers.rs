//! Reading what vendors answer: bytes a second, and time a chunk.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use spanwire::{
    json::Json,
    span::{Change, Gathered, Prepared},
    vendors::Format,
};
use spanwire_bench::{
    payloads::{Sample, samples},
    work::{chat, settings},
};

/// About the text of a long answer.
const ANSWER_BYTES: usize = 16 * 1024;
const CHUNKS_TEXT_BYTES: usize = 2400;

fn request(sample: &Sample) -> Change {
    let format = Format::find(Some(sample.format)).unwrap();
    Change::Request(Json::new(sample.request.to_string()), format, Gathered::Automatically)
}

fn readers(criterion: &mut Criterion) {
    let policies = [("recorded", r#"{"send_default_pii": true}"#), ("content_off", "{}")];
    for (policy, options) in policies {
        let settings = settings(options);
        let mut group = criterion.benchmark_group(format!("response/{policy}"));
        for sample in samples(ANSWER_BYTES) {
            let response = sample.response.to_string();
            group.throughput(Throughput::Bytes(response.len() as u64));
            group.bench_function(sample.format, |bencher| {
                bencher.iter_batched(
                    || {
                        let format = Format::find(Some(sample.format)).unwrap();
                        let request = Change::Request(Json::new("{}"), format, Gathered::Automatically);
                        let response =
                            Change::Response(Json::new(response.as_str()), Gathered::Automatically);
                        chat(&settings, [request, response])
                    },
                    |finished| black_box(Prepared::of(finished, &settings)),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
        let mut group = criterion.benchmark_group(format!("chunks/{policy}"));
        for sample in samples(CHUNKS_TEXT_BYTES).iter().filter(|sample| !sample.chunks.is_empty()) {
            let chunks: Vec<String> = sample.chunks.iter().map(ToString::to_string).collect();
            group.throughput(Throughput::Elements(chunks.len() as u64));
            group.bench_function(sample.format, |bencher| {
                bencher.iter_batched(
                    || {
                        let chunk =
                            |text: &String| Change::Chunk(Json::new(text.as_str()), Gathered::Automatically);
                        chat(&settings, std::iter::once(request(sample)).chain(chunks.iter().map(chunk)))
                    },
                    |finished| black_box(Prepared::of(finished, &settings)),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
}

criterion_group!(benches, readers);
criterion_main!(benches);
