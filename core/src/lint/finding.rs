//! Findings, and where they were made.

use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A MUST is not kept: a server may drop the span, or show it wrongly.
    Error,
    /// A SHOULD is not kept: something will not be shown, or be found.
    Warning,
}

/// What is not kept. Together with what it is about, the kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Headers and payloads of items.
    Item,
    /// Everything in an envelope is of one trace.
    OneTrace,
    /// Ids, name, status and times of a span.
    Fields,
    /// The op is one of the conventions.
    Op,
    /// The name is the one of its kind.
    Name,
    /// An attribute that its kind has.
    Missing,
    /// No deprecated keys.
    Deprecated,
    /// No keys that nobody knows.
    Unknown,
    /// The type of the conventions.
    Type,
    /// JSON where JSON is meant.
    Json,
    /// The shape of that JSON.
    Shape,
    /// Parts are not more than their wholes.
    Usage,
    /// A span id is there once.
    Duplicate,
    /// A child lies in the time of its parent.
    Time,
    /// Which segment a span is of.
    Segment,
}

/// Something that is not as the conventions or the protocol have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The trace, `-` where it is about none.
    pub trace_id: String,
    /// The span, `-` where it is about none.
    pub span_id: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is not kept.
    pub rule: Rule,
    /// What it is about: an attribute's key, a field.
    pub subject: String,
    /// In words, without anything of a span's content.
    pub message: String,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many envelopes there were.
    pub envelopes: usize,
    /// How many traces.
    pub traces: usize,
    /// How many spans.
    pub spans: usize,
    /// The findings, in the order of the spans.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// What is not kept and what of: the same for every span that does not keep it.
    pub(crate) fn kind(&self) -> String {
        format!("{:?} {}", self.rule, self.subject)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trace_id, span_id, severity, message, .. } = self;
        write!(formatter, "{trace_id} {span_id}: {severity} {message}")
    }
}

impl fmt::Display for Report {
    /// A line for each finding, and one that says how much was looked at.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(formatter, "{finding}")?;
        }
        let number = match self.findings.len() {
            0 => "no findings".to_owned(),
            found => counted(found, "finding"),
        };
        let [envelopes, traces, spans] =
            [(self.envelopes, "envelope"), (self.traces, "trace"), (self.spans, "span")]
                .map(|(number, word)| counted(number, word));
        writeln!(formatter, "{number} in {envelopes}, {traces}, {spans}")
    }
}

fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Where findings are made: which span, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub order: usize,
    pub trace_id: String,
    pub span_id: String,
}

/// Findings as they are made.
#[derive(Debug, Default)]
pub(super) struct Findings {
    place: Place,
    found: Vec<(usize, Finding)>,
}

impl Findings {
    /// What follows is about that span.
    pub fn at(&mut self, place: Place) {
        self.place = place;
    }

    /// A MUST is not kept.
    pub fn error(&mut self, rule: Rule, subject: &str, message: impl Into<String>) {
        self.add(Severity::Error, rule, subject, message.into());
    }

    /// A SHOULD is not kept.
    pub fn warning(&mut self, rule: Rule, subject: &str, message: impl Into<String>) {
        self.add(Severity::Warning, rule, subject, message.into());
    }

    fn add(&mut self, severity: Severity, rule: Rule, subject: &str, message: String) {
        let or_none = |id: &str| if id.is_empty() { "-".to_owned() } else { id.to_owned() };
        let finding = Finding {
            trace_id: or_none(&self.place.trace_id),
            span_id: or_none(&self.place.span_id),
            severity,
            rule,
            subject: subject.to_owned(),
            message,
        };
        self.found.push((self.place.order, finding));
    }

    /// All of them, those of one span beside each other.
    pub fn in_order(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(order, _)| *order);
        self.all()
    }

    /// All of them, as they were made.
    pub fn all(self) -> Vec<Finding> {
        self.found.into_iter().map(|(_, finding)| finding).collect()
    }
}
