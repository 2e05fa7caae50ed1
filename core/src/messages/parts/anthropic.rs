//! Content blocks of Anthropic's messages.
//! Source: the API reference, "Create a Message" (`messages.content`, `content`), with the blocks of its betas.

use crate::{
    json::{Node, Object, list},
    messages::{
        blobs,
        model::{Data, Part, SUBSTITUTE},
        read,
    },
};

/// A content block.
pub(super) fn part<'a>(kind: &str, block: Node<'a>) -> Option<Part<'a>> {
    Some(match kind {
        "thinking" => Part::Reasoning(block.any(&["thinking", "text", "content"]).str()?),
        // Only Anthropic can read it; that the model thought is all there is to say.
        "redacted_thinking" => Part::Reasoning(SUBSTITUTE.into()),
        "tool_use" | "server_tool_use" | "mcp_tool_use" => call(block)?,
        "image" => source("image", block.get("source"))?,
        "document" => source("document", block.get("source"))?,
        // What the model knows of the turns before, in its own words.
        "compaction" => Part::Text(block.get("content").str()?),
        "container_upload" | "code_execution_output" | "bash_code_execution_output" => {
            blobs::file("document", block.get("file_id").str()?)
        }
        // The caller's tools, Anthropic's own (`web_search_tool_result`) and those of MCP servers.
        _ if kind.ends_with("tool_result") => {
            Part::ToolCallResponse { id: Some(block.get("tool_use_id").str()?), response: result(block) }
        }
        _ => return None,
    })
}

/// The blocks that a document is made of; missing where a block is no such document.
pub(super) fn held(block: Node<'_>) -> Node<'_> {
    if block.get("type").is("document") { block.at(&["source", "content"]) } else { Node::MISSING }
}

fn call(block: Node<'_>) -> Option<Part<'_>> {
    let input = block.get("input");
    Some(Part::ToolCall {
        id: block.get("id").str(),
        name: block.get("name").str()?,
        arguments: if input.is_some() { Data::from(input) } else { Data::Json("{}".to_owned()) },
    })
}

/// Where an image or a document comes from: base64, an address, a file that Anthropic holds, or words.
fn source<'a>(modality: &'static str, source: Node<'a>) -> Option<Part<'a>> {
    let data = source.get("data");
    if source.get("type").is("text") {
        return data.str().map(Part::Text);
    }
    if data.is_string() {
        return Some(blobs::data(modality, source.get("media_type").str().unwrap_or_default(), data));
    }
    let file = source.get("file_id").str().map(|id| blobs::file(modality, id));
    file.or_else(|| blobs::address(modality, source.get("url")))
        .or_else(|| source.get("content").str().map(Part::Text))
}

/// What a tool gave back. The conventions have no place for a failure, so it goes by the name `error`.
fn result(block: Node<'_>) -> Data<'_> {
    let given = given(block.get("content"));
    if block.get("is_error").bool() != Some(true) {
        return given;
    }
    let mut error = String::new();
    Object::begin(&mut error).member("error", |out| given.write(out)).end();
    Data::Json(error)
}

fn given(content: Node<'_>) -> Data<'_> {
    if content.is_string() {
        return Data::Node(content);
    }
    let words = read::words(content).or_else(|| (!content.is_some()).then(String::new));
    words.map_or_else(
        || {
            let mut json = String::new();
            write(&mut json, content);
            Data::Json(json)
        },
        |words| Data::Text(words.into()),
    )
}

/// Writes what stands in a result: blocks as the parts they are, so that no binary data goes along, and
/// nothing of what only Anthropic can read.
fn write(out: &mut String, node: Node<'_>) {
    if node.is_array() {
        return list(out, node.items(), write);
    }
    if !node.is_object() {
        return node.write(out);
    }
    if let Some(part) = super::known(node).filter(|_| node.get("type").is_string()) {
        return part.write(out);
    }
    let mut object = Object::begin(out);
    for (key, value) in node.members() {
        object = match &*key.text() {
            "encrypted_content" | "encrypted_stdout" | "encrypted_index" | "signature" => object,
            "content" => object.member("content", |out| write(out, value)),
            name => object.entry(name, value),
        };
    }
    object.end();
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        json::Doc,
        messages::{parts, write_parts},
    };

    fn read(blocks: &Value) -> Value {
        let text = blocks.to_string();
        let doc = Doc::parse(text.as_bytes()).unwrap();
        serde_json::from_str(&write_parts(&parts::read(doc.root()))).unwrap()
    }

    /// What one block is.
    fn one(block: &Value) -> Value {
        read(&json!([block]))[0].take()
    }

    /// What a result of that content gives back.
    fn given(kind: &str, content: &Value) -> Value {
        let mut part = one(&json!({"type": kind, "tool_use_id": "t", "content": content}));
        assert_eq!((&part["type"], &part["id"]), (&json!("tool_call_response"), &json!("t")));
        part["response"].take()
    }

    #[test]
    fn thoughts_are_reasoning_and_what_is_redacted_goes() {
        assert_eq!(
            read(&json!([
                {"type": "thinking", "thinking": "Hm", "signature": "EqQBCgIYAhIM"},
                {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3p"},
                {"type": "compaction", "content": "They said hello.", "encrypted_content": "EmwK"},
            ])),
            json!([
                {"type": "reasoning", "content": "Hm"},
                {"type": "reasoning", "content": "[Blob substitute]"},
                {"type": "text", "content": "They said hello."},
            ])
        );
    }

    #[test]
    fn whoever_runs_a_tool_its_call_is_a_call() {
        for kind in ["tool_use", "server_tool_use", "mcp_tool_use"] {
            assert_eq!(
                one(&json!({"type": kind, "id": "t", "name": "f", "input": {"a": 1}, "server_name": "s"})),
                json!({"type": "tool_call", "id": "t", "name": "f", "arguments": {"a": 1}})
            );
        }
        assert_eq!(one(&json!({"type": "tool_use", "id": "t", "name": "f"}))["arguments"], json!({}));
    }

    #[test]
    fn images_and_documents_wherever_they_are() {
        let image = |source: Value| one(&json!({"type": "image", "source": source}));
        assert_eq!(
            image(json!({"type": "base64", "media_type": "image/png", "data": "QUJDRA=="})),
            json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                   "content": "[Blob substitute]", "size": 4})
        );
        assert_eq!(image(json!({"type": "url", "url": "https://a.b/c.png"}))["uri"], "https://a.b/c.png");
        assert_eq!(image(json!({"type": "file", "file_id": "file_1"}))["file_id"], "file_1");
        let document = |source: Value| read(&json!([{"type": "document", "title": "T", "source": source}]));
        let text = |text: &str| json!({"type": "text", "content": text});
        assert_eq!(
            document(json!({"type": "base64", "media_type": "application/pdf", "data": "QUJD"}))[0]["modality"],
            "document"
        );
        assert_eq!(
            document(json!({"type": "text", "media_type": "text/plain", "data": "Words"})),
            json!([text("Words")])
        );
        assert_eq!(document(json!({"type": "content", "content": "Words"})), json!([text("Words")]));
        let blocks = json!([{"type": "text", "text": "A cat:"},
                            {"type": "image", "source": {"type": "url", "url": "https://a.b/cat"}}]);
        let held = document(json!({"type": "content", "content": blocks}));
        assert_eq!((&held[0], &held[1]["type"]), (&text("A cat:"), &json!("uri")));
        assert_eq!(
            one(&json!({"type": "container_upload", "file_id": "file_2"})),
            json!({"type": "file", "modality": "document", "mime_type": "", "file_id": "file_2"})
        );
    }

    #[test]
    fn results_are_words_parts_or_structure() {
        assert_eq!(given("tool_result", &json!("sunny")), "sunny");
        assert_eq!(given("mcp_tool_result", &json!([{"type": "text", "text": "sunny"}])), "sunny");
        assert_eq!(given("tool_result", &json!(null)), "");
        assert_eq!(
            given(
                "tool_result",
                &json!([
                    {"type": "text", "text": "Look:"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
                ])
            ),
            json!([{"type": "text", "content": "Look:"},
                   {"type": "blob", "modality": "image", "mime_type": "image/png",
                    "content": "[Blob substitute]", "size": 3}])
        );
        assert_eq!(
            one(&json!({"type": "tool_result", "tool_use_id": "t", "content": "no city", "is_error": true}))
                ["response"],
            json!({"error": "no city"})
        );
    }

    #[test]
    fn results_of_anthropics_own_tools_lose_what_nobody_can_read() {
        assert_eq!(
            given(
                "web_search_tool_result",
                &json!([{"type": "web_search_result", "url": "https://a.b", "title": "T", "page_age": null,
                         "encrypted_content": "EqgfCioIARgBIiQ3"}])
            ),
            json!([{"type": "web_search_result", "url": "https://a.b", "title": "T", "page_age": null}])
        );
        let failed = json!({"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"});
        assert_eq!(given("web_search_tool_result", &failed), failed);
        let pdf = json!({"type": "base64", "media_type": "application/pdf", "data": "QUJD"});
        let fetched = given(
            "web_fetch_tool_result",
            &json!({"type": "web_fetch_result", "url": "https://a.b/c.pdf",
                    "content": {"type": "document", "source": pdf}}),
        );
        assert_eq!(fetched["content"]["content"], "[Blob substitute]");
        let run = given(
            "code_execution_tool_result",
            &json!({"type": "code_execution_result", "stdout": "4\n", "stderr": "", "return_code": 0,
                    "content": [{"type": "code_execution_output", "file_id": "file_3"}]}),
        );
        assert_eq!((&run["stdout"], &run["content"][0]["file_id"]), (&json!("4\n"), &json!("file_3")));
    }

    #[test]
    fn results_inside_of_results_are_read_once() {
        let wrap = |inner, _| json!([{"type": "tool_result", "tool_use_id": "t", "content": inner}]);
        let deep = (0..60).fold(json!("deep"), wrap);
        assert!(one(&deep[0]).to_string().contains("deep"));
    }

    #[test]
    fn blocks_without_what_they_need_stay_as_they_are() {
        for odd in [
            json!({"type": "tool_use", "id": 5}),
            json!({"type": "tool_result", "content": "a"}),
            json!({"type": "image", "source": 5}),
            json!({"type": "thinking"}),
            json!({"type": "mcp_tool_listing", "mcp_server_name": "s", "tools": []}),
        ] {
            assert_eq!(one(&odd), odd);
        }
    }
}
