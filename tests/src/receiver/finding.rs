//! What can be wrong with an envelope or with the request that carried it.

use thiserror::Error;

/// One breach of the protocol. Items are counted from 0.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[expect(missing_docs, reason = "each message says what the variant and its fields are")]
pub enum Finding {
    #[error("the body is not UTF-8")]
    NotUtf8,
    #[error("{line} is not a JSON object: {error}")]
    NotAnObject { line: Line, error: String },
    #[error("{line} has the key `{key}` more than once")]
    DuplicateKey { line: Line, key: String },
    #[error("{line} has white space between its tokens")]
    NotCompact { line: Line },
    #[error("there is an empty line before item {item}")]
    EmptyLine { item: usize },
    #[error("the envelope does not end with a newline")]
    NoFinalNewline,
    #[error("the envelope has no items")]
    NoItems,
    #[error("the envelope has {bytes} bytes, more than {limit}")]
    EnvelopeTooLarge { bytes: usize, limit: usize },

    #[error("the envelope header has no `sent_at`")]
    NoSentAt,
    #[error("`sent_at` is not an RFC 3339 time in UTC: {value}")]
    BadSentAt { value: String },
    #[error("the envelope header has no `dsn`")]
    NoDsn,
    #[error("the envelope header's `sdk` has no `name` and `version`")]
    NoSdk,
    #[error("`event_id` stands in the header of an envelope without a transaction")]
    NeedlessEventId,
    #[error("an envelope with a transaction needs an `event_id` of 32 hex digits")]
    BadEventId,
    #[error("an envelope with spans needs a `trace` in its header")]
    NoTrace,
    #[error("`trace.trace_id` is not 32 hex digits")]
    BadTraceId,
    #[error("`trace.public_key` is missing")]
    NoPublicKey,
    #[error("`trace.{key}` is not a string")]
    TraceNotString { key: String },

    #[error("item {item} has no `type`")]
    NoType { item: usize },
    #[error("item {item} has no `length`")]
    NoLength { item: usize },
    #[error("item {item} says `length` {declared}, but its payload line has {found} bytes")]
    WrongLength { item: usize, declared: u64, found: usize },
    #[error("item {item} has no newline after its payload")]
    PayloadUnterminated { item: usize },
    #[error("the payload of item {item} is not JSON: {error}")]
    PayloadNotJson { item: usize, error: String },
    #[error("the payload of item {item} has {bytes} bytes, more than {limit}")]
    PayloadTooLarge { item: usize, bytes: usize, limit: usize },
    #[error("item {item} has `item_count` {declared}, but {found} spans")]
    WrongItemCount { item: usize, declared: String, found: usize },
    #[error("item {item} has the `content_type` {found}")]
    WrongContentType { item: usize, found: String },
    #[error("item {item} has the span `version` {found}")]
    WrongVersion { item: usize, found: String },
    #[error("item {item} has no list of spans in `items`")]
    NoSpans { item: usize },
    #[error("item {item} has {found} spans, more than 1000")]
    TooManySpans { item: usize, found: usize },
    #[error("item {item}, span {span}: its trace id {found} is not that of the envelope")]
    ForeignTrace { item: usize, span: usize, found: String },

    #[error("the body cannot be read as gzip: {error}")]
    BadGzip { error: String },
    #[error("unknown content encoding: {encoding}")]
    UnknownEncoding { encoding: String },
    #[error("no `X-Sentry-Auth` header and no `sentry_key` in the query")]
    NoAuth,
    #[error("`X-Sentry-Auth` does not begin with `Sentry `: {value}")]
    BadAuthScheme { value: String },
    #[error("the auth has no `sentry_key`")]
    NoAuthKey,
    #[error("the auth's `sentry_version` is not 7: {found}")]
    BadAuthVersion { found: String },
    #[error("the auth's `sentry_client` is not NAME/VERSION: {found}")]
    BadAuthClient { found: String },
    #[error("content type {found}, expected {expected}")]
    BadContentType { found: String, expected: &'static str },
    #[error("no `User-Agent` header")]
    NoUserAgent,
}

/// A line of JSON that frames the envelope.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Line {
    /// The first line.
    #[error("the envelope header")]
    Envelope,
    /// The header of an item, counted from 0.
    #[error("the header of item {0}")]
    Item(usize),
    /// The payload of an item, counted from 0.
    #[error("the payload of item {0}")]
    Payload(usize),
}
