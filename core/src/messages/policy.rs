//! What of a span's content is kept when it is more than a span may hold.

use crate::{
    attributes::{Attributes, Value},
    json::{Doc, Node, list},
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

/// The lists that go whole when nothing else helps, the least telling first.
const LISTS: [&str; 4] = [
    "gen_ai.tool.definitions",
    "gen_ai.system_instructions",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
];

/// The lengths that texts are cut to, one after the other, until the span fits.
const CAPS: [usize; 9] = [65_536, 32_768, 16_384, 8192, 4096, 2048, 1024, 512, 256];

/// Brings the texts of a span under a limit in bytes: older input messages go first, then long texts lose
/// their middle, also inside of structures, which stay JSON.
pub(crate) fn fit(attributes: &mut Attributes, limit: usize) -> Removed {
    let mut removed = Removed::default();
    let surplus = size(attributes).saturating_sub(limit);
    if surplus == 0 {
        return removed;
    }
    removed.messages += remove_oldest(attributes, surplus);
    for cap in CAPS {
        if size(attributes) <= limit {
            return removed;
        }
        for value in attributes.values_mut() {
            if let Value::String(text) = value
                && text.len() > cap
            {
                let (short, gone) = shortened(text, cap);
                *text = short;
                removed.characters += gone;
            }
        }
    }
    for key in LISTS {
        if size(attributes) > limit
            && let Some(Value::String(text)) = attributes.remove(key)
        {
            removed.messages += Doc::parse(text.as_bytes()).map_or(1, |doc| doc.root().items().count());
        }
    }
    while size(attributes) > limit {
        let Some(length) = attributes.remove_largest() else { break };
        removed.characters += length;
    }
    removed
}

/// Bytes of all texts.
pub(crate) fn size(attributes: &Attributes) -> usize {
    attributes.iter().map(|(_, value)| value.as_str().map_or(0, str::len)).sum()
}

/// Takes the oldest input messages away, as many as it takes to save that many bytes; the newest stays.
fn remove_oldest(attributes: &mut Attributes, surplus: usize) -> usize {
    const INPUT: &str = "gen_ai.input.messages";
    let Some(text) = attributes.text(INPUT) else { return 0 };
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
    attributes.set(INPUT, kept);
    gone
}

/// A text, or every text inside a structure, without what is beyond the cap; and how many characters went.
fn shortened(text: &str, cap: usize) -> (String, usize) {
    let gone = std::cell::Cell::new(0);
    let cut = |text: &str| {
        let (short, characters) = shorten(text, cap)?;
        gone.set(gone.get() + characters);
        Some(short)
    };
    let structure = if text.starts_with(['[', '{']) { Doc::parse(text.as_bytes()) } else { None };
    let short = match structure {
        Some(doc) => {
            let mut out = String::new();
            doc.root().write_with(&mut out, &cut);
            out
        }
        None => cut(text).unwrap_or_else(|| text.to_owned()),
    };
    (short, gone.get())
}

/// The text without its middle, with a mark that says how many characters went, in at most `cap` bytes, and
/// that number; `None` where it fits.
pub(crate) fn shorten(text: &str, cap: usize) -> Option<(String, usize)> {
    /// Bytes of the mark with its number.
    const MARK: usize = 48;
    if text.len() <= cap {
        return None;
    }
    let half = cap.saturating_sub(MARK) / 2;
    let (head, rest) = text.split_at(text.floor_char_boundary(half));
    let (middle, tail) = rest.split_at(rest.ceil_char_boundary(rest.len().saturating_sub(half)));
    let (before, mark) = marked(middle).unwrap_or_default();
    let gone = middle.chars().count() - mark;
    Some((format!("{head}[... {} characters removed ...]{tail}", before + gone), gone))
}

/// How many characters went before, by a mark that stands in a text, and how many characters the mark has.
fn marked(text: &str) -> Option<(usize, usize)> {
    let (_, rest) = text.split_once("[... ")?;
    let (number, _) = rest.split_once(" characters removed ...]")?;
    Some((number.parse().ok()?, "[... ".len() + number.len() + " characters removed ...]".len()))
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
    fn a_long_text_loses_its_middle_and_says_so() {
        let (short, gone) = shorten(&"é".repeat(600), 256).unwrap();
        assert_eq!(gone, 600 - 2 * 52);
        assert!(short.contains("[... 496 characters removed ...]") && short.len() <= 256, "{short}");
        assert!(shorten("short", 256).is_none());
    }

    #[test]
    fn a_text_that_is_cut_again_says_how_much_went_in_all() {
        let (once, first) = shorten(&"x".repeat(3000), 2048).unwrap();
        let (twice, second) = shorten(&once, 512).unwrap();
        let kept = twice.bytes().filter(|byte| *byte == b'x').count();
        assert_eq!(first + second, 3000 - kept);
        assert!(twice.contains(&format!("[... {} characters removed ...]", first + second)), "{twice}");
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
    fn many_small_pieces_go_as_a_list() {
        let mut attributes = Attributes::default();
        attributes.set("gen_ai.tool.definitions", json!(vec!["a"; 2000]).to_string());
        attributes.set("gen_ai.tool.name", "kept");
        assert_eq!(fit(&mut attributes, 1000).messages, 2000);
        assert_eq!(attributes.iter().count(), 1);
    }
}
