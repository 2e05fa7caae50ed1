//! What the headers of an envelope must say, and the limits of its items.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::finding::Finding;
use super::framing::{Envelope, Item};

const MIB: usize = 1024 * 1024;

/// Bytes of an envelope after decoding (Sentry SDK documentation, envelopes, size limits).
const MAX_ENVELOPE: usize = 200 * MIB;

/// Bytes of an item of spans, and of a transaction (same source).
const MAX_SPANS: usize = MIB;

/// Bytes of a client report (same source).
const MAX_CLIENT_REPORT: usize = 4 * 1024;

/// Spans in an item (Sentry SDK documentation, span protocol).
const MAX_SPAN_COUNT: usize = 1000;

const SPAN_CONTENT_TYPE: &str = "application/vnd.sentry.items.span.v2+json";

pub(super) fn check(envelope: &Envelope, findings: &mut Vec<Finding>) {
    if envelope.items.is_empty() {
        findings.push(Finding::NoItems);
    }
    if envelope.bytes > MAX_ENVELOPE {
        findings.push(Finding::EnvelopeTooLarge { bytes: envelope.bytes, limit: MAX_ENVELOPE });
    }
    check_header(envelope, findings);
    check_trace(envelope, findings);
    let trace_id = header_trace_id(envelope);
    for (index, item) in envelope.items.iter().enumerate() {
        check_item(index, item, trace_id, findings);
    }
}

fn check_header(envelope: &Envelope, findings: &mut Vec<Finding>) {
    let header = &envelope.header;
    match header.get("sent_at") {
        None => findings.push(Finding::NoSentAt),
        Some(value) if !is_utc_time(value) => findings.push(Finding::BadSentAt { value: value.to_string() }),
        Some(_) => {}
    }
    if text(header, "dsn").is_empty() {
        findings.push(Finding::NoDsn);
    }
    let sdk = header.get("sdk").and_then(Value::as_object);
    if !sdk.is_some_and(|sdk| !text(sdk, "name").is_empty() && !text(sdk, "version").is_empty()) {
        findings.push(Finding::NoSdk);
    }
    if has(envelope, "transaction") {
        if !is_hex(text(header, "event_id"), 32) {
            findings.push(Finding::BadEventId);
        }
    } else if header.contains_key("event_id") {
        findings.push(Finding::NeedlessEventId);
    }
}

fn check_trace(envelope: &Envelope, findings: &mut Vec<Finding>) {
    let Some(trace) = envelope.header.get("trace").and_then(Value::as_object) else {
        if has(envelope, "span") || has(envelope, "transaction") {
            findings.push(Finding::NoTrace);
        }
        return;
    };
    if !is_hex(text(trace, "trace_id"), 32) {
        findings.push(Finding::BadTraceId);
    }
    if text(trace, "public_key").is_empty() {
        findings.push(Finding::NoPublicKey);
    }
    for (key, _) in trace.iter().filter(|(_, value)| !value.is_string()) {
        findings.push(Finding::TraceNotString { key: key.clone() });
    }
}

fn check_item(index: usize, item: &Item, trace_id: &str, findings: &mut Vec<Finding>) {
    match item.kind() {
        "" => findings.push(Finding::NoType { item: index }),
        "span" => {
            check_size(index, item, MAX_SPANS, findings);
            check_spans(index, item, trace_id, findings);
        }
        "transaction" => {
            check_size(index, item, MAX_SPANS, findings);
            check_trace_id(index, 0, item.payload.pointer("/contexts/trace"), trace_id, findings);
        }
        "client_report" => check_size(index, item, MAX_CLIENT_REPORT, findings),
        _ => {}
    }
}

fn check_size(item: usize, found: &Item, limit: usize, findings: &mut Vec<Finding>) {
    if found.bytes > limit {
        findings.push(Finding::PayloadTooLarge { item, bytes: found.bytes, limit });
    }
}

fn check_spans(index: usize, item: &Item, trace_id: &str, findings: &mut Vec<Finding>) {
    let content_type = text(&item.header, "content_type");
    if content_type != SPAN_CONTENT_TYPE {
        findings.push(Finding::WrongContentType { item: index, found: content_type.to_owned() });
    }
    let version = item.payload.get("version").unwrap_or(&Value::Null);
    if version.as_u64() != Some(2) {
        findings.push(Finding::WrongVersion { item: index, found: version.to_string() });
    }
    let Some(spans) = item.payload.get("items").and_then(Value::as_array) else {
        findings.push(Finding::NoSpans { item: index });
        return;
    };
    let declared = item.header.get("item_count").unwrap_or(&Value::Null);
    if declared.as_u64() != Some(spans.len() as u64) {
        let declared = declared.to_string();
        findings.push(Finding::WrongItemCount { item: index, declared, found: spans.len() });
    }
    if spans.len() > MAX_SPAN_COUNT {
        findings.push(Finding::TooManySpans { item: index, found: spans.len() });
    }
    for (number, span) in spans.iter().enumerate() {
        check_trace_id(index, number, Some(span), trace_id, findings);
    }
}

fn check_trace_id(
    item: usize,
    span: usize,
    context: Option<&Value>,
    expected: &str,
    findings: &mut Vec<Finding>,
) {
    let found = context.and_then(|context| context.get("trace_id")).and_then(Value::as_str);
    if found != Some(expected) {
        let found = found.unwrap_or("(none)").to_owned();
        findings.push(Finding::ForeignTrace { item, span, found });
    }
}

fn header_trace_id(envelope: &Envelope) -> &str {
    let trace = envelope.header.get("trace").and_then(Value::as_object);
    trace.map(|trace| text(trace, "trace_id")).unwrap_or_default()
}

fn has(envelope: &Envelope, kind: &str) -> bool {
    envelope.items.iter().any(|item| item.kind() == kind)
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_utc_time(value: &Value) -> bool {
    let time = value.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    time.is_some_and(|time| time.offset().is_utc())
}
