//! Spotlight beside the main destination: a client of its own, whose requests JavaScript makes with the others.

use std::sync::Arc;

use spanwire::{
    client::{Client, Settings},
    delivery::{Transmit, TransmitId},
    span::{Finished, Prepared},
    time::Timestamp,
};

pub(crate) struct Spotlight {
    settings: Arc<Settings>,
    client: Client,
    /// It was not met the last time: nobody waits for it.
    is_away: bool,
}

impl Spotlight {
    /// `None` where there is to be none.
    pub fn beside(settings: &Settings) -> Option<Self> {
        let settings = Arc::new(settings.for_spotlight()?);
        let client = Client::new(Arc::clone(&settings));
        Some(Self { settings, client, is_away: false })
    }

    /// Takes a copy of a finished span.
    pub fn take(&mut self, now: Timestamp, finished: &Finished) {
        self.client.handle_prepared(now, Prepared::of(finished.for_spotlight(), &self.settings));
    }

    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.client.handle_timeout(now);
    }

    pub fn handle_close(&mut self) {
        self.client.handle_close();
    }

    pub fn handle_flush(&mut self) {
        self.client.handle_flush();
    }

    pub fn poll_transmit(&mut self, now: Timestamp) -> Option<Transmit> {
        self.client.poll_transmit(now)
    }

    pub fn handle_response(&mut self, now: Timestamp, id: TransmitId, status: u16) {
        self.is_away = false;
        self.client.handle_response(now, id, status, std::iter::empty());
    }

    pub fn handle_failure(&mut self, now: Timestamp, id: TransmitId, error: &str, jitter: f64) {
        self.is_away = true;
        self.client.handle_failure(now, id, error, jitter);
    }

    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.client.poll_timeout()
    }

    /// Whether there is nothing to wait for: all of it was answered, or nobody is there.
    pub fn is_idle(&self) -> bool {
        self.is_away || self.client.is_idle()
    }
}
