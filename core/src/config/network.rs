//! The options about the way to the server, for hosts that open connections themselves: proxies, certificates.

use std::fmt;

use serde_json::Value;

use super::reader::{Reader, invalid};
use crate::error::ConfigError;

/// The way to the server. Named and read as the Sentry SDKs do (options, "Transport Options").
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// URL of the proxy, for https as well where that has none of its own. Empty: none, whatever the
    /// environment says.
    pub http_proxy: Option<String>,
    /// URL of the proxy for https. Empty: the one for http.
    pub https_proxy: Option<String>,
    /// Path of a file of certificates (PEM) that are trusted beside the public ones.
    pub ca_certs: Option<String>,
}

impl Network {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigError> {
        Ok(Self {
            http_proxy: proxy(reader, "http_proxy")?,
            https_proxy: proxy(reader, "https_proxy")?,
            ca_certs: reader.text("ca_certs")?,
        })
    }

    /// The name of an option that is set.
    pub(super) fn first_set(&self) -> Option<&'static str> {
        let set = [
            ("http_proxy", &self.http_proxy),
            ("https_proxy", &self.https_proxy),
            ("ca_certs", &self.ca_certs),
        ];
        set.into_iter().find(|(_, value)| value.is_some()).map(|(name, _)| name)
    }
}

/// Unlike other texts an empty one has a meaning.
fn proxy(reader: &Reader, option: &'static str) -> Result<Option<String>, ConfigError> {
    match reader.value(option) {
        None => Ok(None),
        Some(Value::String(url)) => Ok(Some(url.clone())),
        Some(other) => Err(invalid(option, other, "the proxy's URL, like \"http://HOST:PORT\"")),
    }
}

/// A proxy's URL may hold a password.
impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Network")
            .field("http_proxy", &self.http_proxy.as_ref().map(|_| "..."))
            .field("https_proxy", &self.https_proxy.as_ref().map(|_| "..."))
            .field("ca_certs", &self.ca_certs)
            .finish()
    }
}
