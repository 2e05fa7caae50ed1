//! Envelopes: header line, items, framing (envelopes, "Serialization Format").

use serde_json::Value;

use crate::{
    batch::{Batch, Kind},
    client::Settings,
    config::Platform,
    delivery::{Category, ClientReport},
    error::EnvelopeError,
    json::Object,
    time::Timestamp,
};

/// `content_type` of a span v2 item.
pub(crate) const SPAN_V2: &str = "application/vnd.sentry.items.span.v2+json";
/// What `sent_at` adds to a header. About.
const SENT_AT_BYTES: usize = 64;
/// An envelope's header and an item's. About.
const HEADER_BYTES: usize = 1024;

/// A batch as an envelope that leaves at `now`.
pub(crate) fn leaving(settings: &Settings, batch: &Batch, now: Timestamp) -> Vec<u8> {
    written(settings, batch, Some(now))
}

/// A batch as an envelope that waits on disk: `sent_at` is written once, by [`stamped`].
pub(crate) fn waiting(settings: &Settings, batch: &Batch) -> Vec<u8> {
    written(settings, batch, None)
}

/// An envelope that waited, with its `sent_at`.
pub(crate) fn stamped(envelope: &[u8], now: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(envelope.len() + SENT_AT_BYTES);
    let sent_at = format!("{{\"sent_at\":\"{}\"", now.rfc3339());
    bytes.extend_from_slice(sent_at.as_bytes());
    let members = envelope.strip_prefix(b"{").unwrap_or(envelope);
    if !members.starts_with(b"}") {
        bytes.push(b',');
    }
    bytes.extend_from_slice(members);
    bytes
}

/// A client report that leaves by itself.
pub(crate) fn report(settings: &Settings, report: &ClientReport, now: Timestamp) -> Vec<u8> {
    let mut writer = Writer::new(settings, None, Some(now));
    writer.client_report(report);
    writer.bytes
}

/// Adds a client report to an envelope.
pub(crate) fn add_report(envelope: Vec<u8>, report: &ClientReport) -> Vec<u8> {
    let mut writer = Writer { bytes: envelope };
    writer.client_report(report);
    writer.bytes
}

/// What limits an envelope that was read back is under; `None` where it is no envelope of ours.
pub(crate) fn category(envelope: &[u8]) -> Option<Category> {
    let envelopes = read_all(envelope).ok()?;
    let [Envelope { items, .. }] = envelopes.as_slice() else { return None };
    items.iter().find_map(|(header, _)| match header.get("type")?.as_str()? {
        "span" => Some(Category::Span),
        "transaction" => Some(Category::Transaction),
        _ => None,
    })
}

fn written(settings: &Settings, batch: &Batch, sent_at: Option<Timestamp>) -> Vec<u8> {
    let mut writer = Writer::new(settings, Some(batch), sent_at);
    match batch.kind {
        Kind::Spans => writer.item("span", Some(batch.spans), Some(SPAN_V2), batch.payload()),
        Kind::Transaction(_) => writer.item("transaction", None, None, batch.payload()),
    }
    writer.bytes
}

struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins an envelope, about the trace of that batch.
    fn new(settings: &Settings, batch: Option<&Batch>, sent_at: Option<Timestamp>) -> Self {
        let Platform { sdk_name, sdk_version, .. } = settings.platform();
        // What grows takes twice what it needs.
        let mut out = String::with_capacity(HEADER_BYTES + batch.map_or(0, Batch::len));
        let mut header = Object::begin(&mut out);
        if let Some(Kind::Transaction(event_id)) = batch.map(|batch| &batch.kind) {
            header = header.text("event_id", event_id);
        }
        let dsn = settings.destination().map(|destination| destination.dsn.as_str());
        header = header
            .maybe("sent_at", sent_at.map(Timestamp::rfc3339).as_deref())
            .maybe("dsn", dsn.filter(|dsn| !dsn.is_empty()))
            .member("sdk", |out| {
                Object::begin(out).text("name", sdk_name).text("version", sdk_version).end();
            });
        if let Some(batch) = batch {
            header = header.member("trace", |out| batch.sampling.write(out));
        }
        header.end();
        out.push('\n');
        Self { bytes: out.into_bytes() }
    }

    fn client_report(&mut self, report: &ClientReport) {
        self.item("client_report", None, None, report.json().as_bytes());
    }

    fn item(
        &mut self,
        kind: &'static str,
        item_count: Option<usize>,
        content_type: Option<&'static str>,
        payload: &[u8],
    ) {
        let mut header = String::new();
        let mut object = Object::begin(&mut header).text("type", kind);
        if let Some(count) = item_count {
            object = object.count("item_count", count as u64);
        }
        object.maybe("content_type", content_type).count("length", payload.len() as u64).end();
        for part in [header.as_bytes(), b"\n", payload, b"\n"] {
            self.bytes.extend_from_slice(part);
        }
    }
}

/// An envelope, read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The header line.
    pub header: Value,
    /// Header and payload of every item.
    pub items: Vec<(Value, Vec<u8>)>,
}

/// Reads a file of envelopes, one after the other, as the `file:PATH` transport writes them.
///
/// # Errors
/// Bytes that are no envelope, and where.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Envelope>, EnvelopeError> {
    let mut reader = Lines { bytes, offset: 0 };
    let mut envelopes: Vec<Envelope> = Vec::new();
    while let Some((offset, header)) = reader.header()? {
        let is_item = header.get("type").is_some();
        match envelopes.last_mut() {
            Some(envelope) if is_item => {
                let payload = match header.get("length").and_then(Value::as_u64) {
                    Some(length) => reader.payload(usize::try_from(length).unwrap_or(usize::MAX))?,
                    None => reader.line().unwrap_or_default().to_vec(),
                };
                envelope.items.push((header, payload));
            }
            None if is_item => return Err(EnvelopeError::Header { offset }),
            _ => envelopes.push(Envelope { header, items: Vec::new() }),
        }
    }
    Ok(envelopes)
}

struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Lines<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.offset = self.offset.saturating_add(length + 1);
        rest.get(..length)
    }

    /// The next line that is not empty, as an object.
    fn header(&mut self) -> Result<Option<(usize, Value)>, EnvelopeError> {
        loop {
            let offset = self.offset;
            match self.line() {
                None => return Ok(None),
                Some(line) if line.iter().all(u8::is_ascii_whitespace) => {}
                Some(line) => {
                    return match crate::json::parse(line) {
                        Some(header @ Value::Object(_)) => Ok(Some((offset, header))),
                        _ => Err(EnvelopeError::Header { offset }),
                    };
                }
            }
        }
    }

    fn payload(&mut self, length: usize) -> Result<Vec<u8>, EnvelopeError> {
        let rest = self.rest();
        let payload = rest.get(..length).ok_or(EnvelopeError::CutOff {
            offset: self.offset,
            missing: length.saturating_sub(rest.len()),
        })?;
        self.offset = self.offset.saturating_add(length);
        Ok(payload.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_envelopes_reads_back() {
        let file = b"{\"sent_at\":\"x\"}\n{\"type\":\"a\",\"length\":3}\n{\n}\n{\"sent_at\":\"y\"}\n{\"type\":\"b\"}\nrest\n";
        let envelopes = read_all(file).unwrap();
        assert_eq!(envelopes.len(), 2);
        assert_eq!(envelopes[0].items[0].1, b"{\n}");
        assert_eq!(envelopes[1].items[0].1, b"rest");
    }

    #[test]
    fn sent_at_is_written_into_what_waited() {
        let now = Timestamp::from_seconds(0.0);
        assert_eq!(
            stamped(b"{\"dsn\":\"x\"}\n", now),
            b"{\"sent_at\":\"1970-01-01T00:00:00Z\",\"dsn\":\"x\"}\n"
        );
        assert_eq!(stamped(b"{}\n", now), b"{\"sent_at\":\"1970-01-01T00:00:00Z\"}\n");
    }

    #[test]
    fn what_is_cut_off_or_no_envelope_is_said() {
        assert_eq!(read_all(b"nonsense"), Err(EnvelopeError::Header { offset: 0 }));
        assert_eq!(
            read_all(b"{}\n{\"type\":\"a\",\"length\":9}\nabc"),
            Err(EnvelopeError::CutOff { offset: 27, missing: 6 })
        );
        assert_eq!(read_all(b""), Ok(vec![]));
    }
}
