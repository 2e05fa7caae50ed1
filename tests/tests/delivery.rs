//! The native driver against a real receiver: what arrives, what is counted, what is said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Barrier, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use spanwire::{
    config::{MAX_IN_FLIGHT, Platform, REQUEST_TIMEOUT},
    scope::Scope,
    span::{Kind, Start},
};
use spanwire_driver::{Driver, Hooks, OpenSpan};
use spanwire_tests::BlockingServers;

/// Far more than loopback needs; a test that waits this long has failed.
const LONG: Option<Duration> = Some(Duration::from_secs(20));

fn driver(options: &Value) -> Driver {
    driver_with(options, Hooks::default())
}

fn driver_with(options: &Value, hooks: Hooks) -> Driver {
    let platform =
        Platform { sdk_name: "spanwire.test".into(), sdk_version: "0".into(), ..Platform::default() };
    Driver::new(options.to_string().as_bytes(), platform, hooks).unwrap()
}

fn dsn(servers: &BlockingServers) -> String {
    format!("{}/prefix/42", servers.receiver().replace("http://", "http://public@"))
}

fn chat(driver: &Driver) -> OpenSpan {
    driver.start(&Start {
        kind: Kind::of_call("chat").unwrap(),
        subject: Some("gpt-4o"),
        name: None,
        origin: "manual",
        parent: None,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    })
}

fn get(url: &str) -> Value {
    let text = ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap()
}

fn envelopes(servers: &BlockingServers) -> Vec<Value> {
    get(&format!("{}/__envelopes", servers.receiver())).as_array().unwrap().clone()
}

fn answer_with(servers: &BlockingServers, answers: &Value) {
    ureq::post(format!("{}/__answer", servers.receiver())).send(answers.to_string()).unwrap();
}

fn take_request(reader: &mut impl BufRead) {
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).unwrap() > 2 {
        let header = line.to_ascii_lowercase();
        length = header.strip_prefix("content-length: ").map_or(length, |n| n.trim().parse().unwrap());
        line.clear();
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
}

/// A server that answers nobody before so many ask at the same time.
fn answers_together(listener: &TcpListener, together: usize, asked: &mpsc::Sender<()>) {
    let barrier = Arc::new(Barrier::new(together));
    for stream in listener.incoming().take(together) {
        let (barrier, asked) = (Arc::clone(&barrier), asked.clone());
        thread::spawn(move || {
            let mut reader = BufReader::new(stream.unwrap());
            take_request(&mut reader);
            let _ = asked.send(());
            barrier.wait();
            reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        });
    }
}

#[test]
fn an_answer_counts_though_its_text_does_not_come() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dsn = format!("http://public@{}/42", listener.local_addr().unwrap());
    let (end, ended) = mpsc::channel::<()>();
    let server = thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        take_request(&mut BufReader::new(&stream));
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").unwrap();
        let _ = ended.recv();
    });
    let driver = driver(&json!({"dsn": dsn}));
    chat(&driver).end(None);
    let begin = Instant::now();
    assert!(driver.flush(LONG));
    assert!(begin.elapsed() < REQUEST_TIMEOUT / 2, "{:?}", begin.elapsed());
    assert_eq!(driver.stats().sent, 1);
    drop(end);
    server.join().unwrap();
}

#[test]
fn several_traces_are_on_their_way_at_the_same_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dsn = format!("http://public@{}/42", listener.local_addr().unwrap());
    let (tell, asked) = mpsc::channel();
    let server = thread::spawn(move || answers_together(&listener, MAX_IN_FLIGHT, &tell));
    let driver = driver(&json!({"dsn": dsn}));
    // The first is alone, and is not answered before the others come.
    chat(&driver).end(None);
    asked.recv().unwrap();
    for _ in 1..MAX_IN_FLIGHT {
        chat(&driver).end(None);
    }
    assert!(driver.flush(LONG));
    assert_eq!(driver.stats().sent, MAX_IN_FLIGHT as u64);
    assert!(driver.close(LONG));
    server.join().unwrap();
}

#[test]
fn spans_arrive_gzipped_authenticated_and_well_framed() {
    let servers = BlockingServers::start().unwrap();
    let driver = driver(&json!({"dsn": dsn(&servers)}));
    for _ in 0..25 {
        chat(&driver).end(None);
    }
    assert!(driver.flush(LONG));
    let envelopes = envelopes(&servers);
    assert_eq!(envelopes.len(), 25, "one trace an envelope");
    for envelope in &envelopes {
        assert_eq!(envelope["findings"], json!([]));
        assert_eq!(envelope["encoding"], "gzip");
        assert_eq!(envelope["path"], "/prefix/api/42/envelope/");
    }
    let stats = driver.stats();
    assert_eq!((stats.started, stats.sent, stats.waiting), (25, 25, 0));
    assert!(driver.close(LONG));
}

#[test]
fn a_burst_waits_for_a_slow_way_out() {
    /// More than the client holds of these (a third of what may wait), less than waits before it.
    const COUNT: usize = 1_500;
    let gate = Arc::new(Mutex::new(()));
    let held = gate.lock().unwrap();
    let slow = Arc::clone(&gate);
    let transport: spanwire_driver::Callable = Arc::new(move |_| {
        drop(slow.lock());
        Ok(())
    });
    let hooks = Hooks { transport: Some(transport), ..Hooks::default() };
    let options = json!({"transport": "callable", "max_waiting_bytes": 4 * 1024 * 1024});
    let driver = driver_with(&options, hooks);
    for _ in 0..COUNT {
        chat(&driver).end(None);
    }
    // Time to take over what it can, and more.
    assert!(!driver.flush(Some(Duration::from_millis(300))));
    assert_eq!(driver.stats().waiting, COUNT as u64);
    drop(held);
    assert!(driver.flush(LONG));
    let stats = driver.stats();
    assert_eq!((stats.sent, stats.waiting, stats.lost.len()), (COUNT as u64, 0, 0), "{stats:?}");
    assert!(driver.close(LONG));
}

#[test]
fn a_refusal_is_counted_and_a_limit_is_obeyed() {
    let servers = BlockingServers::start().unwrap();
    let driver = driver(&json!({"dsn": dsn(&servers)}));
    let limit = json!({"x-sentry-rate-limits": "60:span:key"});
    answer_with(&servers, &json!([{"status": 500}, {"status": 413}, {"status": 200, "headers": limit}]));
    for _ in 0..5 {
        chat(&driver).end(None);
        assert!(driver.flush(LONG));
    }
    let stats = driver.stats();
    assert_eq!(envelopes(&servers).len(), 3, "nothing goes out during a limit");
    assert_eq!((stats.started, stats.sent, stats.waiting), (5, 1, 0));
    assert_eq!(stats.lost.get("send_error"), Some(&2));
    assert_eq!(stats.lost.get("ratelimit_backoff"), Some(&2));
}

#[test]
fn losses_ride_along_with_what_goes_next() {
    let servers = BlockingServers::start().unwrap();
    let driver = driver(&json!({"dsn": dsn(&servers)}));
    answer_with(&servers, &json!([{"status": 500}]));
    for _ in 0..2 {
        chat(&driver).end(None);
        assert!(driver.flush(LONG));
    }
    let last = envelopes(&servers).pop().unwrap();
    assert_eq!(last["findings"], json!([]));
    assert_eq!(
        last["items"][1]["payload"]["discarded_events"],
        json!([{"reason": "send_error", "category": "span", "quantity": 1}])
    );
}

#[test]
fn a_connection_that_is_cut_is_tried_again() {
    let servers = BlockingServers::start().unwrap();
    let driver = driver(&json!({"dsn": dsn(&servers)}));
    answer_with(&servers, &json!([{"status": 200, "cut": true}]));
    chat(&driver).end(None);
    assert!(driver.flush(LONG));
    let stats = driver.stats();
    assert_eq!((stats.sent, stats.waiting), (1, 0));
}

#[test]
fn without_a_server_flush_says_no_and_close_counts() {
    // A port that was free a moment ago and where nobody listens.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let driver = driver(&json!({"dsn": format!("http://public@127.0.0.1:{port}/42")}));
    chat(&driver).end(None);
    let short = Some(Duration::from_millis(200));
    assert!(!driver.flush(short));
    assert_eq!(driver.stats().waiting, 1);
    assert!(!driver.close(short));
    let stats = driver.stats();
    assert_eq!(stats.waiting, 0);
    assert_eq!(stats.lost.get("network_error"), Some(&1));
    chat(&driver).end(None);
    assert_eq!(driver.stats().waiting, 0, "after close a span is counted as lost at once");
}

#[test]
fn a_file_takes_envelopes_one_after_the_other() {
    let path =
        std::env::temp_dir().join(format!("spanwire-{}-{:?}", std::process::id(), thread::current().id()));
    let driver = driver(&json!({"transport": format!("file:{}", path.display())}));
    for _ in 0..2 {
        chat(&driver).end(None);
        assert!(driver.flush(LONG));
    }
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(spanwire::envelope::read_all(&bytes).unwrap().len(), 2);
    let text = spanwire::inspect::render(&bytes).unwrap();
    assert_eq!(text.matches("└─ chat gpt-4o").count(), 2, "{text}");
}

#[test]
fn a_wait_without_end_is_no_panic() {
    let servers = BlockingServers::start().unwrap();
    let driver = driver(&json!({"dsn": dsn(&servers)}));
    chat(&driver).end(None);
    assert!(driver.flush(Some(Duration::MAX)));
}
