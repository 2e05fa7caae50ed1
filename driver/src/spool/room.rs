//! What has to go from the folder: the oldest, for want of room or because of its age, counted by one process alone.

use std::collections::{BTreeMap, BTreeSet};

use spanwire::time::Timestamp;

use super::{Entry, EntryId, Spool, dsn_of, name::Name, owner};

/// The folder is looked at again when this part of what it may hold was written: what others write meanwhile is
/// not seen, so each process may overstep the bound by that much.
const LOOK_PART: u64 = 16;

impl Spool {
    /// Makes sure that so many bytes more may be written.
    pub(super) fn make_room(&mut self, now: Timestamp, needed: u64) {
        let is_full = self.used.saturating_add(needed) > self.limits.bytes;
        let is_look_due = self.written_since_look.saturating_add(needed) > self.limits.bytes / LOOK_PART;
        if is_full || is_look_due {
            self.evict(now, needed);
        }
    }

    /// Evicts what is too old, and as much as has to go for so many bytes.
    pub(super) fn evict(&mut self, now: Timestamp, needed: u64) {
        let Ok(mut names) = self.folder.envelopes() else { return };
        let surplus = names.iter().take(self.surplus(&names, now, needed));
        let is_other = |owner: &u64| *owner != self.owner.number && !self.kept_by.contains(owner);
        let others: BTreeSet<u64> = surplus.map(|name| name.owner).filter(is_other).collect();
        // What a dead process left is in nobody's ledger before it is taken over.
        if self.claim(&others.into_iter().collect::<Vec<_>>()) {
            let Ok(again) = self.folder.envelopes() else { return };
            names = again;
        }
        self.used = names.iter().map(Name::charge).sum();
        self.written_since_look = 0;
        let mut living = BTreeMap::new();
        for name in names.iter().take(self.surplus(&names, now, needed)) {
            let id = EntryId(name.sequence);
            if self.mine.get(&id) == Some(name) {
                self.folder.remove(&name.file());
                self.evicted.push(Entry::of(name));
                self.forget(id);
                continue;
            }
            self.used = self.used.saturating_sub(name.charge());
            let lives =
                living.entry(name.owner).or_insert_with(|| owner::lives(self.folder.path(), name.owner));
            if *lives {
                self.folder.remove(&name.file());
            } else {
                self.evict_of_nobody(name);
            }
        }
    }

    /// Another project's, or of an owner of whom nothing is known: whoever removes it has to count it.
    fn evict_of_nobody(&mut self, name: &Name) {
        let dsn = self.folder.read(name).ok().flatten().map(|bytes| dsn_of(&bytes));
        if !self.folder.remove(&name.file()) {
            return;
        }
        if dsn.is_none_or(|dsn| dsn == self.dsn) {
            let (id, _) = self.next_name(name.created, name.spans, name.bytes);
            self.evicted.push(Entry { id, spans: name.spans, bytes: name.bytes });
        } else {
            self.foreign = self.foreign.saturating_add(name.spans);
        }
    }

    /// How many of these, the oldest, have to go.
    fn surplus(&self, names: &[Name], now: Timestamp, needed: u64) -> usize {
        let mut used: u64 = names.iter().map(Name::charge).sum();
        let goes = |name: &&Name| {
            let is_too_old = now.since(name.created) > self.limits.age;
            let is_too_much = used.saturating_add(needed) > self.limits.bytes;
            used = used.saturating_sub(name.charge());
            is_too_old || is_too_much
        };
        names.iter().take_while(goes).count()
    }
}
