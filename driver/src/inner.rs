//! What one process holds of one `init`: the queue that hosts push into, and the client behind it.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use spanwire::{
    client::{Client, Settings},
    config::GATHERED_BYTES,
    delivery::{Inbox, Reason, Waiting},
};

use crate::{
    GENERATION,
    clock::Clock,
    disk::Disk,
    entropy::Entropy,
    hooks::Hooks,
    route::Route,
    sender::{self, Senders},
    spotlight::Spotlight,
    transport::Transport,
    worker,
};

pub struct Inner {
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub entropy: Entropy,
    pub transport: Transport,
    pub hooks: Hooks,
    pub client: Mutex<Client>,
    pub disk: Disk,
    pub spotlight: Option<Spotlight>,
    pub queue: Mutex<Queue>,
    /// Something was pushed or asked for, or has left the client: for the worker, with `queue`.
    pub wake: Condvar,
    /// A flush has been answered, or the worker has stopped: with `queue`.
    pub answered: Condvar,
    /// Something may be sent: for a sender, with `send`.
    pub senders: Mutex<Senders>,
    pub send: Condvar,
    /// Nothing is sent any more.
    pub is_closed: AtomicBool,
    said: Mutex<BTreeSet<String>>,
    generation: u64,
}

/// Between the host's threads and the worker.
#[derive(Default)]
pub struct Queue {
    pub finished: Inbox,
    /// The worker looks here soon by itself: to wake it costs the host more than everything else of a span.
    pub is_awake: bool,
    /// It was told that it need not gather more.
    pub is_pressed: bool,
    /// Flushes asked for, begun and answered, as counts: a flush waits for its own number.
    pub flushes_asked: u64,
    pub flushes_begun: u64,
    pub flushes_answered: u64,
    /// Something has left the client.
    pub is_stirred: bool,
    /// There is a worker.
    pub is_running: bool,
    /// Nothing will come any more: what waits for its segment need not.
    pub is_closing: bool,
    pub stop: bool,
}

impl Inner {
    pub fn new(settings: Settings, hooks: Hooks, route: Route) -> Self {
        let choice = settings.options().transport.clone();
        let transport = Transport::new(choice, hooks.transport.clone(), route);
        Self::with(Arc::new(settings), transport, hooks)
    }

    /// The same `init` in a forked child: own counts, own randomness, nothing queued.
    pub fn for_child(&self) -> Self {
        let settings = self.settings.again();
        Self::with(Arc::new(settings), self.transport.for_child(), self.hooks.clone())
    }

    fn with(settings: Arc<Settings>, transport: Transport, hooks: Hooks) -> Self {
        let testing = settings.options().testing.as_ref();
        let client = match settings.options().spool_dir {
            Some(_) => Client::with_spool(Arc::clone(&settings)),
            None => Client::new(Arc::clone(&settings)),
        };
        Self {
            clock: Clock::new(testing.map(|testing| testing.clock)),
            entropy: Entropy::new(testing),
            transport,
            hooks,
            client: Mutex::new(client),
            disk: Disk::default(),
            spotlight: Spotlight::beside(&settings),
            queue: Mutex::default(),
            wake: Condvar::new(),
            answered: Condvar::new(),
            senders: Mutex::default(),
            send: Condvar::new(),
            is_closed: AtomicBool::new(false),
            said: Mutex::default(),
            generation: GENERATION.load(SeqCst),
            settings,
        }
    }

    /// Whether a fork has made this the parent's.
    fn is_foreign(&self) -> bool {
        self.generation != GENERATION.load(SeqCst)
    }

    /// Takes over what has ended; the host's work ends here.
    pub fn push(self: &Arc<Self>, ended: impl Into<Waiting>) {
        let ended = ended.into();
        if self.is_foreign() {
            return;
        }
        let mut queue = lock(&self.queue);
        if queue.stop {
            ended.lose(&self.settings, Reason::QueueOverflow);
            return;
        }
        queue.finished.push(&self.settings, ended);
        if self.is_inline() {
            return;
        }
        let is_much = queue.finished.bytes() >= GATHERED_BYTES;
        let wakes = !queue.is_awake || (is_much && !queue.is_pressed);
        if wakes {
            queue.is_awake = true;
            queue.is_pressed = is_much;
        }
        if !queue.is_running {
            queue.is_running = worker::spawn(self);
        }
        drop(queue);
        if wakes {
            // Not under the lock, which is the first thing that the worker asks for.
            self.wake.notify_one();
        }
    }

    /// With the testing option nothing runs in the background.
    pub fn is_inline(&self) -> bool {
        self.settings.options().testing.is_some()
    }

    /// Sends what waits; true when all of it is gone. `may_wait` is asked now and then, and ends the wait.
    pub fn flush(self: &Arc<Self>, timeout: Duration, may_wait: &dyn Fn() -> bool) -> bool {
        if self.is_foreign() {
            return true;
        }
        // A wait without end where the clock cannot hold it.
        let deadline = Instant::now().checked_add(timeout);
        let is_gone = self.flush_until(deadline, may_wait);
        if let Some(spotlight) = &self.spotlight {
            spotlight.flush(self, deadline);
        }
        is_gone
    }

    fn flush_until(self: &Arc<Self>, deadline: Option<Instant>, may_wait: &dyn Fn() -> bool) -> bool {
        /// Soon enough for somebody who presses a key.
        const GLANCE: Duration = Duration::from_millis(100);
        if self.is_inline() {
            return worker::drain(self);
        }
        let mut queue = lock(&self.queue);
        if !queue.is_running {
            if !queue.finished.is_empty() {
                // It could not be made: then the caller's thread does it.
                drop(queue);
                return worker::drain(self);
            }
            // No worker has ever been needed. At the end one may have to report what was lost before that: spans
            // that were not sampled.
            let is_needed = queue.is_closing && !queue.stop && self.settings.ledger().owes_report();
            queue.is_running =
                is_needed && self.settings.options().send_client_reports && worker::spawn(self);
            if !queue.is_running {
                return true;
            }
        }
        queue.flushes_asked += 1;
        let number = queue.flushes_asked;
        self.wake.notify_one();
        while queue.flushes_answered < number && queue.is_running {
            let left = match deadline {
                Some(deadline) => deadline.checked_duration_since(Instant::now()),
                None => Some(Duration::MAX),
            };
            let Some(left) = left else { return false };
            let waited = self.answered.wait_timeout(queue, left.min(GLANCE));
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            queue = guard;
            if timeout.timed_out() {
                // Whoever is asked may end spans.
                drop(queue);
                if !may_wait() {
                    return false;
                }
                queue = lock(&self.queue);
            }
        }
        queue.flushes_answered >= number
    }

    /// Sends what waits and takes nothing more. What is left is counted as lost; with a spool it stays on disk, for
    /// the next process.
    pub fn close(self: &Arc<Self>, timeout: Duration, may_wait: &dyn Fn() -> bool) -> bool {
        if self.is_foreign() {
            return true;
        }
        lock(&self.queue).is_closing = true;
        self.disk.hurry();
        let is_gone = self.flush(timeout, may_wait);
        {
            let mut queue = lock(&self.queue);
            queue.stop = true;
            self.wake.notify_one();
        }
        self.is_closed.store(true, SeqCst);
        sender::rouse_all(self);
        self.leave_hooks();
        if self.settings.options().spool_dir.is_some() {
            worker::take_over(self, false);
        }
        worker::lose_unread(self, Reason::NetworkError);
        lock(&self.client).discard(Reason::NetworkError);
        Disk::close(self);
        if let Some(spotlight) = &self.spotlight {
            spotlight.close();
        }
        is_gone
    }

    /// Waits until no thread of ours is in a function of the host, which may be gone a moment later: a thread that comes
    /// back from there into an interpreter that has ended takes the process with it.
    fn leave_hooks(&self) {
        /// As long as nobody minds at the end of a process; a function that takes longer is left behind.
        const PATIENCE: Duration = Duration::from_secs(1);
        if self.is_inline() {
            return;
        }
        if self.hooks.before_send_span.is_some() {
            let queue = lock(&self.queue);
            drop(self.answered.wait_timeout_while(queue, PATIENCE, |queue| queue.is_running));
        }
        if self.hooks.transport.is_some() {
            sender::wait_until_gone(self, PATIENCE);
        }
    }

    /// Says something in debug mode, each thing once.
    pub fn notice(&self, notice: &str) {
        if self.settings.options().debug && lock(&self.said).insert(notice.to_owned()) {
            eprintln!("spanwire: {notice}");
        }
    }
}

/// A lock whose holder panicked still guards counters and queues that make sense.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
