//! One `init`: starts spans, flushes, counts.

use std::{sync::Arc, time::Duration};

use napi::{
    Env, Task,
    bindgen_prelude::{AsyncTask, Buffer, ClassInstance, FnArgs, Function, Result},
};
use napi_derive::napi;
use spanwire_driver::{
    Driver,
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

use crate::{handle::Handle, transport::Pending, wrong};

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
}

impl Default for ScopeHandle {
    fn default() -> Self {
        Self::new()
    }
}

/// The caller's place in its trace, out of a request's headers; names and values in turn.
#[napi]
pub fn continue_trace(headers: Vec<String>) -> Option<Handle> {
    let pairs =
        headers.chunks_exact(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.get(1)?.as_str())));
    trace::continue_trace(pairs).map(Handle::of_context)
}

/// One `init`.
#[napi]
pub struct Session {
    driver: Arc<Driver>,
    pending: Pending,
}

#[napi]
impl Session {
    /// Reads the options of `init` (JSON text). Throws what the core says of a wrong one.
    #[napi(constructor)]
    pub fn new(
        options: String,
        runtime_version: String,
        server_name: String,
        deliver: Option<Function<'_, FnArgs<(u32, Buffer)>, ()>>,
    ) -> Result<Self> {
        let platform = Platform {
            sdk_name: "spanwire.node".to_owned(),
            sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            runtime_name: "node".to_owned(),
            runtime_version,
            server_name,
        };
        let pending = Pending::default();
        let callable = deliver.map(|deliver| pending.callable(&deliver)).transpose()?;
        let driver = Driver::new(options.as_bytes(), platform, callable).map_err(wrong)?;
        Ok(Self { driver: Arc::new(driver), pending })
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

    /// Starts a span for a call of the API; with `start_span` the subject is the op. The arguments are
    /// JSON text.
    #[napi]
    #[allow(clippy::too_many_arguments, reason = "one crossing a span")]
    pub fn start(
        &self,
        call: String,
        subject: Option<String>,
        name: Option<String>,
        integration: Option<String>,
        arguments: Option<String>,
        parent: Option<ClassInstance<'_, Handle>>,
        scope: Option<ClassInstance<'_, ScopeHandle>>,
    ) -> Result<Handle> {
        let (kind, subject) = match call.as_str() {
            "start_span" => (Kind::of_op(subject.as_deref().unwrap_or_default()), None),
            call => (Kind::of_call(call).map_err(wrong)?, subject),
        };
        let mut span = self.driver.start(&Start {
            kind,
            subject: subject.as_deref(),
            name: name.as_deref(),
            origin: origin_of(integration.as_deref()),
            parent: parent.as_ref().map(|parent| parent.context()),
            scope: scope.map_or_else(Arc::default, |scope| Arc::clone(&scope.scope)),
        });
        if let Some(arguments) = arguments {
            span.change(Change::Arguments(Json::new(arguments)));
        }
        Ok(Handle::of_span(span))
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

    /// Sends what waits while the process stands still: for its end.
    #[napi]
    pub fn close_blocking(&self) -> bool {
        self.driver.close(None)
    }

    /// An answer of the transport function: nothing, or why it could not.
    #[napi]
    pub fn answer(&self, number: u32, error: Option<String>) {
        self.pending.answer(number, error);
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
