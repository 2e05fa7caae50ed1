//! What `spanwire inspect` prints: reviewed by a person.

#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

fn span(
    id: &str,
    parent: Option<&str>,
    name: &str,
    seconds: (f64, f64),
    attributes: &serde_json::Value,
) -> serde_json::Value {
    let attributes: serde_json::Map<_, _> = attributes
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.clone(), json!({"type": "any", "value": value})))
        .collect();
    json!({"trace_id": "abc", "span_id": id, "parent_span_id": parent, "name": name,
           "status": if attributes.contains_key("error.type") { "error" } else { "ok" },
           "start_timestamp": seconds.0, "end_timestamp": seconds.1, "attributes": attributes})
}

fn envelope(items: &[serde_json::Value]) -> String {
    let payload = json!({"version": 2, "items": items}).to_string();
    format!("{{\"sdk\":{{}}}}\n{{\"type\":\"span\",\"length\":{}}}\n{payload}\n", payload.len())
}

#[test]
fn a_trace_in_two_envelopes_is_one_tree() {
    let usage = json!({"gen_ai.response.model": "m-2026", "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.output_tokens": 12, "gen_ai.usage.cache_read.input_tokens": 10,
        "gen_ai.usage.reasoning.output_tokens": 4, "gen_ai.response.time_to_first_chunk": 0.25});
    let first = envelope(&[
        span("c", Some("a"), "chat m", (1.0, 2.5), &usage),
        span("t", Some("a"), "execute_tool look", (2.5, 2.5004), &json!({"error.type": "LookupError"})),
    ]);
    let second = envelope(&[
        span("x", Some("elsewhere"), "chat late", (9.0, 9.0), &json!({})),
        span("a", None, "invoke_agent A", (1.0, 3.0), &json!({})),
    ]);
    let lost = r#"{"discarded_events":[{"reason":"x","quantity":1}]}"#;
    let report =
        format!("{{\"sdk\":{{}}}}\n{{\"type\":\"client_report\",\"length\":{}}}\n{lost}\n", lost.len());
    insta::assert_snapshot!(
        spanwire::inspect::render(format!("{first}{second}{report}").as_bytes()).unwrap()
    );
}

#[test]
fn spans_that_are_their_own_parents_do_not_loop() {
    let file = envelope(&[
        span("a", Some("b"), "a", (1.0, 1.0), &json!({})),
        span("b", Some("a"), "b", (1.0, 1.0), &json!({})),
        span("c", Some("c"), "c", (1.0, 1.0), &json!({})),
    ]);
    insta::assert_snapshot!(spanwire::inspect::render(file.as_bytes()).unwrap());
}

#[test]
fn a_transaction_is_a_tree_too() {
    let trace = |id: &str, parent: Option<&str>, status: &str, data: &serde_json::Value| json!({"trace_id": "abc", "span_id": id, "parent_span_id": parent, "op": "gen_ai.chat", "status": status, "data": data});
    let mut child = trace(
        "c",
        Some("a"),
        "cancelled",
        &json!({"error.type": "CancelledError", "gen_ai.response.model": "m-2026"}),
    );
    child["description"] = "chat m".into();
    (child["start_timestamp"], child["timestamp"]) = (json!(1.0), json!(2.5));
    let event = json!({"transaction": "invoke_agent Ada", "start_timestamp": 0.5, "timestamp": 3.0,
        "contexts": {"trace": trace("a", None, "ok", &json!({}))}, "spans": [child]})
    .to_string();
    let file =
        format!("{{\"sdk\":{{}}}}\n{{\"type\":\"transaction\",\"length\":{}}}\n{event}\n", event.len());
    assert_eq!(
        spanwire::inspect::render(file.as_bytes()).unwrap(),
        "trace abc (2 spans)\n└─ invoke_agent Ada  2.50 s\n   └─ chat m  1.50 s  m-2026  [error: CancelledError]\n"
    );
}
