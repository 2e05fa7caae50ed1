//! Parts of Google's `generateContent`, in camelCase and in snake_case; they say no type.
//! Source: the API reference, "Caching" (`Part`), and Vertex AI's `Content`.

use crate::{
    json::{Node, Object, list},
    messages::{
        blobs,
        model::{Data, Part, Text},
    },
};

/// What code that Google itself runs is called among its tools.
const CODE_EXECUTION: &str = "code_execution";

/// A part that is told by the member it has.
pub(super) fn part(part: Node<'_>) -> Option<Part<'_>> {
    let (mut text, mut is_thought, mut is_signed) = (Node::MISSING, false, false);
    for (key, value) in part.members() {
        match &*key.text() {
            // The SDKs write down members that are not there as null.
            _ if !value.is_some() => {}
            "text" => text = value,
            "thought" => is_thought = value.bool() == Some(true),
            "thoughtSignature" | "thought_signature" => is_signed = true,
            "functionCall" | "function_call" => return called(value, value.get("name").str()?),
            "toolCall" | "tool_call" => return called(value, value.any(&["toolType", "tool_type"]).str()?),
            "functionResponse" | "function_response" | "toolResponse" | "tool_response" => {
                return Some(answered(value));
            }
            "inlineData" | "inline_data" => return inline(value),
            "fileData" | "file_data" => return address(value, value.any(&["fileUri", "file_uri"])),
            // A file of the SDKs, as it stands between parts.
            "uri" => return address(part, value),
            "executableCode" | "executable_code" => return Some(code(value)),
            "codeExecutionResult" | "code_execution_result" => return Some(outcome(value)),
            _ => {}
        }
    }
    match text.str() {
        Some(text) if is_thought => Some(Part::Reasoning(text)),
        Some(text) => Some(Part::Text(text)),
        // The last piece of a stream may hold nothing but the signature of the thoughts before.
        None => is_signed.then(|| Part::Text(Text::default())),
    }
}

fn called<'a>(call: Node<'a>, name: Text<'a>) -> Option<Part<'a>> {
    let arguments = call.get("args");
    Some(Part::ToolCall {
        id: call.get("id").str(),
        name,
        arguments: if arguments.is_some() { Data::from(arguments) } else { Data::Json("{}".to_owned()) },
    })
}

/// What a function gave back. Without an id, as older models have it, its name tells which one it was.
fn answered(answer: Node<'_>) -> Part<'_> {
    let response = answer.get("response");
    let mut media = answer.get("parts").items().filter(super::has_room).filter_map(part).peekable();
    let response = if media.peek().is_none() {
        Data::Node(response)
    } else {
        let mut json = String::new();
        Object::begin(&mut json)
            .entry("response", response)
            .member("parts", |out| list(out, media, |out, part| part.write(out)))
            .end();
        Data::Json(json)
    };
    Part::ToolCallResponse { id: answer.any(&["id", "name"]).str(), response }
}

fn mime_type(data: Node<'_>) -> Text<'_> {
    data.any(&["mimeType", "mime_type"]).str().unwrap_or_default()
}

fn inline(blob: Node<'_>) -> Option<Part<'_>> {
    let mime_type = mime_type(blob);
    let data = blob.get("data");
    data.is_string().then(|| blobs::data(blobs::modality_of(&mime_type), mime_type, data))
}

fn address<'a>(file: Node<'a>, uri: Node<'a>) -> Option<Part<'a>> {
    let mime_type = mime_type(file);
    Some(match blobs::address(blobs::modality_of(&mime_type), uri)? {
        Part::Uri { modality, uri, .. } => Part::Uri { modality, mime_type, uri },
        data => data,
    })
}

/// Code that the model wants to be run.
fn code(code: Node<'_>) -> Part<'_> {
    Part::ToolCall { id: code.get("id").str(), name: CODE_EXECUTION.into(), arguments: without_id(code) }
}

/// What came of that code.
fn outcome(result: Node<'_>) -> Part<'_> {
    let id = result.get("id").str().unwrap_or_else(|| CODE_EXECUTION.into());
    Part::ToolCallResponse { id: Some(id), response: without_id(result) }
}

fn without_id(node: Node<'_>) -> Data<'_> {
    let mut json = String::new();
    let mut object = Object::begin(&mut json);
    for (key, value) in node.members().filter(|(key, value)| key.text() != "id" && value.is_some()) {
        object = object.entry(&key.text(), value);
    }
    object.end();
    Data::Json(json)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        json::Doc,
        messages::{parts, write_parts},
    };

    fn one(part: &Value) -> Value {
        let text = json!([part]).to_string();
        let doc = Doc::parse(text.as_bytes()).unwrap();
        let mut parts: Value = serde_json::from_str(&write_parts(&parts::read(doc.root()))).unwrap();
        parts[0].take()
    }

    #[test]
    fn texts_and_thoughts() {
        assert_eq!(one(&json!({"text": "Hi"})), json!({"type": "text", "content": "Hi"}));
        assert_eq!(one(&json!({"text": "Hi", "thought": null, "inline_data": null}))["content"], "Hi");
        assert_eq!(
            one(&json!({"text": "Hm", "thought": true, "thoughtSignature": "CkQB"})),
            json!({"type": "reasoning", "content": "Hm"})
        );
        assert_eq!(one(&json!({"thoughtSignature": "CkQB"})), json!({"type": "text", "content": ""}));
    }

    #[test]
    fn functions_in_both_spellings() {
        let call = json!({"id": "c1", "name": "f", "args": {"a": 1}});
        let called = json!({"type": "tool_call", "id": "c1", "name": "f", "arguments": {"a": 1}});
        assert_eq!(one(&json!({"functionCall": call, "thoughtSignature": "CkQB"})), called);
        assert_eq!(one(&json!({"function_call": call})), called);
        assert_eq!(
            one(&json!({"functionCall": {"name": "f"}})),
            json!({"type": "tool_call", "name": "f", "arguments": {}})
        );
        let answer = json!({"id": "c1", "name": "f", "response": {"output": "sunny"}});
        let answered = json!({"type": "tool_call_response", "id": "c1", "response": {"output": "sunny"}});
        assert_eq!(one(&json!({"functionResponse": answer})), answered);
        assert_eq!(one(&json!({"function_response": answer})), answered);
        assert_eq!(one(&json!({"functionResponse": {"name": "f", "response": {}}}))["id"], "f");
        let screen = json!({"inlineData": {"mimeType": "image/png", "data": "QUJD"}});
        assert_eq!(
            one(&json!({"functionResponse": {"name": "f", "response": {"ok": true}, "parts": [screen]}}))["response"],
            json!({"response": {"ok": true},
                   "parts": [{"type": "blob", "modality": "image", "mime_type": "image/png",
                              "content": "[Blob substitute]", "size": 3}]})
        );
    }

    #[test]
    fn data_goes_and_addresses_stay() {
        assert_eq!(
            one(&json!({"inline_data": {"mime_type": "audio/wav", "data": "QUJDRA=="}})),
            json!({"type": "blob", "modality": "audio", "mime_type": "audio/wav",
                   "content": "[Blob substitute]", "size": 4})
        );
        let file = json!({"type": "uri", "modality": "video", "mime_type": "video/mp4", "uri": "gs://a/b"});
        assert_eq!(one(&json!({"fileData": {"mimeType": "video/mp4", "fileUri": "gs://a/b"}})), file);
        assert_eq!(one(&json!({"name": "files/b", "mime_type": "video/mp4", "uri": "gs://a/b"})), file);
    }

    #[test]
    fn tools_that_google_runs() {
        assert_eq!(
            one(&json!({"executableCode": {"language": "PYTHON", "code": "2 + 2"}})),
            json!({"type": "tool_call", "name": "code_execution",
                   "arguments": {"language": "PYTHON", "code": "2 + 2"}})
        );
        assert_eq!(
            one(&json!({"codeExecutionResult": {"id": "e", "outcome": "OUTCOME_OK", "output": "4"}})),
            json!({"type": "tool_call_response", "id": "e",
                   "response": {"outcome": "OUTCOME_OK", "output": "4"}})
        );
        assert_eq!(
            one(
                &json!({"toolCall": {"id": "s", "toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["a"]}}})
            ),
            json!({"type": "tool_call", "id": "s", "name": "GOOGLE_SEARCH_WEB", "arguments": {"queries": ["a"]}})
        );
        assert_eq!(
            one(&json!({"toolResponse": {"id": "s", "toolType": "GOOGLE_SEARCH_WEB", "response": {"n": 1}}})),
            json!({"type": "tool_call_response", "id": "s", "response": {"n": 1}})
        );
    }

    #[test]
    fn what_makes_no_sense_is_kept_as_text() {
        for odd in [json!({"functionCall": 5}), json!({"inlineData": {"data": 5}}), json!({"fileData": {}})] {
            assert_eq!(one(&odd)["content"], odd.to_string());
        }
    }
}
