//! A proxy that makes requests to `http` destinations itself: they name the whole URL (RFC 9112, section 3.2.2).
//!
//! ureq knows tunnels alone, which many proxies open to nothing but port 443. So a connection to the proxy stands
//! here for one to the destination, and the first line of each request is completed on its way out.

use std::{io, mem};

use base64::{Engine, prelude::BASE64_STANDARD};
use ureq::{
    Agent,
    Error,
    Proxy,
    ProxyProtocol,
    config::Config,
    http::Uri,
    // Not under ureq's promise of stability: the workspace holds ureq at its minor version.
    unversioned::{
        resolver::DefaultResolver,
        transport::{
            Buffers, ConnectionDetails, Connector, Either, NextTimeout, RustlsConnector, TcpConnector,
            Transport,
        },
    },
};

/// Whether that proxy makes requests to `url` itself.
pub fn is_forwarded(url: &str, proxy: &Proxy) -> bool {
    matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) && url.starts_with("http://")
}

/// `Proxy-Authorization`, where the proxy's URL has a name or a password.
pub fn authorization(proxy: &Proxy) -> Option<String> {
    let (name, password) = (proxy.username(), proxy.password());
    name.or(password)?;
    let credentials = [name.unwrap_or_default(), ":", password.unwrap_or_default()].concat();
    Some(format!("Basic {}", BASE64_STANDARD.encode(credentials)))
}

/// An agent whose requests the proxy of `config` makes.
pub fn agent(config: Config) -> Agent {
    let connector = ().chain(Forward).chain(TcpConnector::default()).chain(RustlsConnector::default());
    Agent::with_parts(config, connector, DefaultResolver::default())
}

/// Connects to the proxy instead of the destination.
#[derive(Debug)]
struct Forward;

impl<In: Transport> Connector<In> for Forward {
    type Out = Either<In, Forwarded>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(proxy) = details.config.proxy().filter(|proxy| proxy.uri() != details.uri) else {
            // This is the connection to the proxy.
            return Ok(chained.map(Either::A));
        };
        let addrs = details.resolver.resolve(proxy.uri(), details.config, details.timeout)?;
        let to_proxy = ConnectionDetails {
            uri: proxy.uri(),
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let proxy = (details.run_connector)(&to_proxy)?;
        Ok(Some(Either::B(Forwarded { proxy, origin: origin(details.uri), is_at_head: true })))
    }
}

/// What stands before the path.
fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("http://{authority}")
}

/// A connection to the proxy on which the proxy makes requests to one destination.
#[derive(Debug)]
struct Forwarded {
    proxy: Box<dyn Transport>,
    origin: String,
    /// What leaves next is the head of a request.
    is_at_head: bool,
}

impl Forwarded {
    /// Completes the first line of a request whose head are the first `amount` bytes that would leave; gives how
    /// many it has then.
    fn complete(&mut self, amount: usize) -> Option<usize> {
        let out = self.proxy.buffers().output();
        let path = out.get(..amount)?.iter().position(|byte| *byte == b' ')? + 1;
        let whole = amount.checked_add(self.origin.len()).filter(|whole| *whole <= out.len())?;
        let place = path..path + self.origin.len();
        out.copy_within(path..amount, place.end);
        out.get_mut(place)?.copy_from_slice(self.origin.as_bytes());
        Some(whole)
    }
}

impl Transport for Forwarded {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.proxy.buffers()
    }

    fn transmit_output(&mut self, mut amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if mem::take(&mut self.is_at_head) {
            let whole = self.complete(amount);
            amount = whole.ok_or_else(|| io::Error::other("the head of the request has no room"))?;
        }
        self.proxy.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        // The answer: after it another request may come.
        self.is_at_head = true;
        self.proxy.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.proxy.is_open()
    }
}
