//! What the client keeps on disk: its commands, carried out in the spool's folder.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock, TryLockError,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use spanwire::{
    config::{DISK_TIMEOUT, SPOOL_LOOK},
    delivery::{Reason, SpoolCommand, SpoolId},
};

use crate::{
    inner::{Inner, lock},
    sender,
    spool::{Entry, EntryId, Limits, LoadError, Lock, Spool},
};

/// The folder of the option `spool_dir`, if there is one. Whoever uses it holds no other lock.
pub struct Disk {
    state: Mutex<State>,
    /// Beside the state, whose lock a forked child must not wait for.
    owner: OnceLock<Lock>,
    /// How often what dead processes left is looked for.
    look_every: Duration,
    limits: Limits,
    /// How long the end waits for it.
    patience: Duration,
    /// That end has come.
    is_ending: AtomicBool,
}

impl Default for Disk {
    fn default() -> Self {
        let (look_every, limits, patience) = (SPOOL_LOOK, Limits::default(), DISK_TIMEOUT);
        let (state, owner, is_ending) = (Mutex::default(), OnceLock::new(), AtomicBool::new(false));
        Self { state, owner, look_every, limits, patience, is_ending }
    }
}

/// What came of a look at the disk by a thread that may not wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quickly {
    /// There was nothing to do.
    Nothing,
    /// It was done.
    Done,
    /// Somebody else is there, who does it.
    Busy,
}

#[derive(Default)]
enum State {
    /// Nothing exists before the first span.
    #[default]
    Unopened,
    Open(Box<Open>),
    /// It could not be opened; that is tried again then.
    Away(Instant),
    /// There is no folder, or no more.
    Shut,
}

struct Open {
    spool: Spool,
    entries: BTreeMap<SpoolId, EntryId>,
    ids: BTreeMap<EntryId, SpoolId>,
    /// When to look for what dead processes left.
    look_at: Instant,
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

    /// Reads and removes what the client asks for, if nobody is at the disk: a thread that has something to send does not
    /// wait for what is written.
    pub fn obey_quickly(&self, inner: &Inner) -> Quickly {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Quickly::Busy,
        };
        let mut done = Quickly::Nothing;
        loop {
            let Some(command) = lock(&inner.client).poll_spool_quick() else { return done };
            done = Quickly::Done;
            state.carry_out(inner, command);
        }
    }

    /// The end of the process begins: it has little time.
    pub fn hurry(&self) {
        self.is_ending.store(true, SeqCst);
    }

    /// Looks again, where it is time, for what processes left that have died since, or for a folder that could not be
    /// opened; the caller then obeys.
    pub fn look_again(&self, inner: &Inner) {
        let mut state = lock(&self.state);
        if state.look_at().is_none_or(|look_at| look_at > Instant::now()) {
            return;
        }
        match &mut *state {
            State::Open(open) => open.look(inner, self.look_every),
            _ => *state = self.open(inner),
        }
    }

    /// How long it is until [`Self::look_again`] has something to do.
    pub fn until_look(&self) -> Option<Duration> {
        let look_at = lock(&self.state).look_at()?;
        Some(look_at.saturating_duration_since(Instant::now()))
    }

    /// Carries out what is left to do, then lets go of the folder, so that another may take over what is in it. A disk
    /// that does not answer in its time is left behind, and what did not reach it is lost.
    pub fn close(inner: &Arc<Inner>) {
        let (tell, is_done) = mpsc::channel();
        let is_used = inner.settings.options().spool_dir.is_some() && !inner.is_inline();
        let is_apart = is_used && inner.settings.ledger().stats().started > 0 && {
            let inner = Arc::clone(inner);
            let close = move || {
                inner.disk.finish(&inner);
                let _ = tell.send(());
            };
            thread::Builder::new().name("spanwire-close".to_owned()).spawn(close).is_ok()
        };
        if !is_apart {
            inner.disk.finish(inner);
        } else if is_done.recv_timeout(inner.disk.patience).is_err() {
            lock(&inner.client).give_up_disk(Reason::NetworkError);
        }
    }

    fn finish(&self, inner: &Inner) {
        let mut state = lock(&self.state);
        while let Some(command) = poll(inner) {
            if matches!(*state, State::Unopened) {
                *state = self.open(inner);
            }
            state.carry_out(inner, command);
        }
        if let State::Open(open) = &mut *state {
            open.spool.catch_up();
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
        match Spool::open(Path::new(folder), self.limits, dsn, inner.entropy.number()) {
            Ok(spool) => {
                let _ = self.owner.set(spool.lock());
                if !spool.is_private() {
                    inner.notice(
                        "others may list, and perhaps remove, what is in `spool_dir`; they cannot read it",
                    );
                }
                let (entries, ids) = (BTreeMap::new(), BTreeMap::new());
                let mut open = Open { spool, entries, ids, look_at: Instant::now() };
                open.look(inner, self.look_every);
                State::Open(Box::new(open))
            }
            Err(error) => {
                inner.notice(&format!("the spool cannot be opened ({error}); name another `spool_dir`"));
                State::Away(Instant::now() + self.look_every)
            }
        }
    }
}

impl State {
    const fn look_at(&self) -> Option<Instant> {
        match self {
            Self::Open(open) => Some(open.look_at),
            Self::Away(look_at) => Some(*look_at),
            Self::Unopened | Self::Shut => None,
        }
    }

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
                if inner.disk.is_ending.load(SeqCst) {
                    self.spool.hurry();
                }
                let stored = self.spool.store(inner.clock.now(), &bytes, spans as u64);
                match stored {
                    Ok(stored) => {
                        self.name(id, stored.id);
                        lock(&inner.client).handle_stored(id, true);
                        // It need not wait for the next one.
                        sender::rouse(inner);
                        self.forget(inner, stored.evicted);
                    }
                    Err(error) => {
                        inner.notice(&error.to_string());
                        lock(&inner.client).handle_stored(id, false);
                    }
                }
            }
            SpoolCommand::Load { id } => self.load(inner, id),
            SpoolCommand::Remove { id } => self.remove(id),
        }
    }

    /// What cannot be read now stays: nothing is lost because the process has, for example, too many files open.
    fn load(&mut self, inner: &Inner, id: SpoolId) {
        let loaded = self.entries.get(&id).map_or(Err(LoadError::Gone), |entry| self.spool.load(*entry));
        if let Err(error) = &loaded {
            inner.notice(&error.to_string());
        }
        match loaded {
            Ok(bytes) => {
                lock(&inner.client).handle_loaded(id, Some(&bytes));
                sender::rouse(inner);
            }
            Err(LoadError::Io(_)) => lock(&inner.client).handle_unread(inner.clock.now(), id),
            Err(LoadError::Gone | LoadError::Torn) => {
                self.remove(id);
                lock(&inner.client).handle_loaded(id, None);
            }
        }
    }

    /// Takes over what dead processes left, and evicts what is too old.
    fn look(&mut self, inner: &Inner, every: Duration) {
        self.spool.keep();
        for entry in self.spool.claim_orphans() {
            self.name(find(inner, &entry), entry.id);
        }
        let evicted = self.spool.sweep(inner.clock.now());
        self.forget(inner, evicted);
        self.look_at = Instant::now() + every;
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
            let known = self.ids.remove(&entry.id);
            // Else a dead process left it, and it went before it was found.
            let id = known.unwrap_or_else(|| find(inner, &entry));
            self.entries.remove(&id);
            lock(&inner.client).handle_evicted(id);
        }
        let foreign = usize::try_from(self.spool.foreign()).unwrap_or(usize::MAX);
        if foreign > 0 {
            lock(&inner.client).handle_foreign_evicted(foreign);
        }
    }
}

fn find(inner: &Inner, entry: &Entry) -> SpoolId {
    let spans = usize::try_from(entry.spans).unwrap_or(usize::MAX);
    lock(&inner.client).handle_found(spans)
}

fn poll(inner: &Inner) -> Option<SpoolCommand> {
    lock(&inner.client).poll_spool()
}

#[cfg(test)]
mod tests {
    use std::{
        path::PathBuf,
        process::{Command, Stdio},
    };

    use arc_swap::ArcSwap;
    use spanwire::{
        config::Platform,
        span::{Kind, Start},
    };

    use super::*;
    use crate::{Callable, Driver, Hooks};

    /// Where the process that dies finds its folder.
    const FOLDER: &str = "SPANWIRE_TEST_FOLDER";
    /// Far more than two processes need; a test that waits this long has failed.
    const LONG: Duration = Duration::from_secs(30);

    /// Nobody listens there; whoever has `transport` sends another way.
    fn driver(folder: &str, transport: Option<Callable>) -> Driver {
        driver_with(folder, transport, |disk| disk.look_every = Duration::from_millis(50))
    }

    fn driver_with(folder: &str, transport: Option<Callable>, change: impl FnOnce(&mut Disk)) -> Driver {
        let way = if transport.is_some() { "callable" } else { "http" };
        let options = format!(
            r#"{{"dsn": "http://key@127.0.0.1:9/42", "spool_dir": {folder:?}, "transport": "{way}"}}"#
        );
        let hooks = Hooks { transport, ..Hooks::default() };
        let driver = Driver::new(options.as_bytes(), Platform::default(), hooks).unwrap();
        let mut inner = Arc::into_inner(driver.inner.into_inner()).unwrap();
        change(&mut inner.disk);
        Driver { inner: ArcSwap::from_pointee(inner) }
    }

    fn chat(driver: &Driver, subject: &str) {
        let start = Start {
            kind: Kind::of_call("chat").unwrap(),
            subject: Some(subject),
            name: None,
            origin: "manual",
            parent: None,
            scope: Arc::default(),
            sample_rate: None,
        };
        driver.start(&start).end(None);
    }

    fn until(is_so: impl Fn() -> bool) {
        let begin = Instant::now();
        while !is_so() {
            assert!(begin.elapsed() < LONG, "it does not come");
            thread::yield_now();
        }
    }

    #[test]
    #[ignore = "the process that dies"]
    fn the_process_that_dies() {
        let Ok(folder) = std::env::var(FOLDER) else { return };
        let driver = driver(&folder, None);
        chat(&driver, "left-behind");
        while driver.stats().spooled == 0 {
            thread::yield_now();
        }
        std::process::abort();
    }

    fn leave_behind(path: &str) {
        let mut dying = Command::new(std::env::current_exe().unwrap());
        dying.args(["--exact", "disk::tests::the_process_that_dies", "--ignored"]).env(FOLDER, path);
        let status = dying.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(!status.success(), "it was to die");
    }

    #[test]
    fn what_a_dead_process_left_and_has_to_go_is_counted() {
        let folder = std::env::temp_dir().join(format!("spanwire-evicted-{}", std::process::id()));
        let (end, ended) = mpsc::channel::<()>();
        let ended = Mutex::new(ended);
        // A server that does not answer.
        let transport: Callable = Arc::new(move |_| Err(format!("{:?}", lock(&ended).recv())));
        let living = driver_with(folder.to_str().unwrap(), Some(transport), |disk| {
            disk.look_every = LONG;
            disk.limits.bytes = 2 * 4096;
        });
        chat(&living, "mine");
        until(|| living.stats().spooled == 1);
        leave_behind(folder.to_str().unwrap());
        // The first of these drives out this process's own, which is under way.
        chat(&living, "second");
        until(|| living.stats().waiting == 1 && living.stats().spooled == 1);
        chat(&living, "third");
        until(|| !living.stats().lost.is_empty());
        let stats = living.stats();
        assert_eq!((stats.started, stats.waiting, stats.spooled), (4, 1, 2), "{stats:?}");
        assert_eq!(stats.lost["cache_overflow"], 1);
        drop(end);
        living.close(Some(Duration::ZERO));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn a_disk_that_is_written_to_holds_no_request_up() {
        let folder = std::env::temp_dir().join(format!("spanwire-busy-{}", std::process::id()));
        let (go, may_go) = mpsc::channel::<()>();
        let (sender, received) = mpsc::channel();
        let (may_go, sender) = (Mutex::new(may_go), Mutex::new(sender));
        let transport: Callable = Arc::new(move |_| {
            let _ = lock(&sender).send(());
            lock(&may_go).recv().map_err(|error| error.to_string())
        });
        let driver = driver(folder.to_str().unwrap(), Some(transport));
        chat(&driver, "first");
        chat(&driver, "second");
        until(|| driver.stats().spooled == 2);
        received.recv_timeout(LONG).unwrap();
        let inner = driver.inner.load_full();
        // As long as an envelope is written.
        let writing = lock(&inner.disk.state);
        go.send(()).unwrap();
        received.recv_timeout(LONG).unwrap();
        assert_eq!(driver.stats().sent, 1);
        go.send(()).unwrap();
        until(|| driver.stats().sent == 2);
        drop(writing);
        until(|| std::fs::read_dir(&folder).unwrap().count() == 1);
        driver.close(Some(LONG));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn a_disk_that_hangs_does_not_hold_the_end_up() {
        let folder = std::env::temp_dir().join(format!("spanwire-hangs-{}", std::process::id()));
        let path = folder.to_str().unwrap();
        let driver = Arc::new(driver_with(path, None, |disk| disk.patience = Duration::from_millis(50)));
        chat(&driver, "stored");
        until(|| driver.stats().spooled == 1);
        let inner = driver.inner.load_full();
        let hanging = lock(&inner.disk.state);
        chat(&driver, "not stored");
        let (tell, is_closed) = mpsc::channel();
        let closing = Arc::clone(&driver);
        thread::spawn(move || tell.send(closing.close(Some(Duration::ZERO))));
        assert_eq!(is_closed.recv_timeout(LONG), Ok(false));
        let stats = driver.stats();
        assert_eq!((stats.started, stats.waiting, stats.spooled), (2, 0, 1), "{stats:?}");
        assert_eq!(stats.lost["network_error"], 1);
        drop(hanging);
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn a_folder_that_cannot_be_opened_is_tried_again() {
        let path = std::env::temp_dir().join(format!("spanwire-away-{}", std::process::id()));
        std::fs::write(&path, "not a folder").unwrap();
        let driver = driver(path.to_str().unwrap(), None);
        chat(&driver, "before");
        until(|| driver.stats().waiting == 1 && driver.inner.load().disk.until_look().is_some());
        assert_eq!(driver.stats().spooled, 0);
        std::fs::remove_file(&path).unwrap();
        until(|| path.is_dir());
        chat(&driver, "after");
        until(|| driver.stats().spooled == 1);
        driver.close(Some(Duration::ZERO));
        let _ = std::fs::remove_dir_all(path);
    }

    #[test]
    fn a_process_that_lives_sends_what_another_one_left() {
        let folder = std::env::temp_dir().join(format!("spanwire-look-{}", std::process::id()));
        let path = folder.to_str().unwrap();
        let (sender, received) = mpsc::channel();
        let sender = Mutex::new(sender);
        let transport: Callable = Arc::new(move |envelope| {
            let text = String::from_utf8_lossy(envelope).into_owned();
            lock(&sender).send(text).map_err(|error| error.to_string())
        });
        let living = driver(path, Some(transport));
        chat(&living, "mine");
        assert!(received.recv_timeout(LONG).unwrap().contains("chat mine"));
        leave_behind(path);
        assert!(received.recv_timeout(LONG).unwrap().contains("chat left-behind"));
        assert!(living.flush(Some(LONG)));
        let stats = living.stats();
        assert_eq!((stats.started, stats.sent, stats.spooled), (2, 2, 0));
        living.close(Some(LONG));
        let _ = std::fs::remove_dir_all(PathBuf::from(path));
    }
}
