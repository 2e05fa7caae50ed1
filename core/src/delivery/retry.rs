//! When to try again after meeting no server: exponential backoff with full jitter.

use std::time::Duration;

use crate::{
    config::{RETRY_FIRST, RETRY_LONGEST},
    time::Timestamp,
};

/// A request that met no server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub now: Timestamp,
    /// In [0, 1), the host's.
    pub jitter: f64,
    /// Whether the server seems to be away.
    pub is_down: bool,
}

impl Failure {
    /// When what has failed so often may try again.
    pub fn resume(&self, failures: u32) -> Timestamp {
        self.now.after(backoff(failures, self.jitter))
    }
}

/// How long to wait after so many failures; `jitter` in [0, 1) is the host's.
pub(crate) fn backoff(failures: u32, jitter: f64) -> Duration {
    let doublings = failures.saturating_sub(1);
    let longest = RETRY_FIRST.saturating_mul(2u32.saturating_pow(doublings)).min(RETRY_LONGEST);
    longest.mul_f64(if (0.0..1.0).contains(&jitter) { jitter } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute() {
        let waits: Vec<u64> = (1..=8).map(|failures| backoff(failures, 2.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff(9, 0.0), Duration::ZERO);
    }
}
