//! The ways out: HTTP, a file, a function of the host.

use std::{
    fs::OpenOptions,
    io::Write,
    sync::{Arc, OnceLock},
};

use flate2::{Compression, write::GzEncoder};
use spanwire::{
    config::{CONNECT_TIMEOUT, REQUEST_TIMEOUT, TransportChoice},
    delivery::Transmit,
};
use ureq::Agent;

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
    /// Made for the first request, so that nothing exists before it.
    agent: OnceLock<Agent>,
}

impl Transport {
    pub fn new(choice: TransportChoice, callable: Option<Callable>) -> Self {
        Self { choice, callable, agent: OnceLock::new() }
    }

    /// The same, without connections: for a forked child.
    pub fn for_child(&self) -> Self {
        Self::new(self.choice.clone(), self.callable.clone())
    }

    /// Sends; `Err` says why no server was met.
    pub fn send(&self, transmit: &Transmit) -> Result<Answer, String> {
        match (&self.choice, &self.callable) {
            (TransportChoice::Callable, Some(callable)) => callable(&transmit.body).map(|()| Answer::taken()),
            (TransportChoice::Callable, None) => Err("there is no function to call".to_owned()),
            (TransportChoice::File(path), _) => append(path, &transmit.body).map(|()| Answer::taken()),
            (TransportChoice::Http, _) => self.post(transmit),
        }
    }

    fn post(&self, transmit: &Transmit) -> Result<Answer, String> {
        let agent = self.agent.get_or_init(agent);
        let body = gzip(&transmit.body).map_err(|error| error.to_string())?;
        let response = agent
            .post(&transmit.url)
            .header("Content-Type", "application/x-sentry-envelope")
            .header("Content-Encoding", "gzip")
            .header("User-Agent", &transmit.user_agent)
            .header("X-Sentry-Auth", &transmit.auth)
            .send(&body[..])
            .map_err(|error| error.to_string())?;
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(Answer { status: response.status().as_u16(), headers })
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(REQUEST_TIMEOUT))
        .build()
        .into()
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
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
