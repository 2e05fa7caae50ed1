//! The state machine that every host drives: finished spans and answers go in, requests come out.

mod disk;
mod room;

use std::{collections::HashMap, sync::Arc};

use crate::{
    attributes::legacy::{self, Conventions},
    batch::{Batch, Buckets, Segments},
    config::{BUCKET_AGE_SPOOLED, Options, TraceLifecycle},
    delivery::{
        Category, ClientReport, Failure, Gate, Notices, Outbox, Reason, Stats, Steady, Transmit, TransmitId,
    },
    envelope,
    ids::SpanId,
    lint,
    payload::{span_v2, transaction::Part},
    span::{Finished, Interpreted, Prepared},
    time::Timestamp,
    trace::TraceContext,
};

pub use crate::settings::{Destination, Settings};

/// Buckets, outbox, limits and requests under way of one destination. The drain contract:
///
/// 1. Hand in what happened: [`handle_span`](Self::handle_span), [`handle_response`](Self::handle_response),
///    [`handle_failure`](Self::handle_failure), [`handle_timeout`](Self::handle_timeout).
/// 2. With a spool, call [`poll_spool`](Self::poll_spool) until it gives nothing, and do what it says.
/// 3. Call [`poll_transmit`](Self::poll_transmit) until it gives nothing, and make those requests.
/// 4. Call [`handle_timeout`](Self::handle_timeout) at [`poll_timeout`](Self::poll_timeout), if nothing else
///    happens before.
///
/// It reads no clock, makes no request and touches no file itself.
#[derive(Debug)]
pub struct Client {
    settings: Arc<Settings>,
    clock: Steady,
    buckets: Buckets,
    segments: Segments,
    outbox: Outbox,
    in_flight: HashMap<TransmitId, InFlight>,
    gate: Gate,
    /// A flush is under way, for every envelope before that number.
    flushing: Option<u64>,
    last_report: LastReport,
    next_id: u64,
    /// The host has given up: nothing leaves any more.
    is_over: bool,
    notices: Notices,
}

/// A request that has not been answered.
#[derive(Debug)]
struct InFlight {
    /// The envelope's number in the outbox; `None` for a report that left by itself.
    number: Option<u64>,
    report: Option<ClientReport>,
}

/// The client report that leaves by itself when nothing else will.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LastReport {
    #[default]
    NotYet,
    Due,
    Done,
}

impl Client {
    /// A client that has nothing to do yet.
    pub fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            clock: Steady::default(),
            buckets: Buckets::default(),
            segments: Segments::default(),
            outbox: Outbox::default(),
            in_flight: HashMap::new(),
            gate: Gate::default(),
            flushing: None,
            last_report: LastReport::default(),
            next_id: 0,
            is_over: false,
            notices: Notices::default(),
        }
    }

    /// The same for a host that keeps envelopes on disk until they are answered: see
    /// [`poll_spool`](Self::poll_spool).
    pub fn with_spool(settings: Arc<Settings>) -> Self {
        Self {
            buckets: Buckets::with_age(BUCKET_AGE_SPOOLED),
            segments: Segments::with_drafts(BUCKET_AGE_SPOOLED),
            outbox: Outbox::with_spool(),
            ..Self::new(settings)
        }
    }

    /// Takes a finished span: reads what was captured, then goes on as [`Self::handle_prepared`].
    pub fn handle_span(&mut self, now: Timestamp, finished: Finished) {
        let prepared = Prepared::of(finished, &self.settings);
        self.handle_prepared(now, prepared);
    }

    /// Takes a span that has been read: writes it, puts it into the bucket of its trace.
    pub fn handle_prepared(&mut self, now: Timestamp, prepared: Prepared) {
        let now = self.clock.read(now);
        if self.last_report == LastReport::Done {
            // A page that seemed to be gone has come back.
            self.last_report = LastReport::NotYet;
        }
        let Prepared { context, frame, mut span, lost } = prepared;
        if context.sampled == Some(false) && !self.settings.is_spotlight() {
            return;
        }
        for notice in std::mem::take(&mut span.notices) {
            self.notices.say(notice);
        }
        if lost.is_none() {
            self.complete(&mut span);
        }
        let segment_id =
            context.inherited.segment.as_ref().map_or(context.span_id, |segment| segment.span_id);
        let is_static = self.settings.options().trace_lifecycle == TraceLifecycle::Static;
        let batches = if lost.is_some() {
            Err(lost)
        } else if is_static {
            let part = Part::new(&context, frame, &mut span);
            part.map(|part| {
                self.segments.push(
                    &self.settings,
                    context.inherited.segment.as_ref(),
                    part,
                    frame.is_orphan,
                    now,
                )
            })
            .ok_or(lost)
        } else {
            let encoded = span_v2::encode(&self.settings, &context, frame, &mut span);
            encoded.map(|encoded| self.buckets.push(&context, &encoded, now)).ok_or(lost)
        };
        self.settings.ledger().remove(span.removed);
        match batches {
            Ok(batches) => batches.into_iter().for_each(|batch| self.enqueue(batch)),
            Err(reason) => self.lose_span(&context, is_static.then_some(segment_id), reason),
        }
        self.shed();
    }

    /// Writes the attributes of a span that goes under the names that were asked for, and in debug mode says what
    /// lint finds. Only after the host has seen the span: what it took out must not stand in a copy.
    fn complete(&mut self, span: &mut Interpreted) {
        let &Options { conventions, max_content_bytes, debug, has_before_send_span, .. } =
            self.settings.options();
        // A host's function may set deprecated names as the rest of a program may.
        if has_before_send_span && conventions == Conventions::Current {
            legacy::translate(&mut span.attributes, conventions);
        }
        span.removed.add(legacy::write_back(&mut span.attributes, conventions, max_content_bytes));
        if debug {
            for finding in lint::span(&span.name, &span.attributes, conventions) {
                let notice = format!("lint, on `{}`: {} {}", span.name, finding.severity, finding.message);
                self.notices.say_kind(finding.kind(), notice);
            }
        }
    }

    /// Counts one span as lost; it is too large where there is no other reason. Where others wait for it as
    /// their segment, they go without it.
    fn lose_span(&mut self, context: &TraceContext, awaited: Option<SpanId>, reason: Option<Reason>) {
        if reason.is_none() {
            self.notices
                .say("a span is larger than 1 MiB, even without its messages; it was dropped".to_owned());
        }
        let (ledger, reason) = (self.settings.ledger(), reason.unwrap_or(Reason::Invalid));
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
        let steady = self.clock.read(now);
        self.gate.handle_answer(steady, now, status, headers);
        let Some(InFlight { number, report }) = self.in_flight.remove(&id) else { return };
        let ledger = &self.settings.ledger();
        let counts = number.and_then(|number| self.outbox.arrive(ledger, number));
        if (200..300).contains(&status) {
            ledger.send(counts.map_or(0, |counts| counts.spans));
            return;
        }
        if let Some(report) = &report {
            ledger.return_report(report);
        }
        match counts {
            Some(counts) if status == 429 => counts.lose_known(ledger, Reason::RatelimitBackoff),
            Some(counts) => counts.lose(ledger, Reason::SendError),
            None => {}
        }
        let why = if status == 413 { ", it was too large" } else { "" };
        self.notices.say(format!("the server answered {status}{why}; what was sent is lost"));
    }

    /// Takes it that a request met no server. `jitter` in [0, 1) spreads the tries of many clients.
    pub fn handle_failure(&mut self, now: Timestamp, id: TransmitId, error: &str, jitter: f64) {
        let now = self.clock.read(now);
        let Some(InFlight { number, report }) = self.in_flight.remove(&id) else { return };
        if let Some(report) = &report {
            self.settings.ledger().return_report(report);
        }
        self.notices.say(format!("sending failed: {error}"));
        let is_down = self.gate.handle_failure(now, jitter);
        if let Some(number) = number
            && !self.outbox.come_back(number, Failure { now, jitter, is_down })
        {
            self.outbox.lose(self.settings.ledger(), number, Reason::NetworkError);
        }
        // It may stand where another was brought back to meanwhile.
        self.shed();
    }

    /// Takes it that time has passed: buckets that are old enough become ready.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        let now = self.clock.read(now);
        for batch in self.buckets.due(now).into_iter().chain(self.segments.due(&self.settings, now)) {
            self.enqueue(batch);
        }
        for (group, batch) in self.segments.drafts(&self.settings, now) {
            let draft = self.outbox.draft(&self.settings, &batch);
            self.segments.drafted(group, draft);
        }
        self.outbox.read_again(now);
    }

    /// Makes everything ready that waits for its time: `flush`. A request that met no server is made again
    /// at once.
    pub fn handle_flush(&mut self) {
        while let Some(batch) = self.buckets.pop() {
            self.enqueue(batch);
        }
        self.gate.reopen();
        self.outbox.hurry();
        self.flushing = Some(self.outbox.next_number());
    }

    /// Takes it that no span will come any more: what waits for its segment becomes ready without it, and what
    /// the server does not know of losses is reported, if need be by a request of its own.
    pub fn handle_close(&mut self) {
        while let Some(batch) = self.segments.pop(&self.settings) {
            self.enqueue(batch);
        }
        if self.last_report == LastReport::NotYet {
            self.last_report = LastReport::Due;
        }
    }

    /// The next request to make; `None` when there is none now.
    pub fn poll_transmit(&mut self, now: Timestamp) -> Option<Transmit> {
        let steady = self.clock.read(now);
        if self.is_over || !self.may_send() || !self.gate.is_open(steady) {
            return None;
        }
        let number = self.gate.next(&mut self.outbox, self.settings.ledger(), steady);
        let (body, report) = match number {
            Some(number) => {
                let report = self.report(now, steady);
                let body = self.outbox.depart(number)?.leaving(&self.settings, now);
                let body = match &report {
                    Some(report) => envelope::add_report(body, report),
                    None => body,
                };
                (body, report)
            }
            None => {
                let report = self.report_alone(now, steady)?;
                (envelope::report(&self.settings, &report, now), Some(report))
            }
        };
        let id = TransmitId(self.next_id);
        self.next_id += 1;
        self.in_flight.insert(id, InFlight { number, report });
        Some(Transmit::new(&self.settings, id, body))
    }

    /// Whether [`poll_transmit`](Self::poll_transmit) has something now, be it after a look at the disk.
    pub fn may_transmit(&mut self, now: Timestamp) -> bool {
        let now = self.clock.read(now);
        self.may_send() && self.gate.is_open(now) && self.gate.has_next(&self.outbox, now)
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do; `None` for never.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let send = if self.may_send() { self.gate.deadline(&self.outbox) } else { None };
        let deadline = [self.buckets.deadline(), self.segments.deadline(), self.outbox.next_reading(), send]
            .into_iter()
            .flatten()
            .min()?;
        Some(self.clock.wall(deadline))
    }

    /// The next thing to say in debug mode; each is said once.
    pub fn poll_notice(&mut self) -> Option<String> {
        self.notices.poll()
    }

    /// Whether nothing waits, in a bucket, in the outbox or on the way.
    pub fn is_idle(&self) -> bool {
        self.buckets.deadline().is_none() && self.outbox.oldest().is_none() && self.in_flight.is_empty()
    }

    /// Whether everything has been answered that waited at the last [`handle_flush`](Self::handle_flush), whatever
    /// came after it.
    pub fn is_flushed(&self) -> bool {
        let is_answered = |until: u64| self.outbox.oldest().is_none_or(|oldest| oldest >= until);
        self.flushing.is_none_or(is_answered)
            && self.in_flight.values().all(|request| request.number.is_some())
    }

    /// The counts at this moment.
    pub fn stats(&self) -> Stats {
        self.settings.ledger().stats()
    }

    /// Counts what waits in memory as lost: the host gives up. What a spool still stores is not: poll that once more.
    pub fn discard(&mut self, reason: Reason) {
        self.is_over = true;
        self.handle_close();
        self.handle_flush();
        self.in_flight.clear();
        self.outbox.discard(self.settings.ledger(), reason);
    }

    /// After [`discard`](Self::discard), where the disk does not answer: counts as lost what did not reach it.
    pub fn give_up_disk(&mut self, reason: Reason) {
        self.outbox.give_up_disk(self.settings.ledger(), reason);
    }

    fn report(&self, now: Timestamp, steady: Timestamp) -> Option<ClientReport> {
        let wanted =
            self.settings.options().send_client_reports && !self.gate.is_limited(Category::Internal, steady);
        wanted.then(|| self.settings.ledger().take_report(now)).flatten()
    }

    /// The report that leaves by itself: once, at the end.
    fn report_alone(&mut self, now: Timestamp, steady: Timestamp) -> Option<ClientReport> {
        if self.last_report != LastReport::Due || !self.is_idle() {
            return None;
        }
        self.last_report = LastReport::Done;
        self.report(now, steady)
    }

    fn enqueue(&mut self, batch: Batch) {
        self.outbox.push(&self.settings, batch);
    }
}
