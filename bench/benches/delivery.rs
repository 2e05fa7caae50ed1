//! What the client costs a span when much is under way: long traces, many traces, and a server that is away.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use spanwire::{
    client::{Client, Settings},
    delivery::Reason,
    span::Finished,
};
use spanwire_bench::work::{now, settings, start};

/// Spans handed over in one go.
const SPANS: u64 = 1000;
/// Room for everything that these benchmarks leave waiting.
const OPTIONS: &str = r#"{"max_waiting_bytes": 1073741824}"#;

/// A span that is not the segment of its trace, the `trace`-th one.
fn child(settings: &Arc<Settings>, trace: u64, seed: u64) -> Finished {
    let mut parent = start(settings, "invoke_agent", "a", None, 1).context().clone();
    let mut trace_id = [1; 16];
    trace_id[..8].copy_from_slice(&trace.to_le_bytes());
    parent.trace_id = trace_id.into();
    start(settings, "chat", "gpt-4o-mini", Some(&parent), seed).finish(now()).unwrap()
}

/// Hands over many spans, spread over so many traces, to a client that has `open` other traces under way.
fn hand_over(criterion: &mut Criterion, name: &str, open: u64, traces: u64) {
    let settings = settings(OPTIONS);
    let mut group = criterion.benchmark_group("hand over");
    group.throughput(Throughput::Elements(SPANS));
    group.sample_size(20);
    group.bench_function(name, |bencher| {
        let mut client = Client::new(Arc::clone(&settings));
        for trace in 0..open {
            client.handle_span(now(), child(&settings, traces + trace, 1));
        }
        bencher.iter_batched(
            || (0..SPANS).map(|seed| child(&settings, seed % traces, seed)).collect::<Vec<_>>(),
            |spans| spans.into_iter().for_each(|span| client.handle_span(now(), span)),
            BatchSize::LargeInput,
        );
        client.discard(Reason::NetworkError);
    });
    group.finish();
}

fn delivery(criterion: &mut Criterion) {
    // All of these should be the same: a step of the client costs the same however much is under way. In the
    // first one a trace goes on through every sample, far beyond 100,000 spans.
    hand_over(criterion, "one trace", 0, 1);
    hand_over(criterion, "one trace beside 10,000 open ones", 10_000, 1);
    hand_over(criterion, "1,000 traces in turn", 0, 1000);
}

criterion_group!(benches, delivery);
criterion_main!(benches);
