//! The pass over JSON that makes the tape.

use memchr::memchr;

use super::{RAW, text::first_of};

/// Levels of nesting that are read; deeper text counts as no JSON (as in `serde_json`).
const MAX_DEPTH: usize = 128;

/// What the entry of a string has beside its place where there is an escape in it.
pub(super) const ESCAPED: u32 = 1 << 31;

/// Bytes inside of the string that begins here, and whether they are its text: without an escape.
fn string_inside(bytes: &[u8]) -> Option<(usize, bool)> {
    let (quote, inside) = bytes.split_first()?;
    match *quote {
        b'"' => string_end(inside),
        RAW => memchr(RAW, inside).map(|end| (end, true)),
        _ => None,
    }
}

/// Bytes up to the quote that ends a string, and whether they are without an escape.
fn string_end(bytes: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut is_plain) = (0, true);
    loop {
        at += first_of(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some((at, is_plain));
        }
        is_plain = false;
        at += 2;
    }
}

/// What numbers and the three words are made of; `NaN` and `Infinity` are what Python's `json` writes.
pub(super) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Bytes of the number or word that stands at the beginning; `None` where there is none.
fn scalar_length(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().position(|byte| !is_numeric(*byte)).unwrap_or(bytes.len());
    let is_number = matches!(bytes.first(), Some(b'-' | b'0'..=b'9'));
    if is_number && !bytes.get(digits).is_some_and(|byte| is_token(*byte)) {
        return Some(digits);
    }
    let length = bytes.iter().position(|byte| !is_token(*byte)).unwrap_or(bytes.len());
    let word = bytes.get(..length)?;
    matches!(word, b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity").then_some(length)
}

/// What a number is made of: vectors are long lists of them.
const fn is_numeric(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// Goes over a text once.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    tape: Vec<u32>,
    /// The container that is open, the innermost one: the entry that will say where it ends, and says until then which
    /// entry does so for the one around it. None is the first on a tape.
    open: usize,
    is_object: bool,
    depth: usize,
}

/// What comes next.
enum Next {
    Value,
    End,
}

impl<'a> Scanner<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, tape: Vec::new(), open: 0, is_object: false, depth: 0 }
    }

    /// Says of the string that was noted last whether it is its own text.
    fn mark(&mut self, is_plain: bool) {
        if let Some(entry) = self.tape.last_mut().filter(|_| !is_plain) {
            *entry |= ESCAPED;
        }
    }

    /// The tape; `None` where the text is no JSON.
    pub fn scan(mut self) -> Option<Vec<u32>> {
        /// Bytes a value takes in what programs really write; the tape grows where it takes fewer.
        const USUAL: usize = 16;
        u32::try_from(self.bytes.len()).ok().filter(|length| length & ESCAPED == 0)?;
        self.tape.reserve(self.bytes.len() / USUAL + 4);
        while let Next::Value = self.value()? {}
        self.space();
        if self.at < self.bytes.len() {
            return None;
        }
        Some(self.tape)
    }

    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Notes where something begins.
    fn note(&mut self) {
        self.push(self.at);
    }

    fn push(&mut self, entry: usize) {
        if self.tape.len() == self.tape.capacity() {
            // As much as the rest needs if it is like what came: doubling would take more room than the text.
            let rest = self.bytes.len().saturating_sub(self.at);
            let values = self.tape.len().saturating_mul(rest) / self.at.max(1);
            self.tape.reserve_exact(values.min(rest) + 16);
        }
        self.tape.push(u32::try_from(entry).unwrap_or(u32::MAX));
    }

    /// Reads a value, or the beginning of one.
    fn value(&mut self) -> Option<Next> {
        let first = self.peek()?;
        self.note();
        match first {
            b'{' | b'[' => {
                let is_object = first == b'{';
                self.at += 1;
                let entry = self.tape.len();
                self.push(self.open);
                (self.open, self.is_object) = (entry, is_object);
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return None;
                }
                if self.peek()? == if is_object { b'}' } else { b']' } {
                    return self.close();
                }
                if is_object {
                    self.key()?;
                }
                Some(Next::Value)
            }
            b'"' | RAW => {
                let (length, is_plain) = string_inside(self.bytes.get(self.at..)?)?;
                self.mark(is_plain);
                self.at += length + 2;
                self.after()
            }
            _ => {
                self.at += scalar_length(self.bytes.get(self.at..)?)?;
                self.after()
            }
        }
    }

    /// A value is over.
    fn after(&mut self) -> Option<Next> {
        if self.depth == 0 {
            return Some(Next::End);
        }
        match self.peek()? {
            b',' => {
                self.at += 1;
                if self.is_object {
                    self.peek()?;
                    self.key()?;
                }
                Some(Next::Value)
            }
            b'}' if self.is_object => self.close(),
            b']' if !self.is_object => self.close(),
            _ => None,
        }
    }

    fn close(&mut self) -> Option<Next> {
        self.at += 1;
        let end = u32::try_from(self.tape.len()).ok()?;
        let entry = std::mem::replace(self.tape.get_mut(self.open)?, end);
        self.open = entry as usize;
        self.depth -= 1;
        // Before the entry stands where its container begins.
        let begin = self.open.checked_sub(1).and_then(|before| self.tape.get(before));
        self.is_object = begin.and_then(|begin| self.bytes.get(*begin as usize)) == Some(&b'{');
        self.after()
    }

    fn key(&mut self) -> Option<()> {
        self.note();
        let (length, is_plain) = string_inside(self.bytes.get(self.at..)?)?;
        self.mark(is_plain);
        self.at += length + 2;
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        Some(())
    }
}
