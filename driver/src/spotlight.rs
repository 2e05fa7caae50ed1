//! Spotlight beside the main destination: a client and a thread of its own, never in the way.

use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use spanwire::{
    client::{Client, Settings},
    config::{SPOTLIGHT_PATIENCE, TransportChoice, spotlight_is_away},
    delivery::Transmit,
    span::{Finished, Prepared},
};

use crate::{
    inner::{Inner, lock},
    route::Route,
    transport::Transport,
};

pub struct Spotlight {
    settings: Arc<Settings>,
    client: Mutex<Client>,
    transport: Transport,
    thread: Mutex<Thread>,
    /// Something was handed over, or asked for.
    wake: Condvar,
    /// A request was answered, or met nobody.
    answered: Condvar,
    /// It was not met the last time: nobody waits for it.
    is_away: AtomicBool,
}

#[derive(Default)]
struct Thread {
    is_running: bool,
    is_roused: bool,
    stop: bool,
}

impl Spotlight {
    /// `None` where there is to be none.
    pub fn beside(settings: &Settings) -> Option<Self> {
        let settings = Arc::new(settings.for_spotlight()?);
        Some(Self {
            client: Mutex::new(Client::new(Arc::clone(&settings))),
            settings,
            // It is on this machine or near: no proxy.
            transport: Transport::new(TransportChoice::Http, None, Route::default()),
            thread: Mutex::default(),
            wake: Condvar::new(),
            answered: Condvar::new(),
            is_away: AtomicBool::new(false),
        })
    }

    /// Takes a copy of a finished span.
    pub fn take(&self, inner: &Arc<Inner>, finished: &Finished) {
        let prepared = Prepared::of(finished.for_spotlight(), &self.settings);
        lock(&self.client).handle_prepared(inner.clock.now(), prepared);
        self.rouse(inner);
    }

    /// Sends what waits; waits for it for a moment, as long as it is there, and until `deadline` at most.
    pub fn flush(&self, inner: &Arc<Inner>, deadline: Option<Instant>) {
        let patience = Instant::now().checked_add(SPOTLIGHT_PATIENCE);
        let deadline = [deadline, patience].into_iter().flatten().min();
        lock(&self.client).handle_flush();
        let is_running = lock(&self.thread).is_running;
        if !is_running {
            return self.send_all(inner);
        }
        self.is_away.store(false, Relaxed);
        self.rouse(inner);
        let mut thread = lock(&self.thread);
        while thread.is_running && !self.is_away.load(Relaxed) && !lock(&self.client).is_flushed() {
            let left = match deadline {
                Some(deadline) => deadline.checked_duration_since(Instant::now()),
                None => Some(Duration::MAX),
            };
            let Some(left) = left else { return };
            thread = self.answered.wait_timeout(thread, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Nothing will come any more.
    pub fn close(&self) {
        lock(&self.thread).stop = true;
        self.wake.notify_one();
    }

    /// What waits for its segment goes without it.
    pub fn handle_close(&self) {
        lock(&self.client).handle_close();
    }

    /// With the testing option nothing runs in the background: what waits goes with a flush.
    fn rouse(&self, inner: &Arc<Inner>) {
        if inner.is_inline() {
            return;
        }
        let mut thread = lock(&self.thread);
        thread.is_roused = true;
        self.wake.notify_one();
        if !thread.is_running {
            let inner = Arc::clone(inner);
            let name = "spanwire-spotlight".to_owned();
            thread.is_running = thread::Builder::new()
                .name(name)
                .spawn(move || {
                    if let Some(spotlight) = &inner.spotlight {
                        spotlight.run(&inner);
                    }
                })
                .is_ok();
        }
    }

    fn run(&self, inner: &Inner) {
        while self.wait(inner) {
            self.send_all(inner);
        }
        lock(&self.thread).is_running = false;
        self.answered.notify_all();
    }

    /// Sleeps until there may be something to send; false when it is time to stop.
    fn wait(&self, inner: &Inner) -> bool {
        let mut thread = lock(&self.thread);
        loop {
            if thread.stop {
                return false;
            }
            let deadline = lock(&self.client).poll_timeout();
            let pause = deadline.map(|deadline| deadline.since(inner.clock.now()));
            if std::mem::take(&mut thread.is_roused) || pause == Some(Duration::ZERO) {
                return true;
            }
            thread = match pause {
                Some(pause) => {
                    self.wake.wait_timeout(thread, pause).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.wake.wait(thread).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn send_all(&self, inner: &Inner) {
        lock(&self.client).handle_timeout(inner.clock.now());
        loop {
            let transmit = lock(&self.client).poll_transmit(inner.clock.now());
            let Some(transmit) = transmit else { return };
            self.send(inner, transmit);
            // Under the lock, so that nobody looks just before and sleeps just after.
            drop(lock(&self.thread));
            self.answered.notify_all();
        }
    }

    fn send(&self, inner: &Inner, mut transmit: Transmit) {
        let answer = self.transport.send(&mut transmit);
        let now = inner.clock.now();
        let mut client = lock(&self.client);
        self.is_away.store(answer.is_err(), Relaxed);
        match answer {
            Ok(answer) => client.handle_response(now, transmit.id, answer.status, std::iter::empty()),
            Err(error) => {
                say_away(&transmit.url, &error);
                client.handle_failure(now, transmit.id, &error, inner.entropy.fraction());
            }
        }
    }
}

/// Says once that nobody is there.
pub fn say_away(url: &str, error: &str) {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if !IS_SAID.swap(true, Relaxed) {
        eprintln!("spanwire: {}", spotlight_is_away(url, error));
    }
}
