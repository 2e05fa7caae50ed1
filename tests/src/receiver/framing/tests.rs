//! Each finding about an envelope, and the envelopes that have none.

use serde_json::{Value, json};

use super::super::finding::{Finding, Line};
use super::super::rules;
use super::{Envelope, parse};

const TRACE: &str = "0123456789abcdef0123456789abcdef";
const OTHER_TRACE: &str = "ffffffffffffffffffffffffffffffff";
const MIB: usize = 1024 * 1024;

fn header() -> Value {
    json!({
        "sent_at": "2026-01-01T00:00:00.000Z",
        "dsn": "http://key@127.0.0.1/42",
        "sdk": { "name": "spanwire.test", "version": "0.1.0" },
        "trace": { "trace_id": TRACE, "public_key": "key", "sampled": "true" },
    })
}

fn span_header(count: usize, payload: &str) -> Value {
    json!({
        "type": "span",
        "item_count": count,
        "content_type": "application/vnd.sentry.items.span.v2+json",
        "length": payload.len(),
    })
}

fn spans(count: usize) -> String {
    json!({ "version": 2, "items": vec![json!({ "trace_id": TRACE }); count] }).to_string()
}

/// An envelope with one item of spans.
fn with_header(header: &Value) -> String {
    let payload = spans(2);
    format!("{header}\n{}\n{payload}\n", span_header(2, &payload))
}

/// A good header before the given item.
fn with_item(item: &Value, payload: &str) -> String {
    format!("{}\n{item}\n{payload}\n", header())
}

fn transaction(event_id: &str, trace_id: &str) -> String {
    let mut header = header();
    set(&mut header, "event_id", json!(event_id));
    let payload = json!({ "contexts": { "trace": { "trace_id": trace_id } } }).to_string();
    format!("{header}\n{}\n{payload}\n", json!({ "type": "transaction", "length": payload.len() }))
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn without(mut object: Value, key: &str) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.shift_remove(key);
    }
    object
}

fn trace_with(key: &str, value: Value) -> Value {
    let mut header = header();
    if let Some(trace) = header.get_mut("trace") {
        set(trace, key, value);
    }
    header
}

#[track_caller]
fn assert_found(envelope: impl AsRef<[u8]>, expected: &[Finding]) {
    assert_eq!(parse(envelope.as_ref()).1, expected);
}

#[test]
fn a_good_envelope_is_read_whole() {
    let (envelope, findings) = parse(with_header(&header()).as_bytes());
    assert_eq!(findings, []);
    assert_eq!(Value::Object(envelope.header), header());
    let payloads: Vec<_> = envelope.items.iter().map(|item| item.payload.to_string()).collect();
    assert_eq!(payloads, [spans(2)]);
}

#[test]
fn good_envelopes_of_other_items() {
    assert_found(transaction(TRACE, TRACE), &[]);
    let report = json!({ "timestamp": 1, "discarded_events": [] }).to_string();
    let item = json!({ "type": "client_report", "length": report.len() });
    assert_found(format!("{}\n{item}\n{report}\n", without(header(), "trace")), &[]);
}

#[test]
fn a_newline_within_a_payload_is_counted_by_its_length() {
    let payload = "{\"version\":2,\n\"items\":[]}";
    let envelope = with_item(&span_header(0, payload), payload);
    let (envelope, findings) = parse(envelope.as_bytes());
    assert_eq!(findings, [Finding::NotCompact { line: Line::Payload(0) }]);
    assert_eq!(envelope.items.len(), 1);
}

#[test]
fn bytes_that_are_not_utf8() {
    let mut envelope = with_header(&header()).into_bytes();
    let payload = envelope.iter().rposition(|&byte| byte == b'v').unwrap_or_default();
    envelope.splice(payload..=payload, [0xff]);
    let (_, findings) = parse(&envelope);
    assert_eq!(findings.first(), Some(&Finding::NotUtf8));
}

#[test]
fn headers_that_are_not_objects() {
    let (_, findings) = parse(with_header(&json!([])).as_bytes());
    assert!(matches!(findings.first(), Some(Finding::NotAnObject { line: Line::Envelope, .. })));
    let (_, findings) = parse(format!("{}\nnull\n{{}}\n", header()).as_bytes());
    assert!(matches!(findings.first(), Some(Finding::NotAnObject { line: Line::Item(0), .. })));
}

#[test]
fn a_key_given_twice() {
    let twice = with_header(&header()).replacen('{', "{\"sent_at\":\"2026-01-01T00:00:01Z\",", 1);
    assert_found(twice, &[Finding::DuplicateKey { line: Line::Envelope, key: "sent_at".to_owned() }]);
    let twice = with_header(&header()).replacen("\"type\":", "\"type\":\"x\",\"type\":", 1);
    assert_found(twice, &[Finding::DuplicateKey { line: Line::Item(0), key: "type".to_owned() }]);
}

#[test]
fn white_space_between_tokens_but_not_in_strings() {
    let spaced = with_header(&header()).replacen("\"dsn\":", "\"dsn\": ", 1);
    assert_found(spaced, &[Finding::NotCompact { line: Line::Envelope }]);
    let spaced = with_header(&header()).replacen("\"type\":", "\"type\": ", 1);
    assert_found(spaced, &[Finding::NotCompact { line: Line::Item(0) }]);
    let payload = spans(1).replacen(':', ": ", 1);
    let spaced = with_item(&span_header(1, &payload), &payload);
    assert_found(spaced, &[Finding::NotCompact { line: Line::Payload(0) }]);
    let mut quoted = header();
    set(&mut quoted, "dsn", json!("a \" b \\"));
    assert_found(with_header(&quoted), &[]);
}

#[test]
fn an_empty_line_between_items() {
    let payload = spans(1);
    let item = format!("{}\n{payload}\n", span_header(1, &payload));
    assert_found(format!("{}\n{item}\n{item}", header()), &[Finding::EmptyLine { item: 1 }]);
}

#[test]
fn an_envelope_without_items_or_newline() {
    assert_found(format!("{}\n", header()), &[Finding::NoItems]);
    assert_found(header().to_string(), &[Finding::NoFinalNewline, Finding::NoItems]);
}

#[test]
fn a_payload_without_newline() {
    let envelope = with_header(&header());
    let expected = [Finding::PayloadUnterminated { item: 0 }, Finding::NoFinalNewline];
    assert_found(envelope.trim_end(), &expected);
}

#[test]
fn the_size_of_an_envelope() {
    let (mut envelope, _) = parse(with_header(&header()).as_bytes());
    let limit = 200 * MIB;
    for (bytes, expected) in
        [(limit, vec![]), (limit + 1, vec![Finding::EnvelopeTooLarge { bytes: limit + 1, limit }])]
    {
        envelope.bytes = bytes;
        assert_eq!(rules_of(&envelope), expected);
    }
}

fn rules_of(envelope: &Envelope) -> Vec<Finding> {
    let mut findings = Vec::new();
    rules::check(envelope, &mut findings);
    findings
}

#[test]
fn the_time_of_sending() {
    assert_found(with_header(&without(header(), "sent_at")), &[Finding::NoSentAt]);
    for bad in [json!("2026-01-01 00:00"), json!(1_767_225_600), json!("2026-01-01T00:00:00+01:00")] {
        let mut header = header();
        set(&mut header, "sent_at", bad.clone());
        assert_found(with_header(&header), &[Finding::BadSentAt { value: bad.to_string() }]);
    }
}

#[test]
fn dsn_and_sdk() {
    assert_found(with_header(&without(header(), "dsn")), &[Finding::NoDsn]);
    assert_found(with_header(&without(header(), "sdk")), &[Finding::NoSdk]);
    let mut header = header();
    set(&mut header, "sdk", json!({ "name": "spanwire.test" }));
    assert_found(with_header(&header), &[Finding::NoSdk]);
}

#[test]
fn an_event_id_belongs_to_a_transaction() {
    let mut header = header();
    set(&mut header, "event_id", json!(TRACE));
    assert_found(with_header(&header), &[Finding::NeedlessEventId]);
    assert_found(transaction("42", TRACE), &[Finding::BadEventId]);
}

#[test]
fn the_trace_of_the_header() {
    let foreign = |span| Finding::ForeignTrace { item: 0, span, found: TRACE.to_owned() };
    let expected = [Finding::NoTrace, foreign(0), foreign(1)];
    assert_found(with_header(&without(header(), "trace")), &expected);
    let expected = [Finding::BadTraceId, foreign(0), foreign(1)];
    assert_found(with_header(&trace_with("trace_id", json!("xyz"))), &expected);
    assert_found(with_header(&trace_with("public_key", json!(""))), &[Finding::NoPublicKey]);
    let expected = [Finding::TraceNotString { key: "sampled".to_owned() }];
    assert_found(with_header(&trace_with("sampled", json!(true))), &expected);
}

#[test]
fn an_item_says_its_type_and_length() {
    let payload = spans(1);
    let header = span_header(1, &payload);
    assert_found(with_item(&without(header.clone(), "type"), &payload), &[Finding::NoType { item: 0 }]);
    assert_found(with_item(&without(header, "length"), &payload), &[Finding::NoLength { item: 0 }]);
}

#[test]
fn a_wrong_length_does_not_hide_the_next_item() {
    let payload = spans(1);
    let found = payload.len();
    for declared in [found as u64 - 1, found as u64 + 5, u64::MAX] {
        let mut wrong = span_header(1, &payload);
        set(&mut wrong, "length", json!(declared));
        let right = span_header(1, &payload);
        let envelope = format!("{}\n{wrong}\n{payload}\n{right}\n{payload}\n", header());
        assert_found(&envelope, &[Finding::WrongLength { item: 0, declared, found }]);
        assert_eq!(parse(envelope.as_bytes()).0.items.len(), 2);
    }
}

#[test]
fn a_payload_that_is_not_json() {
    let item = json!({ "type": "other", "length": 3 });
    let (envelope, findings) = parse(with_item(&item, "{a}").as_bytes());
    assert!(matches!(findings.as_slice(), [Finding::PayloadNotJson { item: 0, .. }]), "{findings:?}");
    assert_eq!(envelope.items.first().map(|item| item.payload.clone()), Some(json!("{a}")));
}

#[test]
fn the_size_of_an_item() {
    let padded = |kind: &str, size: usize| {
        let frame = json!({ "version": 2, "items": [], "pad": "" }).to_string();
        let pad = "x".repeat(size - frame.len());
        let payload = frame.replacen("\"pad\":\"\"", &format!("\"pad\":\"{pad}\""), 1);
        let mut item = span_header(0, &payload);
        set(&mut item, "type", json!(kind));
        with_item(&item, &payload)
    };
    for (kind, limit) in [("span", MIB), ("client_report", 4096)] {
        assert_found(padded(kind, limit), &[]);
        let expected = [Finding::PayloadTooLarge { item: 0, bytes: limit + 1, limit }];
        assert_found(padded(kind, limit + 1), &expected);
    }
}

#[test]
fn the_size_of_a_transaction() {
    let payload =
        json!({ "contexts": { "trace": { "trace_id": TRACE } }, "pad": "x".repeat(MIB) }).to_string();
    let mut header = header();
    set(&mut header, "event_id", json!(TRACE));
    let item = json!({ "type": "transaction", "length": payload.len() });
    let expected = [Finding::PayloadTooLarge { item: 0, bytes: payload.len(), limit: MIB }];
    assert_found(format!("{header}\n{item}\n{payload}\n"), &expected);
}

#[test]
fn the_header_of_spans() {
    let payload = spans(2);
    let expected = [Finding::WrongItemCount { item: 0, declared: "3".to_owned(), found: 2 }];
    assert_found(with_item(&span_header(3, &payload), &payload), &expected);
    let mut header = span_header(2, &payload);
    set(&mut header, "content_type", json!("application/json"));
    let expected = [Finding::WrongContentType { item: 0, found: "application/json".to_owned() }];
    assert_found(with_item(&header, &payload), &expected);
}

#[test]
fn the_payload_of_spans() {
    let payload = json!({ "version": 1, "items": [] }).to_string();
    let expected = [Finding::WrongVersion { item: 0, found: "1".to_owned() }];
    assert_found(with_item(&span_header(0, &payload), &payload), &expected);
    let payload = json!({ "version": 2 }).to_string();
    assert_found(with_item(&span_header(0, &payload), &payload), &[Finding::NoSpans { item: 0 }]);
}

#[test]
fn the_number_of_spans() {
    let payload = spans(1000);
    assert_found(with_item(&span_header(1000, &payload), &payload), &[]);
    let payload = spans(1001);
    let expected = [Finding::TooManySpans { item: 0, found: 1001 }];
    assert_found(with_item(&span_header(1001, &payload), &payload), &expected);
}

#[test]
fn a_span_of_another_trace() {
    let foreign = |span, found: &str| Finding::ForeignTrace { item: 0, span, found: found.to_owned() };
    let items = json!([{ "trace_id": TRACE }, { "trace_id": OTHER_TRACE }, {}]);
    let payload = json!({ "version": 2, "items": items }).to_string();
    let envelope = with_item(&span_header(3, &payload), &payload);
    assert_found(envelope, &[foreign(1, OTHER_TRACE), foreign(2, "(none)")]);
    assert_found(transaction(TRACE, OTHER_TRACE), &[foreign(0, OTHER_TRACE)]);
}

#[test]
fn nothing_at_all_is_still_read() {
    let (envelope, findings) = parse(b"");
    assert_eq!(envelope, Envelope::default());
    assert!(findings.contains(&Finding::NoFinalNewline));
}
