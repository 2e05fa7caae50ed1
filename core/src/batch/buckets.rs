//! One bucket per trace: it leaves when its segment ends, when it is full, or when it is old.

use std::{collections::VecDeque, sync::Arc};

use super::{Batch, Kind};
use crate::{
    config::{BUCKET_AGE, MAX_ITEM_BYTES, MAX_SPANS_PER_ITEM},
    ids::TraceId,
    payload::span_v2::Encoded,
    time::Timestamp,
    trace::TraceContext,
};

const HEAD: &[u8] = b"{\"version\":2,\"items\":[";
const TAIL: &[u8] = b"]}";

#[derive(Debug)]
struct Bucket {
    trace_id: TraceId,
    opened: Timestamp,
    batch: Batch,
}

impl Bucket {
    fn new(context: &TraceContext, now: Timestamp) -> Self {
        let batch = Batch {
            sampling: Arc::clone(&context.sampling),
            spans: 0,
            kind: Kind::Spans,
            payload: HEAD.to_vec(),
        };
        Self { trace_id: context.trace_id, opened: now, batch }
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.batch.spans < MAX_SPANS_PER_ITEM && self.batch.len() + bytes + 1 + TAIL.len() <= MAX_ITEM_BYTES
    }

    fn push(&mut self, json: &[u8]) {
        if self.batch.spans > 0 {
            self.batch.payload.push(b',');
        }
        self.batch.payload.extend_from_slice(json);
        self.batch.spans += 1;
    }

    fn close(mut self) -> Batch {
        self.batch.payload.extend_from_slice(TAIL);
        self.batch
    }
}

/// The buckets of every trace that is under way, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    open: VecDeque<Bucket>,
    bytes: usize,
}

impl Buckets {
    /// Adds a span; gives back the batches that are complete by it.
    pub fn push(&mut self, context: &TraceContext, encoded: &Encoded, now: Timestamp) -> Vec<Batch> {
        let mut complete = Vec::new();
        let position = self.open.iter().position(|bucket| bucket.trace_id == context.trace_id);
        let mut bucket = position
            .and_then(|position| self.open.remove(position))
            .inspect(|bucket| self.bytes = self.bytes.saturating_sub(bucket.batch.len()))
            .unwrap_or_else(|| Bucket::new(context, now));
        if !bucket.has_room(encoded.json.len()) {
            let full = std::mem::replace(&mut bucket, Bucket::new(context, now));
            complete.push(full.close());
        }
        bucket.push(&encoded.json);
        if encoded.is_segment {
            complete.push(bucket.close());
        } else {
            let at = position.unwrap_or(self.open.len()).min(self.open.len());
            self.bytes += bucket.batch.len();
            self.open.insert(at, bucket);
        }
        complete
    }

    /// The batches that are old enough to leave.
    pub fn due(&mut self, now: Timestamp) -> Vec<Batch> {
        let mut due = Vec::new();
        while self.deadline().is_some_and(|deadline| deadline <= now) {
            due.extend(self.pop());
        }
        due
    }

    /// When the oldest bucket leaves.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.open.front().map(|bucket| bucket.opened.after(BUCKET_AGE))
    }

    /// The oldest bucket, finished or not.
    pub fn pop(&mut self) -> Option<Batch> {
        let bucket = self.open.pop_front()?;
        self.bytes = self.bytes.saturating_sub(bucket.batch.len());
        Some(bucket.close())
    }

    /// Bytes in all of them.
    pub const fn len(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::SpanId, time::Timestamp};

    fn context(trace: u8) -> TraceContext {
        TraceContext {
            trace_id: TraceId::from([trace; 16]),
            span_id: SpanId::from([1; 8]),
            sampled: Some(true),
            sampling: Arc::default(),
            segment: None,
            agent_name: None,
            agent_run: None,
            foreign_baggage: None,
        }
    }

    fn span(bytes: usize, is_segment: bool) -> Encoded {
        Encoded { json: vec![b'1'; bytes], is_segment }
    }

    const NOW: Timestamp = Timestamp::from_micros(0);

    #[test]
    fn a_bucket_leaves_with_its_segment() {
        let mut buckets = Buckets::default();
        assert!(buckets.push(&context(1), &span(3, false), NOW).is_empty());
        assert!(buckets.push(&context(2), &span(3, false), NOW).is_empty());
        let complete = buckets.push(&context(1), &span(2, true), NOW);
        assert_eq!(complete[0].payload(), br#"{"version":2,"items":[111,11]}"#);
        assert_eq!(buckets.len(), HEAD.len() + 3);
        assert!(buckets.pop().is_some() && buckets.len() == 0);
    }

    #[test]
    fn a_bucket_is_split_by_count_and_by_bytes() {
        let mut buckets = Buckets::default();
        let full = |buckets: &mut Buckets, bytes, count: usize| {
            (0..count).flat_map(|_| buckets.push(&context(1), &span(bytes, false), NOW)).collect::<Vec<_>>()
        };
        assert_eq!(full(&mut buckets, 2, 2 * MAX_SPANS_PER_ITEM + 1).len(), 2);
        let by_bytes = full(&mut buckets, MAX_ITEM_BYTES / 2, 4);
        assert!(by_bytes.len() >= 3 && by_bytes.iter().all(|batch| batch.len() <= MAX_ITEM_BYTES));
    }

    #[test]
    fn an_old_bucket_does_not_wait_for_its_segment() {
        let mut buckets = Buckets::default();
        buckets.push(&context(1), &span(3, false), NOW);
        assert!(buckets.due(Timestamp::from_seconds(4.9)).is_empty());
        assert_eq!(buckets.deadline(), Some(Timestamp::from_seconds(5.0)));
        assert_eq!(buckets.due(Timestamp::from_seconds(5.0)).len(), 1);
    }
}
