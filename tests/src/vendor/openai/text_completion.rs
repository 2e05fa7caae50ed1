//! Text completions, the format before chat completions.

use serde_json::{Value, json};

use super::completion::{finish_reason, usage};
use super::{CREATED, model, models};
use crate::vendor::answers::Answer;
use crate::vendor::ask::{Ask, Incoming, Message, count};
use crate::vendor::dialect::{Event, Rendered};
use crate::vendor::embedding::texts;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, set};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = model(&incoming.target, &body)?;
    let prompt = body.get("prompt").ok_or(Failure::Missing("prompt"))?;
    Ok(Ask {
        messages: texts(prompt).into_iter().map(|text| Message::new("user", text)).collect(),
        stream: field(&body, "/stream").as_bool().unwrap_or(false),
        // What the API does where nothing is asked for.
        max_tokens: count(&body, "/max_tokens").or(Some(16)),
        choices: count(&body, "/n").unwrap_or(1).clamp(1, 8),
        ..Ask::new(incoming, &model)
    })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let tokens = Tokens::of(ask, &answer);
    let finish = json!(finish_reason(&answer));
    if !ask.stream {
        let choices = (0..ask.choices).map(|index| choice(index, &answer.text(), &finish));
        let mut whole = frame(ask, &choices.collect::<Vec<_>>());
        set(&mut whole, "usage", usage(&tokens));
        return (tokens, Rendered::Whole(whole));
    }
    let pieces = answer.pieces.iter().map(|piece| (piece.as_str(), &Value::Null)).chain([("", &finish)]);
    let choices =
        pieces.flat_map(|(piece, finish)| (0..ask.choices).map(move |index| choice(index, piece, finish)));
    let mut chunks: Vec<Value> = choices.map(|choice| frame(ask, &[choice])).collect();
    if ask.option("/stream_options/include_usage") == &Value::Bool(true) {
        let mut last = frame(ask, &[]);
        set(&mut last, "usage", usage(&tokens));
        chunks.push(last);
    }
    (tokens, Rendered::Stream(chunks.into_iter().map(Event::unnamed).collect()))
}

fn frame(ask: &Ask, choices: &[Value]) -> Value {
    json!({
        "id": format!("cmpl-{}", ask.hash("completion")),
        "object": "text_completion",
        "created": CREATED,
        "model": models::dated(&ask.model),
        "choices": choices,
    })
}

fn choice(index: usize, text: &str, finish: &Value) -> Value {
    json!({ "index": index, "text": text, "logprobs": null, "finish_reason": finish })
}
