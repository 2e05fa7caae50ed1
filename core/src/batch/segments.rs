//! Spans that wait for their segment, to leave with it as a transaction.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use super::{Batch, Kind};
use crate::{
    client::Settings,
    config::MAX_SPANS_PER_ITEM,
    ids::SpanId,
    payload::transaction::{Part, encode, fits},
};

/// Segments that left lately; a span that ended just before one of them may be handed over just after.
const REMEMBERED: usize = 256;

/// The spans of every segment that has not ended, oldest segment first.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    open: BTreeMap<u64, Group>,
    /// The number of a segment's group.
    numbers: HashMap<SpanId, u64>,
    next: u64,
    left: VecDeque<SpanId>,
    bytes: usize,
}

#[derive(Debug)]
struct Group {
    segment_id: SpanId,
    spans: Vec<Part>,
    bytes: usize,
}

impl Segments {
    /// Adds a span of the segment with that id; gives back the transactions that are complete by it.
    pub fn push(
        &mut self,
        settings: &Settings,
        segment_id: SpanId,
        part: Part,
        is_orphan: bool,
    ) -> Vec<Batch> {
        let is_segment = part.span_id == segment_id;
        if !is_segment && (is_orphan || self.left.contains(&segment_id)) {
            return vec![transaction(settings, &part, &[])];
        }
        let mut complete = Vec::new();
        let mut group = self.take(segment_id);
        if !group.has_room(&part) {
            // The segment goes on; what there is of it leaves under the span that began first.
            complete.extend(group.under_its_first(settings));
            group = Group::new(segment_id);
        }
        if is_segment {
            self.remember(segment_id);
            complete.push(transaction(settings, &part, &group.spans));
        } else {
            group.push(part);
            self.put(group);
        }
        complete
    }

    /// A segment is lost: what waits for it leaves without it.
    pub fn end(&mut self, settings: &Settings, segment_id: SpanId) -> Option<Batch> {
        let group = self.take(segment_id);
        self.remember(segment_id);
        group.under_its_first(settings)
    }

    /// What waits for the oldest segment, without it.
    pub fn pop(&mut self, settings: &Settings) -> Option<Batch> {
        let (_, group) = self.open.pop_first()?;
        self.numbers.remove(&group.segment_id);
        self.bytes = self.bytes.saturating_sub(group.bytes);
        group.under_its_first(settings)
    }

    /// About how many bytes wait.
    pub const fn held(&self) -> usize {
        self.bytes
    }

    fn take(&mut self, segment_id: SpanId) -> Group {
        let number = self.numbers.get(&segment_id);
        let group = number.and_then(|number| self.open.get_mut(number)).map(|group| {
            let empty = Group::new(segment_id);
            std::mem::replace(group, empty)
        });
        let group = group.unwrap_or_else(|| Group::new(segment_id));
        self.bytes = self.bytes.saturating_sub(group.bytes);
        group
    }

    fn put(&mut self, group: Group) {
        self.bytes += group.bytes;
        let number = *self.numbers.entry(group.segment_id).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.open.insert(number, group);
    }

    fn remember(&mut self, segment_id: SpanId) {
        if let Some(number) = self.numbers.remove(&segment_id) {
            self.open.remove(&number);
        }
        if self.left.len() >= REMEMBERED {
            self.left.pop_front();
        }
        self.left.push_back(segment_id);
    }
}

impl Group {
    const fn new(segment_id: SpanId) -> Self {
        Self { segment_id, spans: Vec::new(), bytes: 0 }
    }

    fn has_room(&self, part: &Part) -> bool {
        self.spans.len() < MAX_SPANS_PER_ITEM - 1 && fits(self.bytes + part.len())
    }

    fn push(&mut self, part: Part) {
        self.bytes += part.len();
        self.spans.push(part);
    }

    fn under_its_first(mut self, settings: &Settings) -> Option<Batch> {
        let first =
            (0..self.spans.len()).min_by_key(|position| self.spans.get(*position).map(|span| span.start))?;
        let segment = self.spans.remove(first);
        Some(transaction(settings, &segment, &self.spans))
    }
}

fn transaction(settings: &Settings, segment: &Part, spans: &[Part]) -> Batch {
    let (event_id, payload) = encode(settings, segment, spans);
    Batch {
        trace_id: segment.trace_id,
        sampling: Arc::clone(&segment.sampling),
        spans: spans.len() + 1,
        kind: Kind::Transaction(event_id),
        payload,
    }
}
