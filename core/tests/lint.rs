//! What `spanwire lint` says of envelopes that are right but for one thing, in both forms of a span; and what
//! debug mode says of spans that leave.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{finish, settings};
use serde_json::{Value, json};
use spanwire::{
    attributes::Value as Attribute,
    client::Client,
    lint::{self, Report},
    span::Change,
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const AGENT: &str = "b7ad6b7169203331";
const CHAT: &str = "00f067aa0ba902b7";
const TOOL: &str = "53995c3f42cd8ad8";

/// Attributes as span v2 has them, typed by what they are.
fn typed(attributes: &Value) -> Value {
    let kind = |value: &Value| match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "double",
        Value::Array(_) => "array",
        _ => "string",
    };
    let members = attributes.as_object().unwrap().iter();
    members.map(|(key, value)| (key.clone(), json!({"type": kind(value), "value": value}))).collect()
}

/// What a span says of itself: id, op, name, parent, times, attributes.
type Told = (&'static str, &'static str, &'static str, Option<&'static str>, [f64; 2], Value);

fn told() -> [Told; 3] {
    let text = |role: &str, text: &str| {
        json!([{"role": role, "parts": [{"type": "text", "content": text}]}]).to_string()
    };
    [
        (
            AGENT,
            "gen_ai.invoke_agent",
            "invoke_agent Ada",
            None,
            [1.0, 4.0],
            json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.operation.type": "agent",
                   "gen_ai.agent.name": "Ada"}),
        ),
        (
            CHAT,
            "gen_ai.chat",
            "chat gpt",
            Some(AGENT),
            [1.0, 2.5],
            json!({"gen_ai.operation.name": "chat", "gen_ai.operation.type": "ai_client",
                   "gen_ai.agent.name": "Ada", "gen_ai.provider.name": "openai",
                   "gen_ai.request.model": "gpt", "gen_ai.response.model": "gpt-4o",
                   "gen_ai.request.temperature": 0.5, "gen_ai.request.stop_sequences": ["END"],
                   "gen_ai.input.messages": text("user", "Hi"),
                   "gen_ai.output.messages": text("assistant", "Hello"),
                   "gen_ai.system_instructions": json!([{"type": "text", "content": "Be kind."}]).to_string(),
                   "gen_ai.tool.definitions": json!([{"name": "look"}]).to_string(),
                   "gen_ai.response.finish_reasons": "stop",
                   "gen_ai.usage.input_tokens": 30, "gen_ai.usage.output_tokens": 12,
                   "gen_ai.usage.total_tokens": 42, "gen_ai.usage.cache_read.input_tokens": 10,
                   "gen_ai.usage.reasoning.output_tokens": 4, "my.own": 7}),
        ),
        (
            TOOL,
            "gen_ai.execute_tool",
            "execute_tool look",
            Some(AGENT),
            [2.5, 4.0],
            json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "look",
                   "gen_ai.agent.name": "Ada", "gen_ai.tool.call.arguments": "{\"at\":\"sky\"}",
                   "gen_ai.tool.call.result": "grey"}),
        ),
    ]
}

/// A span v2 item, its spans in the order agent, chat, tool.
fn items() -> Value {
    let span = |(id, op, name, parent, time, mut attributes): Told| {
        for (key, value) in [
            ("sentry.op", op),
            ("sentry.origin", "manual"),
            ("sentry.segment.id", AGENT),
            ("sentry.segment.name", "invoke_agent Ada"),
            ("sentry.segment.name.source", "custom"),
            ("sentry.trace_lifecycle", "stream"),
            ("sentry.sdk.name", "spanwire.test"),
            ("sentry.sdk.version", "0"),
        ] {
            attributes.as_object_mut().unwrap().insert(key.to_owned(), value.into());
        }
        let mut span = json!({"trace_id": TRACE, "span_id": id, "name": name, "status": "ok",
            "is_segment": parent.is_none(), "start_timestamp": time[0], "end_timestamp": time[1],
            "attributes": typed(&attributes)});
        if let Some(parent) = parent {
            span.as_object_mut().unwrap().insert("parent_span_id".to_owned(), parent.into());
        }
        span
    };
    json!({"version": 2, "items": told().map(span)})
}

/// The same spans as a transaction.
fn transaction() -> Value {
    let [agent, chat, tool] = told();
    let inner = |(id, op, name, parent, time, data): Told| {
        json!({"trace_id": TRACE, "span_id": id, "parent_span_id": parent, "op": op, "description": name,
               "start_timestamp": time[0], "timestamp": time[1], "status": "ok", "origin": "manual",
               "data": data})
    };
    let (id, op, name, _, time, data) = agent;
    json!({"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "type": "transaction", "transaction": name,
           "start_timestamp": time[0], "timestamp": time[1],
           "contexts": {"trace": {"trace_id": TRACE, "span_id": id, "op": op, "status": "internal_error",
                                  "origin": "manual", "data": data}},
           "spans": [inner(chat), inner(tool)]})
}

fn envelope(kind: &str, payload: &Value) -> String {
    let header = json!({"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "sdk": {},
                        "trace": {"trace_id": TRACE, "public_key": "public"}});
    let count = payload.get("items").and_then(Value::as_array).map(Vec::len);
    let payload = payload.to_string();
    let item = json!({"type": kind, "length": payload.len(), "item_count": count,
                      "content_type": "application/vnd.sentry.items.span.v2+json"});
    format!("{header}\n{item}\n{payload}\n")
}

/// Changes the value at a pointer; null takes it away.
fn change(payload: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = parent.replace("AGENT", "/items/0").replace("CHAT", "/items/1").replace("TOOL", "/items/2");
    let object = payload.pointer_mut(&parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(object.remove(key).unwrap()),
        value => drop(object.insert(key.to_owned(), value)),
    }
}

fn kinds(report: &Report) -> Vec<String> {
    report.findings.iter().map(|finding| format!("{:?} {}", finding.rule, finding.subject)).collect()
}

/// Holds that each change is found, alone, and where it is.
fn each_is_found(kind: &str, payload: fn() -> Value, changes: &[(&str, Value, &str)]) {
    assert_eq!(kinds(&lint::file(envelope(kind, &payload()).as_bytes()).unwrap()), [""; 0]);
    for (pointer, value, wanted) in changes {
        let mut changed = payload();
        change(&mut changed, pointer, value.clone());
        let report = lint::file(envelope(kind, &changed).as_bytes()).unwrap();
        assert_eq!(kinds(&report), [*wanted], "{pointer} = {value}: {report}");
    }
}

#[test]
fn fields_of_span_v2() {
    each_is_found(
        "span",
        items,
        &[
            ("/version", json!(1), "Item version"),
            ("CHAT/trace_id", json!("1af7651916cd43dd8448eb211c80319c"), "OneTrace trace_id"),
            ("CHAT/span_id", json!("00f067"), "Fields span_id"),
            ("CHAT/parent_span_id", json!("none"), "Fields parent_span_id"),
            ("CHAT/status", json!("internal_error"), "Fields status"),
            ("CHAT/start_timestamp", json!("2023"), "Fields start_timestamp"),
            ("CHAT/end_timestamp", json!(0.5), "Fields end_timestamp"),
            ("TOOL/is_segment", json!(null), "Fields is_segment"),
            ("CHAT/span_id", json!(TOOL), "Duplicate span_id"),
            ("CHAT/start_timestamp", json!(0.9), "Time start_timestamp"),
            ("CHAT/end_timestamp", json!(4.1), "Time end_timestamp"),
            ("CHAT/name", json!("chat with gpt"), "Name name"),
            (
                "AGENT/attributes/sentry.segment.name.source",
                json!(null),
                "Missing sentry.segment.name.source",
            ),
            ("CHAT/attributes/sentry.segment.id", json!(null), "Missing sentry.segment.id"),
            ("CHAT/attributes/sentry.origin", json!(null), "Missing sentry.origin"),
            ("CHAT/attributes/sentry.op", json!(null), "Missing sentry.op"),
            (
                "CHAT/attributes/sentry.segment.id",
                json!({"type": "string", "value": CHAT}),
                "Segment sentry.segment.id",
            ),
            (
                "TOOL/attributes/sentry.trace_lifecycle",
                json!({"type": "string", "value": "static"}),
                "Segment sentry.trace_lifecycle",
            ),
        ],
    );
}

#[test]
fn attributes_of_span_v2() {
    let string = |value: &str| json!({"type": "string", "value": value});
    each_is_found(
        "span",
        items,
        &[
            ("CHAT/attributes/gen_ai.provider.name", json!(null), "Missing gen_ai.provider.name"),
            ("CHAT/attributes/gen_ai.response.model", json!(null), "Missing gen_ai.response.model"),
            ("CHAT/attributes/gen_ai.operation.name", json!(null), "Missing gen_ai.operation.name"),
            ("CHAT/attributes/gen_ai.agent.name", json!(null), "Missing gen_ai.agent.name"),
            ("TOOL/attributes/gen_ai.tool.name", json!(null), "Missing gen_ai.tool.name"),
            ("CHAT/attributes/gen_ai.operation.name", string("responses"), "Op gen_ai.operation.name"),
            ("CHAT/attributes/gen_ai.operation.type", string("agent"), "Op gen_ai.operation.type"),
            ("CHAT/attributes/gen_ai.tool.type", string("function"), "Deprecated gen_ai.tool.type"),
            ("TOOL/attributes/gen_ai.system", string("openai"), "Deprecated gen_ai.system"),
            ("CHAT/attributes/gen_ai.sytem", string("openai"), "Unknown gen_ai.sytem"),
            ("CHAT/attributes/mcp.tool", string("look"), "Unknown mcp.tool"),
            ("CHAT/attributes/sentry.nothing", string(""), "Unknown sentry.nothing"),
            ("CHAT/attributes/gen_ai.usage.input_tokens", string("30"), "Type gen_ai.usage.input_tokens"),
            (
                "CHAT/attributes/gen_ai.usage.input_tokens",
                json!({"type": "integer", "value": "30"}),
                "Type gen_ai.usage.input_tokens",
            ),
            (
                "CHAT/attributes/gen_ai.request.stop_sequences",
                json!({"type": "array", "value": [1]}),
                "Type gen_ai.request.stop_sequences",
            ),
            (
                "CHAT/attributes/gen_ai.usage.cache_read.input_tokens",
                json!({"type": "integer", "value": 31}),
                "Usage gen_ai.usage.input_tokens",
            ),
            (
                "CHAT/attributes/gen_ai.usage.reasoning.output_tokens",
                json!({"type": "integer", "value": 13}),
                "Usage gen_ai.usage.output_tokens",
            ),
            (
                "CHAT/attributes/gen_ai.usage.total_tokens",
                json!({"type": "integer", "value": 41}),
                "Usage gen_ai.usage.total_tokens",
            ),
            (
                "CHAT/attributes/gen_ai.usage.reasoning.output_tokens",
                json!({"type": "integer", "value": -1}),
                "Usage gen_ai.usage.reasoning.output_tokens",
            ),
        ],
    );
}

#[test]
fn json_inside_attributes() {
    let wrong = |key: &str, value: &Value, wanted: &str| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pointer = format!("CHAT/attributes/{key}");
        each_is_found(
            "span",
            items,
            &[(&pointer, json!({"type": "string", "value": text}), &format!("{wanted} {key}"))],
        );
    };
    let said = |role: &str, part: Value| json!([{"role": role, "parts": [part]}]);
    for (value, wanted) in [
        (json!("[{\"role\": \"user\""), "Json"),
        (json!("Hi"), "Json"),
        (json!({"role": "user"}), "Shape"),
        (json!([{"role": "user", "content": "Hi"}]), "Shape"),
        (json!([{"parts": []}]), "Shape"),
        (said("human", json!({"type": "text", "content": "Hi"})), "Shape"),
        (said("user", json!({"content": "Hi"})), "Shape"),
        (said("user", json!({"type": "text", "text": "Hi"})), "Shape"),
        (said("assistant", json!({"type": "tool_call", "arguments": {}})), "Shape"),
        (said("tool", json!({"type": "tool_call_response", "id": "1"})), "Shape"),
    ] {
        wrong("gen_ai.input.messages", &value, wanted);
    }
    let from_user = said("user", json!({"type": "text", "content": "Hi"}));
    wrong("gen_ai.output.messages", &from_user, "Shape");
    wrong("gen_ai.system_instructions", &json!("Be kind."), "Json");
    wrong("gen_ai.system_instructions", &json!(["Be kind."]), "Shape");
    wrong("gen_ai.tool.definitions", &json!(["look"]), "Shape");
    wrong("gen_ai.memory.records", &json!([{"id": "1"}]), "Shape");
    wrong("gen_ai.response.finish_reasons", &json!("[\"stop\""), "Json");
    wrong("gen_ai.response.finish_reasons", &json!([1]), "Shape");
    wrong("gen_ai.tool.call.arguments", &json!("{\"at\": "), "Json");
}

#[test]
fn an_op_that_nobody_knows() {
    let mut payload = items();
    change(&mut payload, "CHAT/attributes/sentry.op", json!({"type": "string", "value": "gen_ai.dance"}));
    let report = lint::file(envelope("span", &payload).as_bytes()).unwrap();
    assert_eq!(kinds(&report), ["Op dance", "Op gen_ai.operation.name"]);
}

#[test]
fn right_in_other_ways() {
    let text = |value: &str| json!({"type": "string", "value": value});
    let one_of_each: [(&str, Value); 6] = [
        ("CHAT/attributes/gen_ai.response.finish_reasons", text("[\"stop\",\"length\"]")),
        ("TOOL/attributes/gen_ai.tool.call.arguments", text("Paris")),
        ("CHAT/attributes/gen_ai.system", text("openai")),
        ("CHAT/attributes/mcp.request.argument.city", text("Paris")),
        ("CHAT/start_timestamp", json!(0.999_999_5)),
        ("CHAT/status", json!("error")),
    ];
    for (pointer, value) in one_of_each {
        let mut payload = items();
        change(&mut payload, pointer, value);
        assert_eq!(kinds(&lint::file(envelope("span", &payload).as_bytes()).unwrap()), [""; 0], "{pointer}");
    }
}

#[test]
fn transactions() {
    each_is_found(
        "transaction",
        transaction,
        &[
            ("/event_id", json!(null), "Item event_id"),
            ("/transaction", json!("Ada"), "Name name"),
            ("/timestamp", json!(3.0), "Time end_timestamp"),
            ("/contexts/trace/span_id", json!(5), "Fields span_id"),
            ("/contexts/trace/op", json!(null), "Missing op"),
            ("/spans/0/status", json!("error"), "Fields status"),
            ("/spans/0/description", json!("chat"), "Name name"),
            ("/spans/0/data/gen_ai.agent.name", json!(null), "Missing gen_ai.agent.name"),
            ("/spans/0/data/gen_ai.provider.name", json!(null), "Missing gen_ai.provider.name"),
            ("/spans/0/data/gen_ai.usage.input_tokens", json!("30"), "Type gen_ai.usage.input_tokens"),
            (
                "/spans/0/data/gen_ai.tool.definitions",
                json!([{"name": "look"}]),
                "Type gen_ai.tool.definitions",
            ),
            ("/spans/0/data/gen_ai.input.messages", json!("Hi"), "Json gen_ai.input.messages"),
        ],
    );
}

#[test]
fn what_is_no_span_is_said_and_what_is_no_envelope_an_error() {
    let header = json!({"sdk": {}}).to_string();
    let file =
        format!("{header}\n{{\"type\":\"span\",\"length\":4}}\noops\n{{\"type\":\"attachment\"}}\nx\n");
    let report = lint::file(file.as_bytes()).unwrap();
    assert_eq!(kinds(&report), ["Item trace", "Item payload"]);
    assert!(lint::file(b"oops").is_err());
    for odd in [json!(null), json!([]), json!({"items": [null, 5, {}]}), json!({"items": 5})] {
        for kind in ["span", "transaction"] {
            assert!(!lint::file(envelope(kind, &odd).as_bytes()).unwrap().findings.is_empty());
        }
    }
}

/// Every pointer into a value.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), into));
        }
        Value::Array(items) => {
            (0..)
                .zip(items)
                .for_each(|(index, item): (usize, _)| pointers(item, &format!("{at}/{index}"), into));
        }
        _ => {}
    }
}

#[test]
fn nothing_that_stands_anywhere_is_too_much() {
    let odd =
        [json!(null), json!(-1), json!(1e308), json!(""), json!("\u{FFFD}"), json!([[]]), json!({"": {}})];
    for (kind, payload) in [("span", items()), ("transaction", transaction())] {
        let mut all = Vec::new();
        pointers(&payload, "", &mut all);
        for pointer in &all {
            for odd in &odd {
                let mut changed = payload.clone();
                *changed.pointer_mut(pointer).unwrap() = odd.clone();
                assert!(lint::file(envelope(kind, &changed).as_bytes()).is_ok(), "{pointer} = {odd}");
            }
        }
    }
}

#[test]
fn a_report_is_a_line_for_each_finding_and_what_was_looked_at() {
    let mut payload = items();
    change(&mut payload, "CHAT/attributes/gen_ai.provider.name", Value::Null);
    change(&mut payload, "CHAT/end_timestamp", json!(9.0));
    change(&mut payload, "TOOL/attributes/gen_ai.tool.type", json!({"type": "string", "value": "function"}));
    insta::assert_snapshot!(lint::file(envelope("span", &payload).as_bytes()).unwrap());
    insta::assert_snapshot!(lint::file(envelope("span", &items()).as_bytes()).unwrap());
}

#[test]
fn spans_that_are_their_own_ancestors_do_not_loop() {
    let mut payload = items();
    change(&mut payload, "CHAT/attributes/gen_ai.agent.name", Value::Null);
    change(&mut payload, "CHAT/parent_span_id", json!(TOOL));
    change(&mut payload, "TOOL/parent_span_id", json!(CHAT));
    assert!(lint::file(envelope("span", &payload).as_bytes()).is_ok());
}

#[test]
fn debug_mode_says_each_kind_of_finding_once() {
    let notices = |options: &str| {
        let settings = settings(options);
        let mut client = Client::new(settings.clone());
        let set = |key: &str, value: &str| Change::Attribute(key.to_owned(), Attribute::from(value));
        for seed in 1..4 {
            let changes = vec![
                set("gen_ai.usage.input_tokens", "many"),
                set("gen_ai.usage.output_tokens", "more"),
                set("gen_ai.system", "openai"),
                set("gen_ai.input.messages", "the secret"),
            ];
            finish(&mut client, &settings, seed, changes);
        }
        std::iter::from_fn(move || client.poll_notice()).collect::<Vec<_>>()
    };
    let said = notices(r#"{"debug": true}"#);
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said.iter().all(|notice| notice.starts_with("lint, on `chat m`: error `gen_ai.")));
    assert!(!said.concat().contains("secret"));
    assert_eq!(notices("{}"), [""; 0]);
    assert_eq!(notices(r#"{"debug": true, "conventions": "legacy"}"#).len(), 3);
}
