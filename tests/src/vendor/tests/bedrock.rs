//! Bedrock: the binary stream.

use serde_json::{Value, json};

use super::at;
use crate::BlockingServers;
use crate::testing::{header, post};

/// The messages of an event stream: what their headers name, and their payloads. Checks every length and
/// checksum on the way.
pub(super) fn decode(mut stream: &[u8]) -> Vec<(String, Value)> {
    let mut messages = Vec::new();
    while !stream.is_empty() {
        let number = |at: usize| u32::from_be_bytes(stream[at..at + 4].try_into().unwrap());
        let total = number(0) as usize;
        assert_eq!(number(8), crc32fast::hash(&stream[..8]));
        assert_eq!(number(total - 4), crc32fast::hash(&stream[..total - 4]));
        let payload = 12 + number(4) as usize;
        let name = first_header(&stream[12..payload]);
        messages.push((name, serde_json::from_slice(&stream[payload..total - 4]).unwrap()));
        stream = &stream[total..];
    }
    messages
}

fn first_header(headers: &[u8]) -> String {
    let name = usize::from(headers[0]) + 1;
    let length = usize::from(u16::from_be_bytes([headers[name + 1], headers[name + 2]]));
    String::from_utf8(headers[name + 3..name + 3 + length].to_vec()).unwrap()
}

fn stream(servers: &BlockingServers, model: &str, request: &Value) -> Vec<(String, Value)> {
    let mut response = post(&format!("{}/model/{model}/converse-stream", servers.vendor()), request);
    assert_eq!(header(&response, "content-type"), "application/vnd.amazon.eventstream");
    decode(&response.body_mut().read_to_vec().unwrap())
}

#[test]
fn events_carry_text_reasoning_and_calls() {
    let servers = BlockingServers::start().unwrap();
    let tool = json!({ "toolSpec": { "name": "get_weather", "inputSchema": { "json": {} } } });
    let request = json!({
        "messages": [{ "role": "user", "content": [{ "text": "How is the weather?" }] }],
        "toolConfig": { "tools": [tool] },
        "additionalModelRequestFields": { "thinking": { "type": "enabled" } },
    });
    let events = stream(&servers, "anthropic.claude-sonnet-4-5", &request);
    let mut names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    let (text, call) = (["contentBlockDelta", "contentBlockStop"], "contentBlockStart");
    let middle = [&text[..], &text[..], &[call], &text[..]].concat();
    assert_eq!(names, [&["messageStart"][..], &middle, &["messageStop", "metadata"]].concat());
    let payloads: Vec<Value> = events.into_iter().map(|(_, payload)| payload).collect();
    let joined = |pointer: &str| super::joined(&payloads, pointer);
    assert_eq!(joined("/delta/reasoningContent/text"), "The user says: How is the weather?");
    assert_eq!(joined("/delta/text"), "I will call get_weather.");
    assert_eq!(joined("/delta/toolUse/input"), "{\"city\":\"Paris\"}");
    assert_eq!(joined("/stopReason"), "tool_use");
    let usage = at(payloads.last().unwrap(), "/usage");
    let parts = ["/inputTokens", "/cacheReadInputTokens", "/cacheWriteInputTokens", "/outputTokens"];
    let sum: u64 = parts.iter().map(|part| at(usage, part).as_u64().unwrap()).sum();
    assert_eq!(at(usage, "/totalTokens"), sum);
}

#[test]
fn a_stream_that_breaks_ends_with_an_exception() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({ "messages": [{ "role": "user", "content": [{ "text": "Hi" }] }] });
    let events = stream(&servers, "m-fault-stream-error", &request);
    assert_eq!(events.last().unwrap().0, "modelStreamErrorException");
}
