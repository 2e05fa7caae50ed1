//! The text of a stream -> its pieces: server-sent events, JSON by lines, or one list of JSON.

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
}

impl Events {
    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty() && self.data.is_empty() && self.lines.is_empty() && !self.list.is_open()
    }

    /// Takes more text, and hands over every piece that it completes.
    pub fn push(&mut self, text: &str, mut each: impl FnMut(Node<'_>)) {
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            self.line.push_str(line);
            let line = std::mem::take(&mut self.line);
            self.take(line.trim_end_matches('\r'), &mut each);
            rest = after;
        }
        self.line.push_str(rest);
        let Self { line, data, list, lines } = &*self;
        if line.len() + data.len() + list.item.len() + lines.len() > MAX_EVENT_BYTES {
            *self = Self::default();
        }
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
        let line = std::mem::take(&mut self.line);
        self.take(&line, &mut each);
        drop(line);
        self.take("", &mut each);
        if let Some(doc) = Doc::parse(self.lines.as_bytes()) {
            each(doc.root());
        }
    }
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
