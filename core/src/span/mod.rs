//! The life of a span: started, changed, finished. Owned by the caller; changes are only written down
//! here, and read in the back room (`interpret`).

mod begin;
mod bundle;
mod change;
mod derive;
mod early;
mod interpret;
mod kind;
mod policy;
mod prepared;
mod run;
mod usage;

use std::sync::Arc;

use crate::{
    client::Settings,
    config::{MAX_CAPTURE_BYTES, TraceLifecycle},
    delivery::Reason,
    ids::{Drawn, Entropy, SpanId},
    json::Json,
    scope::Scope,
    time::Timestamp,
    trace::TraceContext,
};

pub use bundle::Bundle;
pub use change::Change;
pub(crate) use interpret::{Interpreted, interpret};
pub(crate) use kind::{Argument, argument};
pub use kind::{Kind, Operation};
pub use policy::Policy;
pub use prepared::Prepared;
pub use run::AgentRun;
pub(crate) use usage::{Usage, tokens_of};

/// Where a value comes from: a user's own hand is always kept, what was gathered only as policy allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gathered {
    /// The user set it.
    ByHand,
    /// An integration, a decorator or a wrapper found it.
    Automatically,
}

/// What a piece of content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Messages that go in.
    Input,
    /// What the system says.
    System,
    /// Messages that come out.
    Output,
    /// Arguments of a tool call.
    ToolArguments,
    /// Result of a tool call.
    ToolResult,
}

impl Content {
    const fn is_output(self) -> bool {
        matches!(self, Self::Output | Self::ToolResult)
    }
}

/// What a new span begins with.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// What it stands for.
    pub kind: Kind,
    /// The model, agent or tool.
    pub subject: Option<&'a str>,
    /// A name that beats the derived one.
    pub name: Option<&'a str>,
    /// `sentry.origin`: `manual`, or `auto.ai.` and the library.
    pub origin: &'static str,
    /// Where it hangs; `None` begins a new trace.
    pub parent: Option<&'a TraceContext>,
    /// What it inherits.
    pub scope: Arc<Scope>,
    /// The share of such traces that are recorded, where the host's `traces_sampler` was asked and gave one
    /// (see [`crate::trace::sample_rate`]); it beats the option and the caller's decision.
    pub sample_rate: Option<f64>,
}

impl Start<'_> {
    /// Whether a trace, or this service's part of one, begins here.
    fn is_entry(&self) -> bool {
        self.parent.is_none_or(|parent| parent.inherited.segment.is_none())
    }

    fn span_name(&self) -> String {
        self.name.map_or_else(|| self.kind.span_name(self.subject), str::to_owned)
    }
}

/// One span, open or ended.
#[derive(Debug)]
pub struct Span {
    settings: Arc<Settings>,
    context: TraceContext,
    recording: Option<Box<Recording>>,
}

/// What is written down of a recorded span.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    pub kind: Kind,
    pub subject: Option<String>,
    pub name: Option<String>,
    pub origin: &'static str,
    pub parent_span_id: Option<SpanId>,
    pub agent_name: Option<Arc<str>>,
    pub scope: Arc<Scope>,
    pub policy: Policy,
    pub start: Timestamp,
    pub end: Timestamp,
    pub changes: Vec<(Timestamp, Change)>,
    /// Nobody ended it: it was let go.
    pub is_abandoned: bool,
    /// Its segment had ended before.
    pub is_orphan: bool,
    captured_bytes: usize,
    /// Bytes of memory behind the changes.
    held_bytes: usize,
    /// What was read of it already; the changes follow on that.
    early: Option<Box<early::Early>>,
}

/// A finished span on its way to [`crate::client::Client::handle_span`].
#[derive(Debug)]
pub struct Finished {
    pub(crate) context: TraceContext,
    pub(crate) recording: Box<Recording>,
    /// Bytes of what it shares with its trace, where it stands for that, as they were at its end.
    shared: usize,
}

impl Finished {
    /// A span without changes and its place in a queue, in a dozen pieces that an allocator rounds up.
    /// Measured (`tests/tests/memory.rs`).
    const EMPTY_BYTES: usize = 896;

    /// Whether its trace is recorded. Where Spotlight sees everything a span goes on without that, for it alone,
    /// and has been counted.
    pub fn is_sampled(&self) -> bool {
        self.context.sampled != Some(false)
    }

    /// Counts it as lost, and its transaction where it stands for one. What is not sampled has been counted.
    pub fn lose(&self, settings: &Settings, reason: Reason) {
        if !self.is_sampled() && !settings.is_spotlight() {
            return;
        }
        settings.ledger().lose(reason, 1);
        let segment = self.context.inherited.segment.as_ref();
        let is_segment = segment.is_none_or(|segment| segment.span_id == self.context.span_id);
        let is_transaction = is_segment && settings.options().trace_lifecycle == TraceLifecycle::Static;
        settings.ledger().lose_transactions(reason, usize::from(is_transaction));
    }

    /// The same for Spotlight, whose client has other settings.
    pub fn for_spotlight(&self) -> Self {
        let mut recording = self.recording.clone();
        recording.policy = Policy::ALL;
        if let Some(early) = &mut recording.early {
            early.for_spotlight();
        }
        Self { context: self.context.clone(), recording, shared: self.shared }
    }

    /// About how many bytes of memory it takes: what a queue in front of the client counts.
    pub fn size_hint(&self) -> usize {
        self.recording.held().saturating_add(Self::EMPTY_BYTES + self.shared)
    }
}

impl Span {
    /// Starts a span. Counts it as started; one that is not sampled is counted as lost to `sample_rate`
    /// at once and costs nothing more.
    pub fn start(settings: &Arc<Settings>, start: &Start<'_>, now: Timestamp, entropy: &Entropy) -> Self {
        settings.ledger().start(1);
        Self::started(settings, start, now, entropy)
    }

    /// The same for a span that has been counted as started ([`crate::delivery::Ledger::start`]).
    pub fn started(settings: &Arc<Settings>, start: &Start<'_>, now: Timestamp, entropy: &Entropy) -> Self {
        let drawn = Drawn::new(entropy);
        let mut context = begin::context(settings, start, &drawn);
        let agent_name = context.inherited.agent_name.clone();
        if start.kind.is_agent() {
            let named = start.subject.or_else(|| start.kind.subject_of(start.name?));
            let inherited = Arc::make_mut(&mut context.inherited);
            inherited.agent_name = named.map(Into::into);
            inherited.agent_run = Some(Arc::default());
        }
        let is_recording = if context.sampled == Some(false) && !settings.is_spotlight() {
            settings.ledger().lose(Reason::SampleRate, 1);
            let is_transaction =
                start.is_entry() && settings.options().trace_lifecycle == TraceLifecycle::Static;
            settings.ledger().lose_transactions(Reason::SampleRate, usize::from(is_transaction));
            settings.options().spotlight.is_some()
        } else {
            true
        };
        let recording = is_recording.then(|| Box::new(Recording::new(settings, start, agent_name, now)));
        Self { settings: Arc::clone(settings), context, recording }
    }

    /// What `traces_sampler` is asked before a span is started, as JSON text: `{"name", "op",
    /// "parent_sampled": true, false or null, "attributes": {by key}}`, with the attributes that scope and
    /// arguments of the call make. `None` where the host has no sampler, or nothing is to be decided.
    pub fn question(settings: &Settings, start: &Start<'_>, arguments: Option<&Json>) -> Option<String> {
        (settings.options().has_traces_sampler && start.is_entry())
            .then(|| begin::question(settings, start, arguments))
    }

    /// Where children hang.
    pub const fn context(&self) -> &TraceContext {
        &self.context
    }

    /// Whether changes are still kept: false for a span that is not sampled or has ended.
    pub const fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Writes a change down. On a span that has ended, or is not sampled, nothing happens.
    pub fn change(&mut self, now: Timestamp, change: Change) {
        let Some(recording) = &mut self.recording else { return };
        recording.end = now;
        if !recording.policy.lets_in(&change) && self.settings.options().spotlight.is_none() {
            return;
        }
        if recording.kind.is_agent()
            && let Some(name) = change.agent_name()
        {
            Arc::make_mut(&mut self.context.inherited).agent_name = Some(name.into());
        }
        match &change {
            Change::Arguments(arguments) => recording.policy = recording.policy.with(arguments),
            Change::Name(name) => {
                let inherited = Arc::make_mut(&mut self.context.inherited);
                if recording.kind.is_agent() && inherited.agent_name.is_none() {
                    inherited.agent_name = recording.kind.subject_of(name).map(Into::into);
                }
                if let Some(segment) = &mut inherited.segment
                    && segment.span_id == self.context.span_id
                {
                    segment.name = name.as_str().into();
                }
            }
            _ => {}
        }
        recording.push(now, change);
        if recording.captured_bytes > MAX_CAPTURE_BYTES || recording.held() > 2 * MAX_CAPTURE_BYTES {
            recording.read_early(&self.settings);
        }
    }

    /// Ends the span at `end`; a second time gives nothing.
    pub fn finish(&mut self, end: Timestamp) -> Option<Finished> {
        let mut recording = self.recording.take()?;
        recording.end = end.max(recording.start);
        if recording.early.is_some() {
            recording.read_whole(&self.settings);
        }
        let segment = self.context.inherited.segment.as_ref();
        recording.is_orphan = segment.is_some_and(|segment| segment.end(self.context.span_id));
        let is_segment = segment.is_none_or(|segment| segment.span_id == self.context.span_id);
        let shared = if is_segment { self.context.inherited.sampling.held() } else { 0 };
        let mut finished = Finished { context: self.context.clone(), recording, shared };
        // Here, and not under a lock that others wait for: one that is too large alone would drive them all out.
        if finished.size_hint() > self.settings.options().host_bytes() {
            finished.recording.read_whole(&self.settings);
        }
        Some(finished)
    }

    /// Ends a span that the host let go: at the moment of its last change.
    pub fn abandon(&mut self) -> Option<Finished> {
        let last_change = self.recording.as_ref()?.end;
        let mut finished = self.finish(last_change)?;
        finished.recording.is_abandoned = true;
        Some(finished)
    }

    /// Counts a started span as lost, where it cannot go on to [`crate::client::Client::handle_span`].
    pub fn discard(&mut self, reason: Reason) {
        if self.recording.take().is_some() && self.context.sampled != Some(false) {
            self.settings.ledger().lose(reason, 1);
        }
    }
}

impl Recording {
    fn new(settings: &Settings, start: &Start<'_>, agent_name: Option<Arc<str>>, now: Timestamp) -> Self {
        Self {
            kind: start.kind.clone(),
            subject: start.subject.map(str::to_owned),
            name: start.name.map(str::to_owned),
            origin: start.origin,
            parent_span_id: start.parent.map(|parent| parent.span_id),
            agent_name,
            scope: Arc::clone(&start.scope),
            policy: settings.options().policy(start.origin),
            start: now,
            end: now,
            changes: Vec::new(),
            is_abandoned: false,
            is_orphan: false,
            captured_bytes: 0,
            held_bytes: 0,
            early: None,
        }
    }

    /// About how many bytes of memory what was written down takes.
    fn held(&self) -> usize {
        /// A place for a change; what is behind it is a piece of its own.
        const CHANGE_BYTES: usize = size_of::<(Timestamp, Change)>();
        self.held_bytes.saturating_add(self.changes.capacity() * CHANGE_BYTES)
    }

    fn push(&mut self, now: Timestamp, change: Change) {
        /// What an allocator adds to a piece of memory: its own note, and up to the next multiple of 16. About.
        const PIECE_BYTES: usize = 16;
        self.captured_bytes = self.captured_bytes.saturating_add(change.size());
        self.held_bytes = self.held_bytes.saturating_add(change.held() + PIECE_BYTES);
        self.changes.push((now, change));
    }
}
