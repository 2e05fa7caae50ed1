//! How much memory a client takes, and what happens where there is no more.

use super::Client;
use crate::{
    config::{MAX_BUCKET_SLACK, MAX_IN_FLIGHT, MAX_REQUEST_BYTES, TransportChoice},
    delivery::Reason,
    time::Timestamp,
};

impl Client {
    /// Bytes of memory that everything that waits takes, about.
    pub fn held(&self) -> usize {
        self.kept() + self.outbox.copied()
    }

    /// Requests under way.
    pub fn under_way(&self) -> usize {
        self.in_flight.len()
    }

    /// Whether a span of about so many bytes had better wait a moment outside: here something older would be lost for
    /// it, and there will be room without that, as something leaves or may leave now. What is on disk is not lost for it.
    pub fn is_pressed(&mut self, now: Timestamp, bytes: usize) -> bool {
        /// What a span takes here, against what it takes outside: names, types and quotes are written out.
        const GROWTH: usize = 2;
        let now = self.clock.read(now);
        let is_leaving =
            !self.in_flight.is_empty() || (self.outbox.first_fresh(now).is_some() && self.gate.is_open(now));
        let growth = bytes.saturating_mul(GROWTH).saturating_add(MAX_BUCKET_SLACK);
        let needed = self.needed().saturating_add(growth);
        let excess = needed.saturating_sub(self.settings.options().client_bytes());
        is_leaving && excess > 0 && !self.outbox.is_backed(excess)
    }

    /// Whether a request more may be under way: not too many of them, nor, beside the first, too large ones.
    pub(super) fn may_send(&self) -> bool {
        let is_known = self.gate.has_met() && self.settings.options().transport == TransportChoice::Http;
        let limit = match self.gate.is_trying() {
            false if is_known || !self.is_flushed() => MAX_IN_FLIGHT,
            _ => 1,
        };
        let bytes = self.counted() + self.outbox.copied() + MAX_REQUEST_BYTES;
        self.in_flight.len() < limit
            && (self.outbox.copied() == 0 || bytes <= self.settings.options().client_bytes())
    }

    /// Bytes of what waits, without the requests that are made of it.
    const fn kept(&self) -> usize {
        self.buckets.held() + self.segments.held() + self.outbox.held()
    }

    /// ... of which what a long outage has put on disk counts up to half of the room beside a request: beyond that every
    /// span would leave alone, which frees nothing.
    fn counted(&self) -> usize {
        let room = self.settings.options().client_bytes().saturating_sub(MAX_REQUEST_BYTES);
        let excess = self.outbox.frames().saturating_sub(room / 2);
        self.kept().saturating_sub(excess)
    }

    /// ... and with the room for one request, that is always kept: what waits has to be able to leave.
    fn needed(&self) -> usize {
        self.counted() + self.outbox.copied().max(MAX_REQUEST_BYTES)
    }

    /// Under pressure the oldest trace goes first, counted. With a spool it goes to disk.
    pub(super) fn shed(&mut self) {
        let limit = self.settings.options().client_bytes();
        while self.needed() > limit {
            let batch = match self.outbox.shed(self.settings.ledger()) {
                Some(trace_id) => trace_id.and_then(|trace_id| self.buckets.take(trace_id)),
                None => {
                    let oldest = self.buckets.pop().or_else(|| self.segments.pop(&self.settings));
                    let Some(batch) = oldest else { return };
                    if self.outbox.has_spool() {
                        return self.enqueue(batch);
                    }
                    Some(batch)
                }
            };
            if let Some(batch) = batch {
                batch.counts().lose(self.settings.ledger(), Reason::QueueOverflow);
            }
        }
    }
}
