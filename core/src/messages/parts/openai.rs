//! Parts of OpenAI's chat completions and responses, and of the many servers that speak them.

use crate::{
    json::Node,
    messages::{
        blobs,
        model::{Data, Part, Text},
    },
};

/// `{id, function: {name, arguments}}`, `{id, custom: {name, input}}` or `{id, name, arguments}`; what is
/// wanted of the tool as text or structure.
pub(super) fn tool_call(call: Node<'_>) -> Option<Part<'_>> {
    let inner = call.any(&["function", "custom"]);
    let function = if inner.is_object() { inner } else { call };
    Some(Part::ToolCall {
        id: call.get("id").str(),
        name: function.get("name").str()?,
        arguments: Data::from(function.any(&["arguments", "args", "input"])),
    })
}

/// A part of a message's content.
pub(super) fn part<'a>(kind: &str, part: Node<'a>) -> Option<Part<'a>> {
    let text = |name: &str| part.get(name).str();
    Some(match kind {
        "input_text" | "output_text" | "summary_text" => Part::Text(text("text")?),
        "reasoning_text" => Part::Reasoning(text("text")?),
        "refusal" => Part::Text(text("refusal")?),
        "function" | "custom" => tool_call(part)?,
        "image_url" | "input_image" | "computer_screenshot" => match part.get("file_id").str() {
            Some(file_id) => blobs::file("image", file_id),
            None => {
                let url = part.get("image_url");
                blobs::address("image", if url.is_string() { url } else { url.get("url") })?
            }
        },
        "input_audio" => {
            let audio = part.get("input_audio");
            let mime_type = audio.get("format").words().map(|format| format!("audio/{format}").into());
            blobs::data("audio", mime_type.unwrap_or_default(), audio.get("data"))
        }
        "video_url" => blobs::address("video", part.at(&["video_url", "url"]))?,
        "file" | "input_file" => {
            let file = if part.get("file").is_object() { part.get("file") } else { part };
            match file.get("file_id").str() {
                Some(file_id) => Part::File {
                    modality: text("modality").unwrap_or("document".into()),
                    mime_type: text("mime_type").unwrap_or_default(),
                    file_id,
                },
                None => blobs::data_or_address("document", file.any(&["file_data", "file_url"]))?,
            }
        }
        _ => return None,
    })
}

/// What a message says aloud: its words, and the sound, which is data here or stays with OpenAI.
pub(super) fn audio<'a>(message: Node<'a>) -> impl Iterator<Item = Part<'a>> {
    let audio = message.get("audio");
    let sound = match audio.get("data") {
        data if data.is_string() => Some(blobs::data("audio", Text::default(), data)),
        _ => audio.get("id").words().map(|id| blobs::file("audio", id)),
    };
    audio.get("transcript").words().map(Part::Text).into_iter().chain(sound)
}

/// `reasoning_details` of `OpenRouter`: texts and summaries, which belong together; others are encrypted.
pub(super) fn details(message: Node<'_>) -> Option<Text<'_>> {
    let details = message.get("reasoning_details").items();
    let said: String = details.filter_map(|detail| detail.any(&["text", "summary"]).str()).collect();
    (!said.is_empty()).then(|| said.into())
}
