//! The way to the server: TLS that is verified, proxies, IPv6, connections that are used again, timeouts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod network;

use std::{path::PathBuf, process::Command, time::Duration};

use network::{Authority, Listening, plain, proxy, tls};
use serde_json::{Value, json};
use spanwire::{
    config::Platform,
    span::{Kind, Start},
};
use spanwire_driver::{Driver, Hooks};

/// Far more than loopback needs; a test that waits this long has failed.
const LONG: Option<Duration> = Some(Duration::from_secs(20));
/// Enough to see that something does not arrive.
const SHORT: Option<Duration> = Some(Duration::from_millis(300));

fn driver(options: &Value) -> Driver {
    Driver::new(options.to_string().as_bytes(), Platform::default(), Hooks::default()).unwrap()
}

/// Sends one span; whether it arrived.
fn sends(driver: &Driver, timeout: Option<Duration>) -> bool {
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
    driver.flush(timeout)
}

fn dsn(scheme: &str, host: &str, server: &Listening) -> String {
    format!("{scheme}://public:secret-of-the-dsn@{host}:{}/42", server.address.port())
}

/// A file that is gone when this is dropped.
struct File(PathBuf);

impl File {
    fn with(name: &str, contents: &str) -> Self {
        let path = std::env::temp_dir().join(format!("spanwire-{}-{name}", std::process::id()));
        std::fs::write(&path, contents).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_certificate_of_nobody_is_refused_and_the_same_is_taken_from_an_authority_of_our_own() {
    let authority = Authority::new();
    let server = tls(&authority);
    let dsn = dsn("https", "localhost", &server);
    assert!(!sends(&driver(&json!({"dsn": dsn})), SHORT));
    assert_eq!(server.heads(), Vec::<String>::new(), "nothing was said to a server that nobody knows");
    let file = File::with("authority.pem", &authority.pem());
    assert!(sends(&driver(&json!({"dsn": dsn, "ca_certs": file.0})), LONG));
    assert!(server.heads()[0].starts_with("POST /api/42/envelope/ HTTP/1.1\r\n"));
    let other = File::with("other.pem", &Authority::new().pem());
    assert!(!sends(&driver(&json!({"dsn": dsn, "ca_certs": other.0})), SHORT));
}

/// What a process says that only sends one span with these options, in debug mode.
fn said(options: &Value) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "the_sender", "--nocapture", "--ignored"]).env(OPTIONS, options.to_string());
    let output = child.output().unwrap();
    assert!(output.status.success());
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// Where the process of [`said`] finds its options.
const OPTIONS: &str = "SPANWIRE_TEST_OPTIONS";

#[test]
#[ignore = "the process of `said`"]
fn the_sender() {
    let Ok(options) = std::env::var(OPTIONS) else { return };
    sends(&driver(&serde_json::from_str(&options).unwrap()), SHORT);
}

#[test]
fn what_went_wrong_is_said_with_the_next_step_and_without_secrets() {
    let server = tls(&Authority::new());
    let refused = said(&json!({"debug": true, "dsn": dsn("https", "localhost", &server)}));
    assert!(refused.contains("certificate was refused (UnknownIssuer)"), "{refused}");
    assert!(refused.contains("`ca_certs`"), "{refused}");
    let proxy = "http://user:hunter2@127.0.0.1:9";
    let away = said(&json!({"debug": true, "dsn": dsn("https", "localhost", &server), "https_proxy": proxy}));
    assert!(away.contains("sending failed"), "{away}");
    for said in [refused, away] {
        assert!(!said.contains("secret-of-the-dsn") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    let server = tls(&authority);
    let file = File::with("name.pem", &authority.pem());
    let dsn = dsn("https", "127.0.0.1", &server);
    assert!(!sends(&driver(&json!({"dsn": dsn, "ca_certs": file.0})), SHORT));
}

#[test]
fn a_file_without_certificates_is_an_error_at_init() {
    let file = File::with("empty.pem", "nothing in here");
    let options = json!({"dsn": "https://key@localhost/1", "ca_certs": file.0}).to_string();
    let error = Driver::new(options.as_bytes(), Platform::default(), Hooks::default()).map(drop).unwrap_err();
    assert!(error.to_string().contains("has no certificate in it"), "{error}");
}

#[test]
fn one_connection_carries_many_requests() {
    let authority = Authority::new();
    let file = File::with("reuse.pem", &authority.pem());
    let (plain, tls) = (plain("127.0.0.1"), tls(&authority));
    let drivers = [
        driver(&json!({"dsn": dsn("http", "127.0.0.1", &plain)})),
        driver(&json!({"dsn": dsn("https", "localhost", &tls), "ca_certs": file.0})),
    ];
    for (driver, server) in drivers.iter().zip([plain, tls]) {
        assert!((0..5).all(|_| sends(driver, LONG)));
        assert_eq!((server.heads().len(), server.connections()), (5, 1));
    }
}

#[test]
fn ipv6() {
    let server = plain("::1");
    assert!(sends(&driver(&json!({"dsn": dsn("http", "[::1]", &server)})), LONG));
    assert_eq!(server.heads().len(), 1);
}

#[test]
fn a_proxy_carries_everything_and_sees_nothing_of_tls() {
    let authority = Authority::new();
    let file = File::with("proxy.pem", &authority.pem());
    let (server, proxy) = (tls(&authority), proxy());
    let driver = driver(&json!({
        "dsn": dsn("https", "localhost", &server),
        "ca_certs": file.0,
        "https_proxy": format!("http://user:p%40ss@{}", proxy.address),
    }));
    assert!((0..3).all(|_| sends(&driver, LONG)));
    assert_eq!((server.heads().len(), server.connections(), proxy.connections()), (3, 1, 1));
    let head = &proxy.heads()[0];
    assert!(head.starts_with(&format!("CONNECT localhost:{} HTTP/1.1\r\n", server.address.port())), "{head}");
    // user:p@ss
    assert!(head.contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"), "{head}");
    assert!(!head.contains("sentry"), "{head}");
}

#[test]
fn a_proxy_for_http_is_asked_for_a_tunnel() {
    let (server, proxy) = (plain("127.0.0.1"), proxy());
    let options = json!({"dsn": dsn("http", "127.0.0.1", &server), "http_proxy": proxy.address.to_string()});
    assert!(sends(&driver(&options), LONG));
    assert_eq!((proxy.heads().len(), server.heads().len()), (1, 1));
}

#[test]
fn nothing_goes_around_a_proxy_that_is_away() {
    let server = plain("127.0.0.1");
    let options = json!({"dsn": dsn("http", "127.0.0.1", &server), "http_proxy": "http://127.0.0.1:9"});
    assert!(!sends(&driver(&options), SHORT));
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_secret_of_the_dsn_never_leaves() {
    let server = plain("127.0.0.1");
    assert!(sends(&driver(&json!({"dsn": dsn("http", "127.0.0.1", &server)})), LONG));
    assert!(!server.heads()[0].contains("secret-of-the-dsn"));
}
