//! Envelopes that are ready to leave, by age: in memory, on disk, or on their way.
//!
//! With a spool an envelope is on disk before it may leave. One that cannot leave then, because no server is met
//! or memory is short, stays there alone: it is in the backlog, together with what dead processes left.

mod returning;
mod unread;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use super::{
    Backlog, Counts, Ledger, Reason, SpoolCommand, SpoolId,
    entry::{Content, Disk, Entry, FRAME_BYTES},
    retry::Failure,
};
use crate::{batch::Batch, client::Settings, config::MAX_TRIES, envelope, ids::TraceId, time::Timestamp};

/// What waits to leave. An envelope's number is its age, and its [`SpoolId`].
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    has_spool: bool,
    /// No server was met lately: what is on disk stays there.
    is_down: bool,
    /// Boxed, like those in other ordered maps: maps of the same size are one code in the browser's module.
    entries: BTreeMap<u64, Box<Entry>>,
    /// May leave; in memory.
    fresh: BTreeSet<u64>,
    /// May leave after what is fresh; on disk.
    backlog: Backlog,
    /// On disk, and could not be read: when that is tried again.
    unread: BTreeSet<(Timestamp, u64)>,
    /// What is fresh, by trace.
    traces: HashMap<TraceId, BTreeSet<u64>>,
    /// Parts of what is not ready, against a crash: the spans in them, and whether they are on disk.
    drafts: BTreeMap<u64, Box<(usize, Disk)>>,
    /// What the host is asked to read and to remove: what leaves waits for it.
    commands: VecDeque<SpoolCommand>,
    /// ... and to write, which may take long; and what may go only after that.
    writes: VecDeque<SpoolCommand>,
    bytes: usize,
    /// Bytes of the requests under way, which are copies.
    copied: usize,
    next: u64,
    /// The host has given up, for that reason: what cannot be stored now is lost.
    given_up: Option<Reason>,
}

impl Outbox {
    pub fn with_spool() -> Self {
        Self { has_spool: true, ..Self::default() }
    }

    pub const fn has_spool(&self) -> bool {
        self.has_spool
    }

    /// Adds what is ready. Drafts of it go, once it is on disk itself.
    pub fn push(&mut self, settings: &Settings, mut batch: Batch) {
        let number = self.number();
        let drafts = std::mem::take(&mut batch.drafts);
        if !self.has_spool {
            self.insert(number, Entry::in_memory(batch));
            self.refresh(number);
            return;
        }
        let entry = Entry::for_disk(settings, &batch);
        if let Content::Envelope(bytes) = &entry.content {
            let (id, bytes, spans) = (SpoolId(number), Arc::clone(bytes), entry.counts.spans);
            self.writes.push_back(SpoolCommand::Store { id, bytes, spans });
        }
        self.insert(number, entry);
        drafts.into_iter().for_each(|draft| self.remove_draft(settings.ledger(), draft));
    }

    /// Puts a part of what is not ready on disk; gives its number. It leaves only if this process dies.
    pub fn draft(&mut self, settings: &Settings, batch: &Batch) -> u64 {
        let number = self.number();
        let bytes = envelope::waiting(settings, batch).into();
        self.writes.push_back(SpoolCommand::Store { id: SpoolId(number), bytes, spans: batch.spans });
        self.drafts.insert(number, Box::new((batch.spans, Disk::Asked)));
        number
    }

    /// The oldest that may leave now and is in memory.
    pub fn first_fresh(&self, now: Timestamp) -> Option<(u64, Counts)> {
        self.in_memory()
            .find(|(_, entry)| entry.resume.is_none_or(|resume| resume <= now))
            .map(|(number, entry)| (number, entry.counts))
    }

    /// When the first of those in memory may leave.
    pub fn next_resume(&self) -> Option<Timestamp> {
        let mut first = None;
        for (_, entry) in self.in_memory() {
            let Some(resume) = entry.resume else { return Some(Timestamp::default()) };
            first = Some(first.map_or(resume, |first: Timestamp| first.min(resume)));
        }
        first
    }

    fn in_memory(&self) -> impl Iterator<Item = (u64, &Entry)> {
        self.fresh.iter().filter_map(|number| Some((*number, &**self.entries.get(number)?)))
    }

    /// Whether so many bytes of memory are to be had without a loss: what goes first is on disk.
    pub fn is_backed(&self, bytes: usize) -> bool {
        let mut freed = 0;
        let stored = self.in_memory().take_while(|(_, entry)| entry.disk == Disk::Stored);
        stored.map(|(_, entry)| entry.behind()).any(|behind| {
            freed += behind;
            freed >= bytes
        })
    }

    /// Somebody cannot wait: everything in memory may leave now, and everything on disk may be read.
    pub fn hurry(&mut self) {
        self.read_again(Timestamp::from_micros(i64::MAX));
        self.entries.values_mut().for_each(|entry| entry.resume = None);
    }

    /// It leaves.
    pub fn depart(&mut self, number: u64) -> Option<&Entry> {
        self.withdraw(number);
        let entry = &mut **self.entries.get_mut(&number)?;
        entry.is_in_flight = true;
        self.copied += entry.held();
        Some(entry)
    }

    /// It was answered: nothing of it is kept.
    pub fn arrive(&mut self, ledger: &Ledger, number: u64) -> Option<Counts> {
        self.is_down = false;
        self.remove(ledger, number)
    }

    /// It met no server; true where it may try again, after a while.
    pub fn come_back(&mut self, number: u64, failure: Failure) -> bool {
        self.is_down = failure.is_down;
        let Some(entry) = self.entries.get_mut(&number) else { return false };
        entry.is_in_flight = false;
        entry.tries += 1;
        entry.resume = Some(failure.resume(entry.tries));
        self.copied = self.copied.saturating_sub(entry.held());
        let may_try_again = entry.disk == Disk::Stored || entry.tries < MAX_TRIES;
        if may_try_again {
            self.refresh(number);
        }
        if self.has_spool && failure.is_down {
            let fresh: Vec<u64> = self.fresh.iter().copied().collect();
            for number in fresh {
                self.withdraw(number);
                self.refresh(number);
            }
        }
        may_try_again
    }

    /// The server does not want it now: on disk it waits.
    pub fn refuse(&mut self, ledger: &Ledger, number: u64, reason: Reason) {
        if self.entries.get(&number).is_some_and(|entry| entry.disk == Disk::Stored) {
            self.withdraw(number);
            self.put_away(number);
        } else {
            self.lose(ledger, number, reason);
        }
    }

    /// It does not leave.
    pub fn lose(&mut self, ledger: &Ledger, number: u64, reason: Reason) {
        if let Some(counts) = self.remove(ledger, number) {
            counts.lose(ledger, reason);
        }
    }

    /// The host has written it, or could not: then it leaves from memory.
    pub fn store(&mut self, ledger: &Ledger, number: u64, is_stored: bool) {
        if let Some((spans, disk)) = self.drafts.get_mut(&number).map(|draft| &mut **draft) {
            if is_stored {
                *disk = Disk::Stored;
                ledger.spool(*spans);
            } else {
                self.drafts.remove(&number);
            }
            return;
        }
        let Some(entry) = self.entries.get_mut(&number).filter(|entry| entry.disk == Disk::Asked) else {
            // A draft that was overtaken.
            if is_stored && !self.entries.contains_key(&number) {
                self.writes.push_back(SpoolCommand::Remove { id: SpoolId(number) });
            }
            return;
        };
        entry.disk = if is_stored { Disk::Stored } else { Disk::Nothing };
        if is_stored {
            ledger.spool(entry.counts.spans);
        } else if let Some(reason) = self.given_up {
            return self.lose(ledger, number, reason);
        }
        self.refresh(number);
    }

    /// The host made room on its disk: what is only there is lost.
    pub fn evict(&mut self, ledger: &Ledger, number: u64) {
        if let Some((spans, Disk::Stored)) = self.drafts.remove(&number).map(|draft| *draft) {
            return ledger.unspool(spans);
        }
        self.forget_on_disk(number, ledger);
        let Some(entry) = self.entries.get(&number) else { return };
        if !entry.is_here() {
            self.lose(ledger, number, Reason::CacheOverflow);
        } else if !entry.is_in_flight {
            self.withdraw(number);
            self.refresh(number);
        }
    }

    /// Makes room in memory, for the oldest first. What is on disk stays there; else the whole trace is lost, and
    /// its id is given back so that the rest of it can go too. `None` where there is nothing to take.
    pub fn shed(&mut self, ledger: &Ledger) -> Option<Option<TraceId>> {
        let number = *self.fresh.first()?;
        let entry = self.entries.get(&number)?;
        let trace_id = entry.trace_id;
        if entry.disk == Disk::Stored {
            self.withdraw(number);
            self.put_away(number);
            return Some(None);
        }
        let whole = trace_id.and_then(|trace_id| self.traces.get(&trace_id)).cloned().unwrap_or_default();
        for number in whole.into_iter().chain([number]) {
            self.lose(ledger, number, Reason::QueueOverflow);
        }
        Some(trace_id)
    }

    /// Gives up what is in memory alone; what is on its way to disk may still reach it.
    pub fn discard(&mut self, ledger: &Ledger, reason: Reason) {
        self.given_up = Some(reason);
        self.commands.retain(|command| !matches!(command, SpoolCommand::Load { .. }));
        self.lose_all(ledger, Disk::Nothing, reason);
    }

    /// ... and what is on its way. Drafts of it stay where they are.
    pub fn give_up_disk(&mut self, ledger: &Ledger, reason: Reason) {
        self.writes.clear();
        self.lose_all(ledger, Disk::Asked, reason);
    }

    fn lose_all(&mut self, ledger: &Ledger, disk: Disk, reason: Reason) {
        let such = self.entries.iter().filter(|(_, entry)| entry.disk == disk);
        let numbers: Vec<u64> = such.map(|(number, _)| *number).collect();
        numbers.into_iter().for_each(|number| self.lose(ledger, number, reason));
    }

    /// The next thing for the host to do with its folder.
    pub fn poll_spool(&mut self) -> Option<SpoolCommand> {
        self.commands.pop_front().or_else(|| self.writes.pop_front())
    }

    /// The same, without what takes long.
    pub fn poll_spool_quick(&mut self) -> Option<SpoolCommand> {
        self.commands.pop_front()
    }

    /// Bytes of memory that everything takes, without the requests under way.
    pub const fn held(&self) -> usize {
        self.bytes
    }

    /// ... and those of them that it takes to know what is on disk: nothing frees them but a server.
    pub fn frames(&self) -> usize {
        if self.has_spool { self.entries.len() * FRAME_BYTES } else { 0 }
    }

    /// Bytes of the requests under way.
    pub const fn copied(&self) -> usize {
        self.copied
    }

    /// The number of the oldest that has not been answered.
    pub fn oldest(&self) -> Option<u64> {
        self.entries.first_key_value().map(|(number, _)| *number)
    }

    /// The number that the next one will have.
    pub const fn next_number(&self) -> u64 {
        self.next
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn insert(&mut self, number: u64, entry: Entry) {
        self.bytes += entry.held();
        self.entries.insert(number, Box::new(entry));
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(&number) {
            let before = entry.held();
            change(entry);
            self.bytes = self.bytes.saturating_sub(before) + entry.held();
        }
    }

    /// It may leave: at once, or after what is fresh.
    fn refresh(&mut self, number: u64) {
        let Some(entry) = self.entries.get(&number) else { return };
        if self.is_down && entry.disk == Disk::Stored {
            self.put_away(number);
            return;
        }
        if let Some(trace_id) = entry.trace_id {
            self.traces.entry(trace_id).or_default().insert(number);
        }
        self.fresh.insert(number);
    }

    /// It may not leave for now.
    fn withdraw(&mut self, number: u64) {
        self.fresh.remove(&number);
        self.backlog.remove(number);
        let Some(entry) = self.entries.get(&number) else { return };
        if let Some(resume) = entry.resume {
            self.unread.remove(&(resume, number));
        }
        let Some(trace_id) = entry.trace_id else { return };
        if let Some(numbers) = self.traces.get_mut(&trace_id) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.traces.remove(&trace_id);
            }
        }
    }

    fn forget_on_disk(&mut self, number: u64, ledger: &Ledger) {
        if let Some(entry) = self.entries.get_mut(&number).filter(|entry| entry.disk == Disk::Stored) {
            entry.disk = Disk::Nothing;
            ledger.unspool(entry.counts.spans);
        }
    }

    fn remove_draft(&mut self, ledger: &Ledger, number: u64) {
        if let Some((spans, Disk::Stored)) = self.drafts.remove(&number).map(|draft| *draft) {
            ledger.unspool(spans);
            // Not before what it is a draft of has been written.
            self.writes.push_back(SpoolCommand::Remove { id: SpoolId(number) });
        }
    }

    fn remove(&mut self, ledger: &Ledger, number: u64) -> Option<Counts> {
        self.withdraw(number);
        let entry = self.entries.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(entry.held());
        if entry.is_in_flight {
            self.copied = self.copied.saturating_sub(entry.held());
        }
        if entry.disk == Disk::Stored {
            ledger.unspool(entry.counts.spans);
            self.commands.push_back(SpoolCommand::Remove { id: SpoolId(number) });
        }
        Some(entry.counts)
    }
}
