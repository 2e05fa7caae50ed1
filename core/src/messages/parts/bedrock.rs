//! Content blocks of Amazon Bedrock's `Converse`: unions, told by the one member that they have.
//! Source: the API reference of Bedrock Runtime, `ContentBlock` and `ToolResultContentBlock`.

use crate::{
    json::{Node, Object, list},
    messages::{
        blobs,
        model::{Data, Part, SUBSTITUTE, Text},
        read,
    },
};

/// A content block.
pub(super) fn part(block: Node<'_>) -> Option<Part<'_>> {
    // The SDKs write down members that are not there as null.
    block.members().filter(|(_, value)| value.is_some()).find_map(|(key, value)| member(&key.text(), value))
}

fn member<'a>(name: &str, value: Node<'a>) -> Option<Part<'a>> {
    Some(match name {
        "toolUse" => Part::ToolCall {
            id: value.get("toolUseId").str(),
            name: value.get("name").str()?,
            arguments: Data::from(value.get("input")),
        },
        "toolResult" => {
            Part::ToolCallResponse { id: Some(value.get("toolUseId").str()?), response: result(value) }
        }
        "reasoningContent" => thought(value)?,
        "citationsContent" => Part::Text(read::words(value.get("content"))?.into()),
        "guardContent" => {
            let text = value.at(&["text", "text"]).str().map(Part::Text);
            text.or_else(|| media("image", value.get("image")))?
        }
        "image" => media("image", value)?,
        "document" => media("document", value)?,
        "video" => media("video", value)?,
        "audio" => media("audio", value)?,
        _ => return None,
    })
}

/// Whether a block says only what should be cached, which is nothing that anybody said.
pub(super) fn is_mark(block: Node<'_>) -> bool {
    block.get("cachePoint").is_object()
}

/// What was thought, or that something was that only its model can read.
fn thought(content: Node<'_>) -> Option<Part<'_>> {
    let text = content.at(&["reasoningText", "text"]).str();
    text.or_else(|| content.get("redactedContent").is_some().then(|| SUBSTITUTE.into())).map(Part::Reasoning)
}

/// What a tool gave back. The conventions have no place for a failure, so it goes by the name `error`.
fn result(result: Node<'_>) -> Data<'_> {
    let given = given(result.get("content"));
    if !result.get("status").is("error") {
        return given;
    }
    let mut error = String::new();
    Object::begin(&mut error).member("error", |out| given.write(out)).end();
    Data::Json(error)
}

/// The words of a content that is nothing but text, the structure that is all of it, or its blocks.
fn given(content: Node<'_>) -> Data<'_> {
    if let Some(words) = read::words(content) {
        return Data::Text(words.into());
    }
    let mut blocks = content.items();
    if let (Some(only), None) = (blocks.next(), blocks.next())
        && only.get("json").is_some()
    {
        return Data::Node(only.get("json"));
    }
    let mut json = String::new();
    list(&mut json, content.items(), |out, block| match super::known(block) {
        Some(part) => part.write(out),
        None => block.write(out),
    });
    Data::Json(json)
}

/// An image, a document, a video or a sound: bytes, an object in S3, or words.
fn media<'a>(modality: &'static str, block: Node<'a>) -> Option<Part<'a>> {
    let source = block.get("source");
    let mime_type = media_type(modality, &block.get("format").str().unwrap_or_default());
    if source.get("bytes").is_string() {
        return Some(blobs::data(modality, mime_type, source.get("bytes")));
    }
    if let Some(uri) = source.at(&["s3Location", "uri"]).str() {
        return Some(Part::Uri { modality: modality.into(), mime_type, uri });
    }
    let words = source.get("text").str();
    words.or_else(|| read::words(source.get("content")).map(Into::into)).map(Part::Text)
}

/// The media type of a format, which Bedrock names by the end of a file's name.
pub(crate) fn media_type(modality: &str, format: &str) -> Text<'static> {
    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    match format {
        "" => "".into(),
        "pdf" => "application/pdf".into(),
        "doc" => "application/msword".into(),
        "docx" => WORD.into(),
        "xls" => "application/vnd.ms-excel".into(),
        "xlsx" => SHEET.into(),
        "csv" | "html" => format!("text/{format}").into(),
        "txt" => "text/plain".into(),
        "md" => "text/markdown".into(),
        "mov" => "video/quicktime".into(),
        "three_gp" => "video/3gpp".into(),
        "mp3" => "audio/mpeg".into(),
        _ => format!("{modality}/{format}").into(),
    }
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

    fn one(block: &Value) -> Value {
        read(&json!([block]))[0].take()
    }

    #[test]
    fn words_and_thoughts() {
        assert_eq!(
            read(&json!([
                {"text": "Hi"},
                {"cachePoint": {"type": "default"}},
                {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "c2ln"}}},
                {"reasoningContent": {"redactedContent": "<40 bytes>"}},
                {"guardContent": {"text": {"text": "Guarded", "qualifiers": ["query"]}}},
                {"citationsContent": {"content": [{"text": "Cited"}], "citations": [{"title": "T"}]}},
            ])),
            json!([
                {"type": "text", "content": "Hi"},
                {"type": "reasoning", "content": "Hm"},
                {"type": "reasoning", "content": "[Blob substitute]"},
                {"type": "text", "content": "Guarded"},
                {"type": "text", "content": "Cited"},
            ])
        );
    }

    #[test]
    fn data_goes_and_addresses_stay() {
        let blob = |modality: &str, mime_type: &str, size: usize| {
            json!({"type": "blob", "modality": modality, "mime_type": mime_type,
                   "content": "[Blob substitute]", "size": size})
        };
        let block = |kind: &str, format: &str, source: Value| json!({kind: {"format": format, "name": "n", "source": source}});
        // In JSON bytes are base64; what the SDKs are given is binary, and the bindings say how much.
        assert_eq!(one(&block("image", "png", json!({"bytes": "QUJDRA=="}))), blob("image", "image/png", 4));
        assert_eq!(
            one(&block("image", "png", json!({"bytes": "<70 bytes>"}))),
            blob("image", "image/png", 70)
        );
        assert_eq!(
            one(&block("document", "pdf", json!({"bytes": "QUJD"}))),
            blob("document", "application/pdf", 3)
        );
        assert_eq!(
            one(&block("video", "mp4", json!({"s3Location": {"uri": "s3://b/v.mp4"}}))),
            json!({"type": "uri", "modality": "video", "mime_type": "video/mp4", "uri": "s3://b/v.mp4"})
        );
        let words = json!({"type": "text", "content": "Words"});
        assert_eq!(one(&block("document", "txt", json!({"text": "Words"}))), words);
        assert_eq!(one(&block("document", "txt", json!({"content": [{"text": "Words"}]}))), words);
    }

    #[test]
    fn tools_and_what_they_give_back() {
        assert_eq!(
            one(&json!({"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}})),
            json!({"type": "tool_call", "id": "t", "name": "f", "arguments": {"a": 1}})
        );
        let given = |content: Value, status: &str| {
            one(&json!({"toolResult": {"toolUseId": "t", "content": content, "status": status}}))["response"]
                .take()
        };
        assert_eq!(given(json!([{"text": "sunny"}]), "success"), "sunny");
        assert_eq!(given(json!([{"json": {"celsius": 20}}]), "success"), json!({"celsius": 20}));
        assert_eq!(given(json!([{"text": "no city"}]), "error"), json!({"error": "no city"}));
        let image = json!({"image": {"format": "png", "source": {"bytes": "QUJD"}}});
        let mixed = given(json!([{"json": {"ok": true}}, image]), "success");
        assert_eq!((&mixed[0], &mixed[1]["size"]), (&json!({"json": {"ok": true}}), &json!(3)));
    }

    #[test]
    fn what_makes_no_sense_is_kept_as_text() {
        for odd in
            [json!({"toolUse": 5}), json!({"image": {"format": "png"}}), json!({"reasoningContent": {}})]
        {
            assert_eq!(one(&odd)["content"], odd.to_string());
        }
    }
}
