//! The state machine that every host drives: finished spans and answers go in, requests come out.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crate::{
    attributes::legacy,
    batch::{Batch, Buckets, Segments},
    config::{
        MAX_IN_FLIGHT, MAX_IN_FLIGHT_FLUSHING, MAX_TRIES, MAX_WAITING_BYTES, Options, Platform,
        TraceLifecycle,
    },
    delivery::{Backoff, Category, ClientReport, Ledger, RateLimits, Reason, Stats, Transmit, TransmitId},
    envelope::Writer,
    ids::SpanId,
    lint,
    notices::Notices,
    payload::{span_v2, transaction::Part},
    span::{Finished, Interpreted, Prepared},
    time::Timestamp,
    trace::TraceContext,
};

/// Where a DSN points to. A host that has a URL parser of its own fills this in itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The DSN as the envelope header repeats it, without a secret.
    pub dsn: String,
    /// `{scheme}://{host}{path}/api/{project}/envelope/`
    pub envelope_url: String,
    /// The DSN's public key.
    pub public_key: String,
    /// The organisation, where the host's name tells it (`o123.ingest...`).
    pub org_id: Option<String>,
}

impl Destination {
    /// From the parts of a DSN: `scheme`, `host` (with a port where it has one), `path` (what is before
    /// the project, without a slash at its end), `project` and `public_key`.
    pub fn new(scheme: &str, host: &str, path: &str, project: &str, public_key: &str) -> Self {
        let org_id = host
            .split('.')
            .next()
            .and_then(|label| label.strip_prefix('o'))
            .filter(|id| !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_digit()));
        Self {
            dsn: format!("{scheme}://{public_key}@{host}{path}/{project}"),
            envelope_url: format!("{scheme}://{host}{path}/api/{project}/envelope/"),
            public_key: public_key.to_owned(),
            org_id: org_id.map(str::to_owned),
        }
    }
}

/// What does not change after `init`; every span and the client share it.
#[derive(Debug)]
pub struct Settings {
    options: Options,
    platform: Platform,
    destination: Option<Destination>,
    ledger: Ledger,
}

impl Settings {
    /// Puts together what the caller chose and what the host knows. A testing option replaces the platform.
    pub fn new(options: Options, platform: Platform, destination: Option<Destination>) -> Self {
        let platform = match &options.testing {
            Some(testing) => testing.platform.clone(),
            None => platform,
        };
        Self { options, platform, destination, ledger: Ledger::default() }
    }

    /// What the caller chose.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// What the host knows about itself.
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Where envelopes go, over HTTP.
    pub const fn destination(&self) -> Option<&Destination> {
        self.destination.as_ref()
    }

    /// The counts.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// Buckets, queue, limits and requests under way of one destination. The drain contract:
///
/// 1. Hand in what happened: [`handle_span`](Self::handle_span), [`handle_response`](Self::handle_response),
///    [`handle_failure`](Self::handle_failure), [`handle_timeout`](Self::handle_timeout).
/// 2. Call [`poll_transmit`](Self::poll_transmit) until it gives nothing, and make those requests.
/// 3. Call [`handle_timeout`](Self::handle_timeout) at [`poll_timeout`](Self::poll_timeout), if nothing else
///    happens before.
///
/// It reads no clock and makes no request itself.
#[derive(Debug)]
pub struct Client {
    settings: Arc<Settings>,
    buckets: Buckets,
    segments: Segments,
    queue: VecDeque<Waiting>,
    queued_bytes: usize,
    in_flight: HashMap<TransmitId, InFlight>,
    limits: RateLimits,
    backoff: Backoff,
    resume: Option<Timestamp>,
    is_flushing: bool,
    next_id: u64,
    notices: Notices,
}

#[derive(Debug)]
struct Waiting {
    batch: Batch,
    tries: u32,
}

#[derive(Debug)]
struct InFlight {
    waiting: Waiting,
    report: Option<ClientReport>,
}

impl Client {
    /// A client that has nothing to do yet.
    pub fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            buckets: Buckets::default(),
            segments: Segments::default(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            in_flight: HashMap::new(),
            limits: RateLimits::default(),
            backoff: Backoff::default(),
            resume: None,
            is_flushing: false,
            next_id: 0,
            notices: Notices::default(),
        }
    }

    /// Takes a finished span: reads what was captured, then goes on as [`Self::handle_prepared`].
    pub fn handle_span(&mut self, now: Timestamp, finished: Finished) {
        let prepared = Prepared::of(finished, &self.settings);
        self.handle_prepared(now, prepared);
    }

    /// Takes a span that has been read: writes it, puts it into the bucket of its trace.
    pub fn handle_prepared(&mut self, now: Timestamp, prepared: Prepared) {
        let Prepared { context, frame, mut span, lost } = prepared;
        for notice in std::mem::take(&mut span.notices) {
            self.notice(notice);
        }
        if lost.is_none() {
            self.complete(&mut span);
        }
        let segment_id = context.segment.as_ref().map_or(context.span_id, |segment| segment.span_id);
        let is_static = self.settings.options.trace_lifecycle == TraceLifecycle::Static;
        let batches = if lost.is_some() {
            Err(lost)
        } else if is_static {
            let part = Part::new(&context, frame, &mut span);
            part.map(|part| self.segments.push(&self.settings, segment_id, part, frame.is_orphan)).ok_or(lost)
        } else {
            let encoded = span_v2::encode(&self.settings, &context, frame, &mut span);
            encoded.map(|encoded| self.buckets.push(&context, &encoded, now)).ok_or(lost)
        };
        self.settings.ledger.remove(span.removed);
        match batches {
            Ok(batches) => batches.into_iter().for_each(|batch| self.enqueue(batch)),
            Err(reason) => self.lose_span(&context, is_static.then_some(segment_id), reason),
        }
        self.shed();
    }

    /// Writes the attributes of a span that goes under the names that were asked for, and in debug mode says what
    /// lint finds. Only after the host has seen the span: what it took out must not stand in a copy.
    fn complete(&mut self, span: &mut Interpreted) {
        let Options { conventions, max_content_bytes, debug, .. } = self.settings.options;
        span.removed.add(legacy::write_back(&mut span.attributes, conventions, max_content_bytes));
        if debug {
            for finding in lint::span(&span.name, &span.attributes, conventions) {
                let notice = format!("lint, on `{}`: {} {}", span.name, finding.severity, finding.message);
                self.notices.say(finding.kind(), notice);
            }
        }
    }

    /// Counts one span as lost; it is too large where there is no other reason. Where others wait for it as
    /// their segment, they go without it.
    fn lose_span(&mut self, context: &TraceContext, awaited: Option<SpanId>, reason: Option<Reason>) {
        if reason.is_none() {
            self.notice("a span is larger than 1 MiB, even without its messages; it was dropped".to_owned());
        }
        let (ledger, reason) = (&self.settings.ledger, reason.unwrap_or(Reason::Invalid));
        ledger.lose(reason, 1);
        if awaited == Some(context.span_id) {
            ledger.lose_transactions(reason, 1);
            if let Some(batch) = self.segments.end(&self.settings, context.span_id) {
                self.enqueue(batch);
            }
        }
    }

    /// Takes the answer to a request.
    pub fn handle_response<'a>(
        &mut self,
        now: Timestamp,
        id: TransmitId,
        status: u16,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        self.limits.update(now, status, headers);
        let Some(InFlight { waiting, report }) = self.in_flight.remove(&id) else { return };
        self.backoff.reset();
        self.resume = None;
        self.is_flushing &= !self.is_idle();
        let (ledger, spans) = (&self.settings.ledger, waiting.batch.spans);
        if (200..300).contains(&status) {
            ledger.send(spans);
            return;
        }
        if let Some(report) = &report {
            ledger.return_report(report);
        }
        if status == 429 {
            waiting.batch.lose_known(ledger, Reason::RatelimitBackoff);
        } else {
            waiting.batch.lose(ledger, Reason::SendError);
        }
        self.notice(format!("the server answered {status}; {spans} spans were dropped"));
    }

    /// Takes it that a request met no server. `jitter` in [0, 1) spreads the tries of many clients.
    pub fn handle_failure(&mut self, now: Timestamp, id: TransmitId, error: &str, jitter: f64) {
        let Some(InFlight { mut waiting, report }) = self.in_flight.remove(&id) else { return };
        if let Some(report) = &report {
            self.settings.ledger.return_report(report);
        }
        waiting.tries += 1;
        self.notice(format!("sending failed: {error}"));
        if waiting.tries >= MAX_TRIES {
            waiting.batch.lose(&self.settings.ledger, Reason::NetworkError);
        } else {
            self.queued_bytes += waiting.batch.len();
            self.queue.push_front(waiting);
            self.resume = Some(now.after(self.backoff.next(jitter)));
        }
    }

    /// Takes it that time has passed: buckets that are old enough become ready.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        for batch in self.buckets.due(now) {
            self.enqueue(batch);
        }
        if self.resume.is_some_and(|resume| resume <= now) {
            self.resume = None;
        }
    }

    /// Makes everything ready that waits for its time: `flush`. A request that met no server is made again
    /// at once.
    pub fn handle_flush(&mut self) {
        while let Some(batch) = self.buckets.pop() {
            self.enqueue(batch);
        }
        self.resume = None;
        self.is_flushing = !self.is_idle();
    }

    /// Takes it that no span will come any more: what waits for its segment becomes ready without it.
    pub fn handle_close(&mut self) {
        while let Some(batch) = self.segments.pop(&self.settings) {
            self.enqueue(batch);
        }
    }

    /// The next request to make; `None` when there is none now.
    pub fn poll_transmit(&mut self, now: Timestamp) -> Option<Transmit> {
        let limit = if self.is_flushing { MAX_IN_FLIGHT_FLUSHING } else { MAX_IN_FLIGHT };
        if self.in_flight.len() >= limit || self.resume.is_some_and(|resume| resume > now) {
            return None;
        }
        let mut waiting = self.dequeue()?;
        while self.limits.is_limited(waiting.batch.category(), now) {
            waiting.batch.lose(&self.settings.ledger, Reason::RatelimitBackoff);
            waiting = self.dequeue()?;
        }
        let report = self.report(now);
        let mut envelope = Writer::new(&self.settings, now, &waiting.batch);
        envelope.batch(&waiting.batch);
        if let Some(report) = &report {
            envelope.client_report(report);
        }
        let id = TransmitId(self.next_id);
        self.next_id += 1;
        self.in_flight.insert(id, InFlight { waiting, report });
        Some(self.transmit(id, envelope.finish()))
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do; `None` for never.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let retry = self.resume.filter(|_| !self.queue.is_empty());
        [self.buckets.deadline(), retry].into_iter().flatten().min()
    }

    /// The next thing to say in debug mode; each is said once.
    pub fn poll_notice(&mut self) -> Option<String> {
        self.notices.poll()
    }

    /// Whether nothing waits, in a bucket, in the queue or on the way.
    pub fn is_idle(&self) -> bool {
        self.buckets.deadline().is_none() && self.queue.is_empty() && self.in_flight.is_empty()
    }

    /// The counts at this moment.
    pub fn stats(&self) -> Stats {
        self.settings.ledger.stats()
    }

    /// Counts everything that waits as lost: the host gives up.
    pub fn discard(&mut self, reason: Reason) {
        self.handle_close();
        self.handle_flush();
        let in_flight = self.in_flight.drain().map(|(_, in_flight)| in_flight.waiting);
        self.queued_bytes = 0;
        for waiting in self.queue.drain(..).chain(in_flight) {
            waiting.batch.lose(&self.settings.ledger, reason);
        }
    }

    fn report(&self, now: Timestamp) -> Option<ClientReport> {
        let wanted =
            self.settings.options.send_client_reports && !self.limits.is_limited(Category::Internal, now);
        wanted.then(|| self.settings.ledger.take_report(now)).flatten()
    }

    fn transmit(&self, id: TransmitId, body: Vec<u8>) -> Transmit {
        let Platform { sdk_name, sdk_version, .. } = &self.settings.platform;
        let user_agent = format!("{sdk_name}/{sdk_version}");
        match &self.settings.destination {
            None => Transmit {
                id,
                url: String::new(),
                auth: String::new(),
                user_agent,
                browser_url: String::new(),
                body,
            },
            Some(Destination { envelope_url, public_key, .. }) => Transmit {
                id,
                url: envelope_url.clone(),
                auth: format!("Sentry sentry_key={public_key}, sentry_version=7, sentry_client={user_agent}"),
                browser_url: format!(
                    "{envelope_url}?sentry_key={public_key}&sentry_version=7&sentry_client={sdk_name}%2F{sdk_version}"
                ),
                user_agent,
                body,
            },
        }
    }

    fn enqueue(&mut self, batch: Batch) {
        self.queued_bytes += batch.len();
        self.queue.push_back(Waiting { batch, tries: 0 });
    }

    fn dequeue(&mut self) -> Option<Waiting> {
        let waiting = self.queue.pop_front()?;
        self.queued_bytes = self.queued_bytes.saturating_sub(waiting.batch.len());
        Some(waiting)
    }

    /// Under pressure the oldest trace goes first, counted.
    fn shed(&mut self) {
        while self.buckets.len() + self.segments.len() + self.queued_bytes > MAX_WAITING_BYTES {
            let queued = self.dequeue().map(|waiting| waiting.batch);
            let oldest = queued.or_else(|| self.buckets.pop()).or_else(|| self.segments.pop(&self.settings));
            let Some(batch) = oldest else { return };
            batch.lose(&self.settings.ledger, Reason::QueueOverflow);
        }
    }

    fn notice(&mut self, notice: String) {
        self.notices.say(notice.clone(), notice);
    }
}
