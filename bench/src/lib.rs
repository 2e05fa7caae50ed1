//! The work that the benchmarks measure: payloads as vendors write them, and spans that carry them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark has nothing to report to")]

pub mod payloads;
pub mod work;
