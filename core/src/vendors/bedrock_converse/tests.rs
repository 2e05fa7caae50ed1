//! What Bedrock's formats say.

use serde_json::{Value, json};

use super::WIRE;
use crate::vendors::testing::{fails, read, stream, survives};

fn usage() -> Value {
    json!({"inputTokens": 21, "outputTokens": 40, "totalTokens": 1361, "cacheReadInputTokens": 1000,
           "cacheWriteInputTokens": 300})
}

#[test]
fn a_request_with_every_parameter() {
    let request = json!({
        "modelId": "us.amazon.nova-pro-v1:0",
        "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
        "messages": [{"role": "user", "content": [
            {"text": "What is this?"},
            {"image": {"format": "png", "source": {"bytes": "<70 bytes>"}}},
            {"cachePoint": {"type": "default"}},
        ]}],
        "inferenceConfig": {"maxTokens": 100, "temperature": 0.5, "topP": 0.75, "stopSequences": ["END"]},
        "toolConfig": {"tools": [
            {"toolSpec": {"name": "f", "description": "d", "inputSchema": {"json": {"type": "object"}}}},
            {"cachePoint": {"type": "default"}},
            {"systemTool": {"name": "nova_grounding"}},
        ]},
        "additionalModelRequestFields": {
            "inferenceConfig": {"topK": 20},
            "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"},
        },
    });
    let text = |text: &str| json!({"type": "text", "content": text});
    assert_eq!(
        read(&WIRE, &request, &json!({})),
        json!({
            "gen_ai.request.model": "us.amazon.nova-pro-v1:0", "gen_ai.request.max_tokens": 100,
            "gen_ai.request.temperature": 0.5, "gen_ai.request.top_p": 0.75, "gen_ai.request.top_k": 20,
            "gen_ai.request.stop_sequences": ["END"], "gen_ai.request.reasoning.level": "low",
            "gen_ai.system_instructions": [text("Be brief.")],
            "gen_ai.input.messages": [{"role": "user", "parts": [
                text("What is this?"),
                {"type": "blob", "modality": "image", "mime_type": "image/png",
                 "content": "[Blob substitute]", "size": 70},
            ]}],
            "gen_ai.tool.definitions": [
                {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
                {"systemTool": {"name": "nova_grounding"}},
            ],
        })
    );
    survives(&WIRE, &request);
}

#[test]
fn results_of_tools_are_from_the_tool() {
    let request = json!({"messages": [
        {"role": "user", "content": [{"text": "Weather?"}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}]},
        {"role": "user", "content": [
            {"toolResult": {"toolUseId": "t", "content": [{"json": {"celsius": 20}}], "status": "success"}},
            {"cachePoint": {"type": "default"}},
        ]},
    ]});
    assert_eq!(
        read(&WIRE, &request, &json!({}))["gen_ai.input.messages"][2],
        json!({"role": "tool", "parts": [
            {"type": "tool_call_response", "id": "t", "response": {"celsius": 20}}
        ]})
    );
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let whole = json!({
        "output": {"message": {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}},
            {"reasoningContent": {"redactedContent": "cmVk"}},
            {"text": "Let me look"},
            {"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}},
        ]}},
        "stopReason": "tool_use", "usage": usage(), "metrics": {"latencyMs": 1200},
        "trace": {"promptRouter": {"invokedModelId": "arn:aws:bedrock:us-east-1::foundation-model/m"}},
    });
    let delta =
        |index: u64, delta: Value| json!({"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}});
    let chunks = [
        json!({"messageStart": {"role": "assistant"}}),
        delta(0, json!({"reasoningContent": {"text": "Hm"}})),
        delta(0, json!({"reasoningContent": {"text": "."}})),
        delta(0, json!({"reasoningContent": {"signature": "c2ln"}})),
        json!({"contentBlockStop": {"contentBlockIndex": 0}}),
        delta(1, json!({"reasoningContent": {"redactedContent": "cmVk"}})),
        delta(2, json!({"text": "Let me "})),
        // As the wire has it, without the SDK's name around it.
        json!({"contentBlockIndex": 2, "delta": {"text": "look"}, "p": "abcdefgh"}),
        json!({"contentBlockStart": {"contentBlockIndex": 3, "start": {"toolUse": {"toolUseId": "t", "name": "f"}}}}),
        delta(3, json!({"toolUse": {"input": "{\"a\""}})),
        delta(3, json!({"toolUse": {"input": ":1}"}})),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": usage(), "metrics": {"latencyMs": 1200}, "trace": whole["trace"]}}),
    ];
    let said = read(&WIRE, &json!({}), &whole);
    assert_eq!(stream(&WIRE, &chunks), said);
    assert_eq!(said["gen_ai.usage.input_tokens"], 1321);
    assert_eq!(said["gen_ai.usage.total_tokens"], 1361);
    assert_eq!(said["gen_ai.output.messages"][0]["parts"].as_array().map(Vec::len), Some(4));
    survives(&WIRE, &whole);
    for chunk in &chunks {
        survives(&WIRE, chunk);
    }
}

#[test]
fn errors_of_the_python_sdk() {
    let response = json!({"Error": {"Code": "ThrottlingException", "Message": "Too many requests"},
                          "ResponseMetadata": {"RequestId": "r", "HTTPStatusCode": 429}});
    assert_eq!(
        fails(&WIRE, &response, &[]),
        Some(("ThrottlingException".to_owned(), Some("Too many requests".to_owned())))
    );
    assert_eq!(read(&WIRE, &json!({}), &response), json!({}));
}

#[test]
fn results_of_bedrocks_own_tools_come_in_pieces_too() {
    let begin =
        |index: u64, start: Value| json!({"contentBlockStart": {"contentBlockIndex": index, "start": start}});
    let delta =
        |index: u64, delta: Value| json!({"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}});
    let result = |id: &str, status: &str, content: Value| json!({"toolResult": {"toolUseId": id, "status": status, "content": content}});
    let started = |id: &str, status: &str| json!({"toolResult": {"toolUseId": id, "type": "nova_grounding_result", "status": status}});
    let whole = json!({"output": {"message": {"role": "assistant", "content": [
        {"toolUse": {"toolUseId": "a", "name": "nova_grounding", "input": {}}},
        result("a", "success", json!([{"json": {"found": [1, 2]}}])),
        result("b", "error", json!([{"text": "no \"luck\""}])),
        result("c", "success", json!([{"text": "Look:"}, {"json": {"n": 1}}, {"text": "."}])),
        {"image": {"format": "png", "source": {"bytes": "QUJDRA=="}}},
        {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://b/c.jpg"}}}},
        {"text": "Done"},
    ]}}});
    let chunks = [
        begin(0, json!({"toolUse": {"toolUseId": "a", "name": "nova_grounding", "type": "server_tool_use"}})),
        begin(1, started("a", "success")),
        delta(1, json!({"toolResult": [{"json": {"found": [1, 2]}}]})),
        json!({"contentBlockStop": {"contentBlockIndex": 1}}),
        begin(2, started("b", "error")),
        delta(2, json!({"toolResult": [{"text": "no \""}]})),
        delta(2, json!({"toolResult": [{"text": "luck\""}]})),
        begin(3, started("c", "success")),
        delta(3, json!({"toolResult": [{"text": "Lo"}, {"text": "ok:"}]})),
        delta(3, json!({"toolResult": [{"json": {"n": 1}}, {"text": "."}]})),
        begin(4, json!({"image": {"format": "png"}})),
        delta(4, json!({"image": {"source": {"bytes": "QUJD"}}})),
        delta(4, json!({"image": {"source": {"bytes": "RA=="}}})),
        begin(5, json!({"image": {"format": "jpeg"}})),
        delta(5, json!({"image": {"source": {"s3Location": {"uri": "s3://b/c.jpg"}}}})),
        delta(6, json!({"text": "Done"})),
    ];
    let said = read(&WIRE, &json!({}), &whole);
    let parts = &said["gen_ai.output.messages"][0]["parts"];
    assert_eq!(parts[1], json!({"type": "tool_call_response", "id": "a", "response": {"found": [1, 2]}}));
    assert_eq!(parts[2]["response"], json!({"error": "no \"luck\""}));
    assert_eq!(parts[4]["mime_type"], "image/png");
    assert_eq!(parts[5]["mime_type"], "image/jpeg");
    assert_eq!(stream(&WIRE, &chunks), said);
    for chunk in &chunks {
        survives(&WIRE, chunk);
    }
}
