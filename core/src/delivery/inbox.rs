//! Finished spans that nobody has read yet: between the host's threads and the client.

use std::collections::VecDeque;

use super::Reason;
use crate::{
    client::Settings,
    span::{Bundle, Finished},
};

/// Spans in the order in which they ended, within half of the option `max_waiting_bytes`. The host keeps it, under
/// its own lock; pushing costs the same however many wait.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: VecDeque<Waiting>,
    bytes: usize,
}

/// What waits.
#[derive(Debug)]
pub enum Waiting {
    /// A span.
    Span(Finished),
    /// Several that have yet to be told apart; then they are [put back](Inbox::put_back).
    Bundle(Bundle),
}

impl Waiting {
    fn size_hint(&self) -> usize {
        match self {
            Self::Span(span) => span.size_hint(),
            Self::Bundle(bundle) => bundle.size_hint(),
        }
    }

    /// Counts what it is as lost.
    pub fn lose(&self, settings: &Settings, reason: Reason) {
        match self {
            Self::Span(span) => span.lose(settings, reason),
            Self::Bundle(bundle) => bundle.lose(settings, reason),
        }
    }
}

impl From<Finished> for Waiting {
    fn from(span: Finished) -> Self {
        Self::Span(span)
    }
}

impl From<Bundle> for Waiting {
    fn from(bundle: Bundle) -> Self {
        Self::Bundle(bundle)
    }
}

impl Inbox {
    /// Adds what has ended. Where there is no room the oldest go, and are counted.
    pub fn push(&mut self, settings: &Settings, waiting: impl Into<Waiting>) {
        let waiting = waiting.into();
        self.bytes = self.bytes.saturating_add(waiting.size_hint());
        self.waiting.push_back(waiting);
        while self.bytes > settings.options().host_bytes()
            && let Some(oldest) = self.pop()
        {
            oldest.lose(settings, Reason::QueueOverflow);
        }
    }

    /// What has waited longest.
    pub fn pop(&mut self) -> Option<Waiting> {
        let oldest = self.waiting.pop_front()?;
        self.bytes = self.bytes.saturating_sub(oldest.size_hint());
        Some(oldest)
    }

    /// The spans of a bundle, where that stood.
    pub fn put_back(&mut self, spans: Vec<Finished>) {
        for span in spans.into_iter().rev() {
            self.bytes = self.bytes.saturating_add(span.size_hint());
            self.waiting.push_front(Waiting::Span(span));
        }
    }

    /// About how many bytes of memory that takes which has waited longest.
    pub fn next_bytes(&self) -> Option<usize> {
        self.waiting.front().map(Waiting::size_hint)
    }

    /// About how many bytes wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many spans and bundles wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
