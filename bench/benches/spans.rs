//! A span's life, from its start to bytes, beside what the machine cannot do faster.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use spanwire::{
    client::Client,
    json::Json,
    span::{Change, Content, Gathered},
};
use spanwire_bench::work::{chat, now, settings, start};

fn changes() -> Vec<Change> {
    let text = Json::text(&"What should I wear in Paris today? ".repeat(6));
    let mut changes: Vec<Change> =
        (0..10).map(|n| Change::Attribute(format!("key{n}"), "value".into())).collect();
    changes.push(Change::Content(Content::Input, text.clone(), Gathered::ByHand));
    changes.push(Change::Content(Content::Output, text, Gathered::ByHand));
    changes
}

fn spans(criterion: &mut Criterion) {
    let (sampled, unsampled) = (settings("{}"), settings(r#"{"traces_sample_rate": 0}"#));
    criterion.bench_function("span/unsampled", |bencher| {
        bencher.iter(|| black_box(start(&unsampled, "chat", "gpt-4o-mini", None, 1)));
    });
    criterion.bench_function("span/life", |bencher| {
        bencher.iter_batched(changes, |changes| black_box(chat(&sampled, changes)), BatchSize::SmallInput);
    });
    let encoded = {
        let mut client = Client::new(sampled.clone());
        client.handle_span(now(), chat(&sampled, changes()));
        client.poll_transmit(now()).unwrap().body
    };
    let parsed: serde_json::Value =
        serde_json::from_str(std::str::from_utf8(&encoded).unwrap().lines().nth(2).unwrap()).unwrap();
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Bytes(encoded.len() as u64));
    group.bench_function("read, write and frame a span", |bencher| {
        bencher.iter_batched(
            || (Client::new(sampled.clone()), chat(&sampled, changes())),
            |(mut client, finished)| {
                client.handle_span(now(), finished);
                black_box(client.poll_transmit(now()))
            },
            BatchSize::SmallInput,
        );
    });
    group.bench_function("limit: serde_json::to_vec of the same", |bencher| {
        bencher.iter(|| black_box(serde_json::to_vec(&parsed).unwrap()));
    });
    group.bench_function("limit: copy of the bytes", |bencher| bencher.iter(|| black_box(encoded.clone())));
    group.finish();
}

criterion_group!(benches, spans);
criterion_main!(benches);
