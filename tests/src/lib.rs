//! The test servers: a model vendor and a Sentry receiver, both deterministic, both on loopback.
//!
//! The program `spanwire-test-servers` runs them for suites in other languages; Rust suites start
//! them in-process with [`Servers`] or [`BlockingServers`].

pub mod cors;
pub mod receiver;
mod servers;
#[cfg(test)]
mod testing;
pub mod vectors;
pub mod vendor;

pub use receiver::framing;
pub use servers::{BlockingServers, Ports, Servers};
