//! What does not change after `init`, shared by every span and the client.

use std::sync::OnceLock;

use crate::{
    config::{Options, Platform},
    delivery::Ledger,
    payload::span_v2::Common,
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
    role: Role,
    /// What every span says of its program, once it is asked for.
    common: OnceLock<Common>,
}

/// Whose client these are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Main,
    /// Spotlight's, which is the only destination.
    Spotlight,
    /// Spotlight's, beside the main one.
    SecondSpotlight,
}

impl Settings {
    /// Puts together what the caller chose and what the host knows. A testing option replaces the platform; with
    /// nothing but Spotlight to send to, that is the destination.
    pub fn new(options: Options, platform: Platform, destination: Option<Destination>) -> Self {
        let platform = match &options.testing {
            Some(testing) => testing.platform.clone(),
            None => platform,
        };
        match &options.spotlight {
            Some(url) if destination.is_none() && !options.has_destination() => {
                Self::of_spotlight(url, &options, platform, None, Role::Spotlight)
            }
            _ => Self {
                options,
                platform,
                destination,
                ledger: Ledger::default(),
                role: Role::Main,
                common: OnceLock::new(),
            },
        }
    }

    /// The settings of a second client, which sends everything to Spotlight; `None` where there is to be none.
    pub fn for_spotlight(&self) -> Option<Self> {
        let url = self.options.spotlight.as_deref().filter(|_| self.role == Role::Main)?;
        let (platform, like) = (self.platform.clone(), self.destination());
        Some(Self::of_spotlight(url, &self.options, platform, like, Role::SecondSpotlight))
    }

    fn of_spotlight(
        url: &str,
        options: &Options,
        platform: Platform,
        like: Option<&Destination>,
        role: Role,
    ) -> Self {
        let destination = Destination { envelope_url: url.to_owned(), ..like.cloned().unwrap_or_default() };
        Self {
            options: options.for_spotlight(),
            platform,
            destination: Some(destination),
            ledger: Ledger::default(),
            role,
            common: OnceLock::new(),
        }
    }

    /// Whether they are Spotlight's.
    pub fn is_spotlight(&self) -> bool {
        self.role != Role::Main
    }

    /// Whether they are Spotlight's, and spans are read for somebody else as well.
    pub(crate) fn is_second(&self) -> bool {
        self.role == Role::SecondSpotlight
    }

    /// The same, with nothing counted yet: for a forked child.
    pub fn again(&self) -> Self {
        let Self { options, platform, destination, role, .. } = self;
        let (options, platform, destination) = (options.clone(), platform.clone(), destination.clone());
        Self {
            options,
            platform,
            destination,
            ledger: Ledger::default(),
            role: *role,
            common: OnceLock::new(),
        }
    }

    /// What every span says of its program.
    pub(crate) fn common(&self) -> &Common {
        self.common.get_or_init(|| Common::new(&self.options, &self.platform))
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
