//! Functions of JavaScript: another thread hands bytes over and waits for the answer.

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
use spanwire_driver::{
    BeforeSendSpan, Callable, Verdict,
    spanwire::{config::REQUEST_TIMEOUT, json::Json},
};

/// `(number, bytes)`; JavaScript answers with the number. Weak: it never keeps the process alive.
type Deliver = ThreadsafeFunction<FnArgs<(u32, Buffer)>, (), FnArgs<(u32, Buffer)>, Status, false, true>;

/// A function as JavaScript hands it over.
pub type Given<'a> = Function<'a, FnArgs<(u32, Buffer)>, ()>;

/// What has been asked and not been answered yet.
#[derive(Clone, Default)]
pub struct Pending(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    next: u32,
    questions: HashMap<u32, Question>,
    /// Where questions go while JavaScript's thread stands still and serves them itself.
    blocked: Option<Sender<Event>>,
}

struct Question {
    bytes: Vec<u8>,
    answer: Sender<Option<String>>,
}

/// What JavaScript's thread wakes up for while it stands still.
pub enum Event {
    /// Bytes for a function, with the number to answer with.
    Question(u32, Vec<u8>),
    /// What was waited for is over.
    Done(bool),
}

impl Pending {
    /// JavaScript's answer to a question.
    pub fn answer(&self, number: u32, answer: Option<String>) {
        let question = self.lock(|waiting| waiting.questions.remove(&number));
        if let Some(question) = question {
            let _ = question.answer.send(answer);
        }
    }

    /// From now on questions, those without an answer among them, go to `events`.
    pub fn block(&self, events: &Sender<Event>) {
        self.lock(|waiting| {
            for (number, question) in &waiting.questions {
                let _ = events.send(Event::Question(*number, question.bytes.clone()));
            }
            waiting.blocked = Some(events.clone());
        });
    }

    fn lock<T>(&self, change: impl FnOnce(&mut Waiting) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks, and waits for the answer.
    fn ask(&self, deliver: &Deliver, bytes: &[u8]) -> std::result::Result<Option<String>, String> {
        let (answer, answered) = channel();
        let (number, blocked) = self.lock(|waiting| {
            let number = waiting.next;
            waiting.next = number.wrapping_add(1);
            waiting.questions.insert(number, Question { bytes: bytes.to_vec(), answer });
            (number, waiting.blocked.clone())
        });
        let is_asked = match blocked {
            Some(events) => events.send(Event::Question(number, bytes.to_vec())).is_ok(),
            None => {
                let call = (number, Buffer::from(bytes)).into();
                deliver.call(call, ThreadsafeFunctionCallMode::NonBlocking) == Status::Ok
            }
        };
        let answer = if is_asked {
            answered.recv_timeout(REQUEST_TIMEOUT).map_err(|error| error.to_string())
        } else {
            Err("the function cannot be called any more".to_owned())
        };
        self.lock(|waiting| waiting.questions.remove(&number));
        answer
    }

    /// The driver's transport over a function, which answers with nothing or why it could not.
    pub fn transport(&self, function: &Given<'_>) -> Result<Callable> {
        let deliver: Deliver = function.build_threadsafe_function().weak::<true>().build()?;
        let pending = self.clone();
        Ok(Arc::new(move |bytes: &[u8]| pending.ask(&deliver, bytes)?.map_or(Ok(()), Err)))
    }

    /// The driver's `before_send_span` over a function, which answers with a span as JSON text or nothing.
    pub fn before_send_span(&self, function: &Given<'_>) -> Result<BeforeSendSpan> {
        let deliver: Deliver = function.build_threadsafe_function().weak::<true>().build()?;
        let pending = self.clone();
        Ok(Arc::new(move |mapping: &str| match pending.ask(&deliver, mapping.as_bytes()) {
            Ok(Some(mapping)) => Verdict::Keep(Json::new(mapping)),
            Ok(None) => Verdict::Drop,
            Err(why) => Verdict::Failed(why),
        }))
    }
}
