//! The loss ledger: every span that was started is waiting, sent, or lost for a reason that is counted.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use serde::Serialize;

use super::Category;
use crate::{
    json::{Object, list},
    messages::Removed,
    time::Timestamp,
};

/// Why a span did not arrive (client reports, "Discard Reasons").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(usize)]
pub enum Reason {
    /// The queues were full.
    QueueOverflow,
    /// The spool was full, or what was in it too old.
    CacheOverflow,
    /// The server said to wait.
    RatelimitBackoff,
    /// No server was met.
    NetworkError,
    /// The trace is not recorded.
    SampleRate,
    /// The host's `before_send_span` dropped it.
    BeforeSend,
    /// The server would not have it.
    SendError,
    /// Something went wrong in here.
    InternalSdkError,
    /// It was larger than the protocol allows.
    Invalid,
}

const REASONS: [(Reason, &str); 9] = [
    (Reason::QueueOverflow, "queue_overflow"),
    (Reason::CacheOverflow, "cache_overflow"),
    (Reason::RatelimitBackoff, "ratelimit_backoff"),
    (Reason::NetworkError, "network_error"),
    (Reason::SampleRate, "sample_rate"),
    (Reason::BeforeSend, "before_send"),
    (Reason::SendError, "send_error"),
    (Reason::InternalSdkError, "internal_sdk_error"),
    (Reason::Invalid, "invalid"),
];

/// Counts of spans, shared by everything that starts, sends or loses one.
#[derive(Debug, Default)]
pub struct Ledger {
    started: AtomicU64,
    sent: AtomicU64,
    spooled: AtomicU64,
    lost: Losses,
    /// What the server knows of.
    reported: Losses,
    removed_messages: AtomicU64,
    removed_characters: AtomicU64,
}

/// What one envelope counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub category: Category,
    pub spans: usize,
}

impl Counts {
    /// Counts it as lost.
    pub fn lose(self, ledger: &Ledger, reason: Reason) {
        ledger.lose(reason, self.spans);
        ledger.lose_transactions(reason, self.transactions());
    }

    /// Counts it as lost, as the server knows, because it refused with a 429.
    pub fn lose_known(self, ledger: &Ledger, reason: Reason) {
        self.lose(ledger, reason);
        add(&ledger.reported, Lost::Spans, reason, self.spans);
        add(&ledger.reported, Lost::Transactions, reason, self.transactions());
    }

    fn transactions(self) -> usize {
        usize::from(self.category == Category::Transaction)
    }
}

/// Losses by category and reason.
type Losses = [[AtomicU64; REASONS.len()]; LOST.len()];

/// What is lost, as client reports call it: spans, and the events that spans were in or would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Lost {
    Spans,
    Transactions,
}

const LOST: [(Lost, &str); 2] = [(Lost::Spans, "span"), (Lost::Transactions, "transaction")];

fn count(losses: &Losses, what: Lost, reason: Reason) -> Option<&AtomicU64> {
    losses.get(what as usize)?.get(reason as usize)
}

fn add(losses: &Losses, what: Lost, reason: Reason, quantity: usize) {
    if let Some(count) = count(losses, what, reason) {
        count.fetch_add(quantity as u64, Relaxed);
    }
}

/// The ledger at one moment, in spans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Started, recorded or not, or taken over from a process that died.
    pub started: u64,
    /// Answered by the server with 2xx, or taken by the file or function.
    pub sent: u64,
    /// Open, or on the way, in memory alone.
    pub waiting: u64,
    /// On disk, and not answered.
    pub spooled: u64,
    /// Lost, by reason.
    pub lost: BTreeMap<&'static str, u64>,
    /// What went of the content of spans that had more than a span may hold.
    pub removed: RemovedStats,
}

/// Content that there was no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RemovedStats {
    /// Whole messages and other items of lists.
    pub messages: u64,
    /// Characters out of texts.
    pub characters: u64,
}

impl Ledger {
    /// Counts spans as started.
    pub fn start(&self, spans: usize) {
        self.started.fetch_add(spans as u64, Relaxed);
    }

    pub(crate) fn send(&self, spans: usize) {
        self.sent.fetch_add(spans as u64, Relaxed);
    }

    /// Counts content that there was no room for.
    pub(crate) fn remove(&self, removed: Removed) {
        self.removed_messages.fetch_add(removed.messages as u64, Relaxed);
        self.removed_characters.fetch_add(removed.characters as u64, Relaxed);
    }

    /// Counts items that a host left out of a value, because it was too large to be written.
    pub fn leave_out(&self, items: usize) {
        self.remove(Removed { messages: items, characters: 0 });
    }

    /// Counts spans as lost.
    pub fn lose(&self, reason: Reason, spans: usize) {
        add(&self.lost, Lost::Spans, reason, spans);
    }

    /// Counts transactions as lost, beside the spans that were in them.
    pub(crate) fn lose_transactions(&self, reason: Reason, transactions: usize) {
        add(&self.lost, Lost::Transactions, reason, transactions);
    }

    /// Counts spans that a dead process left on disk.
    pub(crate) fn find(&self, spans: usize) {
        self.start(spans);
        self.spool(spans);
    }

    /// Counts spans that a dead process left on disk for another destination, and that had to go; this one's server is
    /// not told.
    pub(crate) fn lose_foreign(&self, spans: usize) {
        self.start(spans);
        Counts { category: Category::Span, spans }.lose_known(self, Reason::CacheOverflow);
    }

    /// Counts spans as on disk.
    pub(crate) fn spool(&self, spans: usize) {
        self.spooled.fetch_add(spans as u64, Relaxed);
    }

    /// Counts spans as no longer on disk, whatever came of them.
    pub(crate) fn unspool(&self, spans: usize) {
        let _ =
            self.spooled.fetch_update(Relaxed, Relaxed, |spooled| Some(spooled.saturating_sub(spans as u64)));
    }

    /// Whether the server does not know of something that was lost.
    pub fn owes_report(&self) -> bool {
        let every = LOST.into_iter().flat_map(|(what, _)| REASONS.map(|(reason, _)| (what, reason)));
        every.into_iter().any(|(what, reason)| {
            let counts = count(&self.lost, what, reason).zip(count(&self.reported, what, reason));
            counts.is_some_and(|(lost, reported)| lost.load(Relaxed) > reported.load(Relaxed))
        })
    }

    /// What the server does not know yet; it is taken as reported.
    pub(crate) fn take_report(&self, now: Timestamp) -> Option<ClientReport> {
        let mut discarded_events = Vec::new();
        for ((what, category), (reason, word)) in
            LOST.into_iter().flat_map(|what| REASONS.map(|reason| (what, reason)))
        {
            let (Some(lost), Some(reported)) =
                (count(&self.lost, what, reason), count(&self.reported, what, reason))
            else {
                continue;
            };
            let lost = lost.load(Relaxed);
            let quantity = lost.saturating_sub(reported.swap(lost, Relaxed));
            if quantity > 0 {
                discarded_events.push(Discarded { reason, word, category, quantity, what });
            }
        }
        (!discarded_events.is_empty()).then_some(ClientReport { timestamp: now, discarded_events })
    }

    /// Puts a report back that did not arrive.
    pub(crate) fn return_report(&self, report: &ClientReport) {
        for Discarded { reason, quantity, what, .. } in &report.discarded_events {
            if let Some(reported) = count(&self.reported, *what, *reason) {
                let _ =
                    reported.fetch_update(Relaxed, Relaxed, |count| Some(count.saturating_sub(*quantity)));
            }
        }
    }

    /// The counts at this moment.
    pub fn stats(&self) -> Stats {
        // One by one: `collect` would bring a sort of its own into the browser's module (4 KB).
        let mut lost = BTreeMap::new();
        for (reason, name) in REASONS {
            let count = count(&self.lost, Lost::Spans, reason).map_or(0, |count| count.load(Relaxed));
            if count > 0 {
                lost.insert(name, count);
            }
        }
        let (sent, spooled) = (self.sent.load(Relaxed), self.spooled.load(Relaxed));
        // Read last, so that a span that ends meanwhile is not missing.
        let started = self.started.load(Relaxed);
        let waiting =
            started.saturating_sub(sent).saturating_sub(spooled).saturating_sub(lost.values().sum());
        let removed = RemovedStats {
            messages: self.removed_messages.load(Relaxed),
            characters: self.removed_characters.load(Relaxed),
        };
        Stats { started, sent, waiting, spooled, lost, removed }
    }
}

/// The payload of a `client_report` item.
#[derive(Clone, Debug)]
pub(crate) struct ClientReport {
    timestamp: Timestamp,
    discarded_events: Vec<Discarded>,
}

#[derive(Clone, Debug)]
struct Discarded {
    reason: Reason,
    word: &'static str,
    category: &'static str,
    quantity: u64,
    what: Lost,
}

impl ClientReport {
    /// As JSON.
    pub fn json(&self) -> String {
        let mut out = String::new();
        let events = |out: &mut String| {
            list(out, &self.discarded_events, |out, Discarded { word, category, quantity, .. }| {
                let event = Object::begin(out).text("reason", word).text("category", category);
                event.count("quantity", *quantity).end();
            });
        };
        Object::begin(&mut out).moment("timestamp", self.timestamp).member("discarded_events", events).end();
        out
    }
}

impl Stats {
    /// As JSON text, like [`Serialize`] writes it.
    pub fn json(&self) -> String {
        let Self { started, sent, waiting, spooled, lost, removed } = self;
        let mut out = String::new();
        Object::begin(&mut out)
            .count("started", *started)
            .count("sent", *sent)
            .count("waiting", *waiting)
            .count("spooled", *spooled)
            .member("lost", |out| {
                lost.iter().fold(Object::begin(out), |lost, (name, count)| lost.count(name, *count)).end();
            })
            .member("removed", |out| {
                let object = Object::begin(out).count("messages", removed.messages);
                object.count("characters", removed.characters).end();
            })
            .end();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MAX_CLIENT_REPORT_BYTES;

    #[test]
    fn the_ledger_adds_up() {
        let ledger = Ledger::default();
        ledger.start(5);
        ledger.send(2);
        ledger.lose(Reason::SendError, 1);
        let stats = ledger.stats();
        assert_eq!((stats.started, stats.sent, stats.waiting), (5, 2, 2));
        assert_eq!(stats.lost.get("send_error"), Some(&1));
        assert_eq!(stats.json(), serde_json::to_string(&stats).unwrap());
    }

    #[test]
    fn a_loss_is_reported_once_unless_the_report_is_lost_too() {
        let ledger = Ledger::default();
        ledger.lose(Reason::SampleRate, 3);
        let refused = Counts { category: Category::Span, spans: 3 };
        refused.lose_known(&ledger, Reason::RatelimitBackoff);
        let report = ledger.take_report(Timestamp::from_seconds(1.5)).unwrap();
        assert_eq!(
            report.json(),
            r#"{"timestamp":1.5,"discarded_events":[{"reason":"sample_rate","category":"span","quantity":3}]}"#
        );
        assert!(ledger.take_report(Timestamp::default()).is_none());
        ledger.return_report(&report);
        assert!(ledger.take_report(Timestamp::default()).is_some());
    }

    #[test]
    fn the_largest_report_is_within_the_limit() {
        let ledger = Ledger::default();
        for (reason, _) in REASONS {
            add(&ledger.lost, Lost::Spans, reason, usize::MAX);
            add(&ledger.lost, Lost::Transactions, reason, usize::MAX);
        }
        let report = ledger.take_report(Timestamp::from_seconds(1e10)).unwrap();
        assert!(report.json().len() < MAX_CLIENT_REPORT_BYTES);
    }

    #[test]
    fn what_is_on_disk_waits_there() {
        let ledger = Ledger::default();
        ledger.start(1);
        ledger.spool(1);
        ledger.find(2);
        let stats = ledger.stats();
        assert_eq!((stats.started, stats.waiting, stats.spooled), (3, 0, 3));
        ledger.unspool(3);
        assert_eq!(ledger.stats().waiting, 3);
    }
}
