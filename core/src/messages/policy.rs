//! What of a span's content is kept when it is more than a span may hold.

use super::cut::{cut, level};
use crate::{
    attributes::{Attributes, Value},
    json::{Doc, Node, list, to_text},
};

/// What there was no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Whole messages.
    pub messages: usize,
    /// Characters out of texts.
    pub characters: usize,
}

impl Removed {
    pub fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.characters += other.characters;
    }
}

/// What the model may use: it comes again with every request, and tells least of what happened.
const DEFINITIONS: [&str; 2] = ["gen_ai.tool.definitions", "gen_ai.request.available_tools"];
/// The part of the room that the least telling keeps while others have to go, an eighth.
const LEAST: usize = 8;

/// Brings the content of a span under a limit in bytes: older input messages go first, then the middle of what the
/// model may use, then the middle of whatever is too long. What is short stays whole, and JSON stays JSON.
pub(crate) fn fit(attributes: &mut Attributes, limit: usize) -> Removed {
    let mut removed = Removed::default();
    let surplus = size(attributes).saturating_sub(limit);
    if surplus == 0 {
        return removed;
    }
    removed.messages += remove_oldest(attributes, surplus, limit / LEAST);
    for key in DEFINITIONS {
        let surplus = size(attributes).saturating_sub(limit);
        let length = attributes.get(key).map_or(0, Value::length);
        removed.characters += shorten(attributes, key, length.saturating_sub(surplus).max(limit / LEAST));
    }
    // What is written again may be a little longer than its room.
    for room in [limit, limit / 2, limit / 4] {
        if size(attributes) > limit {
            removed.add(share(attributes, room));
        }
    }
    while size(attributes) > limit {
        let Some(length) = attributes.remove_largest() else { break };
        removed.characters += length;
    }
    removed
}

/// Bytes of all values.
pub(crate) fn size(attributes: &Attributes) -> usize {
    attributes.values().map(Value::length).sum()
}

/// Cuts what is longer than its share of the room.
fn share(attributes: &mut Attributes, room: usize) -> Removed {
    /// Less than that tells nothing.
    const SMALLEST: usize = 128;
    let level = level(&attributes.values().map(Value::length), room).max(SMALLEST);
    let long = attributes.iter().filter(|(_, value)| value.length() > level);
    let keys: Vec<String> = long.map(|(key, _)| key.to_owned()).collect();
    let mut removed = Removed::default();
    for key in keys {
        let surplus = attributes.get(key.as_str()).map_or(0, Value::length).saturating_sub(level);
        removed.messages += if key == INPUT { remove_oldest(attributes, surplus, level) } else { 0 };
        removed.characters += shorten(attributes, &key, level);
    }
    removed
}

/// Cuts a value to that length, and tells how many characters went. A list of many is JSON from then on.
fn shorten(attributes: &mut Attributes, key: &str, room: usize) -> usize {
    let Some(value) = attributes.get_mut(key).filter(|value| value.length() > room) else { return 0 };
    let whole = match value {
        Value::String(text) => std::mem::take(text).into(),
        _ => to_text(&value.to_json()),
    };
    let (mut short, gone) = cut(whole, room);
    short.shrink_to_fit();
    *value = short.into();
    gone
}

const INPUT: &str = "gen_ai.input.messages";

/// Takes the oldest input messages away, as many as it takes to save that many bytes, as long as all of them have
/// more than `least`; the newest stays.
fn remove_oldest(attributes: &mut Attributes, surplus: usize, least: usize) -> usize {
    let Some(text) = attributes.text(INPUT) else { return 0 };
    let surplus = surplus.min(text.len().saturating_sub(least));
    if surplus == 0 {
        return 0;
    }
    let Some(doc) = Doc::parse(text.as_bytes()) else { return 0 };
    let messages: Vec<Node<'_>> = doc.root().items().collect();
    let mut saved = 0;
    let gone = messages
        .iter()
        .take(messages.len().saturating_sub(1))
        .take_while(|message| {
            let is_needed = saved < surplus;
            saved += message.compact().len() + 1;
            is_needed
        })
        .count();
    if gone == 0 {
        return 0;
    }
    let mut kept = String::new();
    list(&mut kept, messages.into_iter().skip(gone), |out, message| message.write(out));
    kept.shrink_to_fit();
    attributes.set(INPUT, kept);
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(texts: &[&str]) -> String {
        let message = |text: &&str| json!({"role": "user", "parts": [{"type": "text", "content": text}]});
        json!(texts.iter().map(message).collect::<Vec<_>>()).to_string()
    }

    #[test]
    fn the_oldest_messages_go_and_the_newest_stays_whole() {
        let mut attributes = Attributes::default();
        let newest = "n".repeat(600);
        attributes.set("gen_ai.input.messages", said(&[&"a".repeat(300), &"b".repeat(300), &newest]));
        assert_eq!(fit(&mut attributes, 1100), Removed { messages: 1, characters: 0 });
        assert_eq!(
            attributes.text("gen_ai.input.messages"),
            Some(said(&[&"b".repeat(300), &newest]).as_str())
        );
        assert_eq!(fit(&mut attributes, 1100), Removed::default());
    }

    #[test]
    fn structures_stay_json_when_their_texts_are_cut() {
        let mut attributes = Attributes::default();
        attributes.set("gen_ai.output.messages", said(&[&"x".repeat(5000)]));
        attributes.set("gen_ai.tool.call.result", "y".repeat(5000));
        let removed = fit(&mut attributes, 3000);
        assert!(removed.characters > 7000 && removed.messages == 0, "{removed:?}");
        for (_, value) in attributes.iter() {
            assert!(value.as_str().unwrap().contains("characters removed"));
        }
        let output = attributes.text("gen_ai.output.messages").unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(output).is_ok());
        assert!(size(&attributes) <= 3000);
    }

    #[test]
    fn what_is_long_gives_way_to_what_is_short() {
        let mut attributes = Attributes::default();
        let rows = json!(vec![json!({"row": "r"}); 40_000]).to_string();
        let asked = said(&["What is in the table?"]);
        attributes.set("gen_ai.tool.call.result", rows.as_str());
        attributes.set("gen_ai.input.messages", asked.as_str());
        attributes.set("gen_ai.tool.definitions", json!(vec!["a"; 200]).to_string());
        let removed = fit(&mut attributes, 100_000);
        assert_eq!((removed.messages, attributes.text("gen_ai.input.messages")), (0, Some(asked.as_str())));
        let left = attributes.text("gen_ai.tool.call.result").unwrap();
        assert!(left.contains(&format!("[... {} characters removed ...]", removed.characters)));
        assert!(serde_json::from_str::<serde_json::Value>(left).is_ok());
        assert!((98_000..=100_000).contains(&size(&attributes)), "{}", size(&attributes));
    }

    #[test]
    fn definitions_give_way_to_messages() {
        let mut attributes = Attributes::default();
        let tool = json!({"type": "function", "name": "f", "description": "d".repeat(900)});
        attributes.set("gen_ai.tool.definitions", json!(vec![tool; 200]).to_string());
        let newest = said(&[&"n ".repeat(50_000)]);
        attributes.set("gen_ai.input.messages", newest.as_str());
        let removed = fit(&mut attributes, 150_000);
        assert_eq!((removed.messages, attributes.text("gen_ai.input.messages")), (0, Some(newest.as_str())));
        let left: serde_json::Value =
            serde_json::from_str(attributes.text("gen_ai.tool.definitions").unwrap()).unwrap();
        assert!(left.as_array().unwrap().iter().all(serde_json::Value::is_object));
    }

    #[test]
    fn lists_count() {
        let mut attributes = Attributes::default();
        attributes.set("my.list", Value::Array(vec!["x".repeat(1000).into(); 900]));
        assert!(size(&attributes) >= 900_000);
        let removed = fit(&mut attributes, 10_000);
        assert!(size(&attributes) <= 10_000 && removed.characters > 880_000, "{removed:?}");
        let left = attributes.text("my.list").unwrap();
        assert!(serde_json::from_str::<Vec<String>>(left).is_ok(), "{left}");
    }
}
