//! What does not change after `init`, shared by every span and the client.

use crate::{
    config::{Options, Platform},
    delivery::Ledger,
};

/// Where a DSN points to. A host that has a URL parser of its own fills this in itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The DSN as the envelope header repeats it, without a secret.
    pub dsn: String,
    /// `{scheme}://{host}{path}/api/{project}/envelope/`
    pub envelope_url: String,
    /// The DSN's public key.
    pub public_key: String,
    /// The organisation, where the host's name tells it (`o123.ingest...`).
    pub org_id: Option<String>,
}

impl Destination {
    /// From the parts of a DSN: `scheme`, `host` (with a port where it has one), `path` (what is before
    /// the project, without a slash at its end), `project` and `public_key`.
    pub fn new(scheme: &str, host: &str, path: &str, project: &str, public_key: &str) -> Self {
        let org_id = host
            .split('.')
            .next()
            .and_then(|label| label.strip_prefix('o'))
            .filter(|id| !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_digit()));
        Self {
            dsn: format!("{scheme}://{public_key}@{host}{path}/{project}"),
            envelope_url: format!("{scheme}://{host}{path}/api/{project}/envelope/"),
            public_key: public_key.to_owned(),
            org_id: org_id.map(str::to_owned),
        }
    }
}

/// What does not change after `init`; every span and the client share it.
#[derive(Debug)]
pub struct Settings {
    options: Options,
    platform: Platform,
    destination: Option<Destination>,
    ledger: Ledger,
}

impl Settings {
    /// Puts together what the caller chose and what the host knows. A testing option replaces the platform.
    pub fn new(options: Options, platform: Platform, destination: Option<Destination>) -> Self {
        let platform = match &options.testing {
            Some(testing) => testing.platform.clone(),
            None => platform,
        };
        Self { options, platform, destination, ledger: Ledger::default() }
    }

    /// What the caller chose.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// What the host knows about itself.
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Where envelopes go, over HTTP.
    pub const fn destination(&self) -> Option<&Destination> {
        self.destination.as_ref()
    }

    /// The counts.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}
