//! One received envelope: what came over the wire and what was made of it.

use std::io::Read;

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, Uri};
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value, json};

use super::auth;
use super::finding::Finding;
use super::framing::{self, Envelope};

/// Bytes a body may have after decoding: above every limit that is checked, below what hurts.
const MAX_DECODED: u64 = 256 * 1024 * 1024;

/// An envelope, kept whatever is wrong with it.
#[derive(Debug)]
pub(super) struct Record {
    uri: Uri,
    headers: HeaderMap,
    encoding: &'static str,
    wire_bytes: usize,
    decoded: Vec<u8>,
    findings: Vec<Finding>,
    envelope: Envelope,
    status: Option<u16>,
}

impl Record {
    pub(super) fn new(uri: Uri, headers: HeaderMap, body: &Bytes, status: Option<u16>) -> Self {
        let mut findings = Vec::new();
        let query = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|Query(query)| query);
        auth::check(&headers, &query.unwrap_or_default(), &mut findings);
        let (encoding, decoded) = decode(&headers, body, &mut findings);
        let (envelope, more) = framing::parse(&decoded);
        findings.extend(more);
        Self { uri, headers, encoding, wire_bytes: body.len(), decoded, findings, envelope, status }
    }

    /// The decoded bytes, if the sender was told that they were taken.
    pub(super) fn accepted(&self) -> Option<&[u8]> {
        self.status.filter(|status| (200..300).contains(status)).map(|_| self.decoded.as_slice())
    }

    /// The status that the sender saw; `None` where it saw none.
    pub(super) fn status(&self) -> Option<u16> {
        self.status
    }

    /// How much is wrong with it.
    pub(super) fn findings(&self) -> usize {
        self.findings.len()
    }

    /// Type and payload of every item.
    pub(super) fn items(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.envelope.items.iter().map(|item| (item.kind(), &item.payload))
    }

    pub(super) fn json(&self) -> Value {
        let items = self.envelope.items.iter();
        let items = items.map(|item| json!({ "header": item.header, "payload": item.payload }));
        json!({
            "path": self.uri.path(),
            "headers": headers_json(&self.headers),
            "query": self.uri.query().unwrap_or_default(),
            "encoding": self.encoding,
            "wire_bytes": self.wire_bytes,
            "body": String::from_utf8_lossy(&self.decoded),
            "findings": self.findings.iter().map(Finding::to_string).collect::<Vec<_>>(),
            "envelope": self.envelope.header,
            "items": items.collect::<Vec<_>>(),
            "status": self.status,
        })
    }
}

fn decode(headers: &HeaderMap, body: &Bytes, findings: &mut Vec<Finding>) -> (&'static str, Vec<u8>) {
    let encoding = headers.get(CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()));
    match encoding.as_deref() {
        None | Some("identity") => ("identity", body.to_vec()),
        Some("gzip") => ("gzip", gunzip(body, findings)),
        Some(other) => {
            findings.push(Finding::UnknownEncoding { encoding: other.to_owned() });
            ("identity", body.to_vec())
        }
    }
}

fn gunzip(body: &[u8], findings: &mut Vec<Finding>) -> Vec<u8> {
    let mut decoded = Vec::new();
    if let Err(error) = MultiGzDecoder::new(body).take(MAX_DECODED).read_to_end(&mut decoded) {
        findings.push(Finding::BadGzip { error: error.to_string() });
    }
    decoded
}

fn headers_json(headers: &HeaderMap) -> Map<String, Value> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()).into())).collect()
}
