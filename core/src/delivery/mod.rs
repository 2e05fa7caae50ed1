//! Delivery: what may leave when, what came of it, what was lost.

mod client_report;
mod rate_limit;
mod retry;
mod transmit;

pub(crate) use client_report::ClientReport;
pub use client_report::{Ledger, Reason, RemovedStats, Stats};
pub(crate) use rate_limit::{Category, RateLimits};
pub(crate) use retry::Backoff;
pub use transmit::{Transmit, TransmitId};
