//! What is on disk and cannot be read for now: it stays there, and others leave meanwhile.

use super::{super::backoff, Content, Outbox};
use crate::time::Timestamp;

/// All of the wait: what one process cannot read has nothing to do with others, so nothing is spread.
const WHOLE: f64 = 1.0;

impl Outbox {
    /// The host could not read it: it comes into the backlog again after a while, each time a longer one.
    pub fn put_off(&mut self, now: Timestamp, number: u64) {
        let is_awaited = self.entries.get(&number).is_some_and(|entry| !entry.is_here());
        if !is_awaited {
            return;
        }
        self.withdraw(number);
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.tries = entry.tries.saturating_add(1);
            let resume = now.after(backoff(entry.tries, WHOLE));
            entry.content = Content::Away { is_asked: false };
            entry.resume = Some(resume);
            self.unread.insert((resume, number));
        }
    }

    /// Puts what was to wait until then, at the latest, back into the backlog.
    pub fn read_again(&mut self, until: Timestamp) {
        while let Some((resume, number)) = self.unread.pop_first() {
            if resume > until {
                self.unread.insert((resume, number));
                return;
            }
            self.put_away(number);
        }
    }

    /// When [`Self::read_again`] has something to do.
    pub fn next_reading(&self) -> Option<Timestamp> {
        self.unread.first().map(|(resume, _)| *resume)
    }
}
