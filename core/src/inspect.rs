//! Envelopes as trees a person can read: durations, models, tokens, errors.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use serde_json::{Map, Value, json};

use crate::{
    envelope::{self, Envelope},
    error::EnvelopeError,
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
                let _ = writeln!(
                    reports,
                    "client report {}",
                    payload.get("discarded_events").unwrap_or(&Value::Null)
                );
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
            data.into_iter().map(|(key, value)| (key, json!({ "value": value }))).collect();
        json!({
            "trace_id": member(trace, "trace_id"),
            "span_id": member(trace, "span_id"),
            "parent_span_id": member(trace, "parent_span_id"),
            "name": name,
            "status": if trace.get("status").is_none_or(|word| word == "ok") { "ok" } else { "error" },
            "start_timestamp": member(times, "start_timestamp"),
            "end_timestamp": member(times, "timestamp"),
            "attributes": attributes,
        })
    };
    let segment =
        event.pointer("/contexts/trace").map(|trace| part(trace, member(event, "transaction"), event));
    let spans = event.get("spans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    segment
        .into_iter()
        .chain(spans.iter().map(|span| part(span, member(span, "description"), span)))
        .collect()
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
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

/// Whether going up from a span never ends: a file may say anything.
fn is_circular(parents: &HashMap<&str, &str>, from: &str) -> bool {
    let mut at = from;
    for _ in 0..=parents.len() {
        match parents.get(at) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
    true
}

struct Tree<'a> {
    roots: Vec<&'a Span>,
    children: BTreeMap<&'a str, Vec<&'a Span>>,
}

impl<'a> Tree<'a> {
    fn new(spans: &'a [Span]) -> Self {
        let mut tree = Self { roots: Vec::new(), children: BTreeMap::new() };
        // Collected into an ordered map, it would bring a sort of its own into the browser's module (4 KB).
        let parents: HashMap<&str, &str> =
            spans.iter().map(|span| (span.text("span_id"), span.text("parent_span_id"))).collect();
        for span in spans {
            let parent = span.text("parent_span_id");
            if parents.contains_key(parent) && !is_circular(&parents, parent) {
                tree.children.entry(parent).or_default().push(span);
            } else {
                tree.roots.push(span);
            }
        }
        for siblings in tree.children.values_mut().chain([&mut tree.roots]) {
            siblings.sort_by(|a, b| a.seconds("start_timestamp").total_cmp(&b.seconds("start_timestamp")));
        }
        tree
    }

    fn write(&self, out: &mut String) {
        for (position, root) in self.roots.iter().enumerate() {
            self.branch(out, root, "", position + 1 == self.roots.len(), 0);
        }
    }

    fn branch(&self, out: &mut String, span: &Span, indent: &str, is_last: bool, depth: usize) {
        /// Deeper than any agent goes: a file that says otherwise must not exhaust the stack.
        const DEEPEST: usize = 200;
        let (fork, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let _ = writeln!(out, "{indent}{fork}{}", span.describe());
        let Some(children) = self.children.get(span.text("span_id")).filter(|_| depth < DEEPEST) else {
            return;
        };
        let indent = format!("{indent}{below}");
        for (position, child) in children.iter().enumerate() {
            self.branch(out, child, &indent, position + 1 == children.len(), depth + 1);
        }
    }
}
