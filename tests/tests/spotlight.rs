//! The driver with Spotlight beside its server: it sees everything, and is never in the way.

#![allow(clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "each test file uses its part")]
mod network;

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use network::{Listening, plain};
use serde_json::{Value, json};
use spanwire::{
    config::Platform,
    span::{Kind, Start},
};
use spanwire_driver::{Driver, Hooks};

/// Far more than loopback needs; a test that waits this long has failed.
const LONG: Duration = Duration::from_secs(20);

fn driver(server: Option<&Listening>, spotlight: &str, more: &Value) -> Driver {
    let mut options = json!({"spotlight": spotlight});
    let given = options.as_object_mut().unwrap();
    if let Some(server) = server {
        given.insert("dsn".into(), format!("http://public@{}/42", server.address).into());
    }
    given.extend(more.as_object().unwrap().clone());
    Driver::new(options.to_string().as_bytes(), Platform::default(), Hooks::default()).unwrap()
}

fn chat(driver: &Driver) {
    let start = Start {
        kind: Kind::of_call("chat").unwrap(),
        subject: Some("m"),
        name: None,
        origin: "manual",
        parent: None,
        scope: Default::default(),
        sample_rate: None,
    };
    driver.start(&start).end(None);
}

fn url(spotlight: &Listening) -> String {
    format!("http://{}/stream", spotlight.address)
}

/// How often something was posted there.
fn posts(server: &Listening, path: &str) -> usize {
    server.heads().iter().filter(|head| head.starts_with(&format!("POST {path} "))).count()
}

#[test]
fn spotlight_sees_what_the_server_does_and_more() {
    let (server, spotlight) = (plain("127.0.0.1"), plain("127.0.0.1"));
    let both = driver(Some(&server), &url(&spotlight), &json!({}));
    chat(&both);
    assert!(both.flush(Some(LONG)));
    assert_eq!((posts(&server, "/api/42/envelope/"), posts(&spotlight, "/stream")), (1, 1));
    assert!(both.close(Some(LONG)));

    let unsampled = driver(Some(&server), &url(&spotlight), &json!({"traces_sample_rate": 0}));
    chat(&unsampled);
    assert!(unsampled.flush(Some(LONG)));
    assert_eq!((posts(&server, "/api/42/envelope/"), posts(&spotlight, "/stream")), (1, 2));
    let stats = unsampled.stats();
    assert_eq!((stats.started, stats.waiting, stats.lost.get("sample_rate")), (1, 0, Some(&1)));
}

#[test]
fn spotlight_alone_is_a_destination() {
    let spotlight = plain("127.0.0.1");
    let only = driver(None, &url(&spotlight), &json!({}));
    assert!(only.is_active());
    chat(&only);
    assert!(only.close(Some(LONG)));
    assert_eq!((posts(&spotlight, "/stream"), only.stats().sent), (1, 1));
}

#[test]
fn nobody_waits_for_a_spotlight_that_is_away_or_hangs() {
    let server = plain("127.0.0.1");
    // Bound and never accepted: it takes a connection and says nothing.
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [hanging.local_addr().unwrap(), free] {
        let driver = driver(Some(&server), &format!("http://{address}/stream"), &json!({}));
        let begin = Instant::now();
        for _ in 0..3 {
            chat(&driver);
        }
        assert!(driver.close(Some(LONG)));
        assert!(begin.elapsed() < LONG / 2, "{:?}", begin.elapsed());
        assert_eq!(driver.stats().sent, 3);
    }
}
