//! The thread that reads finished spans, keeps time, and keeps the folder.

use std::{
    sync::{Arc, PoisonError},
    thread,
    time::Duration,
};

use spanwire::client::Client;

use crate::{
    hooks::prepare,
    inner::{Inner, lock},
    sender,
    spotlight::Spotlight,
};

/// How long the worker leaves what is due to a sender that is busy, before it looks again.
const TURN: Duration = Duration::from_millis(10);

/// Starts the worker; false where the system gives no thread.
pub fn spawn(inner: &Arc<Inner>) -> bool {
    let inner = Arc::clone(inner);
    thread::Builder::new().name("spanwire".to_owned()).spawn(move || run(&inner)).is_ok()
}

fn run(inner: &Arc<Inner>) {
    while let Some(flush) = wait(inner) {
        take_over(inner);
        inner.disk.obey(inner);
        if flush.is_some() {
            // After the first look into the folder: what is found there is flushed too.
            lock(&inner.client).handle_flush();
            inner.disk.obey(inner);
        }
        if !sender::rouse(inner) {
            sender::send_all(inner);
        }
        say(inner, &mut lock(&inner.client));
        answer(inner);
    }
    lock(&inner.queue).is_running = false;
    inner.answered.notify_all();
}

/// Tells whoever flushes that nothing waits any more of what waited then.
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
        if std::mem::take(&mut queue.is_answered) || !queue.finished.is_empty() {
            return Some(None);
        }
        let deadline = lock(&inner.client).poll_timeout();
        queue = match deadline.map(|deadline| deadline.since(inner.clock.now())) {
            Some(Duration::ZERO) => {
                if queue.is_roused {
                    drop(inner.wake.wait_timeout(queue, TURN));
                }
                return Some(None);
            }
            Some(pause) => inner.wake.wait_timeout(queue, pause).unwrap_or_else(PoisonError::into_inner).0,
            None => inner.wake.wait(queue).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// Reads every finished span, then hands it to the client, which is not held meanwhile.
pub fn take_over(inner: &Arc<Inner>) {
    let (finished, is_closing) = {
        let mut queue = lock(&inner.queue);
        (queue.finished.take(), queue.is_closing)
    };
    for span in finished {
        if let Some(spotlight) = &inner.spotlight {
            spotlight.take(inner, &span);
            if !span.is_sampled() {
                continue;
            }
        }
        let prepared = prepare(inner, span);
        lock(&inner.client).handle_prepared(inner.clock.now(), prepared);
    }
    let mut client = lock(&inner.client);
    client.handle_timeout(inner.clock.now());
    if is_closing {
        client.handle_close();
        inner.spotlight.iter().for_each(Spotlight::handle_close);
    }
    say(inner, &mut client);
}

fn say(inner: &Inner, client: &mut Client) {
    while let Some(notice) = client.poll_notice() {
        inner.notice(&notice);
    }
}

/// Sends everything on the caller's thread, each request once; true when all of it is gone.
pub fn drain(inner: &Arc<Inner>) -> bool {
    take_over(inner);
    inner.disk.obey(inner);
    lock(&inner.client).handle_flush();
    inner.disk.obey(inner);
    sender::send_all(inner);
    // What was answered is removed, what was brought back leaves.
    while inner.disk.obey(inner) {
        sender::send_all(inner);
    }
    let mut client = lock(&inner.client);
    say(inner, &mut client);
    client.is_idle()
}
