//! Amazon's event stream (`application/vnd.amazon.eventstream`): each event is a binary message of its
//! lengths, its headers, its payload, and two checksums (CRC-32, all numbers in network order):
//!
//! `total length (4) | length of headers (4) | checksum of these 8 | headers | payload | checksum of all`

use axum::body::Bytes;

use crate::vendor::dialect::Event;

/// The kind of header whose value is a string.
const STRING: u8 = 7;

/// Bytes of a message beside its headers and its payload: two lengths, two checksums.
const OVERHEAD: usize = 16;

/// An event as one message; one whose name is that of an exception is an exception.
pub(in crate::vendor) fn frame(event: &Event) -> Bytes {
    let kind = if event.name.ends_with("Exception") { "exception" } else { "event" };
    let headers: Vec<u8> = [
        (format!(":{kind}-type"), event.name),
        (":content-type".to_owned(), "application/json"),
        (":message-type".to_owned(), kind),
    ]
    .iter()
    .flat_map(|(name, value)| header(name, value))
    .collect();
    let payload = event.data.to_string().into_bytes();
    let mut message = Vec::with_capacity(OVERHEAD + headers.len() + payload.len());
    message.extend(length(OVERHEAD + headers.len() + payload.len()));
    message.extend(length(headers.len()));
    message.extend(crc32fast::hash(&message).to_be_bytes());
    message.extend(headers);
    message.extend(payload);
    message.extend(crc32fast::hash(&message).to_be_bytes());
    message.into()
}

/// The length of the name in one byte, the name, the kind, the length of the value in two, the value.
fn header(name: &str, value: &str) -> Vec<u8> {
    let name_length = u8::try_from(name.len()).unwrap_or_default();
    let value_length = u16::try_from(value.len()).unwrap_or_default();
    let mut header = vec![name_length];
    header.extend(name.as_bytes());
    header.push(STRING);
    header.extend(value_length.to_be_bytes());
    header.extend(value.as_bytes());
    header
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::frame;
    use crate::vendor::dialect::Event;

    #[test]
    fn a_message_says_its_lengths_and_its_checksums() {
        let message = frame(&Event::new("messageStop", json!({ "stopReason": "end_turn" })));
        let number = |at: usize| u32::from_be_bytes(message[at..at + 4].try_into().unwrap());
        let total = message.len();
        assert_eq!(number(0) as usize, total);
        assert_eq!(number(8), crc32fast::hash(&message[..8]));
        assert_eq!(number(total - 4), crc32fast::hash(&message[..total - 4]));
        let payload = 12 + number(4) as usize;
        assert_eq!(&message[payload..total - 4], b"{\"stopReason\":\"end_turn\"}");
    }
}
