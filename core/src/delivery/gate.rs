//! When something may leave: after limits, after the server was away, and what was found on disk at its pace.

use super::{Category, InBacklog, Ledger, Outbox, RateLimits, Reason, backoff};
use crate::{
    config::{FAILURES_IN_A_ROW, SPOOL_PACE},
    time::Timestamp,
};

/// What stands between the outbox and the server. All moments are in steady time.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    limits: RateLimits,
    /// Whether a server has ever answered.
    has_met: bool,
    /// Requests one after the other that met no server.
    failures: u32,
    /// When a request may be made again after several met no server.
    resume: Option<Timestamp>,
    /// When the next of the envelopes that a dead process left may leave.
    found_from: Timestamp,
}

impl Gate {
    /// A server is there; `wall` is what it would call this moment.
    pub fn handle_answer<'a>(
        &mut self,
        now: Timestamp,
        wall: Timestamp,
        status: u16,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        self.limits.update(now, wall, status, headers);
        self.has_met = true;
        self.failures = 0;
        self.resume = None;
    }

    /// No server was met; true where it seems to be away. Requests that fail after that are the same failure.
    pub fn handle_failure(&mut self, now: Timestamp, jitter: f64) -> bool {
        if self.is_open(now) {
            self.failures = self.failures.saturating_add(1);
            if self.failures >= FAILURES_IN_A_ROW {
                let waits = self.failures - FAILURES_IN_A_ROW + 1;
                self.resume = Some(now.after(backoff(waits, jitter)));
            }
        }
        self.resume.is_some()
    }

    /// Somebody cannot wait: a server that was away is tried at once.
    pub fn reopen(&mut self) {
        self.resume = None;
    }

    /// Whether a server has ever answered: until then one request finds out whether there is one, and its limits.
    pub const fn has_met(&self) -> bool {
        self.has_met
    }

    /// Whether a server was away and has not answered since: one request finds out whether it is back.
    pub const fn is_trying(&self) -> bool {
        self.failures >= FAILURES_IN_A_ROW
    }

    /// Whether a request may be made, as far as servers were met.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.resume.is_none_or(|resume| resume <= now)
    }

    /// Whether something of that category has to stay.
    pub fn is_limited(&self, category: Category, now: Timestamp) -> bool {
        self.limits.is_limited(category, now)
    }

    /// The number of the envelope that leaves next.
    pub fn next(&mut self, outbox: &mut Outbox, ledger: &Ledger, now: Timestamp) -> Option<u64> {
        self.next_fresh(outbox, ledger, now).or_else(|| self.next_in_backlog(outbox, now))
    }

    /// Whether something of this process may leave now, from memory or from disk.
    pub fn has_next(&self, outbox: &Outbox, now: Timestamp) -> bool {
        let may_leave = |waiting: InBacklog| !waiting.is_found && self.may_leave(waiting, now);
        outbox.first_fresh(now).is_some() || outbox.in_backlog().any(may_leave)
    }

    /// When the next envelope may leave, if one waits for its time.
    pub fn deadline(&self, outbox: &Outbox) -> Option<Timestamp> {
        let fresh = outbox.next_resume().map(|resume| self.resume.unwrap_or_default().max(resume));
        if fresh == Some(Timestamp::default()) {
            // It does not wait.
            return None;
        }
        fresh.into_iter().chain(self.backlog_deadline(outbox)).min()
    }

    fn backlog_deadline(&self, outbox: &Outbox) -> Option<Timestamp> {
        if outbox.is_loading() {
            return None;
        }
        outbox.in_backlog().map(|waiting| self.resume.max(self.free_from(waiting)).unwrap_or_default()).min()
    }

    /// Whether an envelope on disk may leave now, as far as limits and its pace go.
    fn may_leave(&self, waiting: InBacklog, now: Timestamp) -> bool {
        self.free_from(waiting).is_none_or(|from| from <= now)
    }

    /// From when; `None` for any time.
    fn free_from(&self, waiting: InBacklog) -> Option<Timestamp> {
        let limit = self.limits.until(waiting.category.unwrap_or(Category::All));
        limit.max(waiting.is_found.then_some(self.found_from))
    }

    /// The next envelope in memory; what the server does not want now is lost, or waits on disk.
    fn next_fresh(&self, outbox: &mut Outbox, ledger: &Ledger, now: Timestamp) -> Option<u64> {
        loop {
            let (number, counts) = outbox.first_fresh(now)?;
            if !self.is_limited(counts.category, now) {
                return Some(number);
            }
            outbox.refuse(ledger, number, Reason::RatelimitBackoff);
        }
    }

    /// The oldest envelope on disk that may leave, if it has been brought back; there it can wait for a limit.
    fn next_in_backlog(&mut self, outbox: &mut Outbox, now: Timestamp) -> Option<u64> {
        let may_leave = |waiting: &InBacklog| self.may_leave(*waiting, now);
        let InBacklog { number, is_here, is_found, .. } =
            outbox.in_backlog().filter(may_leave).min_by_key(|waiting| waiting.number)?;
        if !is_here {
            outbox.load(number);
            return None;
        }
        if is_found {
            self.found_from = now.after(SPOOL_PACE);
        }
        Some(number)
    }
}
