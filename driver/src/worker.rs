//! The thread where everything slow happens: reading, writing, sending.

use std::{
    sync::{Arc, PoisonError},
    thread,
    time::Duration,
};

use spanwire::{client::Client, delivery::Transmit};

use crate::{
    hooks::prepare,
    inner::{Inner, lock},
};

/// Starts the worker; false where the system gives no thread.
pub fn spawn(inner: &Arc<Inner>) -> bool {
    let inner = Arc::clone(inner);
    thread::Builder::new().name("spanwire".to_owned()).spawn(move || run(&inner)).is_ok()
}

fn run(inner: &Inner) {
    while let Some(flush) = wait(inner) {
        take_over(inner);
        if flush.is_some() {
            lock(&inner.client).handle_flush();
        }
        send_all(inner);
        answer(inner);
    }
    lock(&inner.queue).is_running = false;
    inner.answered.notify_all();
}

/// Tells whoever flushes that nothing waits any more.
fn answer(inner: &Inner) {
    let mut queue = lock(&inner.queue);
    if queue.flushes_answered < queue.flushes_begun && lock(&inner.client).is_flushed() {
        queue.flushes_answered = queue.flushes_begun;
        inner.answered.notify_all();
    }
}

/// Sleeps until there is something to do: `Some` with the number of a flush that begins now, if one does;
/// `None` when it is time to stop.
fn wait(inner: &Inner) -> Option<Option<u64>> {
    let mut queue = lock(&inner.queue);
    loop {
        if queue.stop {
            return None;
        }
        if queue.flushes_begun < queue.flushes_asked {
            queue.flushes_begun = queue.flushes_asked;
            return Some(Some(queue.flushes_begun));
        }
        if !queue.finished.is_empty() {
            return Some(None);
        }
        let deadline = lock(&inner.client).poll_timeout();
        queue = match deadline.map(|deadline| deadline.since(inner.clock.now())) {
            Some(Duration::ZERO) => return Some(None),
            Some(pause) => inner.wake.wait_timeout(queue, pause).unwrap_or_else(PoisonError::into_inner).0,
            None => inner.wake.wait(queue).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// Reads every finished span, then hands it to the client, which is not held meanwhile.
fn take_over(inner: &Inner) {
    let (finished, is_closing) = {
        let mut queue = lock(&inner.queue);
        (queue.finished.take(), queue.is_closing)
    };
    for span in finished {
        let prepared = prepare(inner, span);
        lock(&inner.client).handle_prepared(inner.clock.now(), prepared);
    }
    let mut client = lock(&inner.client);
    client.handle_timeout(inner.clock.now());
    if is_closing {
        client.handle_close();
    }
    say(inner, &mut client);
}

/// Makes every request that may be made now.
fn send_all(inner: &Inner) {
    loop {
        let transmit = lock(&inner.client).poll_transmit(inner.clock.now());
        match transmit {
            Some(transmit) => send(inner, &transmit),
            None => return,
        }
    }
}

/// Makes one request. The client is not locked meanwhile.
fn send(inner: &Inner, transmit: &Transmit) {
    let answer = inner.transport.send(transmit);
    let now = inner.clock.now();
    let mut client = lock(&inner.client);
    match answer {
        Ok(answer) => {
            let headers = answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            client.handle_response(now, transmit.id, answer.status, headers);
        }
        Err(error) => client.handle_failure(now, transmit.id, &error, inner.entropy.fraction()),
    }
    say(inner, &mut client);
}

fn say(inner: &Inner, client: &mut Client) {
    while let Some(notice) = client.poll_notice() {
        inner.notice(&notice);
    }
}

/// Sends everything on the caller's thread, each request once; true when all of it is gone.
pub fn drain(inner: &Inner) -> bool {
    take_over(inner);
    lock(&inner.client).handle_flush();
    send_all(inner);
    lock(&inner.client).is_idle()
}
