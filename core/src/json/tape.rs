//! One pass over JSON that notes where every value begins; nothing is copied until it is asked for.
//!
//! The tape holds four bytes for a scalar, eight for a container, so reading costs at most twice the text,
//! whatever the text says.

mod written;

use std::{borrow::Cow, cell::Cell, str::FromStr};

use serde_json::{Number, Value};

use super::{
    RAW,
    double::read_double,
    ends_name,
    scan::{ESCAPED, Scanner, is_token},
    text,
    write::quote,
};
use crate::config::MAX_PARTS;

/// JSON text with the places of its values.
#[derive(Debug)]
pub(crate) struct Doc<'a> {
    text: Cow<'a, str>,
    /// Where each value begins, and whether it is a string with escapes; after the beginning of a container, the entry
    /// that follows its last member.
    tape: Vec<u32>,
    /// How many more parts of messages may be read out of it, wherever they stand.
    room: Cell<usize>,
    /// How many parts there was no room for.
    refused: Cell<usize>,
}

impl<'a> Doc<'a> {
    /// Reads bytes; `None` where they are no JSON. What is no UTF-8 becomes U+FFFD.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        // Looking first is several times faster than mending what needs no mending.
        Self::of(str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed))
    }

    /// Reads bytes; those that are no JSON are a string of themselves, so that nothing is lost.
    pub fn read(bytes: &'a [u8]) -> Self {
        Self::parse(bytes).unwrap_or_else(|| Self::string(&String::from_utf8_lossy(bytes)))
    }

    /// A document that is one string.
    pub fn string(content: &str) -> Self {
        let mut text = String::with_capacity(content.len() + 2);
        quote(&mut text, content);
        let entry = if text.len() == content.len() + 2 { 0 } else { ESCAPED };
        Self { text: Cow::Owned(text), tape: vec![entry], room: Cell::new(MAX_PARTS), refused: Cell::new(0) }
    }

    /// Reads a text.
    pub fn of(text: Cow<'a, str>) -> Option<Self> {
        let tape = Scanner::new(text.as_bytes()).scan()?;
        Some(Self { text, tape, room: Cell::new(MAX_PARTS), refused: Cell::new(0) })
    }

    /// The value that everything else is in.
    pub const fn root(&self) -> Node<'_> {
        Node { doc: Some(self), at: 0 }
    }

    fn entry(&self, at: usize) -> usize {
        self.tape.get(at).map_or(usize::MAX, |entry| (*entry & !ESCAPED) as usize)
    }

    fn rest(&self, at: usize) -> &str {
        self.text.get(self.entry(at)..).unwrap_or_default()
    }
}

/// What sort of value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Missing,
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// One value of a document, or one that is not there: then every question has an empty answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    doc: Option<&'a Doc<'a>>,
    at: usize,
}

impl<'a> Node<'a> {
    /// A value that is not there.
    pub const MISSING: Self = Self { doc: None, at: 0 };

    fn rest(self) -> &'a str {
        self.doc.map_or("", |doc| doc.rest(self.at))
    }

    /// Whether its document still has room for a part of a message.
    pub fn has_room(self) -> bool {
        self.doc.is_none_or(|doc| doc.room.get() > 0)
    }

    /// How many parts of messages were asked for beyond the room of its document.
    pub fn refused(self) -> usize {
        self.doc.map_or(0, |doc| doc.refused.get())
    }

    /// Takes the room of a part; false where there is none, which is counted.
    pub fn take_room(self) -> bool {
        let has_room = self.has_room();
        if let Some(doc) = self.doc {
            doc.room.set(doc.room.get().saturating_sub(1));
            doc.refused.set(doc.refused.get() + usize::from(!has_room));
        }
        has_room
    }

    /// What sort of value this is.
    pub fn sort(self) -> Sort {
        match self.rest().as_bytes().first() {
            None => Sort::Missing,
            Some(b'{') => Sort::Object,
            Some(b'[') => Sort::Array,
            Some(&(b'"' | RAW)) => Sort::String,
            Some(b't' | b'f') => Sort::Bool,
            Some(b'n') => Sort::Null,
            Some(_) => Sort::Number,
        }
    }

    /// Whether there is something: neither missing nor null.
    pub fn is_some(self) -> bool {
        !matches!(self.sort(), Sort::Missing | Sort::Null)
    }

    /// Whether there is a member of that name, null or not.
    pub fn has(self, name: &str) -> bool {
        self.members().any(|(key, _)| key.is(name))
    }

    pub fn is_string(self) -> bool {
        self.sort() == Sort::String
    }

    pub fn is_array(self) -> bool {
        self.sort() == Sort::Array
    }

    pub fn is_object(self) -> bool {
        self.sort() == Sort::Object
    }

    /// The member of that name; missing where there is none, or this is no object.
    pub fn get(self, name: &str) -> Self {
        self.members().find(|(key, _)| key.is(name)).map_or(Self::MISSING, |(_, value)| value)
    }

    /// The first member that is there and not null, of several names for the same thing.
    pub fn any(self, names: &[&str]) -> Self {
        names.iter().map(|name| self.get(name)).find(|node| node.is_some()).unwrap_or(Self::MISSING)
    }

    /// The value below a path of names.
    pub fn at(self, path: &[&str]) -> Self {
        path.iter().fold(self, |node, name| node.get(name))
    }

    /// The items of an array; nothing where this is none.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> + Clone {
        self.children(Sort::Array)
    }

    /// The members of an object, by key; nothing where this is none.
    pub fn members(self) -> impl Iterator<Item = (Key<'a>, Node<'a>)> + Clone {
        let mut children = self.children(Sort::Object);
        std::iter::from_fn(move || Some((Key(children.next()?), children.next()?)))
    }

    /// How many members it has at most, without a look at them.
    pub fn most_members(self) -> usize {
        let entries = self.doc.map_or(0, |doc| doc.entry(self.at + 1)).saturating_sub(self.at + 2);
        if self.is_object() { entries / 2 } else { 0 }
    }

    fn children(self, sort: Sort) -> Children<'a> {
        let end = match self.doc {
            Some(doc) if self.sort() == sort => doc.entry(self.at + 1),
            _ => 0,
        };
        Children { doc: self.doc, at: self.at + 2, end }
    }

    /// The text of a string; nothing where this is none.
    pub fn str(self) -> Option<Cow<'a, str>> {
        let (content, is_plain) = self.content()?;
        Some(if is_plain { Cow::Borrowed(content) } else { Cow::Owned(text::unescape(content)) })
    }

    /// The text of a string that is not empty.
    pub fn words(self) -> Option<Cow<'a, str>> {
        self.str().filter(|text| !text.is_empty())
    }

    /// Whether this is that string.
    pub fn is(self, word: &str) -> bool {
        self.str().is_some_and(|text| text == word)
    }

    /// What stands between the quotes, or the marks around a raw one, and whether that is the text itself.
    pub fn content(self) -> Option<(&'a str, bool)> {
        let doc = self.doc?;
        let entry = *doc.tape.get(self.at)?;
        let begin = (entry & !ESCAPED) as usize;
        let quote = *doc.text.as_bytes().get(begin).filter(|byte| matches!(**byte, b'"' | RAW))?;
        // Before the next value there is nothing but spaces and what structures are made of.
        let after = doc.entry(self.at + 1).min(doc.text.len());
        let end =
            begin + 1 + doc.text.as_bytes().get(begin + 1..after)?.iter().rposition(|byte| *byte == quote)?;
        Some((doc.text.get(begin + 1..end)?, entry & ESCAPED == 0))
    }

    /// The characters of a number, `true`, `false` or `null`.
    fn token(self) -> &'a str {
        let Some(doc) = self.doc else { return "" };
        let (begin, after) = (doc.entry(self.at), doc.entry(self.at + 1).min(doc.text.len()));
        // Before the next value there is nothing but spaces and what structures are made of.
        let text = doc.text.get(begin..after).unwrap_or_default();
        let end = text.as_bytes().iter().rposition(|byte| is_token(*byte)).map_or(0, |last| last + 1);
        text.get(..end).unwrap_or_default()
    }

    /// A truth value.
    pub fn bool(self) -> Option<bool> {
        if self.sort() == Sort::Bool { bool::from_str(self.token()).ok() } else { None }
    }

    /// An integer of 64 bits.
    pub fn i64(self) -> Option<i64> {
        if self.sort() == Sort::Number { self.token().parse().ok() } else { None }
    }

    /// A finite number.
    pub fn f64(self) -> Option<f64> {
        if self.sort() == Sort::Number { read_double(self.token()) } else { None }
    }

    /// The value with all that is in it, copied.
    pub fn value(self) -> Value {
        match self.sort() {
            Sort::Missing | Sort::Null => Value::Null,
            Sort::Bool => Value::Bool(self.bool() == Some(true)),
            Sort::Number => self.number(),
            Sort::String => Value::String(self.str().unwrap_or_default().into_owned()),
            Sort::Array => Value::Array(self.items().map(Node::value).collect()),
            Sort::Object => Value::Object(
                self.members().map(|(key, value)| (key.text().into_owned(), value.value())).collect(),
            ),
        }
    }

    /// An integer of 64 bits, else a double; what is no number of JSON, as a string of itself.
    fn number(self) -> Value {
        let token = self.token();
        let digits = token.strip_prefix('-').unwrap_or(token);
        let is_usual = digits == "0" || !digits.starts_with('0');
        let negative = || token.parse::<i64>().ok().filter(|number| *number != 0);
        let integer = token.parse::<u64>().map(Number::from).ok().or_else(|| negative().map(Number::from));
        integer
            .filter(|_| is_usual)
            .or_else(|| {
                // `007` is no number of JSON.
                let is_integer = digits.bytes().all(|digit| digit.is_ascii_digit());
                let float = read_double(token).filter(|_| is_usual || !is_integer);
                float.and_then(Number::from_f64)
            })
            .map_or_else(|| token.into(), Value::Number)
    }

    /// Its text, and what stands between it and what follows.
    pub fn raw(self) -> &'a str {
        self.rest().get(..self.length()).unwrap_or_default()
    }

    /// About how many bytes of text it is: up to what follows it.
    pub fn length(self) -> usize {
        let Some(doc) = self.doc else { return 0 };
        let is_container = matches!(self.sort(), Sort::Array | Sort::Object);
        let after = if is_container { doc.entry(self.at + 1) } else { self.at + 1 };
        doc.entry(after).min(doc.text.len()).saturating_sub(doc.entry(self.at))
    }
}

/// The name of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a>(Node<'a>);

impl<'a> Key<'a> {
    /// Whether it is that name, which holds nothing that JSON escapes.
    pub fn is(self, name: &str) -> bool {
        let inside = self.0.rest().as_bytes().get(1..).unwrap_or_default();
        // Most names are told from it by their length: one byte, before all of them.
        inside.get(name.len()..).is_some_and(ends_name) && inside.starts_with(name.as_bytes())
    }

    /// Writes it, with the colon.
    fn write(self, out: &mut String) {
        let (content, is_plain) = self.0.content().unwrap_or_default();
        let rest = self.0.rest();
        if is_plain && rest.starts_with('"') && !text::has_special(content) {
            // As it stands.
            out.push_str(rest.get(..content.len() + 2).unwrap_or_default());
        } else {
            quote(out, &self.text());
        }
        out.push(':');
    }

    /// Its text with the colon.
    pub fn raw(self) -> &'a str {
        self.0.raw()
    }

    /// About how many bytes of text it is.
    pub fn length(self) -> usize {
        self.0.length()
    }

    /// The name.
    pub fn text(self) -> Cow<'a, str> {
        self.0.str().unwrap_or_default()
    }
}

/// The values inside a container, one after the other.
#[derive(Clone, Debug)]
struct Children<'a> {
    doc: Option<&'a Doc<'a>>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.at >= self.end {
            return None;
        }
        let doc = self.doc?;
        let node = Node { doc: Some(doc), at: self.at };
        let is_container = matches!(doc.text.as_bytes().get(doc.entry(self.at)), Some(b'{' | b'['));
        self.at = if is_container { doc.entry(self.at + 1) } else { self.at + 1 };
        Some(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use serde_json::json;

    fn doc(text: &str) -> Doc<'_> {
        Doc::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let doc =
            doc(r#" {"a": {"x": [1, [2], {}]}, "b": "t\"e\u0041", "c": -1.5e3, "d": true, "e": null} "#);
        let root = doc.root();
        assert_eq!(root.at(&["a", "x"]).items().count(), 3);
        assert_eq!(root.get("b").str().unwrap(), "t\"eA");
        assert_eq!(root.get("c").f64(), Some(-1500.0));
        assert_eq!((root.get("d").bool(), root.get("c").i64()), (Some(true), None));
        assert!(!root.get("e").is_some() && !root.get("f").is_some());
        assert_eq!(root.any(&["e", "f", "b"]).words().unwrap(), "t\"eA");
        assert_eq!(root.members().map(|(key, _)| key.text()).collect::<String>(), "abcde");
        assert_eq!(root.compact(), r#"{"a":{"x":[1,[2],{}]},"b":"t\"eA","c":-1500.0,"d":true,"e":null}"#);
    }

    #[test]
    fn what_serde_reads_reads_the_same_here() {
        let nested = format!("{}1{}", "[".repeat(127), "]".repeat(127));
        for text in [
            "1",
            "\"\"",
            "[]",
            "{}",
            "[[],{},\"\",0]",
            r#"{"a":[],"b":{"c":[{}]}}"#,
            "[1.0,1e-7,123456789012,-0.5]",
            r#""\u00e9\n\ud83d\ude00\/""#,
            &nested,
            " [ 1 , 2 ] ",
        ] {
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(doc(text).root().compact(), expected.to_string());
            assert_eq!(doc(text).root().value(), expected);
        }
    }

    #[test]
    fn values_are_those_of_serde() {
        let numbers = "[0,-0,-1,18446744073709551615,18446744073709551616,-9223372036854775808,-0.0,1e3,0.1]";
        for text in [numbers, r#"{"a":1,"b":{"c":[null,true,false]},"a":"\u0041"}"#] {
            assert_eq!(doc(text).root().value(), serde_json::from_str::<Value>(text).unwrap());
        }
        let words = doc("[007,-01,1e999,NaN,1.5.2]").root().value();
        assert_eq!(words, json!(["007", "-01", "1e999", "NaN", "1.5.2"]));
    }

    #[test]
    fn what_is_no_json_is_none() {
        let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
        for text in [
            "",
            " ",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{1:2}",
            "1 2",
            "]",
            "[}",
            "oops",
            "\"a",
            "\"\\",
            &deep,
        ] {
            assert!(Doc::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(Doc::read(b"{oops").root().str().unwrap(), "{oops");
    }

    #[test]
    fn numbers_that_json_has_not_are_words() {
        assert_eq!(
            doc("[NaN,-Infinity,1e999,12345678901234567890123]").root().compact(),
            r#"["NaN","-Infinity","1e999",12345678901234567890123]"#
        );
        assert_eq!(doc("NaN").root().f64(), None);
    }

    #[test]
    fn raw_strings_are_what_stands_between_their_marks() {
        let doc = doc("{\"a\": \u{1e}\"q\"\n\\n \u{1f}\u{1e} , \"b\":[\u{1e}\u{1e},\u{1e}{}\u{1e}]}");
        assert_eq!(doc.root().get("a").str().unwrap(), "\"q\"\n\\n \u{1f}");
        assert_eq!(doc.root().get("b").items().map(Node::sort).collect::<Vec<_>>(), [Sort::String; 2]);
        assert_eq!(doc.root().compact(), r#"{"a":"\"q\"\n\\n \u001f","b":["","{}"]}"#);
        assert!(Json::new("\u{1e}{}\u{1e}").is_string() && !Json::new("5").is_string());
        assert_eq!(self::doc("{\u{1e}a\"\u{1e}:1,\u{1e}b\u{1e}:2}").root().compact(), r#"{"a\"":1,"b":2}"#);
        assert_eq!(self::doc("{\u{1e}bc\u{1e}:1,\u{1e}b\u{1e}:2}").root().get("b").i64(), Some(2));
        for text in
            ["\u{1e}", "\u{1e}a", "{\u{1e}a\":1}", "\u{1e}a\u{1e}b", "\u{1e}{}\n\u{1e}{}\n", "[\u{1e}a\"]"]
        {
            assert!(Doc::parse(text.as_bytes()).is_none(), "{text:?}");
        }
    }

    #[test]
    fn broken_text_is_kept_as_far_as_it_goes() {
        assert_eq!(Doc::parse(b"\"a\xFFb\"").unwrap().root().str().unwrap(), "a\u{FFFD}b");
        assert_eq!(doc("\"tab\there\"").root().compact(), json!("tab\there").to_string());
    }
}
