//! One `init`: starts spans, hands finished ones to the client, gives the requests that JavaScript makes.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use js_sys::Function;
use spanwire::{
    client::{Destination, Settings},
    clients::{self, Clients},
    config::{Options, Platform, REQUEST_TIMEOUT, SHUTDOWN_TIMEOUT, SPOTLIGHT_PATIENCE, TransportChoice},
    delivery::{Inbox, Reason, Waiting},
    error::ConfigError,
    ids::{ENTROPY_BYTES, Entropy},
    json::Json,
    span::{Change, Finished, Kind, Prepared, Span, Start},
    testing::TestEntropy,
    time::Timestamp,
    trace,
    vendors::origin_of,
};
use wasm_bindgen::{JsCast, prelude::*};

use crate::{Handle, ScopeHandle, wrong};

/// What spans and their session have in common.
pub(crate) struct Shared {
    settings: Arc<Settings>,
    finished: RefCell<Inbox>,
    test_clock: Cell<Option<Timestamp>>,
    is_closed: Cell<bool>,
}

impl Shared {
    /// What JavaScript says, unless a test has set the time.
    pub fn now(&self, milliseconds: f64) -> Timestamp {
        self.test_clock.get().unwrap_or_else(|| timestamp(milliseconds))
    }

    /// Takes a finished span over; it is read when JavaScript has time.
    pub fn queue(&self, finished: Finished) {
        if self.is_closed.get() {
            finished.lose(&self.settings, Reason::QueueOverflow);
        } else {
            self.finished.borrow_mut().push(&self.settings, finished);
        }
    }
}

/// Milliseconds since the epoch, as JavaScript has them.
pub fn timestamp(milliseconds: f64) -> Timestamp {
    Timestamp::from_seconds(milliseconds / 1e3)
}

/// A request that JavaScript makes: POST `body` to `url`.
#[wasm_bindgen]
pub struct Outgoing(clients::Outgoing);

#[wasm_bindgen]
impl Outgoing {
    /// To be handed back with the answer.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> f64 {
        self.0.number as f64
    }

    /// Whether it goes to Spotlight, which takes an envelope under its own content type alone.
    #[wasm_bindgen(getter, js_name = isToSpotlight)]
    pub fn is_to_spotlight(&self) -> bool {
        self.0.is_to_spotlight
    }

    /// Where to, the authentication in the query.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.0.transmit.browser_url.clone()
    }

    /// The envelope, which goes over: a second time it is empty.
    #[wasm_bindgen(js_name = takeBody)]
    pub fn take_body(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.transmit.body)
    }
}

/// One `init`. `now` is milliseconds since the epoch, everywhere.
#[wasm_bindgen]
pub struct Session {
    shared: Rc<Shared>,
    clients: Clients,
    test_entropy: Option<TestEntropy>,
    /// Takes a span as JSON text; gives what it is to be, or nothing.
    before_send_span: Option<Function>,
}

#[wasm_bindgen]
impl Session {
    /// Reads the options of `init` (JSON text). `dsn`: nothing, why it cannot be read, or its scheme, host,
    /// path, project and public key.
    ///
    /// # Errors
    /// A wrong option, in the core's words.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &str,
        dsn: Vec<String>,
        runtime_name: String,
        runtime_version: String,
        before_send_span: Option<Function>,
    ) -> Result<Self, JsError> {
        let options = Options::read(options.as_bytes(), |_| None).map_err(wrong)?;
        if let Some(option) = options.needs_native() {
            return Err(wrong(ConfigError::NeedsNative { option }));
        }
        options.without_bridges().map_err(wrong)?;
        let destination = match dsn.as_slice() {
            [scheme, host, path, project, public_key] => {
                Some(Destination::new(scheme, host, path, project, public_key))
            }
            [reason] => return Err(wrong(ConfigError::InvalidDsn { reason: reason.clone() })),
            _ => None,
        };
        let platform = Platform {
            sdk_name: "spanwire.browser".to_owned(),
            sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            runtime_name,
            runtime_version,
            server_name: String::new(),
        };
        let testing = options.testing.clone();
        let settings = Arc::new(Settings::new(options, platform, destination));
        let shared = Shared {
            settings: Arc::clone(&settings),
            finished: RefCell::default(),
            test_clock: Cell::new(testing.as_ref().map(|testing| testing.clock)),
            is_closed: Cell::new(false),
        };
        Ok(Self {
            shared: Rc::new(shared),
            clients: Clients::new(settings),
            test_entropy: testing.map(|testing| TestEntropy::new(testing.random)),
            before_send_span,
        })
    }

    /// Whether spans can leave at all.
    #[wasm_bindgen(getter, js_name = isActive)]
    pub fn is_active(&self) -> bool {
        self.shared.settings.options().is_active()
    }

    /// Whether things are said in debug mode.
    #[wasm_bindgen(getter, js_name = isDebug)]
    pub fn is_debug(&self) -> bool {
        self.shared.settings.options().debug
    }

    /// Whether nothing runs in the background, because a test drives.
    #[wasm_bindgen(getter, js_name = isInline)]
    pub fn is_inline(&self) -> bool {
        self.test_entropy.is_some()
    }

    /// Whether envelopes would go into a file.
    #[wasm_bindgen(getter, js_name = isFile)]
    pub fn is_file(&self) -> bool {
        matches!(self.shared.settings.options().transport, TransportChoice::File(_))
    }

    /// Whether the library of that name may be instrumented by itself.
    pub fn allows(&self, integration: &str) -> bool {
        self.shared.settings.options().allows(integration)
    }

    /// Milliseconds that `flush` and `close` wait when the caller does not say.
    #[wasm_bindgen(getter, js_name = shutdownTimeout)]
    pub fn shutdown_timeout(&self) -> f64 {
        SHUTDOWN_TIMEOUT.as_secs_f64() * 1e3
    }

    /// Milliseconds that one whole request may take.
    #[wasm_bindgen(getter, js_name = requestTimeout)]
    pub fn request_timeout(&self) -> f64 {
        REQUEST_TIMEOUT.as_secs_f64() * 1e3
    }

    /// Whether outgoing headers have a `traceparent` as well.
    #[wasm_bindgen(getter, js_name = propagatesTraceparent)]
    pub fn propagates_traceparent(&self) -> bool {
        self.shared.settings.options().propagate_traceparent
    }

    /// Starts a span for a call of the API; with `start_span` the subject is the op. The arguments are
    /// JSON text; `random` is 32 random bytes. `ask` is `traces_sampler`, or undefined: it takes a question as
    /// JSON text and gives a rate.
    ///
    /// # Errors
    /// There is no such call.
    #[allow(clippy::too_many_arguments, reason = "one crossing a span")]
    pub fn start(
        &mut self,
        now: f64,
        random: &[u8],
        call: &str,
        subject: Option<String>,
        name: Option<String>,
        integration: Option<String>,
        arguments: Option<String>,
        parent: &Handle,
        scope: &ScopeHandle,
        ask: &JsValue,
    ) -> Result<Handle, JsError> {
        let (kind, subject) = Kind::of_start(call, subject.as_deref()).map_err(wrong)?;
        let mut start = Start {
            kind,
            subject,
            name: name.as_deref(),
            origin: origin_of(integration.as_deref()),
            parent: parent.context(),
            scope: Arc::clone(&scope.scope),
            sample_rate: None,
        };
        let arguments = arguments.map(Json::new);
        if let Some(ask) = ask.dyn_ref::<Function>()
            && let Some(question) = Span::question(&self.shared.settings, &start, arguments.as_ref())
        {
            let answer = ask.call1(&JsValue::NULL, &question.into());
            start.sample_rate = answer.ok().and_then(|rate| trace::sample_rate(rate.as_f64()?));
        }
        let entropy = self.entropy(random);
        let span = Span::start(&self.shared.settings, &start, self.shared.now(now), &entropy);
        let mut handle = Handle::of_span(span, Rc::clone(&self.shared));
        if let Some(arguments) = arguments {
            handle.change(now, Change::Arguments(arguments));
        }
        Ok(handle)
    }

    /// Hands every finished span to the client, and lets it know the time. Where the client has no room but will,
    /// and they `may_wait`, they stay: to be called again after an answer. Tells whether none did.
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(&mut self, now: f64, may_wait: bool) -> bool {
        let now = self.shared.now(now);
        let count = self.shared.finished.borrow().len();
        let (settings, ask) = (&self.shared.settings, self.before_send_span.as_ref());
        for _ in 0..count {
            let Some(bytes) = self.shared.finished.borrow().next_bytes() else { break };
            if may_wait && self.clients.is_pressed(now, bytes) {
                break;
            }
            let waiting = self.shared.finished.borrow_mut().pop();
            // No bundles are made here.
            let Some(Waiting::Span(finished)) = waiting else { break };
            self.clients.handle_span(now, finished, |finished| prepare(finished, settings, ask));
        }
        self.clients.handle_timeout(now);
        self.shared.finished.borrow().is_empty()
    }

    /// Nothing will come any more: what waits for its segment becomes ready without it.
    #[wasm_bindgen(js_name = handleClose)]
    pub fn handle_close(&mut self) {
        self.clients.handle_close();
    }

    /// Makes everything ready that waits for its time.
    #[wasm_bindgen(js_name = handleFlush)]
    pub fn handle_flush(&mut self) {
        self.clients.handle_flush();
    }

    /// The next request to make; nothing when there is none now.
    #[wasm_bindgen(js_name = pollTransmit)]
    pub fn poll_transmit(&mut self, now: f64) -> Option<Outgoing> {
        self.clients.poll_transmit(self.shared.now(now)).map(Outgoing)
    }

    /// Takes the answer to a request; `headers` are names and values in turn.
    #[wasm_bindgen(js_name = handleResponse)]
    pub fn handle_response(&mut self, now: f64, id: f64, status: u16, headers: Vec<String>) {
        self.clients.handle_response(self.shared.now(now), id as u64, status, pairs(&headers));
    }

    /// Takes it that a request met no server; `jitter` is in [0, 1).
    #[wasm_bindgen(js_name = handleFailure)]
    pub fn handle_failure(&mut self, now: f64, id: f64, error: &str, jitter: f64) {
        if let Some(test) = self.test_entropy.as_mut().filter(|_| Clients::is_main(id as u64)) {
            // The native driver draws its jitter here: the bytes that follow have to be the same.
            test.draw();
        }
        self.clients.handle_failure(self.shared.now(now), id as u64, error, jitter);
    }

    /// When to call `takeOver` if nothing else happens, in milliseconds since the epoch.
    #[wasm_bindgen(js_name = pollTimeout)]
    pub fn poll_timeout(&self) -> Option<f64> {
        self.clients.poll_timeout().map(|deadline| deadline.seconds() * 1e3)
    }

    /// The next thing to say in debug mode.
    #[wasm_bindgen(js_name = pollNotice)]
    pub fn poll_notice(&mut self) -> Option<String> {
        self.clients.poll_notice()
    }

    /// Whether nothing waits that has ended.
    #[wasm_bindgen(getter, js_name = isIdle)]
    pub fn is_idle(&self) -> bool {
        self.shared.finished.borrow().is_empty() && self.clients.is_idle()
    }

    /// Whether nothing waits for Spotlight, as long as it is there.
    #[wasm_bindgen(getter, js_name = isSpotlightIdle)]
    pub fn is_spotlight_idle(&self) -> bool {
        self.clients.is_spotlight_idle()
    }

    /// Milliseconds that a flush waits for Spotlight at most.
    #[wasm_bindgen(getter, js_name = spotlightPatience)]
    pub fn spotlight_patience(&self) -> f64 {
        SPOTLIGHT_PATIENCE.as_secs_f64() * 1e3
    }

    /// What is to be said whether in debug mode or not.
    #[wasm_bindgen(js_name = pollWarning)]
    pub fn poll_warning(&mut self) -> Option<String> {
        self.clients.poll_warning()
    }

    /// Takes nothing more; what waits is counted as lost.
    pub fn close(&mut self) {
        self.shared.is_closed.set(true);
        self.clients.discard(Reason::NetworkError);
    }

    /// Counts items that were left out of a value, because it was too large to be written.
    #[wasm_bindgen(js_name = countLeftOut)]
    pub fn count_left_out(&self, items: u32) {
        self.clients.count_left_out(items as usize);
    }

    /// The counts, as JSON text.
    pub fn stats(&self) -> String {
        self.clients.stats().json()
    }

    /// Sets the clock of the `testing` option, in seconds.
    #[wasm_bindgen(js_name = setTestClock)]
    pub fn set_test_clock(&self, seconds: f64) {
        if self.test_entropy.is_some() {
            self.shared.test_clock.set(Some(Timestamp::from_seconds(seconds)));
        }
    }

    fn entropy(&mut self, random: &[u8]) -> Entropy {
        if let Some(test) = &mut self.test_entropy {
            return test.draw();
        }
        let mut entropy = [0; ENTROPY_BYTES];
        for (target, source) in entropy.iter_mut().zip(random) {
            *target = *source;
        }
        entropy
    }
}

/// Reads a span and asks `before_send_span` about it; one that does not go is marked so.
fn prepare(finished: Finished, settings: &Settings, ask: Option<&Function>) -> Prepared {
    let mut prepared = Prepared::of(finished, settings);
    let Some(ask) = ask else { return prepared };
    let answer = ask.call1(&JsValue::NULL, &prepared.mapping().into());
    let mapping = answer.ok().and_then(|answer| answer.as_string()).map(Json::new);
    if !mapping.is_some_and(|mapping| prepared.change(&mapping)) {
        prepared.lose(Reason::BeforeSend);
    }
    prepared
}

/// Headers as they cross: names and values in turn.
pub fn pairs(headers: &[String]) -> impl Iterator<Item = (&str, &str)> {
    headers.chunks_exact(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.get(1)?.as_str())))
}
