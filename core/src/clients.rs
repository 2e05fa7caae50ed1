//! The main client and Spotlight's beside it, for hosts that drive both in one loop: which of them a request is of
//! shows in its number, and Spotlight never holds the main one up.

use std::sync::Arc;

use crate::{
    client::{Client, Settings},
    config::spotlight_is_away,
    delivery::{Reason, Stats, Transmit, TransmitId},
    span::{Finished, Prepared},
    time::Timestamp,
};

/// A request to be made: what a [`Client`] wants, and whose it is.
#[derive(Debug)]
pub struct Outgoing {
    /// To be handed back with the answer, in place of the id of `transmit`.
    pub number: u64,
    /// Whether it goes to Spotlight, which takes an envelope under its own content type alone.
    pub is_to_spotlight: bool,
    /// The request.
    pub transmit: Transmit,
}

/// Both clients, driven as a [`Client`] is.
#[derive(Debug)]
pub struct Clients {
    settings: Arc<Settings>,
    main: Client,
    spotlight: Option<Spotlight>,
    warning: Option<String>,
    is_warned: bool,
}

#[derive(Debug)]
struct Spotlight {
    settings: Arc<Settings>,
    client: Client,
    /// It was not met the last time: nobody waits for it.
    is_away: bool,
}

impl Clients {
    /// Both, or the main one alone where Spotlight is not wanted or is the only destination.
    pub fn new(settings: Arc<Settings>) -> Self {
        let spotlight = settings.for_spotlight().map(|settings| {
            let settings = Arc::new(settings);
            Spotlight { client: Client::new(Arc::clone(&settings)), settings, is_away: false }
        });
        let main = Client::new(Arc::clone(&settings));
        Self { settings, main, spotlight, warning: None, is_warned: false }
    }

    /// Whether a span had better wait outside: see [`Client::is_pressed`]. Nobody waits for Spotlight.
    pub fn is_pressed(&mut self, now: Timestamp, bytes: usize) -> bool {
        self.main.is_pressed(now, bytes)
    }

    /// Takes a finished span; `prepare` reads it for the main one, and is not called for what only Spotlight sees.
    pub fn handle_span(
        &mut self,
        now: Timestamp,
        finished: Finished,
        prepare: impl FnOnce(Finished) -> Prepared,
    ) {
        if let Some(spotlight) = &mut self.spotlight {
            let copy = Prepared::of(finished.for_spotlight(), &spotlight.settings);
            spotlight.client.handle_prepared(now, copy);
            if !finished.is_sampled() {
                return;
            }
        }
        self.main.handle_prepared(now, prepare(finished));
    }

    /// Lets both know the time.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.each(|client| client.handle_timeout(now));
    }

    /// Nothing will come any more: what waits for its segment becomes ready without it.
    pub fn handle_close(&mut self) {
        self.each(Client::handle_close);
    }

    /// Makes everything ready that waits for its time.
    pub fn handle_flush(&mut self) {
        self.each(Client::handle_flush);
    }

    fn each(&mut self, mut act: impl FnMut(&mut Client)) {
        act(&mut self.main);
        if let Some(spotlight) = &mut self.spotlight {
            act(&mut spotlight.client);
        }
    }

    /// The next request to make, if there is one now.
    pub fn poll_transmit(&mut self, now: Timestamp) -> Option<Outgoing> {
        if let Some(transmit) = self.main.poll_transmit(now) {
            let is_to_spotlight = self.settings.is_spotlight();
            return Some(Outgoing { number: transmit.id.0 * 2, is_to_spotlight, transmit });
        }
        let transmit = self.spotlight.as_mut()?.client.poll_transmit(now)?;
        Some(Outgoing { number: transmit.id.0 * 2 + 1, is_to_spotlight: true, transmit })
    }

    /// Whether a request is the main client's.
    pub fn is_main(number: u64) -> bool {
        number.is_multiple_of(2)
    }

    /// Takes the answer to a request.
    pub fn handle_response<'a>(
        &mut self,
        now: Timestamp,
        number: u64,
        status: u16,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let id = TransmitId(number / 2);
        if Self::is_main(number) {
            self.main.handle_response(now, id, status, headers);
        } else if let Some(spotlight) = &mut self.spotlight {
            spotlight.is_away = false;
            spotlight.client.handle_response(now, id, status, std::iter::empty());
        }
    }

    /// Takes it that a request met no server; `jitter` is in [0, 1).
    pub fn handle_failure(&mut self, now: Timestamp, number: u64, error: &str, jitter: f64) {
        let id = TransmitId(number / 2);
        if !Self::is_main(number) || self.settings.is_spotlight() {
            self.warn(error);
        }
        if Self::is_main(number) {
            self.main.handle_failure(now, id, error, jitter);
        } else if let Some(spotlight) = &mut self.spotlight {
            spotlight.is_away = true;
            spotlight.client.handle_failure(now, id, error, jitter);
        }
    }

    fn warn(&mut self, error: &str) {
        if !std::mem::replace(&mut self.is_warned, true) {
            let url = self.settings.options().spotlight.as_deref().unwrap_or_default();
            self.warning = Some(spotlight_is_away(url, error));
        }
    }

    /// When to call `handle_timeout` if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let spotlights = self.spotlight.as_ref().and_then(|spotlight| spotlight.client.poll_timeout());
        [self.main.poll_timeout(), spotlights].into_iter().flatten().min()
    }

    /// The next thing to say in debug mode.
    pub fn poll_notice(&mut self) -> Option<String> {
        self.main.poll_notice()
    }

    /// What is to be said whether in debug mode or not: that Spotlight is away, once.
    pub fn poll_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// Whether the main client has nothing to send.
    pub fn is_idle(&self) -> bool {
        self.main.is_idle()
    }

    /// Whether there is no waiting for Spotlight: all of it was answered, or nobody is there.
    pub fn is_spotlight_idle(&self) -> bool {
        self.spotlight.as_ref().is_none_or(|spotlight| spotlight.is_away || spotlight.client.is_idle())
    }

    /// The counts of the main client.
    pub fn stats(&self) -> Stats {
        self.main.stats()
    }

    /// Counts items that the host left out of a value, because it was too large to be written.
    pub fn count_left_out(&self, items: usize) {
        self.settings.ledger().leave_out(items);
    }

    /// Gives up what waits for the main destination.
    pub fn discard(&mut self, reason: Reason) {
        self.main.discard(reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        client::Destination,
        config::{Options, Platform},
        scope::Scope,
        span::{Kind, Span, Start},
    };

    fn clients(options: &str, has_dsn: bool) -> Clients {
        let options = Options::read(options.as_bytes(), |_| None).expect("options");
        let destination =
            has_dsn.then(|| Destination::new("https", "sentry.example.com", "", "42", "public"));
        Clients::new(Arc::new(Settings::new(options, Platform::default(), destination)))
    }

    fn give(clients: &mut Clients, now: Timestamp) {
        let start = Start {
            kind: Kind::of_call("chat").expect("a call"),
            subject: Some("m"),
            name: None,
            origin: "manual",
            parent: None,
            scope: Arc::new(Scope::default()),
            sample_rate: None,
        };
        let settings = Arc::clone(&clients.settings);
        let mut span = Span::start(&settings, &start, now, &[7; 32]);
        if let Some(finished) = span.finish(now) {
            clients.handle_span(now, finished, |finished| Prepared::of(finished, &settings));
        }
        clients.handle_flush();
    }

    #[test]
    fn both_get_it_and_each_its_own_answer() {
        let now = Timestamp::from_seconds(1.0);
        let mut clients = clients(r#"{"spotlight": "http://localhost:1/stream"}"#, true);
        give(&mut clients, now);
        let first = clients.poll_transmit(now).expect("the main request");
        let second = clients.poll_transmit(now).expect("Spotlight's request");
        assert!(!first.is_to_spotlight && second.is_to_spotlight && clients.poll_transmit(now).is_none());
        assert!(second.transmit.url.starts_with("http://localhost:1/stream"));
        clients.handle_response(now, first.number, 200, std::iter::empty());
        assert!(clients.is_idle() && !clients.is_spotlight_idle());
        clients.handle_failure(now, second.number, "refused", 0.5);
        assert!(clients.is_spotlight_idle());
        assert!(clients.poll_warning().is_some_and(|warning| warning.contains("http://localhost:1/stream")));
        clients.handle_failure(now, second.number, "refused", 0.5);
        assert_eq!(clients.poll_warning(), None);
        assert_eq!(clients.stats().sent, 1);
    }

    #[test]
    fn what_is_not_sampled_only_spotlight_sees() {
        let now = Timestamp::from_seconds(1.0);
        let mut clients = clients(r#"{"spotlight": true, "traces_sample_rate": 0}"#, true);
        give(&mut clients, now);
        let only = clients.poll_transmit(now).expect("Spotlight's request");
        assert!(only.is_to_spotlight && !Clients::is_main(only.number) && clients.is_idle());
    }

    #[test]
    fn spotlight_may_be_the_only_destination() {
        let now = Timestamp::from_seconds(1.0);
        let mut clients = clients(r#"{"spotlight": true}"#, false);
        give(&mut clients, now);
        let only = clients.poll_transmit(now).expect("its request");
        assert!(only.is_to_spotlight && Clients::is_main(only.number));
        clients.handle_failure(now, only.number, "refused", 0.5);
        assert!(clients.poll_warning().is_some());
    }
}
