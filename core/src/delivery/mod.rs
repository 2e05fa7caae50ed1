//! Delivery: what may leave when, what came of it, what was lost.

mod backlog;
mod client_report;
mod entry;
mod gate;
mod inbox;
mod notices;
mod outbox;
mod rate_limit;
mod retry;
mod spool;
mod steady;
mod transmit;

pub(crate) use backlog::{Backlog, InBacklog};
pub(crate) use client_report::{ClientReport, Counts};
pub use client_report::{Ledger, Reason, RemovedStats, Stats};
pub(crate) use gate::Gate;
pub use inbox::{Inbox, Waiting};
pub(crate) use notices::Notices;
pub(crate) use outbox::Outbox;
pub(crate) use rate_limit::{Category, RateLimits};
pub(crate) use retry::{Failure, backoff};
pub use spool::{SpoolCommand, SpoolId};
pub(crate) use steady::Steady;
pub use transmit::{Transmit, TransmitId};
