//! What is on disk alone, and how it comes back to leave.

use super::{Content, Entry, Outbox};
use crate::{
    delivery::{InBacklog, Ledger, Reason, SpoolCommand, SpoolId},
    envelope,
};

impl Outbox {
    /// Adds what a dead process left on disk.
    pub fn find(&mut self, ledger: &Ledger, spans: usize) -> SpoolId {
        let number = self.number();
        self.insert(number, Entry::found(spans));
        self.backlog.insert(number, None);
        ledger.find(spans);
        SpoolId(number)
    }

    /// The oldest of those on disk, of each category.
    pub fn in_backlog(&self) -> impl Iterator<Item = InBacklog> {
        self.backlog.firsts().filter_map(|number| {
            let entry = self.entries.get(&number)?;
            let (category, is_here) = (entry.category(), entry.is_here());
            Some(InBacklog { number, category, is_here, is_found: entry.trace_id.is_none() })
        })
    }

    /// Whether the host is bringing one of them back.
    pub fn is_loading(&self) -> bool {
        let mut firsts = self.backlog.firsts().filter_map(|number| self.entries.get(&number));
        firsts.any(|entry| matches!(entry.content, Content::Away { is_asked: true }))
    }

    /// Asks for the bytes of one in the backlog. Another that was brought back goes to where it was.
    pub fn load(&mut self, number: u64) {
        if let Some(other) = self.backlog.bring(number) {
            self.put_away(other);
        }
        if let Some(entry) = self.entries.get_mut(&number)
            && let Content::Away { is_asked } = &mut entry.content
            && !*is_asked
        {
            *is_asked = true;
            self.commands.push_back(SpoolCommand::Load { id: SpoolId(number) });
        }
    }

    /// The host has brought it back; `None` where it is not there any more.
    pub fn bring_back(&mut self, ledger: &Ledger, number: u64, bytes: Option<&[u8]>) {
        let is_awaited = self.entries.get(&number).is_some_and(|entry| !entry.is_here());
        if !is_awaited {
            return;
        }
        let Some(bytes) = bytes else {
            self.forget_on_disk(number, ledger);
            return self.lose(ledger, number, Reason::CacheOverflow);
        };
        match envelope::category(bytes) {
            Some(category) => {
                if let Some(other) = self.backlog.bring(number) {
                    self.put_away(other);
                }
                self.change(number, |entry| {
                    entry.counts.category = category;
                    entry.is_known = true;
                    entry.content = Content::Envelope(bytes.into());
                });
                if self.backlog.remove(number) {
                    self.backlog.insert(number, Some(category));
                }
            }
            None => self.lose(ledger, number, Reason::Invalid),
        }
    }

    /// It is on disk: no memory is needed until it leaves.
    pub(super) fn put_away(&mut self, number: u64) {
        self.change(number, |entry| {
            entry.content = Content::Away { is_asked: false };
            entry.resume = None;
        });
        let category = self.entries.get(&number).and_then(|entry| entry.category());
        self.backlog.insert(number, category);
    }
}
