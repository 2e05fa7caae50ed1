//! One bucket per trace: it leaves when its segment ends, when it is full, or when it is old.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use super::{Batch, Kind};
use crate::{
    config::{BUCKET_AGE, BUCKET_JITTER, MAX_BUCKET_SLACK, MAX_ITEM_BYTES, MAX_SPANS_PER_ITEM},
    ids::{SpanId, TraceId},
    payload::span_v2::{Encoded, HEAD, TAIL},
    time::Timestamp,
    trace::TraceContext,
};

#[derive(Debug)]
struct Bucket {
    deadline: Timestamp,
    batch: Batch,
}

/// The buckets of every trace that is under way. A span costs the same with one trace open and with thousands.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// By age: the number is the order in which they were opened.
    open: BTreeMap<u64, Box<Bucket>>,
    numbers: HashMap<TraceId, u64>,
    /// Not in the order of age: each has its own jitter.
    deadlines: BTreeSet<(Timestamp, u64)>,
    next: u64,
    bytes: usize,
    age: Duration,
}

impl Default for Buckets {
    fn default() -> Self {
        Self::with_age(BUCKET_AGE)
    }
}

impl Buckets {
    /// Buckets that leave after `age` at the latest.
    pub fn with_age(age: Duration) -> Self {
        Self {
            open: BTreeMap::new(),
            numbers: HashMap::new(),
            deadlines: BTreeSet::new(),
            next: 0,
            bytes: 0,
            age,
        }
    }

    /// Adds a span; gives back the batches that are complete by it.
    pub fn push(&mut self, context: &TraceContext, encoded: &Encoded, now: Timestamp) -> Vec<Batch> {
        let mut complete = Vec::new();
        let mut number = self.numbers.get(&context.trace_id).copied();
        if let Some(full) = number.filter(|number| !self.has_room(*number, encoded.json.len())) {
            complete.extend(self.close(full));
            number = None;
        }
        let number = number.unwrap_or_else(|| self.open(context, now));
        self.add(number, &encoded.json);
        if encoded.is_segment {
            complete.extend(self.close(number));
        }
        complete
    }

    /// The batches that are old enough to leave.
    pub fn due(&mut self, now: Timestamp) -> Vec<Batch> {
        let mut due = Vec::new();
        while let Some((deadline, number)) = self.deadlines.first().copied()
            && deadline <= now
        {
            due.extend(self.close(number));
        }
        due
    }

    /// When the next bucket leaves.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// The oldest bucket, finished or not.
    pub fn pop(&mut self) -> Option<Batch> {
        let number = *self.open.first_key_value()?.0;
        self.close(number)
    }

    /// What there is of that trace.
    pub fn take(&mut self, trace_id: TraceId) -> Option<Batch> {
        let number = *self.numbers.get(&trace_id)?;
        self.close(number)
    }

    /// Bytes of memory that all of them take.
    pub const fn held(&self) -> usize {
        self.bytes
    }

    fn open(&mut self, context: &TraceContext, now: Timestamp) -> u64 {
        let number = self.next;
        self.next += 1;
        let batch = Batch {
            trace_id: context.trace_id,
            sampling: Arc::clone(&context.inherited.sampling),
            spans: 0,
            kind: Kind::Spans,
            drafts: Vec::new(),
            payload: HEAD.to_vec(),
            shared: context.inherited.sampling.held(),
        };
        let deadline = now.after(jittered(self.age, context.span_id));
        self.bytes += batch.held();
        self.open.insert(number, Box::new(Bucket { deadline, batch }));
        self.numbers.insert(context.trace_id, number);
        self.deadlines.insert((deadline, number));
        number
    }

    fn has_room(&self, number: u64, bytes: usize) -> bool {
        self.open.get(&number).map(|bucket| &bucket.batch).is_some_and(|batch| {
            batch.spans < MAX_SPANS_PER_ITEM && batch.len() + 1 + bytes + TAIL.len() <= MAX_ITEM_BYTES
        })
    }

    fn add(&mut self, number: u64, json: &[u8]) {
        let Some(batch) = self.open.get_mut(&number).map(|bucket| &mut bucket.batch) else { return };
        let before = batch.held();
        let (len, room) = (batch.payload.len(), batch.payload.capacity() - batch.payload.len());
        let needed = 1 + json.len() + TAIL.len();
        if room < needed {
            // A large one would double what it takes, for one span more.
            batch.payload.reserve_exact(needed.max(len.min(MAX_BUCKET_SLACK)));
        }
        if batch.spans > 0 {
            batch.payload.push(b',');
        }
        batch.payload.extend_from_slice(json);
        batch.spans += 1;
        self.bytes += batch.held() - before;
    }

    fn close(&mut self, number: u64) -> Option<Batch> {
        let Bucket { deadline, mut batch } = *self.open.remove(&number)?;
        self.numbers.remove(&batch.trace_id);
        self.deadlines.remove(&(deadline, number));
        self.bytes = self.bytes.saturating_sub(batch.held());
        batch.payload.extend_from_slice(TAIL);
        // It may wait for long now, and what it takes is counted.
        batch.payload.shrink_to_fit();
        batch.shared = batch.sampling.held();
        Some(batch)
    }
}

/// `age`, less a part of [`BUCKET_JITTER`] at most, so that what many programs began together does not leave
/// together. The id is random already; its first byte decides.
fn jittered(age: Duration, span_id: SpanId) -> Duration {
    let [random, ..] = *span_id.bytes();
    age.mul_f64(1.0 - BUCKET_JITTER * f64::from(random) / 256.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::SpanId, time::Timestamp, trace::Inherited};

    fn context(trace: u8) -> TraceContext {
        TraceContext {
            trace_id: TraceId::from([trace; 16]),
            span_id: SpanId::from([0; 8]),
            sampled: Some(true),
            inherited: Arc::new(Inherited {
                sampling: Arc::default(),
                segment: None,
                agent_name: None,
                agent_run: None,
                foreign_baggage: None,
            }),
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
        assert!(buckets.held() >= HEAD.len() + 3);
        assert!(buckets.pop().is_some() && buckets.held() == 0);
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

    #[test]
    fn buckets_leave_at_their_own_time_and_go_by_age() {
        let mut buckets = Buckets::default();
        let later = TraceContext { span_id: SpanId::from([255; 8]), ..context(2) };
        buckets.push(&context(1), &span(3, false), NOW);
        buckets.push(&later, &span(3, false), NOW);
        let first = buckets.deadline().unwrap();
        assert!(first > Timestamp::from_seconds(4.0) && first < Timestamp::from_seconds(4.1));
        assert_eq!(buckets.due(first)[0].trace_id, later.trace_id, "its jitter is larger");
        buckets.push(&later, &span(3, false), NOW);
        assert_eq!(buckets.pop().unwrap().trace_id, context(1).trace_id, "the oldest");
        assert!(buckets.take(context(1).trace_id).is_none() && buckets.take(later.trace_id).is_some());
        assert_eq!((buckets.deadline(), buckets.held()), (None, 0));
    }
}
