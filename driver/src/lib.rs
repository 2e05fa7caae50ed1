//! What the core must not do itself, for the bindings that run natively: read the clock and randomness,
//! keep a worker thread, make requests, write files, survive a fork.

#![forbid(unsafe_code)]

pub mod cli;
mod clock;
mod disk;
mod dsn;
mod entropy;
mod forward;
mod hooks;
mod inner;
mod route;
mod sender;
pub mod spool;
mod spotlight;
mod transport;
mod worker;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
pub use spanwire;
use spanwire::{
    client::Settings,
    config::{Options, Platform, SHUTDOWN_TIMEOUT},
    delivery::{Reason, Stats},
    error::ConfigError,
    json::Json,
    scope::Scope,
    span::{Bundle, Change, Span, Start},
    time::Timestamp,
    trace::{self, TraceContext},
};

pub use hooks::{BeforeSendSpan, Hooks, Verdict};
use inner::Inner;
use route::Route;
pub use transport::Callable;

/// How often this process came out of a fork: what was made under another count belongs to another process.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// One `init`: settings, queue, worker. Cheap to share; every method may be called from any thread.
pub struct Driver {
    inner: ArcSwap<Inner>,
}

impl Driver {
    /// Reads the options of `init` (one JSON object) and gets ready. No thread, file or socket is made
    /// before the first span is going to be sent.
    ///
    /// # Errors
    /// An option that does not exist or does not fit, or a DSN, proxy or certificate that cannot be read.
    pub fn new(options: &[u8], platform: Platform, hooks: Hooks) -> Result<Self, ConfigError> {
        let environment = |name: &str| std::env::var(name).ok();
        let options = Options::read(options, environment)?;
        let destination = options.dsn.as_deref().map(dsn::destination).transpose()?;
        let route = Route::new(&options, destination.as_ref(), environment)?;
        let settings = Settings::new(options, platform, destination);
        // Spotlight is on this machine or near: no proxy.
        let route = if settings.is_spotlight() { Route::default() } else { route };
        Ok(Self { inner: ArcSwap::from_pointee(Inner::new(settings, hooks, route)) })
    }

    /// Whether spans can leave at all; without a destination every call should be a cheap no-op.
    pub fn is_active(&self) -> bool {
        self.inner.load().settings.options().is_active()
    }

    /// What was chosen at `init`.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.inner.load().settings)
    }

    /// What the host's `traces_sampler` is asked before that span is started, as JSON text; `None` where there
    /// is nothing to ask. Its answer goes through [`Self::sample_rate`] into the start.
    pub fn question(&self, start: &Start<'_>, arguments: Option<&Json>) -> Option<String> {
        Span::question(&self.inner.load().settings, start, arguments)
    }

    /// What a `traces_sampler` answered, where that is a share of traces; else that is said.
    pub fn sample_rate(&self, answer: Option<f64>) -> Option<f64> {
        let rate = answer.and_then(trace::sample_rate);
        if rate.is_none() {
            self.notice(
                "traces_sampler gave no number from 0 to 1, true or false; traces_sample_rate was used",
            );
        }
        rate
    }

    /// Starts a span now.
    pub fn start(&self, start: &Start<'_>) -> OpenSpan {
        let inner = self.inner.load_full();
        let now = if start.parent.is_none() { inner.clock.synchronised() } else { inner.clock.now() };
        let span = Span::start(&inner.settings, start, now, &inner.entropy.draw());
        OpenSpan { span, inner }
    }

    /// Spans that their host has kept to itself until now (see [`Bundle::new`]).
    pub fn bundle(
        &self,
        host_now: f64,
        scope: Arc<Scope>,
        numbers: &[f64],
        texts: String,
        place_of: impl Fn(u32) -> Option<TraceContext>,
    ) -> Bundle {
        Bundle::new(self.now(), host_now, scope, numbers, texts, place_of)
    }

    /// Takes over such as have ended, and that [`Self::count_kept`] has counted.
    pub fn take_kept(&self, bundle: Bundle) {
        if !bundle.is_empty() {
            self.inner.load_full().push(bundle);
        }
    }

    /// Takes one over that is still open.
    pub fn open_kept(&self, bundle: Bundle) -> Option<OpenSpan> {
        let inner = self.inner.load_full();
        Some(OpenSpan { span: bundle.open(&inner.settings)?, inner })
    }

    /// Counts spans that a host has started and kept to itself, and such that hang below one which is not sampled, of
    /// which nobody will hear more.
    pub fn count_kept(&self, spans: usize, left_out: usize) {
        let inner = self.inner.load();
        inner.settings.ledger().start(spans.saturating_add(left_out));
        inner.settings.ledger().lose(Reason::SampleRate, left_out);
    }

    /// Sends what waits; true when it is all gone within `timeout` (2 s where none is given). Blocks.
    pub fn flush(&self, timeout: Option<Duration>) -> bool {
        self.flush_while(timeout, &|| true)
    }

    /// The same as long as `may_wait`, which is asked now and then on the caller's thread.
    pub fn flush_while(&self, timeout: Option<Duration>, may_wait: &dyn Fn() -> bool) -> bool {
        self.inner.load_full().flush(timeout.unwrap_or(SHUTDOWN_TIMEOUT), may_wait)
    }

    /// Sends what waits, then stops the worker; what could not go within `timeout` is counted as lost.
    pub fn close(&self, timeout: Option<Duration>) -> bool {
        self.close_while(timeout, &|| true)
    }

    /// The same as long as `may_wait`, which is asked now and then on the caller's thread.
    pub fn close_while(&self, timeout: Option<Duration>, may_wait: &dyn Fn() -> bool) -> bool {
        self.inner.load_full().close(timeout.unwrap_or(SHUTDOWN_TIMEOUT), may_wait)
    }

    /// Counts items that a host left out of a value, because it was too large to be written.
    pub fn count_left_out(&self, items: usize) {
        self.inner.load().settings.ledger().leave_out(items);
    }

    /// The counts at this moment.
    pub fn stats(&self) -> Stats {
        self.inner.load().settings.ledger().stats()
    }

    /// To be called in a forked child before anything else: it starts clean, with new random state and
    /// without what its parent queued; spans that the parent opened are the parent's to end.
    pub fn after_fork_in_child(&self) {
        GENERATION.fetch_add(1, SeqCst);
        let parent = self.inner.load_full();
        parent.disk.forget_in_child();
        let child = Arc::new(parent.for_child());
        // Locks of the parent may be held by threads that do not exist here: never touched, never dropped.
        std::mem::forget(self.inner.swap(child));
        std::mem::forget(parent);
    }

    /// This moment, as spans have it.
    pub fn now(&self) -> Timestamp {
        self.inner.load().clock.now()
    }

    /// Sets the clock of the `testing` option; without that option nothing happens.
    pub fn set_test_clock(&self, now: Timestamp) {
        self.inner.load().clock.set(now);
    }

    /// Says something in debug mode, on standard error.
    pub fn notice(&self, notice: &str) {
        self.inner.load().notice(notice);
    }
}

/// A span that ends into its driver: at the latest when it is dropped, at the moment of its last change.
pub struct OpenSpan {
    span: Span,
    inner: Arc<Inner>,
}

impl OpenSpan {
    /// Writes a change down.
    pub fn change(&mut self, change: Change) {
        self.change_of(Duration::ZERO, change);
    }

    /// Writes a change down that the host has kept for so long.
    pub fn change_of(&mut self, age: Duration, change: Change) {
        if self.span.is_recording() {
            let now = self.inner.clock.now();
            self.span.change(now.before(age), change);
        }
    }

    /// Ends it, now or at `end`; a second time does nothing.
    pub fn end(&mut self, end: Option<Timestamp>) {
        if self.span.is_recording() {
            let end = end.unwrap_or_else(|| self.inner.clock.now());
            if let Some(finished) = self.span.finish(end) {
                self.inner.push(finished);
            }
        }
    }

    /// Where children hang.
    pub const fn context(&self) -> &TraceContext {
        self.span.context()
    }

    /// Whether changes are still kept.
    pub const fn is_recording(&self) -> bool {
        self.span.is_recording()
    }
}

impl Drop for OpenSpan {
    fn drop(&mut self) {
        if let Some(finished) = self.span.abandon() {
            self.inner.push(finished);
        }
    }
}
