//! The thread that waits for servers, so that reading, counting and storing never do.

use std::sync::{Arc, PoisonError, atomic::Ordering::SeqCst};

use spanwire::delivery::Transmit;

use crate::{
    inner::{Inner, lock},
    spotlight, worker,
};

/// Starts the sender; false where the system gives no thread.
pub fn spawn(inner: &Arc<Inner>) -> bool {
    worker::start("spanwire-send", inner, run)
}

fn run(inner: &Arc<Inner>) {
    while !inner.is_closed.load(SeqCst) {
        if send_one(inner) {
            stir(inner);
        } else {
            rest(inner);
        }
    }
}

/// Lets the sender look for something to do.
pub fn rouse(inner: &Inner) {
    *lock(&inner.is_roused) = true;
    inner.send.notify_one();
}

/// Until it is roused.
fn rest(inner: &Inner) {
    let mut is_roused = lock(&inner.is_roused);
    while !std::mem::take(&mut *is_roused) {
        is_roused = inner.send.wait(is_roused).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Tells the worker that something has left the client: what it waits for may be another time now.
fn stir(inner: &Inner) {
    lock(&inner.queue).is_stirred = true;
    inner.wake.notify_one();
}

/// Makes every request that may be made now; whether there was anything to do.
pub fn send_all(inner: &Inner) -> bool {
    let has_sent = send_one(inner);
    while has_sent && send_one(inner) {}
    has_sent
}

/// Makes the next request, or brings back what is needed for it. False where there is nothing to do now. Whoever
/// flushes is told when nothing of that waits any more, also while more comes than can be sent.
fn send_one(inner: &Inner) -> bool {
    // Before the look at the client: what these flushes are about is there already.
    let begun = lock(&inner.queue).flushes_begun;
    let (transmit, is_flushed) = {
        let mut client = lock(&inner.client);
        (client.poll_transmit(inner.clock.now()), client.is_flushed())
    };
    if is_flushed {
        answer(inner, begun);
    }
    if let Some(transmit) = transmit {
        send(inner, transmit);
        inner.disk.obey(inner);
        return true;
    }
    inner.disk.obey(inner)
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
