//! Embed, and the older call for one text.

use serde_json::{Value, json};

use crate::vendor::ask::{Ask, Incoming, Message, count};
use crate::vendor::dialect::Rendered;
use crate::vendor::embedding::{texts, vector};
use crate::vendor::failure::Failure;
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    read_member(incoming, "input")
}

/// The older call.
pub(super) fn read_prompt(incoming: Incoming) -> Result<Ask, Failure> {
    read_member(incoming, "prompt")
}

fn read_member(incoming: Incoming, member: &'static str) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let input = body.get(member).ok_or(Failure::Missing(member))?;
    let messages = texts(input).into_iter().map(|text| Message::new("user", text)).collect();
    Ok(Ask { messages, stream: false, ..super::read(incoming)? })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let (tokens, vectors) = embed(ask);
    let whole = json!({
        "model": ask.model,
        "embeddings": vectors,
        "total_duration": 2_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": tokens.input,
    });
    (tokens, Rendered::Whole(whole))
}

/// The older call tells no counts.
pub(super) fn render_one(ask: &Ask) -> (Tokens, Rendered) {
    let (tokens, vectors) = embed(ask);
    (tokens, Rendered::Whole(json!({ "embedding": vectors.first() })))
}

fn embed(ask: &Ask) -> (Tokens, Vec<Value>) {
    let dimensions = count(&ask.incoming.body, "/dimensions");
    let texts: Vec<String> = ask.messages.iter().map(|message| message.text.clone()).collect();
    let vectors = texts.iter().map(|text| json!(vector(text, dimensions))).collect();
    (Tokens::of_texts(&texts), vectors)
}
