//! Rerank: the documents in their own order, each less relevant than the one before.

use serde_json::{Value, json};

use super::{id, meta};
use crate::vendor::ask::{Ask, Incoming, Message, count, named};
use crate::vendor::dialect::Rendered;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, text};
use crate::vendor::usage::Tokens;

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let documents = field(&body, "/documents").as_array().ok_or(Failure::Missing("documents"))?;
    let query = [Message::new("user", text(&body, "/query"))];
    let documents =
        documents.iter().map(|document| Message::new("user", document.as_str().unwrap_or_default()));
    Ok(Ask { messages: query.into_iter().chain(documents).collect(), ..Ask::new(incoming, model) })
}

/// No tokens are told: it is searches that are paid for.
pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let documents = list(&ask.incoming.body, "/documents").count();
    let most = count(&ask.incoming.body, "/top_n").unwrap_or(documents);
    let results = (0..documents.min(most)).map(|index| {
        // Halves, so that no format rounds them.
        json!({ "index": index, "relevance_score": 0.5_f64.powi(i32::try_from(index).unwrap_or(64)) })
    });
    let whole = json!({
        "id": id(ask),
        "results": results.collect::<Vec<Value>>(),
        "meta": meta(&json!({ "search_units": 1 })),
    });
    let nothing = Tokens { input: 0, cache_read: 0, cache_write: 0, visible: 0, reasoning: 0 };
    (nothing, Rendered::Whole(whole))
}
