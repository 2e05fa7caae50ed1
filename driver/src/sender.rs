//! The thread that waits for servers, so that reading, counting and storing never do.

use std::{
    sync::{Arc, PoisonError},
    thread,
};

use spanwire::delivery::Transmit;

use crate::{
    inner::{Inner, lock},
    spotlight,
};

/// Has everything sent that may be; false where the system gives no thread for it.
pub fn rouse(inner: &Arc<Inner>) -> bool {
    let mut queue = lock(&inner.queue);
    queue.is_roused = true;
    if queue.is_sending {
        inner.send.notify_one();
    } else {
        let inner = Arc::clone(inner);
        queue.is_sending =
            thread::Builder::new().name("spanwire-send".to_owned()).spawn(move || run(&inner)).is_ok();
        queue.is_roused = queue.is_sending;
    }
    queue.is_sending
}

fn run(inner: &Inner) {
    while wait(inner) {
        send_all(inner);
    }
}

/// Sleeps until there may be something to send; false when it is time to stop.
fn wait(inner: &Inner) -> bool {
    let mut queue = lock(&inner.queue);
    loop {
        if queue.stop {
            queue.is_sending = false;
            return false;
        }
        if std::mem::take(&mut queue.is_roused) {
            return true;
        }
        queue = inner.send.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Makes every request that may be made now, and tells the worker of each answer.
pub fn send_all(inner: &Inner) {
    loop {
        let transmit = lock(&inner.client).poll_transmit(inner.clock.now());
        if let Some(transmit) = &transmit {
            send(inner, transmit);
        }
        lock(&inner.queue).is_answered = true;
        inner.wake.notify_one();
        if transmit.is_none() {
            return;
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
        Err(error) => {
            if inner.settings.is_spotlight() {
                spotlight::say_away(&transmit.url, &error);
            }
            client.handle_failure(now, transmit.id, &error, inner.entropy.fraction());
        }
    }
}
