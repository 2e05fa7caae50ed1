//! Items of OpenAI's responses: what a model or a tool did, told by its type and not by a role.
//! Source: the API reference, "The response object" (`output`) and "Create a response" (`input`).

use crate::{
    json::Node,
    messages::{
        blobs,
        model::{Data, Part, Text},
        read,
    },
};

/// Where a call says what is to be done: tools of the caller first, then the built-in ones.
const ORDERS: [&str; 8] =
    ["arguments", "input", "revised_prompt", "action", "actions", "operation", "queries", "code"];

/// Where a call of a built-in tool holds what came of it.
const OUTCOMES: [&str; 4] = ["output", "outputs", "results", "error"];

/// Where an output holds what a tool gave back; a patch may have a status alone.
const OUTPUTS: [&str; 4] = ["output", "tools", "result", "status"];

/// Who an item is from; `None` where this is no item.
pub(super) fn role(item: Node<'_>) -> Option<&'static str> {
    let kind = item.get("type").str()?;
    match &*kind {
        "reasoning" => is_reasoning(item).then_some("assistant"),
        "compaction" | "item_reference" | "mcp_list_tools" | "mcp_approval_request" | "program" => {
            Some("assistant")
        }
        "mcp_approval_response" => Some("user"),
        _ if kind.ends_with("_output") => Some("tool"),
        _ => (kind.ends_with("_call") && is_call(item)).then_some("assistant"),
    }
}

/// The parts that an item is; `None` where this is no item.
pub(super) fn read(item: Node<'_>) -> Option<Vec<Part<'_>>> {
    let from = role(item)?;
    let kind = item.get("type").str()?;
    Some(match &*kind {
        "reasoning" => thoughts(item),
        // Nobody but OpenAI can read what stands in it.
        "compaction" => Vec::new(),
        "program" => vec![wanted(item, "program".into())],
        _ if from == "tool" => {
            vec![Part::ToolCallResponse { id: id(item), response: read::response(item.any(&OUTPUTS)) }]
        }
        _ => match kind.strip_suffix("_call") {
            Some(tool) => call(item, tool),
            None => vec![Part::Other(item)],
        },
    })
}

/// Parts of messages may have the same type; items bring lists.
fn is_reasoning(item: Node<'_>) -> bool {
    item.get("summary").is_array() || item.get("content").is_array()
}

/// Parts of messages may be calls too, but know no status and no number of their own.
fn is_call(item: Node<'_>) -> bool {
    item.any(&["call_id", "status", "server_label"]).is_some()
}

fn id(item: Node<'_>) -> Option<Text<'_>> {
    item.any(&["call_id", "id"]).str()
}

/// What is shown of the model's thinking: summaries, or the thoughts themselves. Most of it is encrypted,
/// and then there is nothing to show.
fn thoughts(item: Node<'_>) -> Vec<Part<'_>> {
    let shown = ["summary", "content"].into_iter().flat_map(|name| item.get(name).items());
    shown.filter(super::has_room).filter_map(|part| part.get("text").words()).map(Part::Reasoning).collect()
}

/// What the model wants, with what came of it where OpenAI itself ran the tool.
fn call<'a>(item: Node<'a>, tool: &str) -> Vec<Part<'a>> {
    let name = item.get("name").str().unwrap_or_else(|| tool.to_owned().into());
    let mut parts = vec![wanted(item, name)];
    let outcome = item.any(&OUTCOMES);
    let picture = if tool == "image_generation" { image(item) } else { None };
    let response = || Part::ToolCallResponse { id: id(item), response: Data::Node(outcome) };
    parts.extend(picture.or_else(|| outcome.is_some().then(response)));
    parts
}

fn wanted<'a>(item: Node<'a>, name: Text<'a>) -> Part<'a> {
    Part::ToolCall { id: id(item), name, arguments: arguments(item) }
}

/// Arguments are an object, so a list or a text of a built-in tool gets its name back.
fn arguments(item: Node<'_>) -> Data<'_> {
    let Some((name, order)) =
        ORDERS.into_iter().map(|name| (name, item.get(name))).find(|(_, order)| order.is_some())
    else {
        return Data::Json("{}".to_owned());
    };
    if order.is_object() || matches!(name, "arguments" | "input") {
        return Data::from(order);
    }
    let mut object = String::new();
    crate::json::Object::begin(&mut object).entry(name, order).end();
    Data::Json(object)
}

fn image(item: Node<'_>) -> Option<Part<'_>> {
    let result = item.get("result");
    let format = item.get("output_format").str().unwrap_or("png".into());
    result.is_string().then(|| blobs::data("image", format!("image/{format}").into(), result))
}
