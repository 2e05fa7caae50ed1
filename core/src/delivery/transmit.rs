//! One request, as plain data.

/// Tells requests under way apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransmitId(pub u64);

/// A request that the host makes: POST `body` to `url`. Over HTTP from a native host the body is gzipped
/// first (`Content-Encoding: gzip`); in a browser it goes as it is, to `browser_url`, with a content type
/// that needs no preflight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Hand it back with the answer.
    pub id: TransmitId,
    /// Where to; empty where there is no DSN (a file, a function).
    pub url: String,
    /// `X-Sentry-Auth`.
    pub auth: String,
    /// `User-Agent`.
    pub user_agent: String,
    /// The same address with the authentication in its query, for hosts whose headers would cost a
    /// preflight.
    pub browser_url: String,
    /// The envelope.
    pub body: Vec<u8>,
}
