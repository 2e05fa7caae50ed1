//! The text of a stream -> its pieces: server-sent events, JSON by lines, or one list of JSON.

use std::borrow::Cow;

use crate::{
    config::MAX_EVENT_BYTES,
    json::{Doc, Node},
};

/// Text that has not become a piece yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    /// What came since the last end of a line.
    line: String,
    /// `data` of the event that is under way (server-sent events, "Interpreting an event stream").
    data: String,
    /// A list over several lines, whose items are pieces.
    list: List,
    /// Lines that are no JSON alone: an object over several lines.
    lines: String,
    /// The first bytes of a character that was cut.
    cut: Vec<u8>,
    /// Whether the text comes as bytes: each piece is a part of it, whatever it looks like by itself.
    is_raw: bool,
    /// Whether the line that is under way was too long, and what comes of it goes as well.
    is_skipping: bool,
    /// Characters that there was no room for.
    pub removed: usize,
}

impl Events {
    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
            && self.data.is_empty()
            && self.lines.is_empty()
            && !self.list.is_open()
            && !self.is_skipping
    }

    /// Whether more bytes go on with a text of bytes. A piece of it may be JSON by itself: a number, a string.
    pub fn goes_on(&self) -> bool {
        self.is_raw && !(self.is_empty() && self.cut.is_empty())
    }

    /// Takes more text as bytes, which may be cut inside of a character.
    pub fn push_bytes(&mut self, bytes: &[u8], each: impl FnMut(Node<'_>)) {
        self.is_raw = true;
        let mut bytes = Cow::Borrowed(bytes);
        if !self.cut.is_empty() {
            bytes = [std::mem::take(&mut self.cut).as_slice(), &*bytes].concat().into();
        }
        let (whole, cut) = bytes.split_at(bytes.len() - cut_character(&bytes));
        self.cut.extend_from_slice(cut);
        self.push(&String::from_utf8_lossy(whole), each);
    }

    /// Takes more text, and hands over every piece that it completes.
    pub fn push(&mut self, text: &str, mut each: impl FnMut(Node<'_>)) {
        if self.is_whole_line(text) {
            self.end_line(&mut each);
        }
        let mut rest = if self.is_skipping { self.skip(text) } else { text };
        while let Some((line, after)) = rest.split_once('\n') {
            self.line.push_str(line);
            let line = std::mem::take(&mut self.line);
            self.take(line.trim_end_matches('\r'), &mut each);
            rest = after;
        }
        self.line.push_str(rest);
        let Self { line, data, list, lines, .. } = &*self;
        let held = [line, data, &list.item, lines];
        if held.iter().map(|text| text.len()).sum::<usize>() > MAX_EVENT_BYTES {
            let removed = held.iter().map(|text| text.chars().count()).sum::<usize>();
            let (is_raw, is_skipping) = (self.is_raw, !line.is_empty());
            *self = Self { is_raw, is_skipping, removed: self.removed + removed, ..Self::default() };
        }
    }

    /// Whether what is under way is a line by itself, because the next one begins: clients that cut a stream into lines
    /// hand them over without their ends. An empty piece is the empty line that ends an event.
    fn is_whole_line(&self, next: &str) -> bool {
        const FIELDS: [&str; 4] = ["data:", "event:", "id:", "retry:"];
        let is_line = next.is_empty() || FIELDS.iter().any(|field| next.starts_with(field));
        match self.line.strip_prefix("data:") {
            Some(data) => (is_line || next.starts_with(':')) && is_complete(data),
            None => is_line && !self.line.is_empty() && !self.line.starts_with(['{', '[']),
        }
    }

    /// Takes the line as one that has ended, and the event with it where it is complete.
    fn end_line(&mut self, each: &mut impl FnMut(Node<'_>)) {
        let line = std::mem::take(&mut self.line);
        self.take(&line, each);
        if is_complete(&self.data) {
            self.take("", each);
        }
    }

    /// What follows the line that was too long.
    fn skip<'a>(&mut self, text: &'a str) -> &'a str {
        let (line, after) = text.split_once('\n').map_or((text, None), |(line, after)| (line, Some(after)));
        self.removed += line.chars().count();
        self.is_skipping = after.is_none();
        after.unwrap_or_default()
    }

    fn take(&mut self, line: &str, each: &mut impl FnMut(Node<'_>)) {
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        } else if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            if let Some(doc) = Doc::parse(data.as_bytes()) {
                each(doc.root());
            }
        } else if self.list.is_open() || (self.lines.is_empty() && line.trim_start().starts_with('[')) {
            self.list.push(line, each);
        } else if ["event:", "id:", "retry:", ":"].iter().all(|field| !line.starts_with(field)) {
            match Doc::parse(line.as_bytes()) {
                Some(doc) if doc.root().is_object() && self.lines.is_empty() => each(doc.root()),
                _ => {
                    self.lines.push_str(line);
                    self.lines.push('\n');
                }
            }
        }
    }

    /// Hands over what the end of the text completes.
    pub fn finish(mut self, mut each: impl FnMut(Node<'_>)) {
        if self.is_empty() && self.cut.is_empty() {
            return;
        }
        let mut line = std::mem::take(&mut self.line);
        line.push_str(&String::from_utf8_lossy(&self.cut));
        self.take(&line, &mut each);
        drop(line);
        self.take("", &mut each);
        if let Some(doc) = Doc::parse(self.lines.as_bytes()) {
            each(doc.root());
        }
    }
}

/// Whether data is all of an event: a structure of JSON, or the word that ends a stream.
fn is_complete(data: &str) -> bool {
    let data = data.trim();
    data == "[DONE]" || (data.ends_with(['}', ']']) && Doc::parse(data.as_bytes()).is_some())
}

/// How many bytes at the end of a text are the beginning of a character.
fn cut_character(bytes: &[u8]) -> usize {
    /// Bytes of the longest character.
    const LONGEST: usize = 4;
    let length = |lead: u8| match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => LONGEST,
        _ => 1,
    };
    let is_lead = |byte: &u8| *byte & 0xc0 != 0x80;
    let last = bytes.iter().rev().take(LONGEST).position(is_lead);
    let have = last.map_or(0, |last| last + 1);
    let lead = bytes.len().checked_sub(have).and_then(|at| bytes.get(at));
    if lead.is_some_and(|lead| length(*lead) > have) { have } else { 0 }
}

/// A list of JSON that comes in pieces of text, as Gemini's streams without `alt=sse` do: each item is handed over
/// where it ends. What is neither an object nor a list is no piece.
#[derive(Clone, Debug, Default)]
struct List {
    /// How many brackets are open.
    depth: usize,
    string: Option<Escape>,
    /// The item that is under way.
    item: String,
}

/// Whether the next letter of a string stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    Off,
    On,
}

impl List {
    const fn is_open(&self) -> bool {
        self.depth > 0
    }

    fn push(&mut self, line: &str, each: &mut impl FnMut(Node<'_>)) {
        let mut from = 0;
        for (at, byte) in line.bytes().enumerate() {
            self.string = match (self.string, byte) {
                (Some(Escape::On), _) => Some(Escape::Off),
                (Some(Escape::Off), b'\\') => Some(Escape::On),
                (Some(Escape::Off), b'"') => None,
                (None, b'"') => Some(Escape::Off),
                (inside, _) => inside,
            };
            match byte {
                b'{' | b'[' if self.string.is_none() => {
                    self.depth += 1;
                    if self.depth == 2 {
                        from = at;
                    }
                }
                b'}' | b']' if self.string.is_none() => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 1 {
                        self.item.push_str(line.get(from..=at).unwrap_or_default());
                        let item = std::mem::take(&mut self.item);
                        if let Some(doc) = Doc::parse(item.as_bytes()) {
                            each(doc.root());
                        }
                    }
                }
                _ => {}
            }
        }
        if self.depth > 1 {
            self.item.push_str(line.get(from..).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(texts: &[&str]) -> Vec<String> {
        let mut events = Events::default();
        let mut pieces = Vec::new();
        for text in texts {
            events.push(text, |piece| pieces.push(piece.compact()));
        }
        events.finish(|piece| pieces.push(piece.compact()));
        pieces
    }

    #[test]
    fn server_sent_events_in_any_cut() {
        let whole =
            "event: a\r\ndata: {\"n\":1}\r\n\r\n: ping\n\ndata: {\"n\":\ndata: 2}\n\ndata: [DONE]\n\n";
        assert_eq!(pieces(&[whole]), [r#"{"n":1}"#, r#"{"n":2}"#]);
        let cut: Vec<&str> = whole.split_inclusive(|_| true).collect();
        assert_eq!(pieces(&cut), pieces(&[whole]));
        assert_eq!(pieces(&["data: {\"n\":1}"]), [r#"{"n":1}"#]);
    }

    #[test]
    fn lines_of_json_and_a_list() {
        assert_eq!(pieces(&["{\"n\":1}\n{\"n\"", ":2}\n"]), [r#"{"n":1}"#, r#"{"n":2}"#]);
        let list = "[{\n\"n\":1}\n,\n{\"n\":[{}], \"t\":\"]}\\\"[\"},7\n]\n{\"n\":3}\n";
        let items = [r#"{"n":1}"#, r#"{"n":[{}],"t":"]}\"["}"#, r#"{"n":3}"#];
        assert_eq!(pieces(&[list]), items);
        let cut: Vec<&str> = list.split_inclusive(|_| true).collect();
        assert_eq!(pieces(&cut), items);
        let mut early = 0;
        Events::default().push("[{\"n\":1}\n,\n{\"n\"", |_| early += 1);
        assert_eq!(early, 1, "an item is there when it ends, not when the list does");
        assert_eq!(pieces(&["[{\"n\":1},{\"n\":"]), [r#"{"n":1}"#], "a list that is cut");
        assert!(pieces(&["oops\n\n<html>"]).is_empty());
    }
}
