//! One request, as plain data.

use crate::client::{Destination, Settings};

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

impl Transmit {
    /// A request to the destination, if there is one.
    pub(crate) fn new(settings: &Settings, id: TransmitId, body: Vec<u8>) -> Self {
        let (name, version) = (&settings.platform().sdk_name, &settings.platform().sdk_version);
        let user_agent = format!("{name}/{version}");
        let Some(Destination { envelope_url, public_key, .. }) = settings.destination() else {
            let (url, auth, browser_url) = Default::default();
            return Self { id, url, auth, user_agent, browser_url, body };
        };
        Self {
            id,
            url: envelope_url.clone(),
            auth: format!("Sentry sentry_key={public_key}, sentry_version=7, sentry_client={user_agent}"),
            browser_url: format!(
                "{envelope_url}?sentry_key={public_key}&sentry_version=7&sentry_client={name}%2F{version}"
            ),
            user_agent,
            body,
        }
    }
}
