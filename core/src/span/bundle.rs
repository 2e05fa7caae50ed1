//! Spans that a host keeps to itself until they have ended, so that many cross at once: their numbers in one list, their
//! texts in one text. They are told apart in the back room; the host's thread only says where they hang.
//!
//! Only such as hang below a recorded span of this process, and are no agent's: for them nothing is decided at their
//! start, and nobody else needs to know of them before their end.

use std::{sync::Arc, time::Duration};

use super::{Change, Finished, Gathered, Kind, Span, Start};
use crate::{
    client::Settings,
    delivery::Reason,
    ids::{ENTROPY_BYTES, Entropy, SPAN_ID_AT, span_id_of},
    json::Json,
    scope::Scope,
    time::Timestamp,
    trace::TraceContext,
    vendors::origin_of,
};

/// Ends every text: hosts write no JSON and keep no span whose texts hold it.
const SEPARATOR: char = '\u{1f}';

/// Spans of one scope that a host hands over together.
#[derive(Debug)]
pub struct Bundle {
    scope: Arc<Scope>,
    now: Timestamp,
    host_now: f64,
    /// None has a place whose parent nobody knows.
    spans: Vec<(Numbers, Option<Place>)>,
    texts: String,
}

/// Of each span, as hosts order them: the number of its parent; the two halves of its id; when it started, when it was
/// changed last, and when it ended, where the program says so (else no number), all in milliseconds of the host's clock,
/// the last of the epoch; how many changes it has.
type Numbers = [f64; 7];

/// Where a span hangs.
#[derive(Debug)]
struct Place {
    parent: Arc<TraceContext>,
    /// Its segment had ended before.
    is_late: bool,
}

impl Bundle {
    /// Takes ended spans over. `host_now` is this moment on the clock of their numbers; `place_of` tells of a parent's
    /// number where it is. Each has the texts `call`, `subject`, `name`, `integration`, `arguments` (those that are
    /// empty are none) and its changes: a digit to the base 36, which is twice the position of the change's name in
    /// [`Change::JSON_NAMES`] and one more where it was gathered, and its JSON.
    pub fn new(
        now: Timestamp,
        host_now: f64,
        scope: Arc<Scope>,
        numbers: &[f64],
        texts: String,
        place_of: impl Fn(u32) -> Option<TraceContext>,
    ) -> Self {
        let (records, _) = numbers.as_chunks();
        // Most have the parent of the one before.
        let mut last: Option<(u32, Arc<TraceContext>)> = None;
        let mut place = |record: &Numbers| {
            let number = number_of(record);
            let parent = match last.take() {
                Some((known, parent)) if known == number => parent,
                _ => Arc::new(place_of(number)?),
            };
            last = Some((number, Arc::clone(&parent)));
            let is_late = parent.inherited.segment.as_ref().is_some_and(|segment| segment.is_over());
            Some(Place { parent, is_late })
        };
        let spans = records.iter().map(|record| (*record, place(record))).collect();
        Self { scope, now, host_now, spans, texts }
    }

    /// How many.
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// About how many bytes of memory they take when they have been told apart.
    pub fn size_hint(&self) -> usize {
        let texts = self.texts.capacity().saturating_add(self.len() * size_of::<(Numbers, Option<Place>)>());
        texts.saturating_add(self.len() * Finished::EMPTY_BYTES)
    }

    /// Counts them as lost: those that only Spotlight would have seen to `sample_rate`, as if they had been told apart.
    pub fn lose(&self, settings: &Settings, reason: Reason) {
        let is_left_out = |(_, place): &&(_, Option<Place>)| {
            place.as_ref().is_some_and(|place| place.parent.sampled == Some(false))
        };
        let left_out =
            if settings.is_spotlight() { 0 } else { self.spans.iter().filter(is_left_out).count() };
        settings.ledger().lose(reason, self.len() - left_out);
        settings.ledger().lose(Reason::SampleRate, left_out);
    }

    /// The spans, in the order in which they ended.
    pub fn spans(self, settings: &Arc<Settings>) -> Vec<Finished> {
        let mut texts = self.texts.split(SEPARATOR);
        let finish = |(numbers, place): &(Numbers, Option<Place>)| {
            let ended = self.moment(numbers);
            let mut span = self.start(settings, numbers, place.as_ref(), &mut texts)?;
            let [.., said, _] = *numbers;
            let end = if said.is_finite() { Timestamp::from_seconds(said / 1e3) } else { ended };
            let mut finished = span.finish(end)?;
            finished.recording.is_orphan = place.as_ref().is_some_and(|place| place.is_late);
            Some(finished)
        };
        let spans: Vec<_> = self.spans.iter().filter_map(finish).collect();
        // Numbers without their texts, or without a place.
        settings.ledger().lose(Reason::InternalSdkError, self.len() - spans.len());
        spans
    }

    /// The first of them, which is still open.
    pub fn open(self, settings: &Arc<Settings>) -> Option<Span> {
        let (numbers, place) = self.spans.first()?;
        self.start(settings, numbers, place.as_ref(), &mut self.texts.split(SEPARATOR))
    }

    fn start<'a>(
        &self,
        settings: &Arc<Settings>,
        numbers: &Numbers,
        place: Option<&Place>,
        texts: &mut impl Iterator<Item = &'a str>,
    ) -> Option<Span> {
        let [_, id_high, id_low, started, _, _, changes] = *numbers;
        let call = texts.next()?;
        let mut text = || texts.next().filter(|text| !text.is_empty());
        let (subject, name, integration, arguments) = (text(), text(), text(), text());
        let changes: Vec<&str> = texts.take(changes as usize).collect();
        let (kind, subject) = Kind::of_start(call, subject).ok()?;
        let start = Start {
            kind,
            subject,
            name,
            origin: origin_of(integration),
            parent: Some(&place?.parent),
            scope: Arc::clone(&self.scope),
            sample_rate: None,
        };
        let entropy = entropy_of(span_id_of(id_high as u32, id_low as u32));
        let mut span = Span::started(settings, &start, self.at(started), &entropy);
        let arguments = arguments.map(|arguments| Change::Arguments(Json::new(arguments)));
        let at = self.moment(numbers);
        for change in arguments.into_iter().chain(changes.into_iter().filter_map(change_of)) {
            span.change(at, change);
        }
        Some(span)
    }

    /// When a span was changed last.
    fn moment(&self, numbers: &Numbers) -> Timestamp {
        let [_, _, _, _, touched, _, _] = *numbers;
        self.at(touched)
    }

    fn at(&self, moment: f64) -> Timestamp {
        self.now.before(Duration::try_from_secs_f64((self.host_now - moment) / 1e3).unwrap_or_default())
    }
}

const fn number_of(numbers: &Numbers) -> u32 {
    let [parent, ..] = *numbers;
    parent as u32
}

/// What a span draws nothing but its id from.
fn entropy_of(id: [u8; 8]) -> Entropy {
    let mut entropy = [0; ENTROPY_BYTES];
    entropy.iter_mut().skip(SPAN_ID_AT).zip(id).for_each(|(target, source)| *target = source);
    entropy
}

fn change_of(text: &str) -> Option<Change> {
    let (code, json) = text.split_at_checked(1)?;
    let code = u32::from_str_radix(code, 36).ok()?;
    let gathered = if code % 2 == 1 { Gathered::Automatically } else { Gathered::ByHand };
    Change::of_json(Change::JSON_NAMES.get(code as usize / 2)?, Json::new(json), gathered)
}
