//! Envelopes: header line, items, framing (envelopes, "Serialization Format").

use serde::Serialize;
use serde_json::Value;

use crate::{
    batch::{Batch, Kind},
    client::Settings,
    config::Platform,
    delivery::ClientReport,
    error::EnvelopeError,
    time::Timestamp,
    trace::SamplingContext,
};

/// `content_type` of a span v2 item.
pub(crate) const SPAN_V2: &str = "application/vnd.sentry.items.span.v2+json";

#[derive(Serialize)]
struct Header<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    sent_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsn: Option<&'a str>,
    sdk: Sdk<'a>,
    trace: &'a SamplingContext,
}

#[derive(Serialize)]
struct Sdk<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct ItemHeader {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'static str>,
    length: usize,
}

/// An envelope as bytes: what of it is ready waits without a `sent_at`, which is written once, on leaving.
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins an envelope that leaves at `now`, about the trace of that batch.
    pub fn new(settings: &Settings, now: Timestamp, batch: &Batch) -> Self {
        let Platform { sdk_name, sdk_version, .. } = settings.platform();
        let header = Header {
            event_id: match &batch.kind {
                Kind::Transaction(event_id) => Some(event_id),
                Kind::Spans => None,
            },
            sent_at: now.rfc3339(),
            dsn: settings.destination().map(|destination| destination.dsn.as_str()),
            sdk: Sdk { name: sdk_name, version: sdk_version },
            trace: &batch.sampling,
        };
        let mut writer = Self { bytes: Vec::new() };
        writer.line(&header);
        writer
    }

    /// Adds a batch as an item.
    pub fn batch(&mut self, batch: &Batch) {
        match batch.kind {
            Kind::Spans => self.item("span", Some(batch.spans), Some(SPAN_V2), batch.payload()),
            Kind::Transaction(_) => self.item("transaction", None, None, batch.payload()),
        }
    }

    /// Adds a client report.
    pub fn client_report(&mut self, report: &ClientReport) {
        let payload = serde_json::to_vec(report).unwrap_or_default();
        self.item("client_report", None, None, &payload);
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn item(
        &mut self,
        kind: &'static str,
        item_count: Option<usize>,
        content_type: Option<&'static str>,
        payload: &[u8],
    ) {
        self.line(&ItemHeader { kind, item_count, content_type, length: payload.len() });
        self.bytes.extend_from_slice(payload);
        self.bytes.push(b'\n');
    }

    fn line(&mut self, value: &impl Serialize) {
        // Writing to a vector cannot fail, and none of these types can refuse to be written.
        let _ = serde_json::to_writer(&mut self.bytes, value);
        self.bytes.push(b'\n');
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
    fn what_is_cut_off_or_no_envelope_is_said() {
        assert_eq!(read_all(b"nonsense"), Err(EnvelopeError::Header { offset: 0 }));
        assert_eq!(
            read_all(b"{}\n{\"type\":\"a\",\"length\":9}\nabc"),
            Err(EnvelopeError::CutOff { offset: 27, missing: 6 })
        );
        assert_eq!(read_all(b""), Ok(vec![]));
    }
}
