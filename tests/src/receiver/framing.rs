//! Reads an envelope line by line and tells what is wrong with it, without ever giving up.

use serde_json::{Map, Value};

use super::finding::{Finding, Line};
use super::json::{self, Object};
use super::rules;

/// An envelope as it was read, with whatever could be understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    /// The first line.
    pub header: Map<String, Value>,
    /// The items in their order.
    pub items: Vec<Item>,
    /// The size of the whole envelope in bytes.
    pub bytes: usize,
}

/// One item of an envelope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The line before the payload.
    pub header: Map<String, Value>,
    /// The payload's JSON, or its text (as a JSON string) when it is not JSON.
    pub payload: Value,
    /// The size of the payload in bytes.
    pub bytes: usize,
}

impl Item {
    /// The item's type, empty when it has none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.header.get("type").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Reads an envelope and checks its framing, its headers and the limits of its items.
///
/// Nothing is an error: what cannot be read is left out, and said in the findings.
#[must_use]
pub fn parse(bytes: &[u8]) -> (Envelope, Vec<Finding>) {
    let mut findings = Vec::new();
    if std::str::from_utf8(bytes).is_err() {
        findings.push(Finding::NotUtf8);
    }
    let mut lines = Lines { rest: bytes };
    let header = read_header(lines.next_line(), Line::Envelope, &mut findings);
    let mut envelope = Envelope { header, items: Vec::new(), bytes: bytes.len() };
    while !lines.rest.is_empty() {
        let item = envelope.items.len();
        match lines.next_line() {
            b"" => findings.push(Finding::EmptyLine { item }),
            line => envelope.items.push(read_item(line, item, &mut lines, &mut findings)),
        }
    }
    if !bytes.ends_with(b"\n") {
        findings.push(Finding::NoFinalNewline);
    }
    rules::check(&envelope, &mut findings);
    (envelope, findings)
}

/// What has not been read yet.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// Everything up to the next newline, or up to the end.
    fn next_line(&mut self) -> &'a [u8] {
        let end = self.rest.iter().position(|&byte| byte == b'\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        line
    }

    /// So many bytes, if a newline or the end comes right after them.
    fn payload(&mut self, length: u64) -> Option<Payload<'a>> {
        let (payload, after) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        let terminated = after.first().map(|&byte| byte == b'\n');
        if terminated == Some(false) {
            return None;
        }
        self.rest = after.get(1..).unwrap_or_default();
        Some(Payload { bytes: payload, terminated: terminated.is_some() })
    }
}

struct Payload<'a> {
    bytes: &'a [u8],
    terminated: bool,
}

fn read_header(line: &[u8], name: Line, findings: &mut Vec<Finding>) -> Map<String, Value> {
    if !json::is_compact(line) {
        findings.push(Finding::NotCompact { line: name });
    }
    match serde_json::from_slice::<Object>(line) {
        Ok(Object { map, duplicates }) => {
            findings.extend(duplicates.into_iter().map(|key| Finding::DuplicateKey { line: name, key }));
            map
        }
        Err(error) => {
            findings.push(Finding::NotAnObject { line: name, error: error.to_string() });
            Map::new()
        }
    }
}

fn read_item(line: &[u8], item: usize, lines: &mut Lines<'_>, findings: &mut Vec<Finding>) -> Item {
    let header = read_header(line, Line::Item(item), findings);
    let bytes = read_payload(header.get("length").and_then(Value::as_u64), item, lines, findings);
    let payload = match serde_json::from_slice(bytes) {
        Ok(value) => {
            if !json::is_compact(bytes) {
                findings.push(Finding::NotCompact { line: Line::Payload(item) });
            }
            value
        }
        Err(error) => {
            findings.push(Finding::PayloadNotJson { item, error: error.to_string() });
            Value::String(String::from_utf8_lossy(bytes).into_owned())
        }
    };
    Item { header, payload, bytes: bytes.len() }
}

/// The payload by its declared length; where that is wrong, the next line, so that the rest can be read.
fn read_payload<'a>(
    length: Option<u64>,
    item: usize,
    lines: &mut Lines<'a>,
    findings: &mut Vec<Finding>,
) -> &'a [u8] {
    let Some(declared) = length else {
        findings.push(Finding::NoLength { item });
        return lines.next_line();
    };
    if let Some(payload) = lines.payload(declared) {
        if !payload.terminated {
            findings.push(Finding::PayloadUnterminated { item });
        }
        return payload.bytes;
    }
    let line = lines.next_line();
    findings.push(Finding::WrongLength { item, declared, found: line.len() });
    line
}

#[cfg(test)]
mod tests;
