//! One `init`: starts spans, flushes, counts.

use std::{sync::Arc, sync::mpsc::channel, thread, time::Duration};

use napi::{
    Env, Task,
    bindgen_prelude::{AsyncTask, ClassInstance, Function, Result},
};
use napi_derive::napi;
use spanwire_driver::{
    Driver, Hooks,
    spanwire::{
        config::{Platform, TransportChoice},
        json::Json,
        scope::Scope,
        span::{Change, Kind, Start},
        time::Timestamp,
        trace,
        vendors::origin_of,
    },
};

use crate::{
    handle::{context_of, keep_context, keep_span},
    hooks::{Event, Given, Pending},
    wrong,
};

/// What spans inherit; never changes.
#[napi]
pub struct ScopeHandle {
    scope: Arc<Scope>,
}

#[napi]
impl ScopeHandle {
    /// A scope with nothing in it.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self { scope: Arc::default() }
    }

    /// This scope changed as an object says: `conversation_id`, `user`, `pipeline`, `attributes`.
    #[napi]
    pub fn with(&self, changes: String) -> Self {
        Self { scope: Arc::new(Scope::clone(&self.scope).with(&Json::new(changes))) }
    }

    pub(crate) fn scope(&self) -> Arc<Scope> {
        Arc::clone(&self.scope)
    }
}

impl Default for ScopeHandle {
    fn default() -> Self {
        Self::new()
    }
}

/// The number of the caller's place in its trace, out of a request's headers; names and values in turn.
#[napi]
pub fn continue_trace(headers: Vec<String>) -> Option<u32> {
    let pairs =
        headers.chunks_exact(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.get(1)?.as_str())));
    trace::continue_trace(pairs).map(keep_context)
}

/// One `init`.
#[napi]
pub struct Session {
    driver: Arc<Driver>,
    /// Envelopes that the transport function has.
    sending: Pending,
    /// Spans that `beforeSendSpan` has.
    asking: Pending,
}

#[napi]
impl Session {
    /// Reads the options of `init` (JSON text). Throws what the core says of a wrong one.
    #[napi(constructor)]
    pub fn new(
        options: String,
        runtime_version: String,
        server_name: String,
        transport: Option<Given<'_>>,
        before_send_span: Option<Given<'_>>,
    ) -> Result<Self> {
        let platform = Platform {
            sdk_name: "spanwire.node".to_owned(),
            sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            runtime_name: "node".to_owned(),
            runtime_version,
            server_name,
        };
        let (sending, asking) = (Pending::default(), Pending::default());
        let hooks = Hooks {
            transport: transport.map(|function| sending.transport(&function)).transpose()?,
            before_send_span: before_send_span
                .map(|function| asking.before_send_span(&function))
                .transpose()?,
        };
        let driver = Driver::new(options.as_bytes(), platform, hooks).map_err(wrong)?;
        driver.settings().options().without_bridges().map_err(wrong)?;
        Ok(Self { driver: Arc::new(driver), sending, asking })
    }

    /// Whether spans can leave at all.
    #[napi(getter)]
    pub fn is_active(&self) -> bool {
        self.driver.is_active()
    }

    /// Whether envelopes go to a function.
    #[napi(getter)]
    pub fn is_callable(&self) -> bool {
        self.driver.settings().options().transport == TransportChoice::Callable
    }

    /// Whether spans that have ended may wait a moment on their way here: with a spool they are soon on disk instead.
    #[napi(getter)]
    pub fn is_patient(&self) -> bool {
        self.driver.settings().options().spool_dir.is_none()
    }

    /// Whether the clock is the one of the `testing` option.
    #[napi(getter)]
    pub fn is_testing(&self) -> bool {
        self.driver.settings().options().testing.is_some()
    }

    /// Whether things are said in debug mode.
    #[napi(getter)]
    pub fn is_debug(&self) -> bool {
        self.driver.settings().options().debug
    }

    /// Whether the library of that name may be instrumented by itself.
    #[napi]
    pub fn allows(&self, integration: String) -> bool {
        self.driver.settings().options().allows(&integration)
    }

    /// Whether outgoing headers have a `traceparent` as well.
    #[napi(getter)]
    pub fn propagates_traceparent(&self) -> bool {
        self.driver.settings().options().propagate_traceparent
    }

    /// Starts a span for a call of the API; with `start_span` the subject is the op. The arguments are
    /// JSON text. `ask` is `traces_sampler`: it takes a question as JSON text and gives a rate. Gives the span's
    /// number, or the complement of it where the span is not recorded.
    #[napi]
    #[allow(clippy::too_many_arguments, reason = "one crossing a span")]
    pub fn start(
        &self,
        call: String,
        subject: Option<String>,
        name: Option<String>,
        integration: Option<String>,
        arguments: Option<String>,
        parent: Option<u32>,
        scope: Option<ClassInstance<'_, ScopeHandle>>,
        ask: Option<Function<'_, String, Option<f64>>>,
    ) -> Result<i32> {
        let (kind, subject) = Kind::of_start(&call, subject.as_deref()).map_err(wrong)?;
        let parent = parent.and_then(context_of);
        let mut start = Start {
            kind,
            subject,
            name: name.as_deref(),
            origin: origin_of(integration.as_deref()),
            parent: parent.as_ref(),
            scope: scope.map_or_else(Arc::default, |scope| scope.scope()),
            sample_rate: None,
        };
        let arguments = arguments.map(Json::new);
        if let Some(ask) = ask
            && let Some(question) = self.driver.question(&start, arguments.as_ref())
        {
            start.sample_rate = self.driver.sample_rate(ask.call(question)?);
        }
        let mut span = self.driver.start(&start);
        if let Some(arguments) = arguments {
            span.change(Change::Arguments(arguments));
        }
        Ok(keep_span(span))
    }

    /// Sends what waits, without blocking the event loop.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn flush(&self, milliseconds: Option<f64>) -> AsyncTask<Leave> {
        AsyncTask::new(Leave {
            driver: Arc::clone(&self.driver),
            timeout: timeout(milliseconds),
            close: false,
        })
    }

    /// Sends what waits, then takes nothing more.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn close(&self, milliseconds: Option<f64>) -> AsyncTask<Leave> {
        AsyncTask::new(Leave {
            driver: Arc::clone(&self.driver),
            timeout: timeout(milliseconds),
            close: true,
        })
    }

    /// Sends what waits while the process stands still: for its end. `before_send_span` is asked here and now:
    /// it takes a span as JSON text and gives one back, or nothing.
    #[napi]
    pub fn close_blocking(
        &self,
        milliseconds: Option<f64>,
        before_send_span: Option<Function<'_, String, Option<String>>>,
    ) -> Result<bool> {
        let timeout = timeout(milliseconds);
        let Some(before_send_span) = before_send_span else { return Ok(self.driver.close(timeout)) };
        let (events, waiting) = channel();
        self.asking.block(&events);
        let driver = Arc::clone(&self.driver);
        thread::spawn(move || events.send(Event::Done(driver.close(timeout))));
        for event in waiting {
            match event {
                Event::Question(number, span) => {
                    let span = String::from_utf8_lossy(&span).into_owned();
                    self.asking.answer(number, before_send_span.call(span)?);
                }
                Event::Done(is_gone) => return Ok(is_gone),
            }
        }
        Ok(false)
    }

    /// An answer of the transport function: nothing, or why it could not.
    #[napi]
    pub fn sent(&self, number: u32, error: Option<String>) {
        self.sending.answer(number, error);
    }

    /// An answer of `beforeSendSpan`: a span as JSON text, or nothing.
    #[napi]
    pub fn asked(&self, number: u32, span: Option<String>) {
        self.asking.answer(number, span);
    }

    /// Counts items that were left out of a value, because it was too large to be written.
    #[napi]
    pub fn count_left_out(&self, items: u32) {
        self.driver.count_left_out(items as usize);
    }

    /// The counts, as JSON text.
    #[napi]
    pub fn stats(&self) -> String {
        serde_json::to_string(&self.driver.stats()).unwrap_or_default()
    }

    /// Sets the clock of the `testing` option, in seconds.
    #[napi]
    pub fn set_test_clock(&self, seconds: f64) {
        self.driver.set_test_clock(Timestamp::from_seconds(seconds));
    }

    /// Says something in debug mode.
    #[napi]
    pub fn notice(&self, notice: String) {
        self.driver.notice(&notice);
    }
}

impl Session {
    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }
}

/// A flush or close on a thread of Node's pool.
pub struct Leave {
    driver: Arc<Driver>,
    timeout: Option<Duration>,
    close: bool,
}

impl Task for Leave {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> Result<bool> {
        Ok(if self.close { self.driver.close(self.timeout) } else { self.driver.flush(self.timeout) })
    }

    fn resolve(&mut self, _: Env, is_gone: bool) -> Result<bool> {
        Ok(is_gone)
    }
}

/// What is no length of time counts as not given.
fn timeout(milliseconds: Option<f64>) -> Option<Duration> {
    Duration::try_from_secs_f64(milliseconds? / 1e3).ok()
}
