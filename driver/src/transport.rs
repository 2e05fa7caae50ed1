//! The ways out: HTTP, a file, a function of the host.

use std::{
    fs::OpenOptions,
    io::Write,
    sync::{Arc, OnceLock},
};

use flate2::{Compression, write::GzEncoder};
use spanwire::{
    config::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, MAX_IN_FLIGHT, REQUEST_TIMEOUT, TransportChoice},
    delivery::Transmit,
};
use ureq::{Agent, tls::TlsConfig};

use crate::{forward, route::Route};

/// Bytes read of an answer's body: it says nothing that is needed, but only a connection whose answer was read
/// to its end is used again.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// The status of a proxy that does not know who asks (RFC 9110, section 15.5.8): no server was met.
const PROXY_WANTS_PASSWORD: u16 = 407;

/// A function that takes an envelope's bytes; what it returns in `Err` is why it could not.
pub type Callable = Arc<dyn Fn(&[u8]) -> Result<(), String> + Send + Sync>;

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

impl Answer {
    /// Taken, by something that is no server.
    const fn taken() -> Self {
        Self { status: 200, headers: Vec::new() }
    }
}

pub struct Transport {
    choice: TransportChoice,
    callable: Option<Callable>,
    route: Route,
    /// What each request says to the proxy that makes it.
    authorization: Option<String>,
    /// Made for the first request, so that nothing exists before it.
    agent: OnceLock<Agent>,
}

impl Transport {
    pub fn new(choice: TransportChoice, callable: Option<Callable>, route: Route) -> Self {
        let proxy = route.proxy.as_ref().filter(|_| route.is_forwarded);
        let authorization = proxy.and_then(forward::authorization);
        Self { choice, callable, route, authorization, agent: OnceLock::new() }
    }

    /// The same, without connections: for a forked child.
    pub fn for_child(&self) -> Self {
        Self::new(self.choice.clone(), self.callable.clone(), self.route.clone())
    }

    /// Whether it may be asked from several threads at the same time.
    pub fn is_http(&self) -> bool {
        self.choice == TransportChoice::Http
    }

    /// Sends, whereby the body may be used up; `Err` says why no server was met.
    pub fn send(&self, transmit: &mut Transmit) -> Result<Answer, String> {
        match (&self.choice, &self.callable) {
            (TransportChoice::Callable, Some(callable)) => callable(&transmit.body).map(|()| Answer::taken()),
            (TransportChoice::Callable, None) => Err("there is no function to call".to_owned()),
            (TransportChoice::File(path), _) => append(path, &transmit.body).map(|()| Answer::taken()),
            (TransportChoice::Http, _) => self.post(transmit),
        }
    }

    fn post(&self, transmit: &mut Transmit) -> Result<Answer, String> {
        let agent = self.agent.get_or_init(|| agent(&self.route));
        // A server may take long: only what is sent waits for it.
        let body = gzip(&std::mem::take(&mut transmit.body)).map_err(|error| error.to_string())?;
        let mut request = agent.post(&transmit.url);
        if let Some(authorization) = &self.authorization {
            request = request.header("Proxy-Authorization", authorization);
        }
        let mut response = request
            .header("Content-Type", "application/x-sentry-envelope")
            .header("Content-Encoding", "gzip")
            .header("User-Agent", &transmit.user_agent)
            .header("X-Sentry-Auth", &transmit.auth)
            .send(&body[..])
            .map_err(|error| explained(&error))?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                // A word of it that is no text spoils that word alone.
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let _ = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
        let status = response.status().as_u16();
        if self.route.is_forwarded && status == PROXY_WANTS_PASSWORD {
            return Err("the proxy wants a name and a password, or others; put them into its URL".to_owned());
        }
        Ok(Answer { status, headers })
    }
}

fn agent(route: &Route) -> Agent {
    let tls = TlsConfig::builder();
    let tls = match &route.roots {
        Some(roots) => tls.root_certs(roots.clone()),
        None => tls,
    };
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .tls_config(tls.build())
        // Also where there is none: what ureq would find in the environment is not what was chosen.
        .proxy(route.proxy.clone())
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(REQUEST_TIMEOUT))
        .timeout_recv_body(Some(ANSWER_TIMEOUT))
        // Each request that may be under way keeps its connection.
        .max_idle_connections_per_host(MAX_IN_FLIGHT)
        .max_idle_connections(MAX_IN_FLIGHT)
        .build();
    if route.is_forwarded { forward::agent(config) } else { config.into() }
}

/// Why no server was met, and what to do about it where that is not plain.
fn explained(error: &ureq::Error) -> String {
    let said = error.to_string();
    match said.split_once("invalid peer certificate: ") {
        Some((_, why)) => format!(
            "the server's certificate was refused ({why}); if an authority of your own signed it, name its \
             file in the option `ca_certs`"
        ),
        None => said,
    }
}

/// The fastest level: the others take three to six times its time for two thirds of its bytes at best
/// (`cargo xtask bench wire`), and the time is that of the program's own machine.
fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// One write, so that processes that share the file do not mix their envelopes.
fn append(path: &str, bytes: &[u8]) -> Result<(), String> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_ever() {
        let timeouts = agent(&Route::default()).config().timeouts();
        assert_eq!(timeouts.resolve, Some(CONNECT_TIMEOUT));
        assert_eq!(timeouts.connect, Some(CONNECT_TIMEOUT));
        assert_eq!(timeouts.global, Some(REQUEST_TIMEOUT));
    }
}
