//! The way to the server: TLS that is verified, proxies, IPv6, connections that are used again, timeouts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod network;

use std::{net::SocketAddr, path::PathBuf, process::Command, time::Duration};

use network::{Authority, Listening, forward_proxy, plain, proxy, tls};
use serde_json::{Value, json};
use spanwire::{
    config::Platform,
    span::{Kind, Start},
};
use spanwire_driver::{Driver, Hooks};
use spanwire_tests::BlockingServers;

/// Far more than loopback needs; a test that waits this long has failed.
const LONG: Option<Duration> = Some(Duration::from_secs(20));
/// Enough to see that something does not arrive.
const SHORT: Option<Duration> = Some(Duration::from_millis(300));

fn driver(options: &Value) -> Driver {
    let platform =
        Platform { sdk_name: "spanwire.test".into(), sdk_version: "0".into(), ..Platform::default() };
    Driver::new(options.to_string().as_bytes(), platform, Hooks::default()).unwrap()
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
fn said(options: &Value, environment: &[(&str, String)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "the_sender", "--nocapture", "--ignored"]).env(OPTIONS, options.to_string());
    child.envs(environment.iter().map(|(name, value)| (name, value)));
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
    let refused = said(&json!({"debug": true, "dsn": dsn("https", "localhost", &server)}), &[]);
    assert!(refused.contains("certificate was refused (UnknownIssuer)"), "{refused}");
    assert!(refused.contains("`ca_certs`"), "{refused}");
    let proxy = "http://user:hunter2@127.0.0.1:9";
    let options = json!({"debug": true, "dsn": dsn("https", "localhost", &server), "https_proxy": proxy});
    let away = said(&options, &[]);
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
fn a_proxy_makes_requests_over_http_itself() {
    let servers = BlockingServers::start().unwrap();
    let receiver: SocketAddr = servers.receiver().trim_start_matches("http://").parse().unwrap();
    // user:p@ss
    let proxy = forward_proxy(receiver, Some("Basic dXNlcjpwQHNz\r\n"));
    // Only the proxy can find it.
    let dsn = "http://public@sentry.invalid:9000/prefix/42";
    let url = format!("http://user:p%40ss@{}", proxy.address);
    let driver = driver(&json!({"dsn": dsn, "http_proxy": url}));
    assert!((0..3).all(|_| sends(&driver, LONG)));
    let heads = proxy.heads();
    assert_eq!((heads.len(), proxy.connections()), (3, 1));
    for head in heads {
        let line = "POST http://sentry.invalid:9000/prefix/api/42/envelope/ HTTP/1.1\r\n";
        assert!(head.starts_with(line), "{head}");
        let lower = head.to_ascii_lowercase();
        assert!(lower.contains("\r\nhost: sentry.invalid:9000\r\n"), "{head}");
        assert!(
            lower.contains("\r\nproxy-authorization: basic ") && !lower.contains("\r\nauthorization"),
            "{head}"
        );
    }
    let summary = ureq::get(format!("{}/__summary", servers.receiver())).call().unwrap();
    let summary: Value = serde_json::from_str(&summary.into_body().read_to_string().unwrap()).unwrap();
    assert_eq!((&summary["spans"], &summary["findings"]), (&json!(3), &json!(0)), "{summary}");
}

#[test]
fn a_proxy_over_tls_makes_them_too() {
    let authority = Authority::new();
    let file = File::with("proxy-tls.pem", &authority.pem());
    let proxy = tls(&authority);
    let url = format!("https://localhost:{}", proxy.address.port());
    let options = json!({"dsn": "http://public@sentry.invalid/42", "http_proxy": url, "ca_certs": file.0});
    let driver = driver(&options);
    assert!((0..2).all(|_| sends(&driver, LONG)));
    assert!(proxy.heads()[1].starts_with("POST http://sentry.invalid/api/42/envelope/ HTTP/1.1\r\n"));
}

#[test]
fn a_proxy_that_wants_a_password_is_no_server_and_loses_nothing() {
    let proxy = forward_proxy(plain("127.0.0.1").address, Some("Basic"));
    let options = json!({"debug": true, "dsn": "http://public@sentry.invalid/42", "http_proxy": proxy.address.to_string()});
    let wanted = said(&options, &[]);
    assert!(wanted.contains("the proxy wants a name and a password"), "{wanted}");
    let driver = driver(&options);
    assert!(!sends(&driver, SHORT));
    assert_eq!((driver.stats().waiting, driver.stats().lost.len()), (1, 0));
}

#[test]
fn a_proxy_of_the_environment_is_used_unless_no_proxy_says_otherwise() {
    let server = plain("127.0.0.1");
    let options = json!({"dsn": dsn("http", "127.0.0.1", &server)});
    let proxy = forward_proxy(server.address, None);
    let environment = ("HTTP_PROXY", format!("http://{}", proxy.address));
    said(&options, std::slice::from_ref(&environment));
    assert_eq!((server.heads().len(), proxy.heads().len()), (1, 1));
    said(&options, &[environment, ("NO_PROXY", "127.0.0.1".to_owned())]);
    assert_eq!((server.heads().len(), proxy.heads().len()), (2, 1));
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
