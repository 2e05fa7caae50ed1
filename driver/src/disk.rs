//! What the client keeps on disk: its commands, carried out in the spool's folder.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, OnceLock},
};

use spanwire::delivery::{SpoolCommand, SpoolId};

use crate::{
    inner::{Inner, lock},
    spool::{Entry, EntryId, Limits, Lock, Spool},
};

/// The folder of the option `spool_dir`, if there is one. Whoever uses it holds no other lock.
#[derive(Default)]
pub struct Disk {
    state: Mutex<State>,
    /// Beside the state, whose lock a forked child must not wait for.
    owner: OnceLock<Lock>,
}

#[derive(Default)]
enum State {
    /// Nothing exists before the first span.
    #[default]
    Unopened,
    Open(Box<Open>),
    /// There is no folder, or no more.
    Shut,
}

struct Open {
    spool: Spool,
    entries: BTreeMap<SpoolId, EntryId>,
    ids: BTreeMap<EntryId, SpoolId>,
}

impl Disk {
    /// Carries out what the client asks for; false where it asks for nothing. The first time what dead processes
    /// left is taken over.
    pub fn obey(&self, inner: &Inner) -> bool {
        let mut state = lock(&self.state);
        if matches!(*state, State::Unopened) {
            *state = self.open(inner);
        }
        let mut is_asked = false;
        while let Some(command) = poll(inner) {
            is_asked = true;
            state.carry_out(inner, command);
        }
        is_asked
    }

    /// Carries out what is left to do, then lets go of the folder, so that another may take over what is in it.
    pub fn close(&self, inner: &Inner) {
        let mut state = lock(&self.state);
        while let Some(command) = poll(inner) {
            if matches!(*state, State::Unopened) {
                *state = self.open(inner);
            }
            state.carry_out(inner, command);
        }
        *state = State::Shut;
        // The spool's own copy of the lock is gone with it; this is the last one.
        self.forget_owner();
    }

    /// To be called in a forked child, on what its parent had. Never waits.
    pub fn forget_in_child(&self) {
        self.forget_owner();
    }

    fn forget_owner(&self) {
        if let Some(owner) = self.owner.get() {
            owner.forget_in_child();
        }
    }

    /// Opens the folder, and takes over what dead processes left.
    fn open(&self, inner: &Inner) -> State {
        let Some(folder) = &inner.settings.options().spool_dir else { return State::Shut };
        let dsn = inner.settings.destination().map(|destination| destination.dsn.as_str());
        match Spool::open(Path::new(folder), Limits::default(), dsn, inner.entropy.number()) {
            Ok(mut spool) => {
                let _ = self.owner.set(spool.lock());
                let found = spool.claim_orphans();
                let mut open = Open { spool, entries: BTreeMap::new(), ids: BTreeMap::new() };
                for entry in found {
                    let spans = usize::try_from(entry.spans).unwrap_or(usize::MAX);
                    let id = lock(&inner.client).handle_found(spans);
                    open.name(id, entry.id);
                }
                let evicted = open.spool.sweep(inner.clock.now());
                open.forget(inner, evicted);
                State::Open(Box::new(open))
            }
            Err(error) => {
                inner.notice(&format!("the spool cannot be opened ({error}); name another `spool_dir`"));
                State::Shut
            }
        }
    }
}

impl State {
    /// Without a folder everything leaves from memory.
    fn carry_out(&mut self, inner: &Inner, command: SpoolCommand) {
        match (self, command) {
            (Self::Open(open), command) => open.carry_out(inner, command),
            (_, SpoolCommand::Store { id, .. }) => lock(&inner.client).handle_stored(id, false),
            (_, SpoolCommand::Load { id }) => lock(&inner.client).handle_loaded(id, None),
            (_, SpoolCommand::Remove { .. }) => {}
        }
    }
}

impl Open {
    fn carry_out(&mut self, inner: &Inner, command: SpoolCommand) {
        match command {
            SpoolCommand::Store { id, bytes, spans } => {
                let stored = self.spool.store(inner.clock.now(), &bytes, spans as u64);
                match stored {
                    Ok(stored) => {
                        self.name(id, stored.id);
                        lock(&inner.client).handle_stored(id, true);
                        self.forget(inner, stored.evicted);
                    }
                    Err(error) => {
                        inner.notice(&error.to_string());
                        lock(&inner.client).handle_stored(id, false);
                    }
                }
            }
            SpoolCommand::Load { id } => {
                let loaded = self.entries.get(&id).map(|entry| self.spool.load(*entry));
                if let Some(Err(error)) = &loaded {
                    inner.notice(&error.to_string());
                }
                let bytes = loaded.and_then(Result::ok);
                if bytes.is_none() {
                    self.remove(id);
                }
                lock(&inner.client).handle_loaded(id, bytes.as_deref());
            }
            SpoolCommand::Remove { id } => self.remove(id),
        }
    }

    fn name(&mut self, id: SpoolId, entry: EntryId) {
        self.entries.insert(id, entry);
        self.ids.insert(entry, id);
    }

    fn remove(&mut self, id: SpoolId) {
        if let Some(entry) = self.entries.remove(&id) {
            self.ids.remove(&entry);
            self.spool.remove(entry);
        }
    }

    /// The folder made room.
    fn forget(&mut self, inner: &Inner, evicted: Vec<Entry>) {
        for entry in evicted {
            if let Some(id) = self.ids.remove(&entry.id) {
                self.entries.remove(&id);
                lock(&inner.client).handle_evicted(id);
            }
        }
    }
}

fn poll(inner: &Inner) -> Option<SpoolCommand> {
    lock(&inner.client).poll_spool()
}
