//! Parts of messages, as each vendor writes them. Every file here knows one vendor's parts; the keys and type
//! words of the vendors do not collide, so a list that mixes them reads as well.

mod anthropic;
mod bedrock;
mod google;
mod items;
mod mistral;
mod openai;

pub(crate) use bedrock::media_type;

use super::{
    blobs,
    model::{Data, Part, Text},
};
use crate::{
    config::MAX_PARTS,
    json::{Node, Sort},
};

/// The parts of a content: a text, one part, or a list of them.
pub(crate) fn read(content: Node<'_>) -> Vec<Part<'_>> {
    match content.sort() {
        Sort::Missing | Sort::Null => Vec::new(),
        Sort::Array => content.items().flat_map(unfold).filter(has_room).map(read_part).collect(),
        _ => vec![read_part(content)],
    }
}

/// Whether there is room for one more part of a list: tiny ones take many times what their text does.
fn has_room(part: &Node<'_>) -> bool {
    part.take_room()
}

/// Whether one of the parts of a content is like that.
pub(super) fn any(content: Node<'_>, is: impl Fn(&Part<'_>) -> bool) -> bool {
    match content.sort() {
        Sort::Missing | Sort::Null => false,
        Sort::Array => content.items().flat_map(unfold).take(MAX_PARTS).any(|part| is(&read_part(part))),
        _ => is(&read_part(content)),
    }
}

/// Who says an item of a list of messages: its role, or what its type says of it.
pub(super) fn role_of(item: Node<'_>) -> Option<Text<'_>> {
    item.get("role").str().or_else(|| items::role(item).map(Into::into))
}

/// The parts that an item without a role of its own is, as in OpenAI's responses.
pub(super) fn item(item: Node<'_>) -> Option<Vec<Part<'_>>> {
    if item.get("role").is_some() { None } else { items::read(item) }
}

/// What a model thought before it said a message, by the names of the many servers that show it.
pub(super) fn thought(message: Node<'_>) -> Option<Part<'_>> {
    let said = ["reasoning_content", "reasoning", "thinking", "tool_plan"];
    let said = said.iter().find_map(|name| message.get(name).words());
    said.or_else(|| openai::details(message)).map(Part::Reasoning)
}

/// Parts that a message holds beside its content.
pub(crate) fn beside<'a>(message: Node<'a>) -> impl Iterator<Item = Part<'a>> {
    // Ollama's images are base64 without a media type, those of `OpenRouter` are parts.
    let image = |image: Node<'a>| match image.is_string() {
        true => Some(blobs::data("image", "".into(), image)),
        false => known(image),
    };
    openai::audio(message).chain(message.get("images").items().filter(has_room).filter_map(image))
}

/// A part, or those that a document holds; nothing where it only marks what should be cached.
fn unfold<'a>(part: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    let held = anthropic::held(part);
    held.items().chain((!held.is_array() && !bedrock::is_mark(part)).then_some(part))
}

fn read_part(part: Node<'_>) -> Part<'_> {
    match known(part) {
        Some(known) => known,
        // The conventions want every part to say its type.
        None if part.get("type").is_string() => Part::Other(part),
        None => Part::Text(part.compact().into()),
    }
}

/// A part of a type that is known here and holds what that type needs.
fn known(part: Node<'_>) -> Option<Part<'_>> {
    if part.is_string() {
        return part.str().map(Part::Text);
    }
    let Some(kind) = part.get("type").str() else {
        return bedrock::part(part).or_else(|| google::part(part)).or_else(|| words(part).map(Part::Text));
    };
    match &*kind {
        "text" => words(part).map(Part::Text),
        "reasoning" if part.get("content").is_string() => part.get("content").str().map(Part::Reasoning),
        "tool_call" => openai::tool_call(part),
        "tool_call_response" => Some(Part::ToolCallResponse {
            id: part.get("id").str(),
            response: Data::Node(part.any(&["response", "result"])),
        }),
        "blob" | "uri" => blobs::neutral(&kind, part),
        kind => anthropic::part(kind, part)
            .or_else(|| mistral::part(kind, part))
            .or_else(|| openai::part(kind, part)),
    }
}

fn words(part: Node<'_>) -> Option<Text<'_>> {
    part.get("text").str().or_else(|| part.get("content").str())
}

/// Calls out of a list of calls.
pub(super) fn wanted_calls<'a>(calls: Node<'a>) -> impl Iterator<Item = Part<'a>> {
    calls.items().filter(has_room).map(wanted_call)
}

/// A call; one that makes no sense is kept as it is.
pub(super) fn wanted_call(call: Node<'_>) -> Part<'_> {
    openai::tool_call(call).unwrap_or_else(|| read_part(call))
}
