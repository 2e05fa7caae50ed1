//! Embed, with the vectors by type.

use serde_json::{Value, json};

use super::{id, meta};
use crate::vendor::ask::{Ask, Incoming, Message, count, named};
use crate::vendor::dialect::Rendered;
use crate::vendor::embedding::{texts, vector};
use crate::vendor::failure::Failure;
use crate::vendor::json::field;
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let input = ["/texts", "/inputs"].map(|pointer| field(&body, pointer));
    let input = input.into_iter().find(|input| !input.is_null()).ok_or(Failure::Missing("texts"))?;
    let messages = texts(input).into_iter().map(|text| Message::new("user", text)).collect();
    Ok(Ask { messages, ..Ask::new(incoming, model) })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let texts: Vec<String> = ask.messages.iter().map(|message| message.text.clone()).collect();
    let tokens = Tokens::of_texts(&texts);
    let dimensions = count(&ask.incoming.body, "/output_dimension");
    let vectors: Vec<Value> = texts.iter().map(|text| json!(vector(text, dimensions))).collect();
    let whole = json!({
        "id": id(ask),
        "response_type": "embeddings_by_type",
        "embeddings": { "float": vectors },
        "texts": texts,
        "meta": meta(&json!({ "input_tokens": tokens.input })),
    });
    (tokens, Rendered::Whole(whole))
}
