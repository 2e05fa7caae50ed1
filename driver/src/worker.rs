//! The thread that reads finished spans, keeps time, and keeps the folder.
//!
//! Whoever ends a span waits for the lock of the queue: nothing slow happens and no other lock is taken under it.
//! Spans are gathered for a moment before they are read, so that a host whose calls come one after the other wakes a
//! thread, which may take its core, once and not with every span.

use std::{
    sync::{Arc, PoisonError},
    thread,
    time::{Duration, Instant},
};

use spanwire::{
    config::{GATHERED_BYTES, GATHERED_FOR},
    delivery::{Reason, Waiting},
    time::Timestamp,
};

use crate::{
    hooks::prepare,
    inner::{Inner, lock},
    sender,
    spotlight::Spotlight,
};

/// Starts the worker; false where the system gives no thread.
pub fn spawn(inner: &Arc<Inner>) -> bool {
    start("spanwire", inner, run)
}

/// Starts a thread; false where the system gives none.
pub fn start(name: &str, inner: &Arc<Inner>, run: fn(&Arc<Inner>)) -> bool {
    let inner = Arc::clone(inner);
    thread::Builder::new().name(name.to_owned()).spawn(move || run(&inner)).is_ok()
}

/// That there is a worker; also one that panics is none any more.
struct Running<'a>(&'a Inner);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.0.queue).is_running = false;
        self.0.answered.notify_all();
    }
}

fn run(inner: &Arc<Inner>) {
    let _running = Running(inner);
    let (mut has_sender, mut taken) = (None, None);
    while let Some(flush) = wait(inner, taken) {
        let mut latest = take_over(inner, true);
        // Before anything is written, so that it can leave meanwhile.
        let has_sender = *has_sender.get_or_insert_with(|| sender::spawn(inner));
        inner.disk.look_again(inner);
        inner.disk.obey(inner);
        if let Some(number) = flush {
            // After the first look into the folder: what is found there is flushed too.
            lock(&inner.client).handle_flush();
            inner.disk.obey(inner);
            if latest.is_all {
                lock(&inner.queue).flushes_begun = number;
            }
        }
        if has_sender {
            sender::rouse_or_call(inner);
        } else {
            sender::send_all(inner);
            // There is room again.
            latest.is_all = true;
        }
        taken = Some(latest);
    }
    // What was read while `close` gave up.
    lock(&inner.client).discard(Reason::NetworkError);
    inner.disk.obey(inner);
}

/// Sleeps until there is something to do: `Some` with the number of a flush that begins now, if one does;
/// `None` when it is time to stop. What was due when the last were taken over waits for the sender, not for time; so
/// do spans that found no room then.
fn wait(inner: &Inner, taken: Option<Taken>) -> Option<Option<u64>> {
    let handled = taken.map(|taken| taken.until);
    let is_full = taken.is_some_and(|taken| !taken.is_all);
    let deadline = lock(&inner.client).poll_timeout().filter(|deadline| Some(*deadline) > handled);
    let mut gathered_since = None;
    let look = inner.disk.until_look().and_then(|pause| Instant::now().checked_add(pause));
    let mut queue = lock(&inner.queue);
    loop {
        if queue.stop {
            return None;
        }
        let is_stirred = std::mem::take(&mut queue.is_stirred);
        let flush = (queue.flushes_begun < queue.flushes_asked).then_some(queue.flushes_asked);
        if is_stirred || (flush.is_some() && !is_full) {
            return Some(flush);
        }
        if !queue.finished.is_empty() && !is_full {
            let since = *gathered_since.get_or_insert_with(Instant::now);
            let left = GATHERED_FOR.checked_sub(since.elapsed());
            let Some(left) = left.filter(|_| queue.finished.bytes() < GATHERED_BYTES) else {
                return Some(None);
            };
            queue = inner.wake.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
            continue;
        }
        queue.is_awake = is_full;
        let pause = deadline.map(|deadline| deadline.since(inner.clock.now()));
        let look = look.map(|look| look.saturating_duration_since(Instant::now()));
        queue = match pause.into_iter().chain(look).min() {
            Some(Duration::ZERO) => return Some(None),
            Some(pause) => inner.wake.wait_timeout(queue, pause).unwrap_or_else(PoisonError::into_inner).0,
            None => inner.wake.wait(queue).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// What became of the spans that had ended.
#[derive(Clone, Copy)]
pub struct Taken {
    /// The time up to which the client knows.
    until: Timestamp,
    /// Else some wait until something has left.
    is_all: bool,
}

/// Reads every finished span, then hands it to the client, which is not held meanwhile. Where the client has no room
/// but will, and they `may_wait`, they stay where they are, within their own bound.
pub fn take_over(inner: &Arc<Inner>, may_wait: bool) -> Taken {
    let (mut left, is_closing) = {
        let mut queue = lock(&inner.queue);
        queue.is_pressed = false;
        (queue.finished.len(), queue.is_closing)
    };
    let mut is_all = true;
    // As many as there are now: others may come as fast as they are read. One by one, so that what is not read
    // yet still counts.
    while left > 0 {
        left -= 1;
        let bytes = {
            let queue = lock(&inner.queue);
            // At the end whoever closes takes over what is left.
            queue.finished.next_bytes().filter(|_| !(may_wait && queue.stop))
        };
        let Some(bytes) = bytes else { break };
        if may_wait && is_pressed(inner, bytes) {
            is_all = false;
            break;
        }
        let waiting = lock(&inner.queue).finished.pop();
        let span = match waiting {
            Some(Waiting::Span(span)) => span,
            Some(Waiting::Bundle(bundle)) => {
                let spans = bundle.spans(&inner.settings);
                left += spans.len();
                lock(&inner.queue).finished.put_back(spans);
                continue;
            }
            None => break,
        };
        if let Some(spotlight) = &inner.spotlight {
            spotlight.take(inner, &span);
            if !span.is_sampled() {
                continue;
            }
        }
        let prepared = prepare(inner, span);
        lock(&inner.client).handle_prepared(inner.clock.now(), prepared);
    }
    let until = inner.clock.now();
    let mut client = lock(&inner.client);
    client.handle_timeout(until);
    let is_over = is_closing && is_all;
    if is_over {
        client.handle_close();
    }
    drop(client);
    if is_over {
        inner.spotlight.iter().for_each(Spotlight::handle_close);
    }
    say(inner);
    Taken { until, is_all }
}

/// Counts what nobody has read as lost: the host gives up.
pub fn lose_unread(inner: &Inner, reason: Reason) {
    while let Some(waiting) = lock(&inner.queue).finished.pop() {
        waiting.lose(&inner.settings, reason);
    }
}

/// Whether there is no room for a span of so many bytes, also not on disk.
fn is_pressed(inner: &Inner, bytes: usize) -> bool {
    let is_pressed = || lock(&inner.client).is_pressed(inner.clock.now(), bytes);
    is_pressed() && {
        inner.disk.obey(inner);
        is_pressed()
    }
}

/// Says what there is to say. Whoever reads it may be slow, so nothing is locked meanwhile.
pub fn say(inner: &Inner) {
    loop {
        let notice = lock(&inner.client).poll_notice();
        match notice {
            Some(notice) => inner.notice(&notice),
            None => return,
        }
    }
}

/// Sends everything on the caller's thread, each request once; true when all of it is gone.
pub fn drain(inner: &Arc<Inner>) -> bool {
    loop {
        let taken = take_over(inner, true);
        inner.disk.obey(inner);
        lock(&inner.client).handle_flush();
        inner.disk.obey(inner);
        let has_sent = sender::send_all(inner);
        // Where another thread's request is what the rest waits for, it stays for the next flush.
        if taken.is_all || !has_sent {
            return taken.is_all && lock(&inner.client).is_idle();
        }
    }
}
