//! What a client was told, read off the JSON that was sent, so that a test can hold a span against it.
//!
//! One reading for all formats: a member that means the same has one of a few places.

use serde_json::{Map, Value, json};

use super::json::{field, list};

const IDS: [&str; 4] = ["/id", "/message/id", "/response/id", "/responseId"];

const MODELS: [&str; 4] = ["/model", "/message/model", "/response/model", "/modelVersion"];

const USAGES: [&str; 6] =
    ["/usage", "/message/usage", "/response/usage", "/usageMetadata", "/delta/usage", "/meta/billed_units"];

const ENDINGS: [&str; 9] = [
    "/stop_reason",
    "/message/stop_reason",
    "/delta/stop_reason",
    "/stopReason",
    "/finish_reason",
    "/delta/finish_reason",
    "/done_reason",
    "/status",
    "/response/status",
];

/// Where the usage stands among everything else, as Ollama has it.
const LOOSE_COUNTS: [&str; 2] = ["prompt_eval_count", "eval_count"];

/// `id`, `model`, `finish_reasons` and `usage` of an answer, in the vendor's words. Of a stream: what all
/// its pieces together told, a later count in the place of an earlier one.
pub(super) fn account(sent: &[&Value]) -> Value {
    let first = |places: &[&str]| {
        let found = sent.iter().flat_map(|piece| places.iter().map(|place| field(piece, place)));
        found.into_iter().find(|value| value.is_string()).cloned().unwrap_or_default()
    };
    json!({
        "id": first(&IDS),
        "model": first(&MODELS),
        "finish_reasons": sent.iter().flat_map(|piece| endings(piece)).collect::<Vec<_>>(),
        "usage": usage(sent),
    })
}

fn endings(piece: &Value) -> Vec<Value> {
    let choices = list(piece, "/choices").map(|choice| field(choice, "/finish_reason"));
    let candidates = list(piece, "/candidates").map(|candidate| field(candidate, "/finishReason"));
    let places = ENDINGS.iter().map(|place| field(piece, place));
    let endings = choices.chain(candidates).chain(places).filter(|ending| ending.is_string());
    endings.filter(|ending| *ending != "in_progress").cloned().collect()
}

fn usage(sent: &[&Value]) -> Value {
    let mut usage = Map::new();
    for piece in sent {
        for told in USAGES.iter().filter_map(|place| field(piece, place).as_object()) {
            usage.extend(told.clone());
        }
        let loose =
            LOOSE_COUNTS.iter().filter_map(|name| Some(((*name).to_owned(), piece.get(name)?.clone())));
        usage.extend(loose);
    }
    if usage.is_empty() { Value::Null } else { Value::Object(usage) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::account;

    #[test]
    fn later_pieces_add_to_earlier_ones() {
        let usage = json!({ "input_tokens": 3, "output_tokens": 1 });
        let message = json!({ "id": "msg_1", "model": "m", "stop_reason": null, "usage": usage });
        let start = json!({ "type": "message_start", "message": message });
        let end = json!({ "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 9 } });
        let expected = json!({ "id": "msg_1", "model": "m", "finish_reasons": ["end_turn"],
            "usage": { "input_tokens": 3, "output_tokens": 9 } });
        assert_eq!(account(&[&start, &end]), expected);
    }

    #[test]
    fn nothing_told_is_null() {
        let nothing = json!({ "id": null, "model": null, "finish_reasons": [], "usage": null });
        assert_eq!(account(&[&json!([7])]), nothing);
    }
}
