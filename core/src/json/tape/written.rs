//! A value as JSON again: in one piece where its text is how it would be written.

use super::{Node, Sort, text};
use crate::json::write::{is_usual, list, number, quote};

impl<'a> Node<'a> {
    /// Writes the value without spaces, strings and numbers in their one usual form.
    pub fn write(self, out: &mut String) {
        match self.as_it_stands() {
            Some(text) => out.push_str(text),
            None => self.write_with(out, &|_| None),
        }
    }

    /// Writes the value with other strings where `replace` gives one.
    pub fn write_with(self, out: &mut String, replace: &dyn Fn(&str) -> Option<String>) {
        match self.sort() {
            Sort::Missing => out.push_str("null"),
            Sort::Null | Sort::Bool => out.push_str(self.token()),
            Sort::Number => number(out, self.token()),
            Sort::String => self.write_string(out, replace),
            Sort::Array => list(out, self.items(), |out, item| item.write_with(out, replace)),
            Sort::Object => {
                out.push('{');
                for (position, (key, value)) in self.members().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    key.write(out);
                    value.write_with(out, replace);
                }
                out.push('}');
            }
        }
    }

    fn write_string(self, out: &mut String, replace: &dyn Fn(&str) -> Option<String>) {
        let text = self.str().unwrap_or_default();
        match replace(&text) {
            Some(other) => quote(out, &other),
            None => quote(out, &text),
        }
    }

    /// The value without spaces.
    pub fn compact(self) -> String {
        let mut out = String::with_capacity(self.length());
        self.write(&mut out);
        out
    }

    /// The text of an array or object that has nothing to be left out, escaped or written otherwise.
    fn as_it_stands(self) -> Option<&'a str> {
        let is_container = matches!(self.sort(), Sort::Array | Sort::Object);
        let end = if is_container { self.usual_end()? } else { return None };
        let doc = self.doc?;
        doc.text.get(doc.entry(self.at)..end)
    }

    /// Where a value ends whose text is the one in which it would be written.
    fn usual_end(self) -> Option<usize> {
        let doc = self.doc?;
        let begin = doc.entry(self.at);
        match self.sort() {
            Sort::Missing => None,
            Sort::Null | Sort::Bool => Some(begin + self.token().len()),
            Sort::Number => {
                let token = self.token();
                is_usual(token).then_some(begin + token.len())
            }
            Sort::String => {
                let (content, is_plain) = self.content()?;
                let is_quoted = doc.text.as_bytes().get(begin) == Some(&b'"');
                (is_plain && is_quoted && !text::has_special(content)).then_some(begin + content.len() + 2)
            }
            Sort::Array => {
                let end = self.items().try_fold(begin, |end, item| item.usual_end_after(end))?;
                self.closed(begin, end, b']')
            }
            Sort::Object => {
                let member = |end, (key, value): (super::Key<'a>, Self)| {
                    value.usual_end_after(key.0.usual_end_after(end)?)
                };
                let end = self.members().try_fold(begin, member)?;
                self.closed(begin, end, b'}')
            }
        }
    }

    /// The same of a value before which there is nothing but one byte of structure.
    fn usual_end_after(self, before: usize) -> Option<usize> {
        if self.doc?.entry(self.at) == before + 1 { self.usual_end() } else { None }
    }

    /// Where a container ends, by where its last value does.
    fn closed(self, begin: usize, last: usize, bracket: u8) -> Option<usize> {
        let end = last.max(begin + 1);
        (self.doc?.text.as_bytes().get(end) == Some(&bracket)).then_some(end + 1)
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Doc;

    #[test]
    fn what_stands_as_it_would_be_written_is_copied() {
        for text in [
            "[]",
            "{}",
            r#"[{"a":[1,2.5,-3,true,null,"é"]},{},[[]],"x"]"#,
            r#"{"a":{"b":[{"c":"d"}]},"e":0.123,"a":1}"#,
        ] {
            let doc = Doc::parse(text.as_bytes()).unwrap();
            assert_eq!(doc.root().as_it_stands(), Some(text));
            let around = format!("[1,{text},{text}]");
            let doc = Doc::parse(around.as_bytes()).unwrap();
            assert!(doc.root().items().skip(1).all(|item| item.as_it_stands() == Some(text)));
            assert_eq!(doc.root().compact(), around);
        }
    }

    #[test]
    fn what_would_be_written_otherwise_is_not() {
        for text in [
            "[ ]",
            "[ 1]",
            "[1 ]",
            "[1, 2]",
            "{\"a\" :1}",
            "{\"a\": 1}",
            "{ \"a\":1}",
            "{\"a\":1 }",
            "[1.50]",
            "[1e3]",
            "[NaN]",
            r#"["\u0041"]"#,
            r#"["\/"]"#,
            "[\"a\tb\"]",
            "[\u{1e}a\u{1e}]",
            "{\u{1e}a\u{1e}:1}",
            "1",
            "\"a\"",
        ] {
            assert_eq!(Doc::parse(text.as_bytes()).unwrap().root().as_it_stands(), None, "{text}");
        }
    }
}
