//! Content chunks of Mistral's chat completions that others write differently.
//! Source: the API reference, "Chat Completion" (`messages.content`), and the types of `mistralai`.

use crate::{
    json::Node,
    messages::{blobs, model::Part},
};

/// A content chunk. References, which point at what a tool gave back, stay as they are.
pub(super) fn part<'a>(kind: &str, chunk: Node<'a>) -> Option<Part<'a>> {
    match kind {
        "thinking" => thought(chunk.get("thinking")).map(|words| Part::Reasoning(words.into())),
        "document_url" => blobs::data_or_address("document", chunk.get("document_url")),
        // OpenAI has an object there.
        "input_audio" if chunk.get("input_audio").is_string() => {
            blobs::data_or_address("audio", chunk.get("input_audio"))
        }
        _ => None,
    }
}

/// The words of a thought, which may refer to its sources in between.
fn thought(chunks: Node<'_>) -> Option<String> {
    let words = chunks.items().filter_map(|chunk| chunk.get("text").str());
    chunks.is_array().then(|| words.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        json::Doc,
        messages::{parts, write_parts},
    };

    #[test]
    fn chunks_are_parts() {
        let chunks = json!([
            {"type": "thinking", "thinking": [
                {"type": "text", "text": "H"}, {"type": "reference", "reference_ids": [1]}, {"type": "text", "text": "m"},
            ], "closed": true},
            {"type": "text", "text": "Paris"},
            {"type": "reference", "reference_ids": [3, "b"]},
            {"type": "image_url", "image_url": "data:image/png;base64,QUJDRA=="},
            {"type": "document_url", "document_url": "https://a.b/c.pdf", "document_name": "c"},
            {"type": "input_audio", "input_audio": "QUJD"},
            {"type": "file", "file_id": "f1"},
        ])
        .to_string();
        let doc = Doc::parse(chunks.as_bytes()).unwrap();
        let blob = |modality: &str, mime_type: &str, size: usize| {
            json!({"type": "blob", "modality": modality, "mime_type": mime_type,
                   "content": "[Blob substitute]", "size": size})
        };
        assert_eq!(
            serde_json::from_str::<Value>(&write_parts(&parts::read(doc.root()))).unwrap(),
            json!([
                {"type": "reasoning", "content": "Hm"},
                {"type": "text", "content": "Paris"},
                {"type": "reference", "reference_ids": [3, "b"]},
                blob("image", "image/png", 4),
                {"type": "uri", "modality": "document", "mime_type": "", "uri": "https://a.b/c.pdf"},
                blob("audio", "", 3),
                {"type": "file", "modality": "document", "mime_type": "", "file_id": "f1"},
            ])
        );
    }
}
