//! Responses: the events of a streamed answer, each with its number.

use serde_json::{Value, json};

use super::response::{Status, begun, frame, items, part, whole};
use crate::vendor::answers::{Answer, Ending};
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::json::{field, list, set, text};
use crate::vendor::pieces::{argument_pieces, pieces};

pub(super) fn events(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let status = Status::at_end(ask, answer);
    let mut events = vec![
        response("response.created", &frame(ask, Status::InProgress)),
        response("response.in_progress", &frame(ask, Status::InProgress)),
    ];
    if status != Status::Failed {
        let items = items(ask, answer);
        events.extend(items.iter().enumerate().flat_map(|(index, item)| item_events(index, item, answer)));
    }
    let end = match status {
        Status::Failed => "response.failed",
        Status::Incomplete => "response.incomplete",
        _ => "response.completed",
    };
    events.push(response(end, &whole(ask, answer)));
    for (number, event) in events.iter_mut().enumerate() {
        set(&mut event.data, "type", json!(event.name));
        set(&mut event.data, "sequence_number", json!(number));
    }
    events
}

fn response(name: &'static str, response: &Value) -> Event {
    Event::new(name, json!({ "response": response }))
}

fn item_events(index: usize, item: &Value, answer: &Answer) -> Vec<Event> {
    let inside = match text(item, "/type") {
        "reasoning" => summary_events(item),
        "function_call" => argument_events(item),
        _ => content_events(item, answer),
    };
    let inside = inside.into_iter().map(|(name, mut data)| {
        set(&mut data, "item_id", field(item, "/id").clone());
        set(&mut data, "output_index", json!(index));
        Event::new(name, data)
    });
    let begin = json!({ "output_index": index, "item": begun(item) });
    let end = json!({ "output_index": index, "item": item });
    [Event::new("response.output_item.added", begin)]
        .into_iter()
        .chain(inside)
        .chain([Event::new("response.output_item.done", end)])
        .collect()
}

fn summary_events(item: &Value) -> Vec<(&'static str, Value)> {
    let parts = list(item, "/summary").enumerate().flat_map(|(index, part)| {
        let said = text(part, "/text");
        let empty = json!({ "type": "summary_text", "text": "" });
        let deltas = pieces(said).into_iter().map(move |piece| {
            ("response.reasoning_summary_text.delta", json!({ "summary_index": index, "delta": piece }))
        });
        let begin = json!({ "summary_index": index, "part": empty });
        [("response.reasoning_summary_part.added", begin)].into_iter().chain(deltas).chain([
            ("response.reasoning_summary_text.done", json!({ "summary_index": index, "text": said })),
            ("response.reasoning_summary_part.done", json!({ "summary_index": index, "part": part })),
        ])
    });
    parts.collect()
}

fn argument_events(item: &Value) -> Vec<(&'static str, Value)> {
    let arguments = text(item, "/arguments");
    let deltas = argument_pieces(arguments).into_iter();
    let deltas = deltas.map(|piece| ("response.function_call_arguments.delta", json!({ "delta": piece })));
    let done = json!({ "name": field(item, "/name"), "arguments": arguments });
    deltas.chain([("response.function_call_arguments.done", done)]).collect()
}

fn content_events(item: &Value, answer: &Answer) -> Vec<(&'static str, Value)> {
    let said = answer.text();
    let (delta, done, end) = match answer.ending {
        Ending::Refused => ("response.refusal.delta", "response.refusal.done", json!({ "refusal": said })),
        _ => {
            let end = json!({ "text": said, "logprobs": [] });
            ("response.output_text.delta", "response.output_text.done", end)
        }
    };
    let deltas = answer.pieces.iter().map(|piece| match answer.ending {
        Ending::Refused => (delta, json!({ "delta": piece })),
        _ => (delta, json!({ "delta": piece, "logprobs": [] })),
    });
    let begin = json!({ "part": part(answer, "") });
    let whole = json!({ "part": field(item, "/content/0") });
    [("response.content_part.added", begin)]
        .into_iter()
        .chain(deltas)
        .chain([(done, end), ("response.content_part.done", whole)])
        .map(|(name, mut data)| {
            set(&mut data, "content_index", json!(0));
            (name, data)
        })
        .collect()
}
