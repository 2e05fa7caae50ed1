//! A body that is sent step by step.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;

/// One thing that a body does.
#[derive(Debug)]
pub(super) enum Step {
    /// Sends bytes, which leave as one chunk of HTTP.
    Send(Bytes),
    /// Waits.
    Pause(Duration),
    /// Closes the connection as if the server had died.
    Cut,
}

/// A body that takes its steps in order.
pub(super) fn body(steps: Vec<Step>) -> Body {
    let steps = steps.into_iter();
    Body::from_stream(stream::unfold(steps, |mut steps| async move {
        loop {
            // Once round the scheduler: what was written before leaves first, even if a cut follows.
            tokio::task::yield_now().await;
            match steps.next()? {
                Step::Send(bytes) => return Some((Ok(bytes), steps)),
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Cut => return Some((Err(std::io::Error::other("cut")), steps)),
            }
        }
    }))
}
