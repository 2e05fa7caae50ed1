//! A process that dies in the middle of writing: nothing torn is handed over, nothing on disk is lost.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use spanwire::time::Timestamp;
use spanwire_driver::spool::{Limits, Spool};

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);
/// Where the writing process finds its folder.
const FOLDER: &str = "SPANWIRE_TEST_SPOOL";
/// Set by `cargo xtask soak`, which kills more often.
const SOAK: &str = "SPANWIRE_SOAK";
/// The longest that a writer lives, in microseconds.
const LONGEST_LIFE: u64 = 40_000;

/// Envelopes of very different lengths, all of which can be told from their number.
fn envelope(number: u64) -> Vec<u8> {
    let text = format!("{number} ").repeat(usize::try_from(number * 7919 % 9973 + 1).unwrap());
    format!("{{\"dsn\":\"d\"}}\n{{\"type\":\"span\",\"length\":{}}}\n{text}\n", text.len()).into_bytes()
}

fn number_of(envelope: &[u8]) -> u64 {
    let text = std::str::from_utf8(envelope).unwrap();
    text.lines().nth(2).unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn open(folder: &Path, drawn: u64) -> Spool {
    Spool::open(folder, Limits::default(), Some("d"), drawn).unwrap()
}

#[test]
#[ignore = "the process that is killed"]
fn the_writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut spool = open(Path::new(&folder), u64::from(std::process::id()));
    let mut stdout = std::io::stdout().lock();
    for number in 0.. {
        spool.store(NOW, &envelope(number), 1).unwrap();
        // Said only when it is on disk.
        writeln!(stdout, "stored {number}").unwrap();
    }
}

fn writer(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "the_writer", "--nocapture", "--ignored"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets a writer live for a while after its first envelope; the numbers that it said to be on disk.
fn kill_after(folder: &Path, life: Duration) -> BTreeSet<u64> {
    let mut child = writer(folder);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = |line: String| line.rsplit_once("stored ").and_then(|(_, number)| number.parse().ok());
    let first = lines.by_ref().map(Result::unwrap).find_map(said).unwrap();
    // Any moment is as good as another: this decides where it is killed, not what is right.
    thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    [first].into_iter().chain(lines.map_while(Result::ok).filter_map(said)).collect()
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_and_tears_nothing() {
    let kills: u64 = if std::env::var_os(SOAK).is_some() { 200 } else { 20 };
    let folder = Folder(std::env::temp_dir().join(format!("spanwire-kills-{}", std::process::id())));
    let mut written = 0;
    for kill in 0..kills {
        // Spread over the longest life by a number without a common divisor.
        let stored = kill_after(&folder.0, Duration::from_micros(kill * 7919 % LONGEST_LIFE));
        let mut heir = open(&folder.0, kill);
        let entries = heir.claim_orphans();
        let mut found = BTreeSet::new();
        for entry in entries {
            let bytes = heir.load(entry.id).unwrap();
            assert_eq!(bytes, envelope(number_of(&bytes)), "kill {kill}: something was torn");
            assert!(found.insert(number_of(&bytes)), "kill {kill}: something was handed over twice");
            heir.remove(entry.id);
        }
        let lost: Vec<_> = stored.difference(&found).collect();
        assert!(lost.is_empty(), "kill {kill}: {lost:?} were on disk");
        // One more may have been on disk and not been said.
        assert!(found.len() <= stored.len() + 1, "kill {kill}: {found:?} {stored:?}");
        written += found.len();
        drop(heir);
        let left = std::fs::read_dir(&folder.0).unwrap().count();
        assert_eq!(left, 0, "kill {kill}: something was left");
    }
    assert!(written as u64 > kills);
    println!("{kills} kills, {written} envelopes");
}
