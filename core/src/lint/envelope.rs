//! Envelopes and their items: framing that the protocol wants, and the spans inside.

use serde_json::{Map, Value as JsonValue};

use super::{Findings, Place, Seen, finding::Rule};
use crate::{
    config::{MAX_ITEM_BYTES, MAX_SPANS_PER_ITEM},
    envelope::{Envelope, SPAN_V2},
};

/// Looks at the items of an envelope and takes their spans out.
pub(super) fn check(envelope: &Envelope, spans: &mut Vec<Seen>, findings: &mut Findings) {
    let trace_id = envelope.header.pointer("/trace/trace_id").and_then(JsonValue::as_str);
    for (header, payload) in &envelope.items {
        findings.at(Place { order: spans.len(), ..Place::default() });
        let kind = header.get("type").and_then(JsonValue::as_str).unwrap_or_default();
        if !matches!(kind, "span" | "transaction") {
            continue;
        }
        if payload.len() > MAX_ITEM_BYTES {
            findings.error(Rule::Item, "length", format!("an item of {kind} is larger than 1 MiB"));
        }
        if trace_id.is_none() {
            findings.error(Rule::Item, "trace", "the envelope's header names no trace");
        }
        let before = spans.len();
        match crate::json::parse(payload) {
            Some(payload) if kind == "span" => items(header, &payload, spans, findings),
            Some(payload) => transaction(&envelope.header, &payload, spans, findings),
            None => findings.error(Rule::Item, "payload", format!("the payload of a {kind} item is no JSON")),
        }
        for span in spans.iter().skip(before) {
            if let Some(trace_id) = trace_id.filter(|trace_id| *trace_id != span.trace_id) {
                findings.at(span.place());
                findings.error(
                    Rule::OneTrace,
                    "trace_id",
                    format!("it is in an envelope of trace {trace_id}"),
                );
            }
        }
    }
}

/// The payload of a span v2 item.
fn items(header: &JsonValue, payload: &JsonValue, spans: &mut Vec<Seen>, findings: &mut Findings) {
    if header.get("content_type").and_then(JsonValue::as_str) != Some(SPAN_V2) {
        findings.error(Rule::Item, "content_type", format!("content_type of a span item is not {SPAN_V2}"));
    }
    if payload.get("version").and_then(JsonValue::as_u64) != Some(2) {
        findings.error(Rule::Item, "version", "the version of a span item is not 2");
    }
    let Some(items) = payload.get("items").and_then(JsonValue::as_array) else {
        return findings.error(Rule::Item, "items", "a span item has no list of items");
    };
    if header.get("item_count").and_then(JsonValue::as_u64) != u64::try_from(items.len()).ok() {
        findings.error(Rule::Item, "item_count", format!("item_count is not {}", items.len()));
    }
    if items.len() > MAX_SPANS_PER_ITEM {
        findings.error(Rule::Item, "items", format!("an item has more than {MAX_SPANS_PER_ITEM} spans"));
    }
    for span in items {
        let seen = Seen::of_span_v2(span, spans.len(), findings);
        spans.push(seen);
    }
}

/// The payload of a transaction: the segment is told in two places of it.
fn transaction(header: &JsonValue, payload: &JsonValue, spans: &mut Vec<Seen>, findings: &mut Findings) {
    for (object, place) in [(header, "the envelope's header"), (payload, "the transaction")] {
        if object.get("event_id").is_none() {
            findings.error(Rule::Item, "event_id", format!("{place} has no event_id"));
        }
    }
    let mut segment = match payload.pointer("/contexts/trace") {
        Some(JsonValue::Object(context)) => context.clone(),
        _ => Map::new(),
    };
    for key in ["transaction", "start_timestamp", "timestamp"] {
        segment.insert(key.to_owned(), payload.get(key).cloned().unwrap_or_default());
    }
    let mut seen = Seen::of_transaction(&segment.into(), "transaction", spans.len(), findings);
    seen.is_segment = true;
    spans.push(seen);
    for span in payload.get("spans").and_then(JsonValue::as_array).into_iter().flatten() {
        let seen = Seen::of_transaction(span, "description", spans.len(), findings);
        spans.push(seen);
    }
}
