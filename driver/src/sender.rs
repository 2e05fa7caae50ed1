//! The threads that wait for servers, so that reading, counting and storing never do. There is one, and more as long as
//! more may leave than one after the other would.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering::SeqCst},
    time::Duration,
};

use spanwire::{config::MAX_IN_FLIGHT, delivery::Transmit};

use crate::{
    disk::Quickly,
    inner::{Inner, lock},
    spotlight, worker,
};

/// The threads that wait for servers.
#[derive(Default)]
pub struct Senders {
    alive: usize,
    /// Those that wait for something to do.
    resting: usize,
    is_roused: bool,
}

/// How long a thread more than one waits for something to do before it goes, 10 s: a burst comes in several parts.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts a sender, unless there are as many as requests may be under way; false where the system gives no thread.
pub fn spawn(inner: &Arc<Inner>) -> bool {
    {
        let mut senders = lock(&inner.senders);
        if senders.alive >= MAX_IN_FLIGHT {
            return true;
        }
        senders.alive += 1;
    }
    let is_there = worker::start("spanwire-send", inner, run);
    if !is_there {
        lock(&inner.senders).alive -= 1;
    }
    is_there
}

fn run(inner: &Arc<Inner>) {
    while !inner.is_closed.load(SeqCst) {
        if send_one(inner, Some(inner)) {
            stir(inner);
        } else if !rest(inner) {
            return;
        }
    }
    lock(&inner.senders).alive -= 1;
    inner.send.notify_all();
}

/// Waits until all of them have seen that there is nothing to do any more, for so long at most.
pub fn wait_until_gone(inner: &Inner, patience: Duration) {
    let senders = lock(&inner.senders);
    drop(inner.send.wait_timeout_while(senders, patience, |senders| senders.alive > 0));
}

/// Lets a sender look for something to do.
pub fn rouse(inner: &Inner) {
    lock(&inner.senders).is_roused = true;
    inner.send.notify_one();
}

/// ... and calls another one where all of them wait for an answer and something may leave beside that.
pub fn rouse_or_call(inner: &Arc<Inner>) {
    rouse(inner);
    let alive = lock(&inner.senders).alive;
    let is_needed = {
        let mut client = lock(&inner.client);
        alive <= client.under_way() && client.may_transmit(inner.clock.now())
    };
    if is_needed && inner.transport.is_http() {
        spawn(inner);
    }
}

/// Lets all of them see that there is nothing to do any more.
pub fn rouse_all(inner: &Inner) {
    rouse(inner);
    inner.send.notify_all();
}

/// Until it is roused; false where there was nothing to do for a while, and another sender is there.
fn rest(inner: &Inner) -> bool {
    let mut senders = lock(&inner.senders);
    senders.resting += 1;
    let mut is_late = false;
    while !std::mem::take(&mut senders.is_roused) && !inner.is_closed.load(SeqCst) {
        if is_late && senders.alive > 1 {
            senders.resting -= 1;
            senders.alive -= 1;
            return false;
        }
        if senders.alive == 1 {
            senders = inner.send.wait(senders).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let (guard, timeout) =
            inner.send.wait_timeout(senders, PATIENCE).unwrap_or_else(PoisonError::into_inner);
        (senders, is_late) = (guard, timeout.timed_out());
    }
    senders.resting -= 1;
    true
}

/// While one waits for an answer, another one sends what may leave as well.
fn call_another(inner: &Arc<Inner>) {
    let is_one_there = lock(&inner.senders).resting > 0;
    if is_one_there {
        rouse(inner);
    } else {
        spawn(inner);
    }
}

/// Tells the worker that something has left the client: what it waits for may be another time now.
fn stir(inner: &Inner) {
    lock(&inner.queue).is_stirred = true;
    inner.wake.notify_one();
}

/// Makes every request that may be made now; whether there was anything to do.
pub fn send_all(inner: &Inner) -> bool {
    let has_sent = send_one(inner, None);
    while has_sent && send_one(inner, None) {}
    has_sent
}

/// Makes the next request, or brings back what is needed for it. False where there is nothing to do now. Whoever
/// flushes is told when nothing of that waits any more, also while more comes than can be sent. Where there are
/// `others`, one of them sends what may leave meanwhile.
fn send_one(inner: &Inner, others: Option<&Arc<Inner>>) -> bool {
    // Before the look at the client: what these flushes are about is there already.
    let begun = lock(&inner.queue).flushes_begun;
    let (transmit, is_flushed, is_more) = {
        let (mut client, now) = (lock(&inner.client), inner.clock.now());
        (client.poll_transmit(now), client.is_flushed(), client.may_transmit(now))
    };
    if is_flushed {
        answer(inner, begun);
    }
    if let Some(transmit) = transmit {
        if let Some(others) = others.filter(|_| is_more && inner.transport.is_http()) {
            call_another(others);
        }
        send(inner, transmit);
        look_at_disk(inner, others);
        return true;
    }
    look_at_disk(inner, others)
}

/// Does with the disk what is needed to go on; whether there was anything to do. Beside the worker nobody waits for what
/// that writes.
fn look_at_disk(inner: &Inner, worker: Option<&Arc<Inner>>) -> bool {
    if worker.is_none() {
        return inner.disk.obey(inner);
    }
    let came = inner.disk.obey_quickly(inner);
    if came == Quickly::Busy {
        // It may have looked for the last time.
        stir(inner);
    }
    came == Quickly::Done
}

/// Tells whoever flushed that nothing of it waits any more.
fn answer(inner: &Inner, begun: u64) {
    let mut queue = lock(&inner.queue);
    if queue.flushes_answered < begun {
        queue.flushes_answered = begun;
        inner.answered.notify_all();
    }
}

/// Makes one request. The client is not locked meanwhile.
fn send(inner: &Inner, mut transmit: Transmit) {
    let answer = inner.transport.send(&mut transmit);
    if let Err(error) = &answer
        && inner.settings.is_spotlight()
    {
        spotlight::say_away(&transmit.url, error);
    }
    let now = inner.clock.now();
    let mut client = lock(&inner.client);
    match answer {
        Ok(answer) => {
            let headers = answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            client.handle_response(now, transmit.id, answer.status, headers);
        }
        Err(error) => client.handle_failure(now, transmit.id, &error, inner.entropy.fraction()),
    }
    drop(client);
    worker::say(inner);
}
