//! What holds in every chat format: the scenario, counts, wishes, faults, and the account of it all.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::clients::{CLIENTS, Client};
use super::{at, last_told, pieces};
use crate::BlockingServers;
use crate::testing::{agent, json as read_json, post};

const TOOLS: [&str; 2] = ["get_weather", "transfer_to_travel_agent"];

fn url(servers: &BlockingServers, client: &Client, model: &str, stream: bool) -> String {
    format!("{}{}", servers.vendor(), (client.path)(model, stream))
}

fn ask(servers: &BlockingServers, client: &Client, model: &str, messages: &[Value], tools: &[&str]) -> Value {
    let request = (client.request)(model, messages, tools, false);
    read_json(post(&url(servers, client, model, false), &request))
}

fn say(client: &Client, text: &str) -> Vec<Value> {
    vec![(client.user)(text)]
}

fn stream(servers: &BlockingServers, client: &Client, model: &str, text: &str) -> Vec<u8> {
    let request = (client.request)(model, &say(client, text), &TOOLS, true);
    let mut response = post(&url(servers, client, model, true), &request);
    response.body_mut().read_to_vec().unwrap_or_default()
}

#[test]
fn the_weather_then_a_handoff_then_an_answer() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let mut messages = say(client, "How is the WEATHER?");
        let mut calls = Vec::new();
        for result in ["18 degrees", "done"] {
            let answer = ask(&servers, client, "m", &messages, &TOOLS);
            calls.extend((client.calls)(&answer));
            messages.extend((client.result)(&answer, result));
        }
        let expected = [("get_weather", json!({ "city": "Paris" })), ("transfer_to_travel_agent", json!({}))];
        assert_eq!(calls, expected.map(|(name, input)| (name.to_owned(), input)), "{}", client.name);
        let text = (client.text)(&ask(&servers, client, "m", &messages, &TOOLS));
        assert!(
            text.starts_with("The tool has answered: ") && text.contains("done"),
            "{} {text}",
            client.name
        );
    }
}

#[test]
fn several_calls_at_once() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        for (model, text) in [("m-parallel", "Go"), ("m", "Everything in parallel!")] {
            let calls =
                (client.calls)(&ask(&servers, client, model, &say(client, text), &["get_weather", "one"]));
            let expected = [
                ("get_weather", json!({ "city": "Paris" })),
                ("get_weather", json!({ "city": "Rome" })),
                ("one", json!({ "days": 1 })),
            ];
            assert_eq!(calls, expected.map(|(name, input)| (name.to_owned(), input)), "{}", client.name);
        }
    }
}

#[test]
fn tools_that_are_named_are_called_once_and_again_when_they_say_so() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let mut messages = say(client, "Please call one, not someone.");
        for result in ["please try again", "Try again!", "try again"] {
            let answer = ask(&servers, client, "m", &messages, &["one", "two"]);
            assert_eq!(
                (client.calls)(&answer),
                [("one".to_owned(), json!({ "days": 1 }))],
                "{}",
                client.name
            );
            messages.extend((client.result)(&answer, result));
        }
        let answer = ask(&servers, client, "m", &messages, &["one", "two"]);
        assert_eq!((client.calls)(&answer), [], "{}", client.name);
    }
}

#[test]
fn a_stream_tells_what_the_whole_answer_does() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        for (model, text) in [("m", "Hello"), ("m-thinking", "Hello"), ("m", "weather"), ("m-parallel", "Go")]
        {
            ask(&servers, client, model, &say(client, text), &TOOLS);
            let whole = last_told(&servers);
            stream(&servers, client, model, text);
            let streamed = last_told(&servers);
            for told in ["/id", "/model", "/finish_reasons", "/usage", "/tokens", "/status"] {
                assert_eq!(at(&whole, told), at(&streamed, told), "{} {told}", client.name);
            }
            assert!(at(&streamed, "/pieces").as_u64().unwrap() > 1, "{}", client.name);
            assert_ne!(at(&whole, "/usage"), &Value::Null);
        }
    }
}

#[test]
fn no_two_counts_are_equal() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        ask(&servers, client, "m-thinking", &say(client, "Hello there"), &[]);
        let tokens = at(&last_told(&servers), "/tokens").as_object().unwrap().clone();
        let counts: Vec<u64> = tokens.values().filter_map(Value::as_u64).filter(|count| *count > 0).collect();
        let distinct: HashSet<u64> = counts.iter().copied().collect();
        assert_eq!(distinct.len(), counts.len(), "{} {tokens:?}", client.name);
        assert!(counts.len() >= 3, "{}", client.name);
    }
}

#[test]
fn an_answer_has_the_size_that_is_wished_for() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let answer = ask(&servers, client, "m-bytes-5000", &say(client, "Hi"), &[]);
        assert_eq!((client.text)(&answer).len(), 5000, "{}", client.name);
        stream(&servers, client, "m", "Hi");
        let few = at(&last_told(&servers), "/pieces").as_u64().unwrap();
        stream(&servers, client, "m-bytes-2000-chunks-200", "Hi");
        let many = at(&last_told(&servers), "/pieces").as_u64().unwrap();
        assert_eq!(many - few, 200 - 9, "{}", client.name);
    }
}

#[test]
fn an_answer_is_late_where_that_is_wished_for() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let start = Instant::now();
        let request = (client.request)("m", &say(client, "Hi"), &[], false);
        let request = request.to_string();
        let agent = agent();
        let sent = agent.post(url(&servers, client, "m", false)).header("x-vendor-wish", "delay-30");
        assert_eq!(sent.send(&request).unwrap().status(), 200, "{}", client.name);
        stream(&servers, client, "m-every-5", "Hi");
        assert!(start.elapsed() >= Duration::from_millis(30 + 5 * 9), "{}", client.name);
    }
}

#[test]
fn refusals_in_every_format() {
    let servers = BlockingServers::start().unwrap();
    let cases = [
        ("400", 400),
        ("401", 401),
        ("429", 429),
        ("429-once", 429),
        ("500", 500),
        ("500-once", 500),
        ("529", 503),
    ];
    for client in &CLIENTS {
        for (fault, status) in cases {
            let model = format!("m-fault-{fault}");
            let request = (client.request)(&model, &say(client, "Hi"), &[], false);
            let send = || post(&url(&servers, client, &model, false), &request);
            let status = if (client.name, fault) == ("anthropic", "529") { 529 } else { status };
            assert_eq!(send().status(), status, "{} {fault}", client.name);
            assert_eq!(at(&last_told(&servers), "/status"), status);
            let again = if fault.ends_with("-once") { 200 } else { status };
            assert_eq!(send().status(), again, "{} {fault}", client.name);
        }
    }
}

#[test]
fn spoiled_answers_in_every_format() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let whole = |fault: &str| ask(&servers, client, &format!("m-fault-{fault}"), &say(client, "Hi"), &[]);
        assert_eq!((client.text)(&whole("null-choices")), "", "{}", client.name);
        assert_eq!((client.text)(&whole("missing-fields")), "This is the answer to what you said: Hi");
        let told = last_told(&servers);
        assert_eq!((at(&told, "/usage"), at(&told, "/id")), (&Value::Null, &Value::Null), "{}", client.name);
        assert!(whole("nonsense").is_array());
        let bytes = |fault: &str| stream(&servers, client, &format!("m-fault-{fault}"), "Hi");
        assert!(bytes("html").starts_with(b"<html>"));
        assert!(bytes("empty").is_empty());
        assert!(at(&last_told(&servers), "/tokens").is_null());
    }
}

#[test]
fn streams_that_break_in_every_format() {
    let servers = BlockingServers::start().unwrap();
    for client in &CLIENTS {
        let full = pieces(client.name, &stream(&servers, client, "m", "Hi"));
        let broken = pieces(client.name, &stream(&servers, client, "m-fault-stream-error", "Hi"));
        assert!(broken.len() > 2 && broken.len() < full.len(), "{}", client.name);
        let message = "The server had an error while processing your request. Sorry about that!";
        assert!(broken.last().unwrap().to_string().contains(message), "{}", client.name);
        let request = (client.request)("m-fault-cut", &say(client, "Hi"), &TOOLS, true);
        let mut cut = post(&url(&servers, client, "m-fault-cut", true), &request);
        assert!(cut.body_mut().read_to_vec().is_err(), "{}", client.name);
    }
}
