//! Ollama chat and generate.

use serde_json::{Value, json};

use super::{ask, at, joined, with};
use crate::BlockingServers;
use crate::testing::{header, post, text};

fn lines(servers: &BlockingServers, path: &str, request: &Value) -> Vec<Value> {
    let response = post(&format!("{}{path}", servers.vendor()), request);
    assert_eq!(header(&response, "content-type"), "application/x-ndjson");
    text(response).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_chat_is_streamed_unless_told_otherwise() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({
        "model": "llama3.2", "think": true, "messages": [{ "role": "user", "content": "Hello there" }],
    });
    let whole = ask(&servers, "/api/chat", &with(request.clone(), "stream", json!(false)));
    let lines = lines(&servers, "/api/chat", &request);
    for said in ["/message/content", "/message/thinking"] {
        assert_eq!(at(&whole, said), &json!(joined(&lines, said)));
    }
    let (last, before) = lines.split_last().unwrap();
    for count in ["/prompt_eval_count", "/eval_count", "/done", "/done_reason"] {
        assert_eq!(at(last, count), at(&whole, count));
        assert!(count == "/done" || before.iter().all(|line| at(line, count).is_null()));
    }
    assert_eq!((at(last, "/prompt_eval_count"), at(last, "/eval_count")), (&json!(101), &json!(169)));
}

#[test]
fn a_text_is_generated() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({ "model": "llama3.2", "prompt": "Hello there", "options": { "num_predict": 3 } });
    let whole = ask(&servers, "/api/generate", &with(request.clone(), "stream", json!(false)));
    assert_eq!(
        (at(&whole, "/response"), at(&whole, "/done_reason")),
        (&json!("This is the "), &json!("length"))
    );
    assert_eq!(joined(&lines(&servers, "/api/generate", &request), "/response"), "This is the ");
    let request = with(with(request, "format", json!("json")), "options", json!({}));
    let whole = ask(&servers, "/api/generate", &with(request, "stream", json!(false)));
    assert_eq!(at(&whole, "/response"), "{\"answer\":\"Hello there\"}");
}
