//! Where the time of one span goes: `parts PART [ROUNDS]` prints nanoseconds per span, the middle of many rounds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark has nothing to report to"
)]

use std::hint::black_box;
use std::time::Instant;

use spanwire::{client::Client, span::Prepared};
use spanwire_bench::work::{agent, conversation, now, settings, start};

/// Rounds, unless a second argument says how many: to count instructions takes fewer.
const ROUNDS: usize = 3_000;
/// Spans of a round: an agent and its requests.
const SPANS: u32 = 10;

/// The middle of all rounds, per span.
fn middle<I, O>(mut prepare: impl FnMut() -> I, mut work: impl FnMut(I) -> O) -> f64 {
    let rounds = std::env::args().nth(2).map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut times: Vec<u128> = (0..rounds)
        .map(|_| {
            let input = prepare();
            let begin = Instant::now();
            let output = work(black_box(input));
            let took = begin.elapsed().as_nanos();
            drop(black_box(output));
            took
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2] as f64 / f64::from(SPANS)
}

fn main() {
    let part = std::env::args().nth(1).unwrap();
    let sampled = settings(r#"{"send_default_pii": true}"#);
    let unsampled = settings(r#"{"traces_sample_rate": 0}"#);
    let said = conversation(1);
    let read = || -> Vec<Prepared> {
        agent(&sampled, 1, &said).into_iter().map(|finished| Prepared::of(finished, &sampled)).collect()
    };
    let write = |prepared: Vec<Prepared>| {
        let mut client = Client::new(sampled.clone());
        for one in prepared {
            client.handle_prepared(now(), one);
        }
        client.poll_transmit(now()).unwrap().body
    };
    let bytes = write(read());
    let text = std::str::from_utf8(&bytes).unwrap().lines().nth(2).unwrap();
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let nanoseconds = match part.as_str() {
        "all of it" => middle(|| (), |()| write(read())),
        "unsampled" => middle(
            || (),
            |()| (0..SPANS).map(|_| start(&unsampled, "chat", "gpt-4o-mini", None, 1)).collect::<Vec<_>>(),
        ),
        "life" => middle(|| (), |()| agent(&sampled, 1, &said)),
        "read" => middle(
            || agent(&sampled, 1, &said),
            |spans| spans.into_iter().map(|span| Prepared::of(span, &sampled)).collect::<Vec<_>>(),
        ),
        "write" => middle(read, write),
        "serde_json" => middle(|| (), |()| serde_json::to_vec(&value).unwrap()),
        "memcpy" => middle(|| (), |()| bytes.clone()),
        other => panic!("{other} is no part"),
    };
    println!("{{\"ns\": {nanoseconds}}}");
}
