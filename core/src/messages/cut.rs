//! A text that is too long, plain or a structure of JSON: what stays of it, with marks in the places of what went.

use std::borrow::Cow;

use super::substitute_blob;
use crate::{
    config::{CONTENT_BYTES_RANGE, MAX_CROWDED_BYTES, MAX_VALUE_BYTES},
    json::{Doc, Key, Node, Object, list, quote},
};

/// Bytes of a mark with its number, in quotes.
const MARK: usize = 48;
/// An item of a list with less room than this tells little: then it is rather the middle of the list that goes.
const TELLING: usize = 512;
/// How deep structures that stand inside of strings of structures are looked into.
const MAX_INSIDE: usize = 2;

/// The text in at most `room` bytes, and how many characters went. A structure stays JSON.
pub(crate) fn cut(text: String, room: usize) -> (String, usize) {
    let mut cutter = Cutter::default();
    let short = cutter.text(Cow::Owned(text), room, 0);
    (short.into_owned(), cutter.gone)
}

/// The text without its middle, with a mark that says how many characters went, in at most `room` bytes, and
/// that number; `None` where it fits.
pub fn shorten(text: &str, room: usize) -> Option<(String, usize)> {
    if text.len() <= room {
        return None;
    }
    let half = room.saturating_sub(MARK) / 2;
    let (head, rest) = text.split_at(text.floor_char_boundary(half));
    let (middle, tail) = rest.split_at(rest.ceil_char_boundary(rest.len().saturating_sub(half)));
    let gone = Gone::of(middle);
    Some((format!("{head}{}{tail}", gone.mark()), gone.now))
}

/// What a host writes in the place of a text, behind so many bytes of the same value: binary data becomes a mark, and
/// what takes too much of the room is without its middle. With the number of characters that went; `None` where the text
/// stays.
#[inline]
pub fn fitted(text: &str, written: usize) -> Option<(String, usize)> {
    if text.len() <= MAX_CROWDED_BYTES { None } else { long_fitted(text, written) }
}

fn long_fitted(text: &str, written: usize) -> Option<(String, usize)> {
    let blob = substitute_blob(text);
    let text = blob.as_deref().unwrap_or(text);
    let half = MAX_VALUE_BYTES / 2;
    let room = if written.saturating_add(text.len()) <= half {
        usize::MAX
    } else if written <= half {
        *CONTENT_BYTES_RANGE.end()
    } else {
        MAX_CROWDED_BYTES
    };
    shorten(text, room).or_else(|| Some((blob?, 0)))
}

/// The largest length that all of them may have so that they fit together: what is shorter stays whole.
pub(super) fn level(lengths: &(impl Iterator<Item = usize> + Clone), room: usize) -> usize {
    let (mut fits, mut exceeds) = (0, room.saturating_add(1));
    while exceeds - fits > 1 {
        let middle = fits.midpoint(exceeds);
        if total(lengths.clone(), middle) <= room { fits = middle } else { exceeds = middle }
    }
    fits
}

fn total(lengths: impl Iterator<Item = usize>, level: usize) -> usize {
    lengths.fold(0, |sum, length| sum.saturating_add(length.min(level)))
}

/// Characters that went.
#[derive(Clone, Copy, Debug, Default)]
struct Gone {
    now: usize,
    /// By the marks among them.
    before: usize,
}

/// What stands around the number of a mark.
const BEGINS: &str = "[... ";
const ENDS: &str = " characters removed ...]";

impl Gone {
    /// A text that goes, with the marks in it.
    fn of(text: &str) -> Self {
        /// Digits of a number that was counted here.
        const MAX_DIGITS: usize = 20;
        let mut gone = Self { now: text.chars().count(), before: 0 };
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(BEGINS) {
            rest = after;
            // Looked at where it stands, and not searched for: what begins like a mark may come a million times.
            let digits = after.bytes().take(MAX_DIGITS).take_while(u8::is_ascii_digit).count();
            let (number, after) = after.split_at(digits);
            if let (Ok(characters), Some(after)) = (number.parse::<usize>(), after.strip_prefix(ENDS)) {
                gone.before = gone.before.saturating_add(characters);
                gone.now = gone.now.saturating_sub(BEGINS.len() + number.len() + ENDS.len());
                rest = after;
            }
        }
        gone
    }

    fn add(&mut self, other: Self) {
        self.now += other.now;
        self.before = self.before.saturating_add(other.before);
    }

    fn mark(self) -> String {
        format!("{BEGINS}{}{ENDS}", self.before.saturating_add(self.now))
    }
}

/// A value inside a container, with its name in an object.
type Entry<'a> = (Option<Key<'a>>, Node<'a>);

fn entries(node: Node<'_>) -> impl Iterator<Item = Entry<'_>> + Clone {
    node.items().map(|item| (None, item)).chain(node.members().map(|(key, value)| (Some(key), value)))
}

fn length((key, value): Entry<'_>) -> usize {
    key.map_or(0, Key::length) + value.length()
}

/// Cuts, and counts what goes.
#[derive(Debug, Default)]
struct Cutter {
    gone: usize,
}

impl Cutter {
    fn text<'a>(&mut self, text: Cow<'a, str>, room: usize, inside: usize) -> Cow<'a, str> {
        if text.len() <= room {
            return text;
        }
        let Some(compact) = (inside < MAX_INSIDE).then(|| structure(&text)).flatten() else {
            let (short, gone) = shorten(&text, room).unwrap_or_default();
            self.gone += gone;
            return Cow::Owned(short);
        };
        // It may be large, and is not needed any more.
        drop(text);
        let mut out = String::with_capacity(room.min(compact.len()));
        self.value(&mut out, Doc::read(compact.as_bytes()).root(), room, inside);
        Cow::Owned(out)
    }

    /// Writes a value in about so many bytes.
    fn value(&mut self, out: &mut String, node: Node<'_>, room: usize, inside: usize) {
        if node.length() <= room {
            node.write(out);
        } else if node.is_string() {
            self.string(out, &node.str().unwrap_or_default(), room, inside);
        } else if entries(node).next().is_none() || room < 2 * MARK {
            let gone = Gone::of(node.raw());
            self.gone += gone.now;
            quote(out, &gone.mark());
        } else if total(entries(node).map(length), TELLING) <= room.saturating_sub(2) {
            let level = level(&entries(node).map(length), room.saturating_sub(2));
            self.container(out, node, |cutter, out| cutter.each(out, entries(node), level, inside));
        } else {
            self.middle(out, node, room, inside);
        }
    }

    /// Writes a string whose escapes count, too.
    fn string(&mut self, out: &mut String, text: &str, room: usize, inside: usize) {
        /// Escapes may all stand in what stays.
        const TRIES: usize = 4;
        let (mut cap, start, before) = (room.saturating_sub(2), out.len(), self.gone);
        for _ in 0..TRIES {
            out.truncate(start);
            self.gone = before;
            quote(out, &self.text(Cow::Borrowed(text), cap, inside + 1));
            let written = out.len() - start;
            if written <= room {
                return;
            }
            let share = cap as u64 * room as u64 / written.max(1) as u64;
            cap = usize::try_from(share).unwrap_or(room);
        }
    }

    fn container(&mut self, out: &mut String, node: Node<'_>, write: impl FnOnce(&mut Self, &mut String)) {
        out.push(if node.is_array() { '[' } else { '{' });
        write(self, out);
        out.push(if node.is_array() { ']' } else { '}' });
    }

    /// Writes entries, each in at most so many bytes.
    fn each<'a>(
        &mut self,
        out: &mut String,
        entries: impl Iterator<Item = Entry<'a>>,
        most: usize,
        inside: usize,
    ) {
        for (key, value) in entries {
            if !out.ends_with(['[', '{']) {
                out.push(',');
            }
            let start = out.len();
            if let Some(key) = key {
                self.string(out, &key.text(), most / 2, MAX_INSIDE);
                out.push(':');
            }
            let room = (most + start).saturating_sub(out.len());
            self.value(out, value, room, inside);
        }
    }

    /// Writes the first and the last entries, and between them a mark that looks like those that went.
    fn middle(&mut self, out: &mut String, node: Node<'_>, room: usize, inside: usize) {
        let half = room.saturating_sub(3 * MARK) / 2;
        let most = (half / 2).max(4 * MARK);
        let lengths = || entries(node).map(length).map(|length| length.min(most));
        let mut used = 0;
        let fits = |length: &usize| {
            used += length;
            used <= half
        };
        let head = lengths().take_while(fits).count();
        let mut rest: usize = lengths().sum();
        let is_before = |length: &usize| {
            let is_before = rest > half;
            rest = rest.saturating_sub(*length);
            is_before
        };
        let tail = lengths().take_while(is_before).count().max(head);
        let mut gone = Gone::default();
        for (key, value) in entries(node).skip(head).take(tail - head) {
            gone.add(Gone::of(key.map_or("", Key::raw)));
            gone.add(Gone::of(value.raw()));
        }
        self.gone += gone.now;
        let like = entries(node).nth(head).map_or(Node::MISSING, |(_, value)| value);
        self.container(out, node, |cutter, out| {
            cutter.each(out, entries(node).take(head), most, inside);
            if gone.now > 0 {
                out.push_str(if head > 0 { "," } else { "" });
                out.push_str(if node.is_object() { "\"...\":" } else { "" });
                stand_in(out, if node.is_object() { Node::MISSING } else { like }, &gone.mark());
            }
            cutter.each(out, entries(node).skip(tail), most, inside);
        });
    }
}

/// A structure of JSON without its spaces: it may fit without them, and only so do places say how long values are.
fn structure(text: &str) -> Option<String> {
    let doc = if text.trim_start().starts_with(['[', '{']) { Doc::parse(text.as_bytes()) } else { None };
    doc.map(|doc| doc.root().compact())
}

/// A mark in a list, of the shape of its neighbours: a message, a part, an object or a text.
fn stand_in(out: &mut String, like: Node<'_>, mark: &str) {
    if !like.is_object() {
        return quote(out, mark);
    }
    let text = |out: &mut String| Object::begin(out).text("type", "text").text("content", mark).end();
    let object = Object::begin(out).maybe("role", like.get("role").str().as_deref());
    if like.get("parts").is_array() {
        object.member("parts", |out| list(out, [text], |out, text| text(out))).end();
    } else {
        let kind = like.get("type").is_some().then_some("text");
        object.maybe("type", kind).text("content", mark).end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The structure that is left of one, and how many characters went.
    fn left(whole: &Value, room: usize) -> (Value, usize) {
        let (short, gone) = cut(whole.to_string(), room);
        assert!(short.len() <= room, "{} of {room}: {short}", short.len());
        (serde_json::from_str(&short).unwrap(), gone)
    }

    #[test]
    fn what_begins_like_a_mark_is_a_text_like_any_other() {
        let text = "[... ".repeat(100_000);
        let (short, gone) = shorten(&text, 1024).unwrap();
        assert!(short.len() <= 1024 && short.contains(&format!("[... {gone} characters removed ...]")));
        assert_eq!(Gone::of("[... 12 characters removed ...]x").now, 1);
        assert_eq!(Gone::of("[... 12 lines removed ...]").before, 0);
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
    fn a_list_of_small_things_keeps_its_beginning_and_its_end() {
        let rows: Vec<Value> = (0..6000).map(|id| json!({"id": id, "t": "x".repeat(20)})).collect();
        let (left, gone) = left(&json!({"rows": rows, "total": 6000}), 10_000);
        let kept = left["rows"].as_array().unwrap();
        assert_eq!((&kept[0], kept.last().unwrap(), &left["total"]), (&rows[0], &rows[5999], &json!(6000)));
        let mark = json!({"content": format!("[... {gone} characters removed ...]")});
        assert_eq!(kept.iter().filter(|row| **row == mark).count(), 1);
        let text: usize = kept.iter().map(|row| row.to_string().len() + 1).sum();
        let whole: usize = rows.iter().map(|row| row.to_string().len() + 1).sum();
        assert_eq!(text - mark.to_string().len() - 1 + gone, whole);
        assert!(text > 9000, "{text}");
    }

    #[test]
    fn a_list_that_is_cut_again_says_how_much_went_in_all() {
        let (once, first) = cut(json!(vec!["ab"; 9000]).to_string(), 20_000);
        let (twice, second) = cut(once, 3000);
        // The quotes and the comma of the first mark are no part of it.
        let mark = format!("\"[... {} characters removed ...]\"", first + second);
        assert!(twice.contains(&mark) && second > 0, "{mark}: {twice}");
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_short_stays() {
        let (left, gone) =
            left(&json!({"a": "x".repeat(9000), "b": "short", "c": [1, 2], "d": "y".repeat(900)}), 4000);
        assert_eq!(
            (&left["b"], &left["c"], &left["d"]),
            (&json!("short"), &json!([1, 2]), &json!("y".repeat(900)))
        );
        assert!(left["a"].as_str().unwrap().contains(&format!("[... {gone} characters removed ...]")));
        assert!(left.to_string().len() > 3900);
    }

    #[test]
    fn marks_have_the_shape_of_their_neighbours() {
        let part = json!({"type": "text", "content": "p".repeat(90)});
        let message = json!({"role": "user", "parts": [{"type": "text", "content": "m"}]});
        let shape = |item: Value| {
            let (left, _) = left(&json!(vec![item; 900]), 5000);
            let items = left.as_array().unwrap().clone();
            items.into_iter().find(|item| item.to_string().contains("removed ...]")).unwrap()
        };
        assert_eq!(shape(part)["type"], "text");
        let marked = shape(message);
        assert_eq!((&marked["role"], &marked["parts"][0]["type"]), (&json!("user"), &json!("text")));
        assert!(shape(json!("text")).is_string() && shape(json!([1, 2, 3])).is_string());
        let many: serde_json::Map<String, Value> =
            (0..900).map(|n| (format!("k{n:03}"), json!("v"))).collect();
        let (left, _) = left(&many.into(), 5000);
        assert!(left["..."].as_str().unwrap().contains("removed"));
        assert_eq!((&left["k000"], &left["k899"]), (&json!("v"), &json!("v")));
    }

    #[test]
    fn structures_inside_of_strings_and_behind_spaces_stay_json() {
        let inside = json!({"rows": vec![json!({"name": "\"quoted\"\n"}); 900]});
        let (outer, _) = left(&json!({"arguments": inside.to_string()}), 6000);
        let arguments: Value = serde_json::from_str(outer["arguments"].as_str().unwrap()).unwrap();
        assert_eq!(arguments["rows"][0]["name"], "\"quoted\"\n");
        let pretty = format!("\n  {}\n", serde_json::to_string_pretty(&inside).unwrap());
        assert!(serde_json::from_str::<Value>(&cut(pretty, 2000).0).is_ok());
        let spacious = format!("[1,{}2]", " ".repeat(5000));
        assert_eq!(cut(spacious, 1000), ("[1,2]".to_owned(), 0));
    }

    #[test]
    fn anything_fits_into_any_room() {
        let deep = (0..60).fold(json!("x".repeat(3000)), |inner, _| json!([inner, {"k": "v"}]));
        let names: serde_json::Map<String, Value> =
            (0..9).map(|n| ("k".repeat(900) + &n.to_string(), json!(n))).collect();
        let digits = "1".repeat(5000);
        for whole in [
            deep.to_string(),
            Value::from(names).to_string(),
            digits.clone(),
            format!("[{digits}]"),
            json!(["\u{1}".repeat(900)]).to_string(),
            json!([["é".repeat(900)], "\"".repeat(900)]).to_string(),
        ] {
            for room in [64, 100, 300, 1000, 2000] {
                let (short, _) = cut(whole.clone(), room);
                assert!(short.len() <= room.max(128), "{} of {room}: {short}", short.len());
                assert!(whole == digits || serde_json::from_str::<Value>(&short).is_ok(), "{short}");
            }
        }
    }
}
