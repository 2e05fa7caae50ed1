//! The client in a made-up world, on made-up time: spans, answers, cut connections, clocks that are set, crashes.
//!
//! Everything follows from a seed. One that fails says so, and `SPANWIRE_SEED=n` plays it again; `SPANWIRE_SEEDS=n`
//! plays that many.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod disk;
mod server;
mod world;

use std::collections::BTreeMap;

use world::World;

/// Seeds of a normal test run.
const SEEDS: u64 = 1000;

/// What has to happen somewhere in so many worlds, or they test nothing.
const EXPECTED: &[&str] = &[
    "an item of 1,000 spans",
    "an item of nearly 1 MiB",
    "lost: cache_overflow",
    "lost: queue_overflow",
    "lost: ratelimit_backoff",
    "lost: send_error",
    "a report rode along",
    "a report left by itself",
    "brought back from the spool",
    "could not be read for a while",
    "died after an answer",
    "died between an envelope and its drafts",
    "found after a crash",
    "left what has to be written for later",
    "lost before it was read",
    "the clock was set back",
    "transactions",
    "waited for room",
    "several that were kept",
];

#[test]
fn whatever_happens_the_ledger_adds_up() {
    let (first, count) = match (number("SPANWIRE_SEED"), number("SPANWIRE_SEEDS")) {
        (Some(seed), _) => (seed, 1),
        (None, count) => (1, count.unwrap_or(SEEDS)),
    };
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in first..first + count {
        let name = Name(seed);
        for (what, times) in World::new(seed).play() {
            *seen.entry(what).or_default() += times;
        }
        drop(name);
    }
    if count >= SEEDS {
        let missing: Vec<_> = EXPECTED.iter().filter(|what| !seen.contains_key(**what)).collect();
        assert!(missing.is_empty(), "never happened: {missing:?} in {seen:?}");
    }
    println!("{count} seeds: {seen:?}");
}

/// Says which seed it was, when that fails.
struct Name(u64);

impl Drop for Name {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("play it again with SPANWIRE_SEED={}", self.0);
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "how the test is run, nothing of what it tests")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
