//! The driver with a spool: what does not arrive stays on disk, and the next process sends it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use spanwire::{
    config::Platform,
    span::{Kind, Start},
    trace::TraceContext,
};
use spanwire_driver::{Driver, Hooks, OpenSpan};
use spanwire_tests::BlockingServers;

/// Far more than loopback needs; a test that waits this long has failed.
const LONG: Duration = Duration::from_secs(20);
/// Enough to see that something does not arrive.
const SHORT: Option<Duration> = Some(Duration::from_millis(300));

/// A folder that is gone when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("spanwire-spooled-{}-{name}", std::process::id())))
    }

    fn envelopes(&self) -> Vec<Vec<u8>> {
        let files = std::fs::read_dir(&self.0).into_iter().flatten().flatten().map(|entry| entry.path());
        let envelopes =
            files.filter(|path| path.extension().is_some_and(|extension| extension == "envelope"));
        // One that is answered meanwhile is gone.
        envelopes.filter_map(|path| std::fs::read(path).ok()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn driver(servers: &BlockingServers, folder: &Folder) -> Driver {
    let dsn = format!("{}/42", servers.receiver().replace("http://", "http://public@"));
    let options = json!({"dsn": dsn, "spool_dir": folder.0});
    Driver::new(options.to_string().as_bytes(), Platform::default(), Hooks::default()).unwrap()
}

fn start(driver: &Driver, parent: Option<&TraceContext>) -> OpenSpan {
    driver.start(&Start {
        kind: Kind::of_call("chat").unwrap(),
        subject: Some("m"),
        name: None,
        origin: "manual",
        parent,
        scope: Default::default(),
        sample_rate: None,
    })
}

fn script(servers: &BlockingServers, answers: &Value) {
    ureq::post(format!("{}/__answer", servers.receiver())).send(answers.to_string()).unwrap();
}

/// Waits until that is so.
fn until(mut is_so: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < LONG {
        if is_so() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn what_one_process_cannot_send_the_next_one_does() {
    let (servers, folder) = (BlockingServers::start().unwrap(), Folder::new("next"));
    script(&servers, &json!([{"cut": true, "times": 1000}]));
    let first = driver(&servers, &folder);
    for _ in 0..5 {
        start(&first, None).end(None);
    }
    assert!(!first.flush(SHORT) && !first.close(SHORT));
    let stats = first.stats();
    assert_eq!((stats.started, stats.sent, stats.spooled, stats.waiting), (5, 0, 5, 0), "{stats:?}");
    let waiting = folder.envelopes();
    assert_eq!(waiting.len(), 5);
    assert!(waiting.iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("sent_at")));

    ureq::post(format!("{}/__reset", servers.receiver())).send("{}").unwrap();
    let second = driver(&servers, &folder);
    assert_eq!(folder.envelopes().len(), 5, "nothing happens before the first span");
    start(&second, None).end(None);
    assert!(second.flush(Some(LONG)));
    let stats = second.stats();
    assert_eq!((stats.started, stats.sent, stats.spooled), (6, 6, 0), "{stats:?}");
    assert!(second.close(Some(LONG)) && folder.envelopes().is_empty());
}

#[test]
fn what_cannot_be_read_for_a_while_is_not_lost() {
    let (servers, folder) = (BlockingServers::start().unwrap(), Folder::new("unread"));
    let elsewhere = Folder::new("unread-elsewhere");
    script(&servers, &json!([{"cut": true, "times": 1000}]));
    let driver = driver(&servers, &folder);
    for _ in 0..20 {
        start(&driver, None).end(None);
    }
    assert!(!driver.flush(SHORT));
    // Whatever is read there now fails, and is not missing.
    std::fs::rename(&folder.0, &elsewhere.0).unwrap();
    std::fs::write(&folder.0, "").unwrap();
    ureq::post(format!("{}/__reset", servers.receiver())).send("{}").unwrap();
    assert!(!driver.flush(SHORT), "it comes to an end");
    let stats = driver.stats();
    assert_eq!((stats.sent + stats.spooled, stats.lost.len()), (20, 0), "{stats:?}");
    assert!(stats.spooled > 0, "{stats:?}");

    std::fs::remove_file(&folder.0).unwrap();
    std::fs::rename(&elsewhere.0, &folder.0).unwrap();
    assert!(driver.flush(Some(LONG)));
    assert_eq!((driver.stats().sent, driver.stats().spooled), (20, 0));
    driver.close(Some(LONG));
}

#[test]
fn what_is_answered_leaves_nothing_behind() {
    let (servers, folder) = (BlockingServers::start().unwrap(), Folder::new("answered"));
    script(&servers, &json!([{"status": 500}, {"status": 413}, {"status": 200}]));
    let driver = driver(&servers, &folder);
    for _ in 0..3 {
        start(&driver, None).end(None);
        assert!(driver.flush(Some(LONG)));
    }
    assert!(driver.close(Some(LONG)) && folder.envelopes().is_empty());
    let stats = driver.stats();
    assert_eq!((stats.sent, stats.spooled, stats.lost["send_error"]), (1, 0, 2));
}

#[test]
fn a_run_that_is_not_over_is_on_disk_though_the_server_hangs() {
    let (servers, folder) = (BlockingServers::start().unwrap(), Folder::new("run"));
    script(&servers, &json!([{"status": 200, "delay_ms": 60_000, "times": 10}]));
    let driver = driver(&servers, &folder);
    start(&driver, None).end(None);
    assert!(until(|| folder.envelopes().len() == 1));
    let run = start(&driver, None);
    start(&driver, Some(run.context())).end(None);
    let begin = Instant::now();
    assert!(until(|| folder.envelopes().len() == 2));
    assert!(begin.elapsed() < Duration::from_secs(5), "a second, and what a busy machine adds");
    drop(run);
    assert!(!driver.close(SHORT));
    assert_eq!(folder.envelopes().len(), 3);
    assert_eq!(driver.stats().spooled, 3);
}

#[test]
fn a_folder_that_cannot_be_is_no_reason_to_lose_anything() {
    let (servers, folder) = (BlockingServers::start().unwrap(), Folder::new("file"));
    std::fs::write(&folder.0, "not a folder").unwrap();
    let driver = driver(&servers, &folder);
    start(&driver, None).end(None);
    assert!(driver.flush(Some(LONG)));
    assert_eq!(driver.stats().sent, 1);
    std::fs::remove_file(&folder.0).unwrap();
}
