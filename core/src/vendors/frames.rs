//! Amazon's event stream (`application/vnd.amazon.eventstream`) -> its pieces: binary messages around JSON.
//! Source: the AWS SDKs' event stream encoding, which the developer guides of streaming services describe.

use crate::{
    config::MAX_EVENT_BYTES,
    json::{Doc, Node, Object},
};

/// Bytes before the headers: the length of the message, that of the headers, and their checksum.
const PRELUDE: usize = 12;

/// Bytes behind the payload: the checksum of the message.
const CHECKSUM: usize = 4;

/// The kind of header whose value is a string; the names of events are.
const STRING: u8 = 7;

/// Bytes that have not become a piece yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// Whether bytes are the beginning of such a stream: a message is never so long that the first byte of its
    /// length is not zero, and no text begins with that.
    pub fn may_begin(bytes: &[u8]) -> bool {
        bytes.first() == Some(&0)
    }

    /// Takes more bytes, cut anywhere, and hands over every piece that they complete. Checksums are the client's to
    /// look at.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(Node<'_>)) {
        self.bytes.extend_from_slice(bytes);
        let mut rest = self.bytes.as_slice();
        while let Some((message, after)) = length_of(rest).and_then(|length| rest.split_at_checked(length)) {
            rest = after;
            if let Some(text) = piece_of(message)
                && let Some(doc) = Doc::of(text.into())
            {
                each(doc.root());
            }
        }
        let is_read = rest.len() < self.bytes.len();
        let is_lost = rest.len() > MAX_EVENT_BYTES || (rest.len() >= PRELUDE && length_of(rest).is_none());
        if is_lost {
            self.bytes.clear();
        } else if is_read {
            let rest = rest.to_vec();
            self.bytes = rest;
        }
    }
}

fn number(bytes: &[u8]) -> Option<usize> {
    let (number, _) = bytes.split_first_chunk()?;
    usize::try_from(u32::from_be_bytes(*number)).ok()
}

/// The length of the message that begins here; `None` where that is not known, or none begins.
fn length_of(bytes: &[u8]) -> Option<usize> {
    number(bytes).filter(|length| (PRELUDE + CHECKSUM..=MAX_EVENT_BYTES).contains(length))
}

/// The event of a message as JSON: what a model's maker says as it is, else under the name that a header gives it.
fn piece_of(message: &[u8]) -> Option<String> {
    let headers = number(message.get(4..)?)?;
    let (headers, payload) =
        message.get(PRELUDE..message.len().checked_sub(CHECKSUM)?)?.split_at_checked(headers)?;
    let doc = Doc::parse(payload);
    let inner = doc.as_ref().and_then(|doc| doc.root().get("bytes").str()).and_then(|text| decoded(&text));
    if inner.is_some() {
        return inner;
    }
    let (mut name, mut error, mut words) = (None, None, None);
    each_header(headers, |key, value| match key {
        ":event-type" | ":exception-type" => name = Some(value.to_owned()),
        ":error-code" => error = Some(value.to_owned()),
        ":error-message" => words = Some(value.to_owned()),
        _ => {}
    });
    let mut out = String::new();
    match error {
        Some(error) => {
            let (error, words) = (error.as_str(), words.as_deref());
            let write =
                |out: &mut String| Object::begin(out).text("type", error).maybe("message", words).end();
            Object::begin(&mut out).member("error", write).end();
        }
        None => Object::begin(&mut out).entry(&name?, doc?.root()).end(),
    }
    Some(out)
}

/// Headers whose values are strings; what follows another kind is not looked at.
fn each_header<'a>(mut headers: &'a [u8], mut each: impl FnMut(&'a str, &'a str)) {
    let mut next = || -> Option<(&'a str, &'a str)> {
        let (length, rest) = headers.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (kind, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        headers = rest;
        (*kind == STRING).then_some((str::from_utf8(name).ok()?, str::from_utf8(value).ok()?))
    };
    while let Some((name, value)) = next() {
        each(name, value);
    }
}

/// The text behind base64 (RFC 4648, section 4); `None` where it is neither.
fn decoded(base64: &str) -> Option<String> {
    let (mut out, mut bits, mut count) = (Vec::with_capacity(base64.len() / 4 * 3), 0_u32, 0);
    for byte in base64.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message as Amazon writes it; nobody here looks at its checksums.
    fn frame(headers: &[(&str, &str)], payload: &str) -> Vec<u8> {
        let mut names = Vec::new();
        for (name, value) in headers {
            names.push(u8::try_from(name.len()).unwrap());
            names.extend(name.as_bytes());
            names.push(STRING);
            names.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            names.extend(value.as_bytes());
        }
        let length = |bytes: usize| u32::try_from(bytes).unwrap().to_be_bytes();
        let total = length(PRELUDE + names.len() + payload.len() + CHECKSUM);
        [&total[..], &length(names.len()), &[0; 4], &names, payload.as_bytes(), &[0; 4]].concat()
    }

    fn pieces(bytes: &[u8], size: usize) -> Vec<String> {
        let (mut frames, mut found) = (Frames::default(), Vec::new());
        for part in bytes.chunks(size) {
            frames.push(part, |piece| found.push(piece.compact()));
        }
        assert!(frames.bytes.is_empty());
        found
    }

    #[test]
    fn messages_are_events_wherever_they_are_cut() {
        let stop =
            frame(&[(":event-type", "messageStop"), (":message-type", "event")], r#"{"stopReason":"end"}"#);
        let inner = frame(&[(":event-type", "chunk")], r#"{"bytes":"eyJ0eXBlIjoicGluZz8/In0=","p":"ab"}"#);
        let broken = frame(&[(":exception-type", "throttlingException")], r#"{"message":"later"}"#);
        let failed = frame(&[(":error-code", "Gone"), (":error-message", "away")], "");
        let bytes = [stop, inner, broken, failed].concat();
        assert!(Frames::may_begin(&bytes) && !Frames::may_begin(b"data: {}") && !Frames::may_begin(b""));
        let expected = [
            r#"{"messageStop":{"stopReason":"end"}}"#,
            r#"{"type":"ping??"}"#,
            r#"{"throttlingException":{"message":"later"}}"#,
            r#"{"error":{"type":"Gone","message":"away"}}"#,
        ];
        for size in [1, 7, 16, 1000] {
            assert_eq!(pieces(&bytes, size), expected);
        }
    }

    #[test]
    fn what_is_no_message_is_nothing() {
        let odd = frame(&[(":event-type", "messageStop")], "no json");
        let nameless = frame(&[], r#"{"stopReason":"end"}"#);
        let mut long = frame(&[(":event-type", "messageStop")], "{}");
        long[7] = 200; // Headers that are longer than the message.
        assert_eq!(pieces(&[odd, nameless, long].concat(), 9), Vec::<String>::new());
        assert_eq!(pieces(&[0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 14), Vec::<String>::new());
        assert_eq!(pieces(&[0xff; 40], 14), Vec::<String>::new());
    }

    #[test]
    fn base64_is_text_or_nothing() {
        let read = |text: &str| decoded(text);
        assert_eq!(read("YQ==").as_deref(), Some("a"));
        assert_eq!(read("YWI=").as_deref(), Some("ab"));
        assert_eq!(read("").as_deref(), Some(""));
        assert_eq!(read("/w==").as_deref(), None);
        assert_eq!(read("a-b"), None);
    }
}
