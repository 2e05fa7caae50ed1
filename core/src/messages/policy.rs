//! What of the messages is kept: the turn at hand, texts of a sane length, a list of a sane size.

use super::{Message, Part};
use crate::config::{MAX_CONTENT_BYTES, MAX_TEXT_CHARS};

/// From the last answer of the model (included) to the end; everything where the model has not spoken.
pub(crate) fn since_last_answer(mut messages: Vec<Message>) -> Vec<Message> {
    match messages.iter().rposition(|message| message.role == "assistant") {
        Some(last) => messages.split_off(last),
        None => messages,
    }
}

/// Shortens long texts, then lets the oldest messages go until the list fits; the newest always stays.
pub(crate) fn bounded(mut messages: Vec<Message>) -> Vec<Message> {
    for part in messages.iter_mut().flat_map(|message| &mut message.parts) {
        if let Part::Text { content } | Part::Reasoning { content } = part
            && let Some(short) = shorten(content)
        {
            *content = short;
        }
    }
    let mut room = MAX_CONTENT_BYTES;
    let kept = messages
        .iter()
        .rev()
        .take_while(|message| {
            let size = super::to_json(message).len();
            let fits = size <= room;
            room = room.saturating_sub(size);
            fits
        })
        .count()
        .max(1);
    let gone = messages.len().saturating_sub(kept);
    messages.split_off(gone)
}

/// The text without its middle, with a mark that says how many characters went; `None` where it fits.
pub(crate) fn shorten(text: &str) -> Option<String> {
    if text.len() <= MAX_TEXT_CHARS {
        return None;
    }
    let length = text.chars().count();
    let gone = length.checked_sub(MAX_TEXT_CHARS).filter(|gone| *gone > 0)?;
    let half = MAX_TEXT_CHARS / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(length - half).collect();
    Some(format!("{head}[... {gone} characters removed ...]{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(role: &str, text: &str) -> Message {
        Message {
            role: role.to_owned(),
            parts: vec![Part::Text { content: text.to_owned() }],
            finish_reason: None,
        }
    }

    #[test]
    fn only_the_turn_at_hand_is_kept() {
        let talk = ["user", "assistant", "user", "assistant", "tool"].map(|role| said(role, role)).to_vec();
        assert_eq!(since_last_answer(talk.clone()), talk[3..]);
        assert_eq!(since_last_answer(talk[..1].to_vec()), talk[..1]);
    }

    #[test]
    fn a_long_text_loses_its_middle_and_says_so() {
        let text = "é".repeat(MAX_TEXT_CHARS + 10);
        let short = shorten(&text).unwrap();
        assert!(short.contains("[... 10 characters removed ...]"));
        assert_eq!(shorten("short"), None);
    }

    #[test]
    fn the_newest_message_always_stays() {
        let talk = vec![said("user", &"a".repeat(30_000)); 20];
        let kept = bounded(talk);
        assert!(kept.len() < 20 && kept.len() > 1, "{}", kept.len());
    }
}
