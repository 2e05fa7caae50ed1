//! Memory while no server is met: everything that waits stays within its bound, counted by the allocator.
//!
//! A file of its own: the allocator counts the whole process.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{
            AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    thread,
    time::Duration,
};

use serde_json::json;
use spanwire::{
    attributes::Value,
    config::{MAX_WAITING_BYTES, Platform},
    json::Json,
    scope::Scope,
    span::{Change, Content, Gathered, Kind, Start},
    trace::TraceContext,
};
use spanwire_driver::{Driver, Hooks, OpenSpan, Verdict};

/// Spans that have to be lost until something is full, and stays so.
const ENOUGH: u64 = 500;
/// A port where nobody listens.
const REFUSED: &str = "http://public@127.0.0.1:9/42";

/// The system's allocator, counted.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn add(bytes: usize) {
    PEAK.fetch_max(LIVE.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: everything is handed on to the system's allocator as it is; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Like the system's, which grows large blocks in place.
        add(size);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// What a program does, again and again.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// An agent with an input of so many characters, and so many requests.
    Agent { requests: usize, characters: usize },
    /// An answer in so many pieces.
    Stream { pieces: usize },
    /// A span with so many attributes.
    Attributes { count: usize },
    /// A request that hands its trace on.
    Headers,
}

/// The last ones in the long form alone: a debug build takes its time to fill sixteen mebibytes.
const WORK: [Work; 7] = [
    Work::Agent { requests: 9, characters: 1_000 },
    Work::Agent { requests: 0, characters: 0 },
    Work::Headers,
    Work::Attributes { count: 100 },
    Work::Agent { requests: 99, characters: 0 },
    Work::Agent { requests: 9, characters: 20_000 },
    Work::Stream { pieces: 200 },
];

impl Work {
    /// Does it once; gives how many spans that made.
    fn run(self, driver: &Driver) -> usize {
        match self {
            Self::Agent { requests, characters } => {
                let mut agent = start(driver, "invoke_agent", None);
                // Half of it is escaped.
                let input = Json::text(&"x\n".repeat(characters / 2));
                agent.change(Change::Content(Content::Input, input, Gathered::ByHand));
                for _ in 0..requests {
                    let mut chat = start(driver, "chat", Some(agent.context()));
                    chat.change(Change::Usage(Json::new(r#"{"input_tokens": 1, "output_tokens": 2}"#)));
                }
                1 + requests
            }
            Self::Stream { pieces } => {
                let mut chat = start(driver, "chat", None);
                for number in 0..pieces {
                    let piece = format!(r#"{{"choices": [{{"delta": {{"content": "word {number}"}}}}]}}"#);
                    chat.change(Change::Chunk(Json::new(piece), Gathered::ByHand));
                }
                1
            }
            Self::Attributes { count } => {
                let mut span = start(driver, "chat", None);
                for number in 0..count {
                    span.change(Change::Attribute(format!("my.own.{number}"), Value::Int(1)));
                }
                1
            }
            Self::Headers => {
                let chat = start(driver, "chat", None);
                assert!(!chat.context().headers(false).baggage.is_empty());
                1
            }
        }
    }
}

fn start(driver: &Driver, call: &str, parent: Option<&TraceContext>) -> OpenSpan {
    driver.start(&Start {
        kind: Kind::of_call(call).unwrap(),
        subject: Some("model-or-agent"),
        name: None,
        origin: "manual",
        parent,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    })
}

/// A driver whose worker can be held up, and how many spans it has read.
struct Watched {
    driver: Driver,
    read: Arc<AtomicUsize>,
    gate: Arc<Mutex<()>>,
}

impl Watched {
    fn new(options: &serde_json::Value) -> Self {
        let (read, gate) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<()>>::default());
        let (counter, barrier) = (Arc::clone(&read), Arc::clone(&gate));
        let watch = move |mapping: &str| {
            drop(barrier.lock().unwrap());
            counter.fetch_add(1, SeqCst);
            Verdict::Keep(Json::new(mapping))
        };
        let hooks = Hooks { before_send_span: Some(Arc::new(watch)), ..Hooks::default() };
        let driver = Driver::new(options.to_string().as_bytes(), Platform::default(), hooks).unwrap();
        Self { driver, read, gate }
    }

    /// Works until so many spans more are lost, the worker keeping up with it.
    fn fill_client(&self, work: Work) {
        /// Spans that come together: the worker lets them gather for a moment.
        const TOGETHER: usize = 150;
        let enough = self.lost() + ENOUGH;
        while self.lost() < enough {
            let (read, mut made) = (self.read.load(SeqCst), 0);
            while made < TOGETHER {
                made += work.run(&self.driver);
            }
            self.await_read(read + made);
        }
    }

    /// The same with a worker that reads nothing; then it reads what there is.
    fn fill_queue(&self, work: Work) {
        let held_up = self.gate.lock().unwrap();
        let (read, lost) = (self.read.load(SeqCst), self.lost());
        let mut made = 0;
        while self.lost() < lost + ENOUGH {
            made += work.run(&self.driver);
        }
        let overflown = usize::try_from(self.lost() - lost).unwrap();
        drop(held_up);
        self.await_read(read + made - overflown);
    }

    fn lost(&self) -> u64 {
        self.driver.stats().lost.get("queue_overflow").copied().unwrap_or(0)
    }

    fn await_read(&self, expected: usize) {
        while self.read.load(SeqCst) < expected {
            thread::yield_now();
        }
    }
}

/// The most that is held above what a driver holds that has met nobody yet, and what the system gave for it: parts
/// of the bound.
fn measure(options: &serde_json::Value, work: Work, rounds: usize) -> (f64, f64) {
    let watched = Watched::new(options);
    let made = work.run(&watched.driver);
    watched.await_read(made);
    let (live, resident) = (LIVE.load(SeqCst), resident());
    PEAK.store(live, SeqCst);
    let mut most = resident;
    for _ in 0..rounds {
        watched.fill_client(work);
        most = most.max(self::resident());
        watched.fill_queue(work);
        most = most.max(self::resident());
    }
    let peak = PEAK.load(SeqCst);
    watched.driver.close(Some(Duration::ZERO));
    let part = |bytes: usize| bytes as f64 / MAX_WAITING_BYTES as f64;
    (part(peak - live), part(most - resident))
}

/// Bytes that the system gave this process; 0 where it does not say.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok());
    4096 * pages.unwrap_or(0usize)
}

/// What waits is counted generously, because the system gives memory in pieces: the tenth more that it may take is
/// for what lies between them, for threads and for connections.
#[test]
fn what_waits_takes_no_more_memory_than_it_may() {
    let is_long = std::env::var_os("SPANWIRE_SOAK").is_some();
    let (ways, works, rounds) = if is_long { (3, WORK.len(), 3) } else { (1, 4, 1) };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://public@{}/42", silent.local_addr().unwrap());
    let every_way = [
        json!({"dsn": REFUSED}),
        json!({"dsn": silent}),
        json!({"dsn": REFUSED, "trace_lifecycle": "static"}),
    ];
    for way in every_way.iter().take(ways) {
        for work in WORK.into_iter().take(works) {
            let (held, resident) = measure(way, work, rounds);
            println!("{held:.3} of the bound, {resident:.3} from the system: {work:?}, {way}");
            assert!(held <= 1.0, "{held:.3} of the bound: {work:?}, {way}");
            assert!(resident <= 1.1, "{resident:.3} of the bound from the system: {work:?}, {way}");
        }
    }
}
