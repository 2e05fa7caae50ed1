//! Parts of OpenAI's chat completions and responses, and of the many servers that speak them.

use crate::{
    json::Node,
    messages::{
        blobs,
        model::{Data, Part},
    },
};

/// `{id, function: {name, arguments}}` or `{id, name, arguments}`, the arguments as text or structure.
pub(super) fn tool_call(call: Node<'_>) -> Option<Part<'_>> {
    let function = if call.get("function").is_object() { call.get("function") } else { call };
    Some(Part::ToolCall {
        id: call.get("id").str(),
        name: function.get("name").str()?,
        arguments: Data::from(function.any(&["arguments", "args"])),
    })
}

/// A part of a message's content.
pub(super) fn part<'a>(kind: &str, part: Node<'a>) -> Option<Part<'a>> {
    let text = |name: &str| part.get(name).str();
    Some(match kind {
        "input_text" | "output_text" => Part::Text(text("text")?),
        "refusal" => Part::Text(text("refusal")?),
        "function" => tool_call(part)?,
        "image_url" | "input_image" => match part.get("file_id").str() {
            Some(file_id) => blobs::file("image", file_id),
            None => {
                let url = part.get("image_url");
                blobs::address("image", if url.is_string() { url } else { url.get("url") })?
            }
        },
        "input_audio" => {
            let audio = part.get("input_audio");
            let format = audio.get("format").str().unwrap_or_default();
            blobs::data("audio", format!("audio/{format}").into(), audio.get("data"))
        }
        "file" | "input_file" => {
            let file = if part.get("file").is_object() { part.get("file") } else { part };
            match file.get("file_id").str() {
                Some(file_id) => Part::File {
                    modality: text("modality").unwrap_or("document".into()),
                    mime_type: text("mime_type").unwrap_or_default(),
                    file_id,
                },
                None => blobs::address("document", file.any(&["file_data", "file_url"]))?,
            }
        }
        _ => return None,
    })
}

/// Who an item of a response's input or output is from, where the item names no role.
pub(super) fn role_of_item(item: Node<'_>) -> Option<&'static str> {
    let kind = item.get("type").str()?;
    match &*kind {
        "function_call" | "reasoning" if is_item(item) => Some("assistant"),
        "function_call_output" => Some("tool"),
        _ => None,
    }
}

/// Parts of messages may have the same types; items bring what only they have.
fn is_item(item: Node<'_>) -> bool {
    item.get("call_id").is_some() || item.get("summary").is_some()
}

/// The part that an item is.
pub(super) fn item(item: Node<'_>) -> Option<Part<'_>> {
    let _ = role_of_item(item)?;
    None
}
