//! OpenAI chat completions, and what holds for every format: parameters, faults, what is remembered.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{at, data, function, with};
use crate::BlockingServers;
use crate::testing::{exchange, get_json, header, json as read_json, post};

const PATH: &str = "/v1/chat/completions";

fn ask(servers: &BlockingServers, request: &Value) -> Value {
    super::ask(servers, PATH, request)
}

fn chunks(servers: &BlockingServers, request: &Value) -> Vec<Value> {
    let mut events = data(servers, PATH, request);
    assert_eq!(events.pop().as_deref(), Some("[DONE]"));
    events.iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

fn hello(model: &str, stream: bool) -> Value {
    json!({ "model": model, "stream": stream, "messages": [{ "role": "user", "content": "Hello there" }] })
}

fn tool(name: &str) -> Value {
    json!({ "type": "function", "function": function(name, "parameters") })
}

#[test]
fn a_plain_answer() {
    let servers = BlockingServers::start().unwrap();
    let answer = ask(&servers, &hello("gpt-4o-mini", false));
    assert_eq!(at(&answer, "/object"), "chat.completion");
    assert_eq!(at(&answer, "/model"), "gpt-4o-mini-2024-07-18");
    assert_eq!(at(&answer, "/choices/0/finish_reason"), "stop");
    let expected = "This is the answer to what you said: Hello there";
    assert_eq!(at(&answer, "/choices/0/message/content"), expected);
    let usage = json!([101, 104, 205, 52, 23, 0]);
    assert_eq!(counts(&answer), usage);
    assert_eq!(answer, ask(&servers, &hello("gpt-4o-mini", false)));
    assert_eq!(counts(&ask(&servers, &hello("o3-mini", false))), json!([101, 169, 270, 52, 23, 65]));
}

fn counts(answer: &Value) -> Value {
    let fields = [
        "/usage/prompt_tokens",
        "/usage/completion_tokens",
        "/usage/total_tokens",
        "/usage/prompt_tokens_details/cached_tokens",
        "/usage/prompt_tokens_details/cache_write_tokens",
        "/usage/completion_tokens_details/reasoning_tokens",
    ];
    fields.iter().map(|field| at(answer, field).clone()).collect()
}

#[test]
fn what_a_client_adds_does_not_change_the_answer() {
    let servers = BlockingServers::start().unwrap();
    let parts =
        json!([{ "role": "user", "name": null, "content": [{ "type": "text", "text": "Hello there" }] }]);
    let same = with(hello("gpt-4o-mini", false), "messages", parts);
    assert_eq!(ask(&servers, &hello("gpt-4o-mini", false)), ask(&servers, &same));
    let other = with(hello("gpt-4o-mini", false), "messages", json!([{ "role": "user", "content": "Bye" }]));
    assert_ne!(at(&ask(&servers, &other), "/id"), at(&ask(&servers, &same), "/id"));
}

#[test]
fn the_way_from_the_weather_to_the_travel_agent() {
    let servers = BlockingServers::start().unwrap();
    let tools = json!([tool("get_weather"), tool("transfer_to_travel_agent")]);
    let mut messages = vec![
        json!({ "role": "system", "content": "Hand over to the travel agent." }),
        json!({ "role": "user", "content": "How is the WEATHER?" }),
    ];
    let mut steps = Vec::new();
    for result in ["18 degrees", "done"] {
        let answer = ask(&servers, &json!({ "model": "gpt-4o", "messages": messages, "tools": tools }));
        let message = at(&answer, "/choices/0/message").clone();
        let call = at(&message, "/tool_calls/0");
        let id = at(call, "/id");
        steps.push(at(call, "/function").clone());
        let result = json!({ "role": "tool", "tool_call_id": id, "content": result });
        messages.extend([message.clone(), result]);
        assert_eq!(at(&answer, "/choices/0/finish_reason"), "tool_calls");
    }
    let expected = [
        json!({ "name": "get_weather", "arguments": "{\"city\":\"Paris\"}" }),
        json!({ "name": "transfer_to_travel_agent", "arguments": "{}" }),
    ];
    assert_eq!(steps, expected);
    let last = ask(&servers, &json!({ "model": "gpt-4o", "messages": messages }));
    assert!(at(&last, "/choices/0/message/content").as_str().unwrap().starts_with("Go to Paris"));
    let with_tools = ask(&servers, &json!({ "model": "gpt-4o", "messages": messages, "tools": tools }));
    assert_eq!(at(&with_tools, "/choices/0/message/content"), "The tool has answered: done");
}

#[test]
fn tool_choice_is_obeyed() {
    let servers = BlockingServers::start().unwrap();
    let request = with(hello("gpt-4o", false), "tools", json!([tool("one"), tool("two")]));
    let names = |request: &Value| -> Vec<String> {
        let answer = ask(&servers, request);
        let calls = at(&answer, "/choices/0/message/tool_calls").as_array().cloned().unwrap_or_default();
        calls.iter().map(|call| at(call, "/function/name").as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&request), [""; 0]);
    let required = with(request.clone(), "tool_choice", json!("required"));
    assert_eq!(names(&required), ["one", "two"]);
    assert_eq!(names(&with(required, "parallel_tool_calls", json!(false))), ["one"]);
    let choice = json!({ "type": "function", "function": { "name": "two" } });
    assert_eq!(names(&with(request.clone(), "tool_choice", choice)), ["two"]);
    let weather = json!([{ "role": "user", "content": "weather" }]);
    let request = with(with(request, "messages", weather), "tools", json!([tool("get_weather")]));
    assert_eq!(names(&request), ["get_weather"]);
    assert_eq!(names(&with(request, "tool_choice", json!("none"))), [""; 0]);
}

#[test]
fn parameters_that_shape_the_answer() {
    let servers = BlockingServers::start().unwrap();
    let request = hello("gpt-4o", false);
    let answer = ask(&servers, &with(with(request.clone(), "n", json!(2)), "max_tokens", json!(3)));
    assert_eq!(at(&answer, "/choices").as_array().unwrap().len(), 2);
    assert_eq!(at(&answer, "/choices/1/finish_reason"), "length");
    assert_eq!(at(&answer, "/choices/1/message/content"), "This is the ");
    assert_eq!(at(&answer, "/usage/completion_tokens"), 64);
    assert_eq!(
        at(&ask(&servers, &with(request.clone(), "service_tier", json!("auto"))), "/service_tier"),
        "default"
    );
    assert_eq!(
        at(&ask(&servers, &with(request.clone(), "service_tier", json!("flex"))), "/service_tier"),
        "flex"
    );
    let answer = ask(&servers, &with(request, "response_format", json!({ "type": "json_object" })));
    assert_eq!(at(&answer, "/choices/0/message/content"), "{\"answer\":\"Hello there\"}");
}

#[test]
fn a_deployment_names_the_model() {
    let servers = BlockingServers::start().unwrap();
    let path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    let answer = read_json(post(&format!("{}{path}", servers.vendor()), &hello("ignored", false)));
    assert_eq!(at(&answer, "/model"), "gpt-4o-2024-08-06");
}

#[test]
fn a_streamed_text() {
    let servers = BlockingServers::start().unwrap();
    let request = hello("gpt-4o-mini", true);
    let plain = chunks(&servers, &request);
    assert_eq!(
        at(plain.first().unwrap(), "/choices/0/delta"),
        &json!({ "role": "assistant", "content": "", "refusal": null })
    );
    let last = plain.last().unwrap();
    assert_eq!(
        (at(last, "/choices/0/delta"), at(last, "/choices/0/finish_reason")),
        (&json!({}), &json!("stop"))
    );
    assert!(plain.iter().all(|chunk| chunk.get("usage").is_none()));
    let words: Vec<_> =
        plain.iter().filter_map(|chunk| at(chunk, "/choices/0/delta/content").as_str()).collect();
    let whole = ask(&servers, &hello("gpt-4o-mini", false));
    assert_eq!(&json!(words.concat()), at(&whole, "/choices/0/message/content"));
    assert!(words.len() > 5);

    let counted = chunks(&servers, &with(request, "stream_options", json!({ "include_usage": true })));
    let (last, before) = counted.split_last().unwrap();
    assert_eq!(at(last, "/choices"), &json!([]));
    assert_eq!(counts(last), counts(&whole));
    assert_eq!(before.len(), plain.len());
    assert!(before.iter().all(|chunk| chunk.get("usage") == Some(&Value::Null)));
}

#[test]
fn streamed_tool_calls_come_in_pieces() {
    let servers = BlockingServers::start().unwrap();
    let request = with(hello("gpt-4o", true), "tools", json!([tool("one"), tool("get_weather")]));
    let chunks = chunks(&servers, &with(request, "tool_choice", json!("required")));
    let deltas: Vec<_> = chunks.iter().map(|chunk| at(chunk, "/choices/0/delta/tool_calls/0")).collect();
    for (index, name, arguments) in [(0, "one", "{\"days\":1}"), (1, "get_weather", "{\"city\":\"Paris\"}")] {
        let mine: Vec<_> = deltas.iter().filter(|delta| at(delta, "/index") == index).collect();
        let first = mine.first().unwrap();
        assert_eq!(at(first, "/function"), &json!({ "name": name, "arguments": "" }));
        assert_eq!(mine.iter().filter(|delta| delta.get("id").is_some()).count(), 1);
        let pieces: Vec<_> =
            mine.iter().map(|delta| at(delta, "/function/arguments").as_str().unwrap()).collect();
        assert_eq!(pieces.concat(), arguments);
        assert!(pieces.len() > 2);
    }
    assert_eq!(at(chunks.last().unwrap(), "/choices/0/finish_reason"), "tool_calls");
}

#[test]
fn every_second_request_passes_the_rate_limit() {
    let servers = BlockingServers::start().unwrap();
    let url = format!("{}{PATH}", servers.vendor());
    let request = hello("fault-429-once", false);
    let other = with(request.clone(), "messages", json!([{ "role": "user", "content": "Bye" }]));
    let status = |request: &Value| post(&url, request).status().as_u16();
    assert_eq!([&request, &other, &request, &other, &request].map(status), [429, 429, 200, 200, 429]);
    post(&format!("{}/__reset", servers.vendor()), &json!({}));
    let response = post(&url, &request);
    assert_eq!((header(&response, "retry-after-ms"), header(&response, "retry-after")), ("1", "0"));
    assert_eq!(at(&read_json(response), "/error/code"), "rate_limit_exceeded");
}

#[test]
fn errors_have_openais_shape() {
    let servers = BlockingServers::start().unwrap();
    let url = format!("{}{PATH}", servers.vendor());
    let cases = [
        (hello("fault-500", true), 500, json!(["server_error", null, null])),
        (hello("fault-400", true), 400, json!(["invalid_request_error", "temperature", "unsupported_value"])),
        (json!({}), 400, json!(["invalid_request_error", null, null])),
        (
            json!({ "model": "m" }),
            400,
            json!(["invalid_request_error", "messages", "missing_required_parameter"]),
        ),
    ];
    for (request, status, expected) in cases {
        let response = post(&url, &request);
        assert_eq!(response.status(), status);
        let error = read_json(response);
        let found = ["/error/type", "/error/param", "/error/code"].map(|field| at(&error, field).clone());
        assert_eq!(json!(found), expected);
        assert!(at(&error, "/error/message").as_str().is_some_and(|message| !message.is_empty()));
    }
    assert_eq!(post(&format!("{}/v1/nothing", servers.vendor()), &json!({})).status(), 404);
}

#[test]
fn a_cut_answer_has_a_beginning_and_no_end() {
    let servers = BlockingServers::start().unwrap();
    let head = format!("POST {PATH} HTTP/1.1");
    let stream = exchange(servers.vendor(), &head, &hello("fault-cut", true).to_string());
    assert!(stream.starts_with("HTTP/1.1 200"));
    assert_eq!(stream.matches("data: {").count(), 6);
    assert!(!stream.contains("finish_reason\":\"") && !stream.ends_with("\r\n0\r\n\r\n"));
    let whole = exchange(servers.vendor(), &head, &hello("fault-cut", false).to_string());
    assert!(whole.starts_with("HTTP/1.1 200") && whole.contains("{\"id\":"));
    assert!(!whole.contains("total_tokens") && !whole.ends_with("\r\n0\r\n\r\n"));
}

#[test]
fn a_slow_answer_is_late_and_complete() {
    let servers = BlockingServers::start().unwrap();
    let start = Instant::now();
    let slow = chunks(&servers, &hello("fault-slow", true));
    assert!(start.elapsed() >= Duration::from_millis(20) * u32::try_from(slow.len()).unwrap());
    assert_eq!(at(slow.last().unwrap(), "/choices/0/finish_reason"), "stop");
}

#[test]
fn answers_that_promise_nothing() {
    let servers = BlockingServers::start().unwrap();
    let answer = ask(&servers, &hello("fault-null-choices", false));
    assert_eq!(answer.get("choices"), Some(&Value::Null));
    let chunks = chunks(&servers, &hello("fault-null-choices", true));
    assert!(chunks.iter().all(|chunk| chunk.get("choices") == Some(&Value::Null)));
    assert!(ask(&servers, &hello("fault-nonsense", false)).is_array());
    let nonsense = data(&servers, PATH, &hello("fault-nonsense", true));
    assert_eq!((nonsense.len(), nonsense.last().map(String::as_str)), (3, Some("[DONE]")));
}

#[test]
fn an_error_within_a_stream_ends_it() {
    let servers = BlockingServers::start().unwrap();
    let events = data(&servers, PATH, &hello("fault-stream-error", true));
    let (last, before) = events.split_last().unwrap();
    assert!(last.starts_with("{\"error\":{\"message\":") && !before.is_empty());
    assert!(before.iter().all(|event| event.contains("chat.completion.chunk")));
}

#[test]
fn requests_are_kept_as_they_came() {
    let servers = BlockingServers::start().unwrap();
    let url = servers.vendor();
    let request = hello("gpt-4o", false);
    ask(&servers, &request);
    crate::testing::agent().post(format!("{url}/v1/else?a=b")).header("sentry-trace", "t").send("{").unwrap();
    let kept = get_json(&format!("{url}/__requests"));
    assert_eq!(at(&kept, "/0/path"), PATH);
    assert_eq!(at(&kept, "/0/body"), &request);
    assert_eq!(at(&kept, "/0/raw"), &json!(request.to_string()));
    assert_eq!(at(&kept, "/1/path"), "/v1/else?a=b");
    assert_eq!(at(&kept, "/1/headers/sentry-trace"), "t");
    assert_eq!((at(&kept, "/1/body"), at(&kept, "/1/raw")), (&Value::Null, &json!("{")));
    post(&format!("{url}/__reset"), &json!({}));
    assert_eq!(get_json(&format!("{url}/__requests")), json!([]));
}

#[test]
fn a_page_of_another_origin_may_ask() {
    let servers = BlockingServers::start().unwrap();
    let asked = "authorization,content-type,x-stainless-lang";
    let head =
        format!("OPTIONS {PATH} HTTP/1.1\r\nconnection: close\r\naccess-control-request-headers: {asked}");
    let answer = exchange(servers.vendor(), &head, "");
    assert!(answer.starts_with("HTTP/1.1 204"));
    for line in [format!("allow-headers: {asked}"), "allow-origin: *".to_owned()] {
        assert!(answer.contains(&format!("access-control-{line}\r\n")), "{answer}");
    }
    let response = post(&format!("{}{PATH}", servers.vendor()), &hello("gpt-4o", false));
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
}
