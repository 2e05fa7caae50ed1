//! One world: a program that makes spans, the client, a disk, a server, and a clock that people set.

mod crash;

use std::{collections::BTreeMap, sync::Arc};

use spanwire::{
    client::{Client, Settings},
    config::{MAX_IN_FLIGHT, MAX_REQUEST_BYTES},
    delivery::{Inbox, Reason, Transmit, Waiting},
    span::{Bundle, Change, Kind, Span, Start},
    time::Timestamp,
    trace::TraceContext,
};

use crate::{
    common::{Numbers, at, settings},
    disk::Disk,
    server::{Request, Server},
};

pub struct World {
    numbers: Numbers,
    settings: Arc<Settings>,
    client: Client,
    options: String,
    disk: Option<Disk>,
    server: Server,
    under_way: Vec<(Transmit, Request)>,
    open: Vec<Span>,
    /// Between the program and the client.
    inbox: Inbox,
    /// What the clock on the wall says, and what has really passed, in seconds. Where it is set forwards, that is
    /// taken for time that passed.
    wall: f64,
    passed: f64,
    /// Spans that this process answers for: started by it, or found.
    started: u64,
    /// Spans of this process that the server took, and that it refused with a 429.
    sent: u64,
    refused: u64,
    /// What was reported before this process began.
    reported_before: u64,
    /// Something that is to be written is not, nor is what it replaces gone.
    is_behind: bool,
    /// No server is met.
    is_cut_off: bool,
    is_heavy: bool,
    /// Nothing dies any more.
    is_over: bool,
    seen: BTreeMap<&'static str, u64>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds are to be different worlds.
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let lifecycle = ["stream", "stream", "static"][numbers.below(3)];
        let rate = [1.0, 1.0, 0.5][numbers.below(3)];
        let options = format!(
            r#"{{"trace_lifecycle": "{lifecycle}", "traces_sample_rate": {rate}, "max_waiting_bytes": 6291456}}"#
        );
        let settings = settings(&options);
        let disk = (!numbers.once_in(3)).then(Disk::default);
        let client = client(&settings, disk.is_some());
        Self {
            is_heavy: numbers.once_in(40),
            numbers,
            settings,
            client,
            options,
            disk,
            server: Server::default(),
            under_way: Vec::new(),
            open: Vec::new(),
            inbox: Inbox::default(),
            wall: 0.0,
            passed: 0.0,
            started: 0,
            sent: 0,
            refused: 0,
            reported_before: 0,
            is_behind: false,
            is_cut_off: false,
            is_over: false,
            seen: BTreeMap::new(),
        }
    }

    /// Lives through it; gives what happened, counted.
    pub fn play(mut self) -> BTreeMap<&'static str, u64> {
        for _ in 0..20 + self.numbers.below(80) {
            self.step();
            if self.numbers.once_in(2) {
                self.take_over();
            }
            self.obey();
            self.drain();
            self.obey();
            self.check();
        }
        self.end();
        self.seen
    }

    fn step(&mut self) {
        match self.numbers.below(25) {
            0..=5 => self.start(),
            6..=10 => self.finish(),
            11..=14 => self.answer(),
            15 if self.numbers.once_in(3) => self.is_cut_off = !self.is_cut_off,
            15 => self.cut(),
            16 | 17 => {
                let pause = [0.0, 0.05, 0.3, 1.0, 7.0][self.numbers.below(5)];
                self.pass(pause);
            }
            18 | 19 => self.wait(),
            20 => match self.numbers.below(6) {
                0 => self.pass(4000.0),
                1 | 2 => self.set_back(),
                _ => {}
            },
            21 => self.client.handle_flush(),
            22 => self.many(),
            23 => self.bundle(),
            _ => match self.numbers.below(5) {
                0 => self.crash(),
                1 => self.evict(),
                2 => self.disk.iter_mut().for_each(|disk| disk.is_unreadable = !disk.is_unreadable),
                _ => {}
            },
        }
    }

    fn now(&self) -> Timestamp {
        at(self.wall)
    }

    fn pass(&mut self, seconds: f64) {
        self.wall += seconds;
        self.passed += seconds;
        self.client.handle_timeout(self.now());
    }

    fn set_back(&mut self) {
        self.wall -= [0.5, 90.0, 100_000.0][self.numbers.below(3)];
        self.saw("the clock was set back");
    }

    /// Waits as a host does.
    fn wait(&mut self) {
        if let Some(deadline) = self.client.poll_timeout() {
            let pause = deadline.since(self.now()).as_secs_f64();
            assert!(pause < 2.0 * 24.0 * 3600.0, "nothing waits for {pause} s");
            self.pass(pause);
        }
    }

    fn start(&mut self) {
        let parent = (!self.open.is_empty() && !self.numbers.once_in(3))
            .then(|| self.numbers.below(self.open.len()))
            .map(|parent| self.open[parent].context().clone());
        self.start_under(parent.as_ref());
    }

    fn start_under(&mut self, parent: Option<&TraceContext>) {
        let mut entropy = [0; 32];
        entropy.iter_mut().for_each(|byte| *byte = u8::try_from(self.numbers.below(256)).unwrap());
        let start = Start {
            kind: Kind::ExecuteTool,
            subject: Some("t"),
            name: None,
            origin: "manual",
            parent,
            scope: Arc::default(),
            sample_rate: None,
        };
        self.started += 1;
        self.open.push(Span::start(&self.settings, &start, self.now(), &entropy));
    }

    fn finish(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let at = self.numbers.below(self.open.len());
        self.finish_at(at);
    }

    fn finish_at(&mut self, at: usize) {
        let mut span = self.open.swap_remove(at);
        if self.is_heavy {
            let text = "x".repeat(self.numbers.below(250_000));
            span.change(self.now(), Change::Attribute("large".into(), text.into()));
        }
        let finished = if self.numbers.once_in(10) { span.abandon() } else { span.finish(self.now()) };
        if let Some(finished) = finished {
            self.push(finished.into());
        }
    }

    /// Spans that a host has kept to itself.
    fn bundle(&mut self) {
        let Some(parent) = self.open.first().filter(|parent| parent.is_recording()) else { return };
        let parent = parent.context().clone();
        let count = 1 + self.numbers.below(150);
        let numbers: Vec<f64> = (0..count)
            .flat_map(|_| {
                let [high, low] = [(); 2].map(|()| self.numbers.below(u32::MAX as usize) as f64);
                [0.0, high, low, 0.0, 0.0, f64::NAN, 1.0]
            })
            .collect();
        let said = "x".repeat(self.numbers.below(1000));
        let texts =
            format!("execute_tool\u{1f}t\u{1f}\u{1f}\u{1f}\u{1f}c\u{1e}{said}\u{1e}\u{1f}").repeat(count);
        self.started += count as u64;
        self.settings.ledger().start(count);
        let place_of = |_| Some(parent.clone());
        let bundle = Bundle::new(self.now(), 0.0, Arc::default(), &numbers, texts, place_of);
        assert_eq!(bundle.len(), count);
        self.push(bundle.into());
        self.saw("several that were kept");
    }

    fn push(&mut self, waiting: Waiting) {
        let before = self.overflown();
        self.inbox.push(&self.settings, waiting);
        if self.overflown() > before {
            self.saw("lost before it was read");
        }
    }

    /// The client is handed what has ended, as far as there is room or will be none.
    fn take_over(&mut self) {
        while let Some(bytes) = self.inbox.next_bytes() {
            if self.client.is_pressed(self.now(), bytes) {
                self.saw("waited for room");
                return;
            }
            let is_leaving = !self.under_way.is_empty();
            let before = self.overflown();
            match self.inbox.pop().unwrap() {
                Waiting::Span(finished) => self.client.handle_span(self.now(), finished),
                Waiting::Bundle(bundle) => {
                    let (before, spans) = (bundle.len(), bundle.spans(&self.settings));
                    assert_eq!(spans.len(), before);
                    self.inbox.put_back(spans);
                }
            }
            assert!(
                !is_leaving || self.overflown() == before,
                "lost while there would have been room: {bytes} {} {} {}",
                self.client.held(),
                self.under_way.len(),
                self.options
            );
        }
    }

    /// Spans for which there was no room.
    fn overflown(&self) -> u64 {
        self.client.stats().lost.get("queue_overflow").copied().unwrap_or(0)
    }

    /// One trace grows: by many spans, or by large ones.
    fn many(&mut self) {
        if self.open.is_empty() || !(self.is_heavy || self.numbers.once_in(100)) {
            return;
        }
        let first = self.open[0].context().clone();
        for _ in 0..if self.is_heavy { 20 } else { 1100 } {
            self.start_under(Some(&first));
            self.finish_at(self.open.len() - 1);
        }
    }

    /// Makes every request that may be made.
    fn drain(&mut self) {
        while let Some(transmit) = self.client.poll_transmit(self.now()) {
            let request = Request::read(&transmit.body);
            self.server.meet(self.passed, &request);
            self.note(&request);
            self.under_way.push((transmit, request));
            assert!(self.under_way.len() <= MAX_IN_FLIGHT);
        }
    }

    fn answer(&mut self) {
        if self.is_cut_off {
            return self.cut();
        }
        let Some((transmit, request)) = self.next_under_way() else { return };
        let answer = self.server.answer(&mut self.numbers, self.passed, at(self.wall), &request);
        match answer.status {
            200 => self.sent += request.spans.len() as u64,
            429 => self.refused += request.spans.len() as u64,
            _ => {}
        }
        let headers = answer.headers.iter().map(|(name, value)| (*name, value.as_str()));
        self.client.handle_response(self.now(), transmit.id, answer.status, headers);
        // Before the file is removed.
        if answer.status == 200 && self.disk.is_some() && self.dies_once_in(50) {
            self.saw("died after an answer");
            self.crash();
        }
    }

    fn cut(&mut self) {
        if let Some((transmit, _)) = self.next_under_way() {
            let jitter = self.numbers.below(100) as f64 / 100.0;
            self.client.handle_failure(self.now(), transmit.id, "cut", jitter);
        }
    }

    fn next_under_way(&mut self) -> Option<(Transmit, Request)> {
        (!self.under_way.is_empty())
            .then(|| self.under_way.swap_remove(self.numbers.below(self.under_way.len())))
    }

    fn check(&self) {
        let stats = self.client.stats();
        let lost: u64 = stats.lost.values().sum();
        assert_eq!((stats.started, stats.sent), (self.started, self.sent));
        let on_disk = self.disk.as_ref().map_or(0, Disk::spans) as u64;
        assert!(stats.spooled == on_disk || (self.is_behind && stats.spooled < on_disk));
        assert_eq!(stats.started, stats.sent + stats.waiting + stats.spooled + lost);
        // The largest envelope and the request that is made of it have to be in memory once, whatever else is on disk.
        let bound = self.settings.options().client_bytes().max(2 * MAX_REQUEST_BYTES);
        assert!(self.client.held() <= bound, "{} bytes wait", self.client.held());
    }

    /// The program ends, and the server takes everything.
    fn end(&mut self) {
        self.is_over = true;
        while !self.open.is_empty() {
            self.finish();
        }
        while self.inbox.next_bytes().is_some() {
            self.take_over();
            self.obey();
            self.drain();
            self.answer();
        }
        self.disk.iter_mut().for_each(|disk| disk.is_unreadable = false);
        self.pass(3.0 * 24.0 * 3600.0);
        self.client.handle_close();
        self.client.handle_flush();
        for _ in 0..10_000 {
            self.obey();
            self.drain();
            while let Some((transmit, request)) = self.next_under_way() {
                self.server.take(&request);
                self.sent += request.spans.len() as u64;
                self.client.handle_response(self.now(), transmit.id, 200, std::iter::empty());
            }
            self.obey();
            self.check();
            self.drain();
            if self.client.is_idle() {
                break;
            }
            self.wait();
        }
        let stats = self.client.stats();
        assert!(self.client.is_idle() && self.client.poll_timeout().is_none());
        assert_eq!((stats.waiting, stats.spooled, self.client.held()), (0, 0, 0));
        let lost: u64 = stats.lost.values().sum();
        let reported = self.server.reported - self.reported_before;
        assert_eq!(reported + self.refused, lost, "every loss is reported once: {:?}", stats.lost);
        for (reason, name) in LOSSES {
            if stats.lost.contains_key(reason) {
                self.saw(name);
            }
        }
        self.client.discard(Reason::NetworkError);
        assert_eq!(self.client.stats().lost, stats.lost);
    }

    fn note(&mut self, request: &Request) {
        let is_last = request.category.is_none();
        for (what, happened) in [
            ("an item of 1,000 spans", request.spans.len() == 1000),
            ("an item of nearly 1 MiB", request.largest > 900_000),
            ("a report rode along", request.reported.is_some() && !is_last),
            ("a report left by itself", is_last),
            ("transactions", request.category == Some("transaction")),
        ] {
            if happened {
                self.saw(what);
            }
        }
    }

    fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }
}

const LOSSES: [(&str, &str); 6] = [
    ("cache_overflow", "lost: cache_overflow"),
    ("network_error", "lost: network_error"),
    ("queue_overflow", "lost: queue_overflow"),
    ("ratelimit_backoff", "lost: ratelimit_backoff"),
    ("send_error", "lost: send_error"),
    ("sample_rate", "lost: sample_rate"),
];

fn client(settings: &Arc<Settings>, has_spool: bool) -> Client {
    if has_spool { Client::with_spool(Arc::clone(settings)) } else { Client::new(Arc::clone(settings)) }
}
