//! Envelopes as trees a person can read: durations, models, tokens, errors.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::{
    envelope::{self, Envelope},
    error::EnvelopeError,
    json::to_text,
};

/// Every trace of a file of envelopes as a tree.
///
/// # Errors
/// Bytes that are no envelope, and where.
pub fn render(bytes: &[u8]) -> Result<String, EnvelopeError> {
    let envelopes = envelope::read_all(bytes)?;
    let mut traces: Vec<(String, Vec<Span>)> = Vec::new();
    let mut reports = String::new();
    for (header, payload) in envelopes.iter().flat_map(|Envelope { items, .. }| items) {
        let payload = crate::json::parse(payload).unwrap_or_default();
        match header.get("type").and_then(Value::as_str) {
            Some(kind @ ("span" | "transaction")) => {
                let items = match payload.get("items").and_then(Value::as_array) {
                    Some(items) => items.clone(),
                    None if kind == "transaction" => parts_of(&payload),
                    None => Vec::new(),
                };
                for span in items.into_iter().map(Span) {
                    let trace_id = span.text("trace_id").to_owned();
                    match traces.iter_mut().find(|(id, _)| *id == trace_id) {
                        Some((_, spans)) => spans.push(span),
                        None => traces.push((trace_id, vec![span])),
                    }
                }
            }
            Some("client_report") => {
                let discarded = to_text(payload.get("discarded_events").unwrap_or(&Value::Null));
                let _ = writeln!(reports, "client report {discarded}");
            }
            other => {
                let _ = writeln!(reports, "item {}", other.unwrap_or("without a type"));
            }
        }
    }
    let mut out = String::new();
    for (trace_id, spans) in &traces {
        let _ = writeln!(out, "trace {trace_id} ({} spans)", spans.len());
        Tree::new(spans).write(&mut out);
    }
    Ok(out + &reports)
}

/// The segment and the spans of a transaction, as span v2 has them.
fn parts_of(event: &Value) -> Vec<Value> {
    let member = |object: &Value, name: &str| object.get(name).cloned().unwrap_or_default();
    let part = |trace: &Value, name: Value, times: &Value| {
        let data = trace.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
        let attributes: Map<String, Value> =
            data.into_iter().map(|(key, value)| (key, object([("value", value)]))).collect();
        let is_ok = trace.get("status").is_none_or(|word| word.as_str() == Some("ok"));
        object([
            ("trace_id", member(trace, "trace_id")),
            ("span_id", member(trace, "span_id")),
            ("parent_span_id", member(trace, "parent_span_id")),
            ("name", name),
            ("status", if is_ok { "ok" } else { "error" }.into()),
            ("start_timestamp", member(times, "start_timestamp")),
            ("end_timestamp", member(times, "timestamp")),
            ("attributes", attributes.into()),
        ])
    };
    let segment =
        event.pointer("/contexts/trace").map(|trace| part(trace, member(event, "transaction"), event));
    let spans = event.get("spans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    segment
        .into_iter()
        .chain(spans.iter().map(|span| part(span, member(span, "description"), span)))
        .collect()
}

/// What the macro of `serde_json` would make, without the serializer that comes with it.
fn object<const LENGTH: usize>(members: [(&str, Value); LENGTH]) -> Value {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

struct Span(Value);

impl Span {
    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn seconds(&self, key: &str) -> f64 {
        self.0.get(key).and_then(Value::as_f64).unwrap_or_default()
    }

    fn attribute(&self, key: &str) -> Option<&Value> {
        self.0.get("attributes")?.get(key)?.get("value")
    }

    /// `chat gpt-4o  1.20 s  gpt-4o-2024  12 -> 5 tokens (3 cached)  [error: timeout]`
    fn describe(&self) -> String {
        let duration = self.seconds("end_timestamp") - self.seconds("start_timestamp");
        let mut line = format!("{}  {}", self.text("name"), human(duration));
        if let Some(model) = self.attribute("gen_ai.response.model").and_then(Value::as_str) {
            let _ = write!(line, "  {model}");
        }
        let count = |key: &str| self.attribute(key).and_then(Value::as_i64);
        let tokens = (count("gen_ai.usage.input_tokens"), count("gen_ai.usage.output_tokens"));
        if let (Some(input), Some(output)) = tokens {
            let _ = write!(line, "  {input} -> {output} tokens");
            let parts: Vec<String> = [
                (count("gen_ai.usage.cache_read.input_tokens"), "cached"),
                (count("gen_ai.usage.reasoning.output_tokens"), "reasoning"),
            ]
            .into_iter()
            .filter_map(|(count, word)| Some(format!("{} {word}", count.filter(|count| *count > 0)?)))
            .collect();
            if !parts.is_empty() {
                let _ = write!(line, " ({})", parts.join(", "));
            }
        }
        if let Some(first) = self.attribute("gen_ai.response.time_to_first_chunk").and_then(Value::as_f64) {
            let _ = write!(line, "  first chunk {}", human(first));
        }
        if self.text("status") == "error" {
            let what = self.attribute("error.type").and_then(Value::as_str).unwrap_or("unknown");
            let _ = write!(line, "  [error: {what}]");
        }
        line
    }
}

fn human(seconds: f64) -> String {
    // By integers: formatting doubles would bring 10 KB into the browser's module for this alone.
    let in_parts = |parts: f64| {
        let rounded = parts.round_ties_even();
        (if rounded < 0.0 { "-" } else { "" }, rounded.abs() as u64)
    };
    if seconds < 1.0 {
        let (sign, tenths) = in_parts(seconds * 1e4);
        format!("{sign}{}.{} ms", tenths / 10, tenths % 10)
    } else {
        let (sign, hundredths) = in_parts(seconds * 1e2);
        format!("{sign}{}.{:02} s", hundredths / 100, hundredths % 100)
    }
}

struct Tree<'a> {
    spans: &'a [Span],
    /// Where each span stands, by its id.
    places: Map<String, Value>,
    roots: Vec<usize>,
    /// Below the span at the same place.
    children: Vec<Vec<usize>>,
}

impl<'a> Tree<'a> {
    fn new(spans: &'a [Span]) -> Self {
        let places =
            (0..).zip(spans).map(|(at, span): (usize, _)| (span.text("span_id").to_owned(), at.into()));
        let children = vec![Vec::new(); spans.len()];
        let mut tree = Self { spans, places: places.collect(), roots: Vec::new(), children };
        for (at, span) in spans.iter().enumerate() {
            let parent = tree.parent(span).filter(|parent| !tree.is_circular(*parent));
            let siblings = match parent {
                Some(parent) => tree.children.get_mut(parent),
                None => Some(&mut tree.roots),
            };
            let Some(siblings) = siblings else { continue };
            // By their starts, one by one: a sort would bring 4 KB into the browser's module, and they stand
            // nearly in that order.
            let start = |at: usize| spans.get(at).map_or(0.0, |span| span.seconds("start_timestamp"));
            let after = siblings.partition_point(|sibling| start(*sibling).total_cmp(&start(at)).is_le());
            siblings.insert(after, at);
        }
        tree
    }

    fn place(&self, id: &str) -> Option<usize> {
        usize::try_from(self.places.get(id)?.as_u64()?).ok()
    }

    fn parent(&self, span: &Span) -> Option<usize> {
        self.place(span.text("parent_span_id"))
    }

    /// Whether going up from a span never ends: a file may say anything.
    fn is_circular(&self, from: usize) -> bool {
        let mut at = from;
        for _ in self.spans {
            match self.spans.get(at).and_then(|span| self.parent(span)) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }

    fn write(&self, out: &mut String) {
        self.below(out, &self.roots, "", 0);
    }

    fn below(&self, out: &mut String, spans: &[usize], indent: &str, depth: usize) {
        /// Deeper than any agent goes: a file that says otherwise must not exhaust the stack.
        const DEEPEST: usize = 200;
        for (position, at) in spans.iter().enumerate() {
            let Some(span) = self.spans.get(*at) else { continue };
            let is_last = position + 1 == spans.len();
            let (fork, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let _ = writeln!(out, "{indent}{fork}{}", span.describe());
            let children = self.place(span.text("span_id")).and_then(|at| self.children.get(at));
            if let Some(children) = children.filter(|_| depth < DEEPEST) {
                self.below(out, children, &format!("{indent}{below}"), depth + 1);
            }
        }
    }
}
