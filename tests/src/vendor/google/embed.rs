//! `embedContent`, `batchEmbedContents`, and Vertex AI's `predict`.

use serde_json::{Value, json};

use crate::vendor::ask::{Ask, Incoming, Message, count, read_content};
use crate::vendor::dialect::Rendered;
use crate::vendor::embedding::vector;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let model = incoming.target.clone();
    let body = incoming.body.clone();
    let content = |request: &Value| read_content(field(request, "/content/parts"));
    let texts: Vec<String> = match (body.get("requests"), body.get("instances")) {
        (Some(_), _) => list(&body, "/requests").map(content).collect(),
        (None, Some(_)) => list(&body, "/instances").map(|one| text(one, "/content").to_owned()).collect(),
        (None, None) if body.get("content").is_some() => vec![content(&body)],
        (None, None) => return Err(Failure::Missing("content")),
    };
    let messages = texts.into_iter().map(|text| Message::new("user", text)).collect();
    Ok(Ask { messages, ..Ask::new(incoming, &model) })
}

/// One embedding, or one for each request of a batch.
pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let (tokens, vectors) = embed(ask);
    let values: Vec<Value> = vectors.iter().map(|(_, vector)| json!({ "values": vector })).collect();
    let usage = json!({ "promptTokenCount": tokens.input });
    let whole = match ask.option("/requests") {
        Value::Null => json!({ "embedding": values.first(), "usageMetadata": usage }),
        _ => json!({ "embeddings": values, "usageMetadata": usage }),
    };
    (tokens, Rendered::Whole(whole))
}

/// Vertex AI counts each text by itself.
pub(super) fn render_prediction(ask: &Ask) -> (Tokens, Rendered) {
    let (tokens, vectors) = embed(ask);
    let predictions = vectors.iter().map(|(text, vector)| {
        let count = Tokens::of_texts(&[(*text).to_owned()]).input;
        let statistics = json!({ "truncated": false, "token_count": count });
        json!({ "embeddings": { "statistics": statistics, "values": vector } })
    });
    (tokens, Rendered::Whole(json!({ "predictions": predictions.collect::<Vec<_>>() })))
}

fn embed(ask: &Ask) -> (Tokens, Vec<(&str, Vec<f32>)>) {
    let body = &ask.incoming.body;
    let places =
        ["/outputDimensionality", "/requests/0/outputDimensionality", "/parameters/outputDimensionality"];
    let dimensions = places.iter().find_map(|place| count(body, place));
    let texts: Vec<String> = ask.messages.iter().map(|message| message.text.clone()).collect();
    let vectors =
        ask.messages.iter().map(|message| (message.text.as_str(), vector(&message.text, dimensions)));
    (Tokens::of_texts(&texts), vectors.collect())
}
