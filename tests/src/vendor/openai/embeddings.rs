//! Embeddings, as numbers or, as the Python client asks, as base64 of little-endian floats.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{model, models};
use crate::vendor::ask::{Ask, Incoming, Message, count};
use crate::vendor::dialect::Rendered;
use crate::vendor::embedding::{texts, vector};
use crate::vendor::failure::Failure;
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = model(&incoming.target, &body)?;
    let input = body.get("input").ok_or(Failure::Missing("input"))?;
    let messages = texts(input).into_iter().map(|text| Message::new("user", text)).collect();
    Ok(Ask { messages, ..Ask::new(incoming, &model) })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let texts: Vec<String> = ask.messages.iter().map(|message| message.text.clone()).collect();
    let tokens = Tokens::of_texts(&texts);
    let dimensions = count(&ask.incoming.body, "/dimensions");
    let data = texts.iter().enumerate().map(|(index, text)| {
        let vector = vector(text, dimensions);
        let embedding =
            if ask.option("/encoding_format") == "base64" { base64(&vector) } else { json!(vector) };
        json!({ "object": "embedding", "index": index, "embedding": embedding })
    });
    let whole = json!({
        "object": "list",
        "data": data.collect::<Vec<_>>(),
        "model": models::dated(&ask.model),
        "usage": { "prompt_tokens": tokens.input, "total_tokens": tokens.total() },
    });
    (tokens, Rendered::Whole(whole))
}

fn base64(vector: &[f32]) -> Value {
    let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
    json!(STANDARD.encode(bytes))
}
