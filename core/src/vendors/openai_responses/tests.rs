//! Responses, whole and in events.

use serde_json::{Value, json};

use super::WIRE;
use crate::vendors::testing::{read, stream, survives};

fn response(status: &str, output: &Value) -> Value {
    json!({"id": "resp_1", "object": "response", "status": status, "model": "gpt-5", "output": output,
    "error": null, "incomplete_details": null, "usage": {
        "input_tokens": 30, "input_tokens_details": {"cached_tokens": 10, "cache_write_tokens": 0},
        "output_tokens": 20, "output_tokens_details": {"reasoning_tokens": 5}, "total_tokens": 50
    }})
}

/// Parts of the one message that an output is.
fn parts(output: &Value) -> Value {
    let said = read(&WIRE, &json!({}), &response("completed", output));
    said["gen_ai.output.messages"][0]["parts"].clone()
}

fn event(kind: &str, rest: Value) -> Value {
    let mut event = rest;
    event["type"] = format!("response.{kind}").into();
    event
}

/// The events of an answer that thinks, calls two tools and speaks.
fn events() -> Vec<Value> {
    let item = |index: u64, item: Value| json!({"output_index": index, "item": item});
    let delta = |index: u64, delta: &str| json!({"output_index": index, "content_index": 0, "delta": delta});
    vec![
        event("created", json!({"response": response("in_progress", &json!([]))})),
        event("in_progress", json!({"response": response("in_progress", &json!([]))})),
        event("output_item.added", item(0, json!({"id": "rs_1", "type": "reasoning", "summary": []}))),
        event("reasoning_summary_part.added", json!({"output_index": 0, "summary_index": 0})),
        event("reasoning_summary_text.delta", json!({"output_index": 0, "summary_index": 0, "delta": "H"})),
        event("reasoning_summary_text.delta", json!({"output_index": 0, "summary_index": 0, "delta": "m"})),
        event(
            "output_item.added",
            item(
                1,
                json!({"id": "fc_1", "type": "function_call", "call_id": "call_1",
            "name": "f", "arguments": "", "status": "in_progress"}),
            ),
        ),
        event("function_call_arguments.delta", delta(1, "{\"a\"")),
        event("function_call_arguments.delta", delta(1, ":1}")),
        event(
            "output_item.added",
            item(
                2,
                json!({"id": "ct_1", "type": "custom_tool_call", "call_id": "call_2",
            "name": "sql", "input": ""}),
            ),
        ),
        event("custom_tool_call_input.delta", delta(2, "SELECT 1")),
        event(
            "output_item.added",
            item(
                3,
                json!({"id": "msg_1", "type": "message", "role": "assistant",
            "content": [], "status": "in_progress"}),
            ),
        ),
        event(
            "content_part.added",
            json!({"output_index": 3, "content_index": 0,
            "part": {"type": "output_text", "text": "", "annotations": []}}),
        ),
        event("output_text.delta", delta(3, "Hel")),
        event("output_text.delta", delta(3, "lo")),
        event("output_text.done", json!({"output_index": 3, "content_index": 0, "text": "Hello"})),
        event("refusal.delta", json!({"output_index": 3, "content_index": 1, "delta": "No"})),
    ]
}

fn output() -> Value {
    json!([
        {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}],
         "encrypted_content": "gAAAA"},
        {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{\"a\":1}",
         "status": "completed"},
        {"id": "ct_1", "type": "custom_tool_call", "call_id": "call_2", "name": "sql", "input": "SELECT 1"},
        {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [
            {"type": "output_text", "text": "Hello", "annotations": [{"type": "url_citation", "url": "u"}],
             "logprobs": []},
            {"type": "refusal", "refusal": "No"}
        ]}
    ])
}

#[test]
fn events_become_the_response_that_would_have_come_at_once() {
    let whole = response("completed", &output());
    let said = read(&WIRE, &json!({}), &whole);
    let ended = event("completed", json!({"response": whole}));
    assert_eq!(stream(&WIRE, &[events(), vec![ended]].concat()), said);
    assert_eq!(
        said["gen_ai.output.messages"],
        json!([{"role": "assistant", "finish_reason": "completed", "parts": [
            {"type": "reasoning", "content": "Hm"},
            {"type": "tool_call", "id": "call_1", "name": "f", "arguments": {"a": 1}},
            {"type": "tool_call", "id": "call_2", "name": "sql", "arguments": "SELECT 1"},
            {"type": "text", "content": "Hello"},
            {"type": "text", "content": "No"}
        ]}])
    );
    assert_eq!(said["gen_ai.usage.cache_read.input_tokens"], 10);
    assert_eq!(said["gen_ai.usage.reasoning.output_tokens"], 5);
}

#[test]
fn an_end_that_repeats_nothing_leaves_what_came() {
    let said = read(&WIRE, &json!({}), &response("completed", &output()));
    let bare = event("completed", json!({"response": response("completed", &json!([]))}));
    let pieces = [events(), vec![bare.clone()]].concat();
    assert_eq!(stream(&WIRE, &pieces), said);
    let done =
        |index: usize| event("output_item.done", json!({"output_index": index, "item": output()[index]}));
    let items = [events(), (0..4).map(done).collect(), vec![bare.clone()]].concat();
    assert_eq!(stream(&WIRE, &items), said);
    let only_items: Vec<Value> = (0..4).map(done).chain([bare]).collect();
    assert_eq!(stream(&WIRE, &only_items), said);
}

#[test]
fn a_stream_that_is_cut_yields_what_came() {
    let said = stream(&WIRE, &events()[..8]);
    assert_eq!(
        said["gen_ai.output.messages"],
        json!([{"role": "assistant", "parts": [
            {"type": "reasoning", "content": "Hm"},
            {"type": "tool_call", "id": "call_1", "name": "f", "arguments": "{\"a\""}
        ]}])
    );
    assert_eq!(said["gen_ai.response.id"], "resp_1");
    assert_eq!(said.get("gen_ai.response.finish_reasons"), None);
    // Wherever it is cut, what is read is no more than what came.
    for length in 0..events().len() {
        stream(&WIRE, &events()[..length]);
    }
}

#[test]
fn only_deltas_are_content() {
    let mut chunks = (WIRE.chunks)();
    let mut brings = |event: &Value| {
        let text = event.to_string();
        chunks.push(crate::json::Doc::parse(text.as_bytes()).unwrap().root())
    };
    for event in events() {
        let is_delta = event["type"].as_str().unwrap().ends_with(".delta");
        assert_eq!(brings(&event), is_delta, "{event}");
    }
    assert!(!brings(&event("output_item.done", json!({"output_index": 0, "item": output()[0]}))));
    assert!(!brings(&event("image_generation_call.generating", json!({"output_index": 0}))));
    // Nobody waits for the end to see a picture.
    assert!(brings(&event("image_generation_call.partial_image", json!({"partial_image_b64": "QUJD"}))));
    assert!(brings(&event("output_text.done", json!({"output_index": 9, "content_index": 0, "text": "Hi"}))));
}

#[test]
fn pieces_that_did_not_come_are_told_at_the_end_of_their_item() {
    let item =
        |index: u64, item: Value| event("output_item.added", json!({"output_index": index, "item": item}));
    let call = |kind: &str, id: &str, rest: &str| json!({"type": kind, "id": id, "name": "f", rest: "", "status": "in_progress"});
    let pieces = [
        event(
            "reasoning_summary_text.done",
            json!({"output_index": 0, "summary_index": 0, "text": "In short"}),
        ),
        event("reasoning_text.done", json!({"output_index": 0, "content_index": 0, "text": "At length"})),
        item(1, call("function_call", "a", "arguments")),
        event("function_call_arguments.done", json!({"output_index": 1, "arguments": "{\"a\":1}"})),
        item(2, call("custom_tool_call", "b", "input")),
        event("custom_tool_call_input.delta", json!({"output_index": 2, "delta": "SELECT 1"})),
        event("custom_tool_call_input.done", json!({"output_index": 2, "input": "SELECT 1"})),
        item(3, call("mcp_call", "c", "arguments")),
        event("mcp_call_arguments.done", json!({"output_index": 3, "arguments": "{}"})),
        item(4, json!({"type": "code_interpreter_call", "id": "d", "code": null, "status": "in_progress"})),
        event("code_interpreter_call_code.done", json!({"output_index": 4, "code": "print(1)"})),
    ];
    let said = stream(&WIRE, &pieces);
    assert_eq!(
        said["gen_ai.output.messages"][0]["parts"],
        json!([
            {"type": "reasoning", "content": "In short"},
            {"type": "reasoning", "content": "At length"},
            {"type": "tool_call", "id": "a", "name": "f", "arguments": {"a": 1}},
            {"type": "tool_call", "id": "b", "name": "f", "arguments": "SELECT 1"},
            {"type": "tool_call", "id": "c", "name": "f", "arguments": {}},
            {"type": "tool_call", "id": "d", "name": "code_interpreter", "arguments": "print(1)"},
        ])
    );
    pieces.iter().for_each(|piece| survives(&WIRE, piece));
}

#[test]
fn a_shell_is_told_command_by_command() {
    let of = |index: u64, command: u64, kind: &str, rest: Value| {
        let mut event = event(kind, rest);
        (event["output_index"], event["command_index"]) = (json!(index), json!(command));
        event
    };
    let item = |index: u64, kind: &str, rest: Value| {
        let mut item = json!({"type": kind, "id": "sh", "call_id": "call_1", "status": "in_progress"});
        item.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event("output_item.added", json!({"output_index": index, "item": item}))
    };
    let ended = json!([{"stdout": "a\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]);
    let pieces = [
        item(0, "shell_call", json!({"action": {"commands": []}})),
        of(0, 0, "shell_call_command.added", json!({"command": ""})),
        of(0, 0, "shell_call_command.delta", json!({"delta": "ls "})),
        of(0, 0, "shell_call_command.delta", json!({"delta": "-la"})),
        of(0, 0, "shell_call_command.done", json!({"command": "ls -la"})),
        of(0, 1, "shell_call_command.added", json!({"command": ""})),
        of(0, 1, "shell_call_command.done", json!({"command": "pwd"})),
        item(1, "shell_call_output", json!({"output": []})),
        of(1, 0, "shell_call_output_content.delta", json!({"delta": {"stdout": "a\n"}})),
        of(1, 0, "shell_call_output_content.done", json!({"output": ended})),
        of(1, 1, "shell_call_output_content.delta", json!({"delta": {"stdout": "/"}})),
        of(1, 1, "shell_call_output_content.delta", json!({"delta": {"stdout": "tmp", "stderr": "!"}})),
    ];
    let call = json!({"type": "tool_call", "id": "call_1", "name": "shell", "arguments": {"commands": ["ls -la", "pwd"]}});
    assert_eq!(
        stream(&WIRE, &pieces)["gen_ai.output.messages"][0]["parts"],
        json!([call, {"type": "tool_call_response", "id": "call_1",
                      "response": [ended[0], {"stdout": "/tmp", "stderr": "!"}]}])
    );
    let said = stream(&WIRE, &pieces[..1]);
    assert_eq!(said["gen_ai.output.messages"][0]["parts"][0]["arguments"], json!({"commands": []}));
    // What an item says at its end is the last word.
    let done = json!({"type": "shell_call", "call_id": "call_1", "status": "completed", "action": {"commands": ["id"]}});
    let done = event("output_item.done", json!({"output_index": 0, "item": done}));
    let said = stream(&WIRE, &[&pieces[..7], &[done]].concat());
    assert_eq!(said["gen_ai.output.messages"][0]["parts"][0]["arguments"], json!({"commands": ["id"]}));
    pieces.iter().for_each(|piece| survives(&WIRE, piece));
}

#[test]
fn tools_that_come_later_are_tools() {
    let item = json!({"type": "additional_tools", "id": "at_1", "role": "developer", "tools": [
        {"type": "function", "name": "g", "parameters": {}},
        {"type": "mcp", "server_label": "s", "authorization": "secret"},
    ]});
    let said = read(&WIRE, &json!({"tools": [{"type": "web_search"}], "input": [item]}), &json!({}));
    assert_eq!(
        said,
        json!({"gen_ai.tool.definitions": [
            {"type": "web_search"}, item["tools"][0], {"type": "mcp", "server_label": "s"},
        ]})
    );
    assert_eq!(parts(&json!([item])), json!([item]));
    let done = event("output_item.done", json!({"output_index": 0, "item": item}));
    assert_eq!(stream(&WIRE, &[done])["gen_ai.output.messages"][0]["parts"], json!([item]));
}

#[test]
fn built_in_tools() {
    assert_eq!(
        parts(&json!([
            {"id": "ws_1", "type": "web_search_call", "status": "completed",
             "action": {"type": "search", "query": "q"}},
            {"id": "fs_1", "type": "file_search_call", "status": "completed", "queries": ["q"],
             "results": [{"file_id": "f", "filename": "a.md", "score": 0.5, "text": "t"}]},
            {"id": "ci_1", "type": "code_interpreter_call", "status": "completed", "container_id": "c",
             "code": "print(1)", "outputs": [{"type": "logs", "logs": "1"},
                                             {"type": "image", "url": "data:image/png;base64,QUJD"}]},
            {"id": "cu_1", "type": "computer_call", "call_id": "call_1", "status": "completed",
             "action": {"type": "click", "x": 1, "y": 2, "button": "left"}, "pending_safety_checks": []},
            {"id": "ls_1", "type": "local_shell_call", "call_id": "call_2", "status": "completed",
             "action": {"type": "exec", "command": ["ls"], "env": {}}},
            {"id": "mcp_1", "type": "mcp_call", "server_label": "s", "name": "roll", "status": "completed",
             "arguments": "{\"sides\":6}", "output": "4", "error": null},
        ])),
        json!([
            {"type": "tool_call", "id": "ws_1", "name": "web_search", "arguments": {"type": "search", "query": "q"}},
            {"type": "tool_call", "id": "fs_1", "name": "file_search", "arguments": {"queries": ["q"]}},
            {"type": "tool_call_response", "id": "fs_1",
             "response": [{"file_id": "f", "filename": "a.md", "score": 0.5, "text": "t"}]},
            {"type": "tool_call", "id": "ci_1", "name": "code_interpreter", "arguments": {"code": "print(1)"}},
            {"type": "tool_call_response", "id": "ci_1", "response": [{"type": "logs", "logs": "1"},
             {"type": "image", "url": "data:image/png;base64,[Blob substitute: 4 characters]"}]},
            {"type": "tool_call", "id": "call_1", "name": "computer",
             "arguments": {"type": "click", "x": 1, "y": 2, "button": "left"}},
            {"type": "tool_call", "id": "call_2", "name": "local_shell",
             "arguments": {"type": "exec", "command": ["ls"], "env": {}}},
            {"type": "tool_call", "id": "mcp_1", "name": "roll", "arguments": {"sides": 6}},
            {"type": "tool_call_response", "id": "mcp_1", "response": "4"},
        ])
    );
}

#[test]
fn a_picture_is_its_prompt_and_its_size() {
    assert_eq!(
        parts(
            &json!([{"id": "ig_1", "type": "image_generation_call", "status": "completed", "action": "generate",
                       "output_format": "webp", "revised_prompt": "A cat", "result": "QUJDREVG"}])
        ),
        json!([
            {"type": "tool_call", "id": "ig_1", "name": "image_generation", "arguments": {"revised_prompt": "A cat"}},
            {"type": "blob", "modality": "image", "mime_type": "image/webp", "content": "[Blob substitute]", "size": 6},
        ])
    );
}

#[test]
fn a_picture_that_failed_says_why() {
    let error =
        json!({"type": "image_generation_user_error", "code": "moderation_blocked", "message": "blocked"});
    let item = json!({"id": "ig_1", "type": "image_generation_call", "status": "failed", "result": null,
                      "error": error, "revised_prompt": "A cat"});
    assert_eq!(
        parts(&json!([item]))[1],
        json!({"type": "tool_call_response", "id": "ig_1", "response": error})
    );
}

#[test]
fn what_stays_as_it_is() {
    let items = json!([
        {"id": "mcpl_1", "type": "mcp_list_tools", "server_label": "s", "tools": [{"name": "roll", "input_schema": {}}]},
        {"id": "mcpr_1", "type": "mcp_approval_request", "server_label": "s", "name": "roll", "arguments": "{}"},
        {"id": "new_1", "type": "something_new", "data": 1},
    ]);
    assert_eq!(parts(&items), items);
    let hidden = json!([{"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAA"},
                        {"id": "cmp_1", "type": "compaction", "encrypted_content": "gAAAA"}]);
    assert_eq!(parts(&hidden), json!(null));
}

#[test]
fn items_go_back_in() {
    let said = read(
        &WIRE,
        &json!({"model": "m", "instructions": "Be brief.", "input": [
            {"role": "developer", "content": [{"type": "input_text", "text": "Be kind."}]},
            {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,QUJD"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"},
            {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "sunny"},
            {"type": "computer_call_output", "call_id": "call_2",
             "output": {"type": "computer_screenshot", "image_url": "data:image/png;base64,QUJD"}},
            {"type": "function_call_output", "call_id": "call_3", "output": [
                {"type": "input_text", "text": "a file"}, {"type": "input_file", "file_id": "file_1"}]},
            {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": true},
            {"type": "item_reference", "id": "msg_1"},
            {"id": "msg_2"},
        ]}),
        &json!({}),
    );
    let text = |text: &str| json!({"type": "text", "content": text});
    let image = json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                       "content": "[Blob substitute]", "size": 3});
    let answer = |id: &str, response: Value| json!({"role": "tool", "parts": [{"type": "tool_call_response", "id": id, "response": response}]});
    assert_eq!(said["gen_ai.system_instructions"], json!([text("Be brief."), text("Be kind.")]));
    assert_eq!(
        said["gen_ai.input.messages"],
        json!([
            {"role": "user", "parts": [image]},
            {"role": "assistant", "parts": [{"type": "tool_call", "id": "call_1", "name": "f", "arguments": {}}]},
            answer("call_1", json!("sunny")),
            answer("call_2", json!([image])),
            answer("call_3", json!([text("a file"),
                {"type": "file", "modality": "document", "mime_type": "", "file_id": "file_1"}])),
            {"role": "user", "parts": [
                {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": true}]},
            {"role": "assistant", "parts": [{"type": "item_reference", "id": "msg_1"}]},
            {"role": "user", "parts": [text("{\"id\":\"msg_2\"}")]},
        ])
    );
}

#[test]
fn a_conversation_is_told_before_the_response_that_is_gone_on_from() {
    let id = |request: Value, response: Value| {
        read(&WIRE, &request, &response).get("gen_ai.conversation.id").cloned()
    };
    let none = json!({});
    assert_eq!(
        id(json!({"conversation": "conv_1", "previous_response_id": "resp_0"}), none.clone()),
        Some(json!("conv_1"))
    );
    assert_eq!(id(json!({"conversation": {"id": "conv_1"}}), none.clone()), Some(json!("conv_1")));
    assert_eq!(id(json!({"previous_response_id": "resp_0"}), none.clone()), Some(json!("resp_0")));
    assert_eq!(
        id(json!({"previous_response_id": "resp_0"}), json!({"conversation": {"id": "conv_1"}})),
        Some(json!("conv_1"))
    );
    assert_eq!(id(none, json!({"id": "resp_1", "previous_response_id": null})), None);
}

#[test]
fn how_a_response_ends() {
    let reason =
        |response: Value| read(&WIRE, &json!({}), &response).get("gen_ai.response.finish_reasons").cloned();
    assert_eq!(reason(json!({"status": "completed"})), Some(json!("completed")));
    assert_eq!(
        reason(json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}})),
        Some(json!("max_output_tokens"))
    );
    assert_eq!(reason(json!({"status": "cancelled"})), Some(json!("cancelled")));
    assert_eq!(reason(json!({"status": "queued"})), None);
}

#[test]
fn what_opens_a_server_is_no_part_of_a_tool() {
    let tools = json!([
        {"type": "function", "name": "f", "parameters": {}, "strict": true},
        {"type": "web_search"},
        {"type": "mcp", "server_label": "s", "server_url": "https://example.com/mcp",
         "authorization": "secret", "headers": {"X-Key": "secret"}, "require_approval": "never"},
    ]);
    let said = read(&WIRE, &json!({"tools": tools}), &json!({}));
    assert!(!said.to_string().contains("secret"), "{said}");
    assert_eq!(said["gen_ai.tool.definitions"][0], tools[0]);
    assert_eq!(said["gen_ai.tool.definitions"][2]["server_url"], "https://example.com/mcp");
}

#[test]
fn nonsense_anywhere_is_survived() {
    let whole = response("incomplete", &output());
    survives(&WIRE, &whole);
    survives(
        &WIRE,
        &json!({"model": "m", "input": output(), "instructions": "i", "tools": [{"type": "mcp"}],
                            "conversation": {"id": "c"}, "reasoning": {"effort": "low"}}),
    );
    for event in events() {
        survives(&WIRE, &event);
    }
    survives(&WIRE, &event("completed", json!({"response": whole})));
    for item in output().as_array().unwrap() {
        survives(&WIRE, &event("output_item.done", json!({"output_index": 0, "item": item})));
    }
}
