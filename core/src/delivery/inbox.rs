//! Finished spans that nobody has read yet: between the host's threads and the client.

use std::collections::VecDeque;

use super::Reason;
use crate::{client::Settings, span::Finished};

/// Spans in the order in which they ended, within half of the option `max_waiting_bytes`. The host keeps it, under
/// its own lock; pushing costs the same however many wait.
#[derive(Debug, Default)]
pub struct Inbox {
    spans: VecDeque<Finished>,
    bytes: usize,
}

impl Inbox {
    /// Adds a span. Where there is no room the oldest go, and are counted.
    pub fn push(&mut self, settings: &Settings, finished: Finished) {
        self.bytes = self.bytes.saturating_add(finished.size_hint());
        self.spans.push_back(finished);
        while self.bytes > settings.options().host_bytes()
            && let Some(oldest) = self.spans.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(oldest.size_hint());
            oldest.lose(settings, Reason::QueueOverflow);
        }
    }

    /// The oldest that waits.
    pub fn pop(&mut self) -> Option<Finished> {
        let oldest = self.spans.pop_front()?;
        self.bytes = self.bytes.saturating_sub(oldest.size_hint());
        Some(oldest)
    }

    /// About how many bytes of memory the oldest takes that waits.
    pub fn next_bytes(&self) -> Option<usize> {
        self.spans.front().map(Finished::size_hint)
    }

    /// About how many bytes wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}
