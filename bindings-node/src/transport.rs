//! Envelopes to a function of the host: the worker hands bytes over and waits for the answer.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Sender, channel},
    },
};

use napi::{
    Status,
    bindgen_prelude::{Buffer, FnArgs, Function, Result},
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use spanwire_driver::{Callable, spanwire::config::REQUEST_TIMEOUT};

/// `(number, bytes)`; JavaScript answers with the number. Weak: it never keeps the process alive.
type Deliver = ThreadsafeFunction<FnArgs<(u32, Buffer)>, (), FnArgs<(u32, Buffer)>, Status, false, true>;

/// Envelopes that JavaScript has not answered yet, by their numbers.
#[derive(Clone, Default)]
pub struct Pending(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    next: u32,
    answers: HashMap<u32, Sender<Option<String>>>,
}

impl Pending {
    /// JavaScript's answer: nothing, or why it could not.
    pub fn answer(&self, number: u32, error: Option<String>) {
        let sender = self.lock(|waiting| waiting.answers.remove(&number));
        if let Some(sender) = sender {
            let _ = sender.send(error);
        }
    }

    fn lock<T>(&self, change: impl FnOnce(&mut Waiting) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The driver's callable over a function of JavaScript.
    pub fn callable(&self, deliver: &Function<'_, FnArgs<(u32, Buffer)>, ()>) -> Result<Callable> {
        let deliver: Deliver = deliver.build_threadsafe_function().weak::<true>().build()?;
        let pending = self.clone();
        Ok(Arc::new(move |bytes: &[u8]| {
            let (sender, receiver) = channel();
            let number = pending.lock(|waiting| {
                let number = waiting.next;
                waiting.next = number.wrapping_add(1);
                waiting.answers.insert(number, sender);
                number
            });
            let call = (number, Buffer::from(bytes)).into();
            let answer = match deliver.call(call, ThreadsafeFunctionCallMode::NonBlocking) {
                Status::Ok => receiver.recv_timeout(REQUEST_TIMEOUT).map_err(|error| error.to_string()),
                status => Err(format!("the transport function cannot be called any more ({status})")),
            };
            pending.lock(|waiting| waiting.answers.remove(&number));
            answer?.map_or(Ok(()), Err)
        }))
    }
}
