//! Spans that wait for their segment, to leave with it as a transaction.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::{Batch, Kind};
use crate::{
    client::Settings,
    config::{BUCKET_AGE, MAX_SPANS_PER_ITEM},
    ids::SpanId,
    payload::transaction::{Part, encode, fits},
    time::Timestamp,
    trace::SegmentRef,
};

/// Segments that left lately; a span that ended just before one of them may be handed over just after.
const REMEMBERED: usize = 256;

/// The spans of every segment that has not ended, oldest segment first.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    open: BTreeMap<u64, Box<Group>>,
    /// The number of a segment's group.
    numbers: HashMap<SpanId, u64>,
    next: u64,
    left: VecDeque<SpanId>,
    bytes: usize,
    /// How long a span may wait here without a draft on disk; `None` without a spool.
    draft_age: Option<Duration>,
    draft_at: Option<Timestamp>,
    /// When to look for groups whose segment was lost on its way here.
    look_at: Option<Timestamp>,
}

// No `Default`: that of an id is a random one.
#[derive(Debug)]
struct Group {
    segment_id: SpanId,
    spans: Vec<Part>,
    /// Bytes that they take in an event, about, and bytes of memory behind them.
    bytes: usize,
    behind: usize,
    /// What is on disk of it: that many spans, under these numbers.
    drafted: usize,
    drafts: Vec<u64>,
    segment: Option<SegmentRef>,
    /// At the last look its segment was over, and might still have been on its way.
    is_overdue: bool,
}

impl Segments {
    /// The same with drafts: a crash loses spans of the last `age` at most.
    pub fn with_drafts(age: Duration) -> Self {
        Self { draft_age: Some(age), ..Self::default() }
    }

    /// Adds a span of that segment, or of one that is itself; gives back the transactions that are complete by it.
    pub fn push(
        &mut self,
        settings: &Settings,
        segment: Option<&SegmentRef>,
        part: Part,
        is_orphan: bool,
        now: Timestamp,
    ) -> Vec<Batch> {
        let segment_id = segment.map_or(part.span_id, |segment| segment.span_id);
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
            complete.push(group.under(settings, &part));
        } else {
            if self.draft_at.is_none() {
                self.draft_at = self.draft_age.map(|age| now.after(age));
            }
            self.look_at.get_or_insert(now.after(BUCKET_AGE));
            group.segment = segment.cloned();
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
        self.rest();
        self.bytes = self.bytes.saturating_sub(group.held());
        group.under_its_first(settings)
    }

    /// What waits for a segment that was over a while ago and did not come: it was lost.
    pub fn due(&mut self, settings: &Settings, now: Timestamp) -> Vec<Batch> {
        if self.look_at.is_none_or(|look_at| look_at > now) {
            return Vec::new();
        }
        let (mut lost, mut is_waiting) = (Vec::new(), false);
        for group in self.open.values_mut() {
            let is_over = group.segment.as_ref().is_some_and(SegmentRef::is_over);
            if is_over && std::mem::replace(&mut group.is_overdue, true) {
                lost.push(group.segment_id);
            } else {
                is_waiting = true;
            }
        }
        self.look_at = is_waiting.then(|| now.after(BUCKET_AGE));
        lost.into_iter().filter_map(|segment_id| self.end(settings, segment_id)).collect()
    }

    /// When [`Self::due`] or [`Self::drafts`] may have something to give.
    pub fn deadline(&self) -> Option<Timestamp> {
        [self.draft_at, self.look_at].into_iter().flatten().min()
    }

    /// What has no draft on disk and has waited long enough, as transactions of their own, with the numbers of their
    /// groups.
    pub fn drafts(&mut self, settings: &Settings, now: Timestamp) -> Vec<(u64, Batch)> {
        if self.draft_at.is_none_or(|draft_at| draft_at > now) {
            return Vec::new();
        }
        self.draft_at = None;
        self.open.iter_mut().filter_map(|(number, group)| Some((*number, group.draft(settings)?))).collect()
    }

    /// Remembers under which number a draft goes to disk.
    pub fn drafted(&mut self, group: u64, draft: u64) {
        if let Some(group) = self.open.get_mut(&group) {
            group.drafts.push(draft);
        }
    }

    /// Bytes of memory that everything takes that waits.
    pub const fn held(&self) -> usize {
        self.bytes
    }

    fn take(&mut self, segment_id: SpanId) -> Group {
        let number = self.numbers.get(&segment_id);
        let group = number.and_then(|number| self.open.get_mut(number)).map(|group| {
            let empty = Group::new(segment_id);
            std::mem::replace(&mut **group, empty)
        });
        let group = group.unwrap_or_else(|| Group::new(segment_id));
        self.bytes = self.bytes.saturating_sub(group.held());
        group
    }

    fn put(&mut self, group: Group) {
        self.bytes += group.held();
        let number = *self.numbers.entry(group.segment_id).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        match self.open.get_mut(&number) {
            Some(place) => **place = group,
            None => _ = self.open.insert(number, Box::new(group)),
        }
    }

    /// Where nothing waits there is no time to keep.
    fn rest(&mut self) {
        if self.open.is_empty() {
            (self.draft_at, self.look_at) = (None, None);
        }
    }

    fn remember(&mut self, segment_id: SpanId) {
        if let Some(number) = self.numbers.remove(&segment_id) {
            self.open.remove(&number);
            self.rest();
        }
        if self.left.len() >= REMEMBERED {
            self.left.pop_front();
        }
        self.left.push_back(segment_id);
    }
}

impl Group {
    fn new(segment_id: SpanId) -> Self {
        Self {
            segment_id,
            spans: Vec::new(),
            bytes: 0,
            behind: 0,
            drafted: 0,
            drafts: Vec::new(),
            segment: None,
            is_overdue: false,
        }
    }

    /// Bytes of memory that it takes; nothing where nothing waits.
    const fn held(&self) -> usize {
        /// Beside its spans: itself, its places in maps, which are half empty, and what it shares with its
        /// trace. About.
        const FRAME_BYTES: usize = 512;
        if self.spans.is_empty() {
            return 0;
        }
        FRAME_BYTES + self.behind + self.spans.capacity() * size_of::<Part>()
    }

    fn has_room(&self, part: &Part) -> bool {
        self.spans.len() < MAX_SPANS_PER_ITEM - 1 && fits(self.bytes + part.len())
    }

    fn push(&mut self, part: Part) {
        self.bytes += part.len();
        self.behind += part.held();
        self.spans.push(part);
    }

    /// All of it, below its segment.
    fn under(self, settings: &Settings, segment: &Part) -> Batch {
        Batch { drafts: self.drafts, ..transaction(settings, segment, &self.spans) }
    }

    fn under_its_first(mut self, settings: &Settings) -> Option<Batch> {
        let first = first(&self.spans)?;
        let segment = self.spans.remove(first);
        Some(self.under(settings, &segment))
    }

    /// What is not on disk yet.
    fn draft(&mut self, settings: &Settings) -> Option<Batch> {
        let new = self.spans.get_mut(self.drafted..)?;
        new.swap(0, first(new)?);
        let (segment, spans) = new.split_first()?;
        let batch = transaction(settings, segment, spans);
        self.drafted = self.spans.len();
        Some(batch)
    }
}

/// Which of them began first.
fn first(spans: &[Part]) -> Option<usize> {
    (0..spans.len()).min_by_key(|position| spans.get(*position).map(|span| span.start))
}

fn transaction(settings: &Settings, segment: &Part, spans: &[Part]) -> Batch {
    let (event_id, mut payload) = encode(settings, segment, spans);
    payload.shrink_to_fit();
    Batch {
        trace_id: segment.trace_id,
        sampling: Arc::clone(&segment.sampling),
        spans: spans.len() + 1,
        kind: Kind::Transaction(event_id),
        drafts: Vec::new(),
        payload,
        shared: segment.sampling.held(),
    }
}
