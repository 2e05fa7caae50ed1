//! One folder, several owners: what is kept, evicted, taken over and put aside.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering::SeqCst},
    thread,
};

use super::*;

const DSN: &str = "https://key@sentry.example.com/42";
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

/// A folder that is gone when this is dropped.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("spanwire-spool-{}-{}", std::process::id(), COUNT.fetch_add(1, SeqCst));
        Self(std::env::temp_dir().join(name).join("spool"))
    }

    fn open_with(&self, limits: Limits, drawn: u64) -> Spool {
        Spool::open(&self.0, limits, Some(DSN), drawn).unwrap()
    }

    fn open(&self, drawn: u64) -> Spool {
        self.open_with(Limits::default(), drawn)
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        files
    }

    fn only_envelope(&self) -> PathBuf {
        let files = self.files();
        self.0.join(files.iter().find(|file| file.ends_with(".envelope")).unwrap())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.0.parent().unwrap());
    }
}

fn envelope_to(dsn: &str, text: &str) -> Vec<u8> {
    format!("{{\"dsn\":\"{dsn}\"}}\n{{\"type\":\"span\",\"length\":{}}}\n{text}\n", text.len()).into_bytes()
}

fn envelope(text: &str) -> Vec<u8> {
    envelope_to(DSN, text)
}

fn store(spool: &mut Spool, at: Timestamp, text: &str) -> Stored {
    spool.store(at, &envelope(text), 1).unwrap()
}

fn later(seconds: u64) -> Timestamp {
    NOW.after(Duration::from_secs(seconds))
}

#[test]
fn what_is_stored_is_there_until_it_is_removed() {
    let place = Place::new();
    let mut spool = place.open(7);
    let stored = spool.store(NOW, &envelope("one"), 3).unwrap();
    assert_eq!(stored.evicted, []);
    assert_eq!(spool.load(stored.id).unwrap(), envelope("one"));
    spool.remove(stored.id);
    assert!(matches!(spool.load(stored.id), Err(LoadError::Gone)));
    assert_eq!(place.files(), ["0000000000000007.owner"]);
    drop(spool);
    assert_eq!(place.files(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let place = Place::new();
    fs::create_dir_all(&place.0).unwrap();
    fs::set_permissions(&place.0, fs::Permissions::from_mode(0o755)).unwrap();
    let mut spool = place.open(7);
    store(&mut spool, NOW, "one");
    assert_eq!(mode(&place.0), 0o700);
    assert!(place.files().iter().all(|file| mode(&place.0.join(file)) == 0o600));
    // A folder with something else in it is somebody else's, too.
    fs::write(place.0.join("notes.txt"), "").unwrap();
    fs::set_permissions(&place.0, fs::Permissions::from_mode(0o755)).unwrap();
    place.open(8);
    assert_eq!(mode(&place.0), 0o755);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_not_ours_alone_keeps_its_rights() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let make = |mode| {
        let place = Place::new();
        fs::create_dir_all(&place.0).unwrap();
        fs::set_permissions(&place.0, fs::Permissions::from_mode(mode)).unwrap();
        place
    };
    let sticky = make(0o1777);
    let spool = sticky.open(7);
    assert!(!spool.is_private());
    assert_eq!(mode(&sticky.0), 0o1777);
    assert!(Place::new().open(7).is_private());
    // As the volume of a container: another's, and writable. Only root can make one.
    let volume = make(0o2777);
    if chown(&volume.0, Some(12345), None).is_ok() {
        let mut spool = volume.open(7);
        assert!(!spool.is_private());
        assert_eq!(mode(&volume.0), 0o2777);
        let id = store(&mut spool, NOW, "one").id;
        assert!(spool.load(id).is_ok());
    }
}

#[test]
fn the_oldest_go_when_there_is_no_room() {
    let place = Place::new();
    let limits = Limits { bytes: 3 * 4096, ..Limits::default() };
    let mut spool = place.open_with(limits, 7);
    let stored: Vec<_> = (0..5).map(|n| store(&mut spool, later(n), "x")).collect();
    let evicted: Vec<_> = stored.iter().flat_map(|stored| &stored.evicted).map(|entry| entry.id).collect();
    assert_eq!(evicted, [stored[0].id, stored[1].id]);
    assert!(stored[2..].iter().all(|stored| spool.load(stored.id).is_ok()));
    let large = envelope(&"x".repeat(3 * 4096));
    assert!(matches!(spool.store(NOW, &large, 1), Err(StoreError::TooLarge)));
    assert!(stored[2..].iter().all(|stored| spool.load(stored.id).is_ok()), "nothing went for it");
}

#[test]
fn the_bound_is_that_of_the_folder_and_each_counts_its_own() {
    let place = Place::new();
    let limits = Limits { bytes: 4 * 4096, ..Limits::default() };
    let (mut one, mut other) = (place.open_with(limits, 1), place.open_with(limits, 2));
    let first = store(&mut one, NOW, "x");
    (1..9).for_each(|n| drop(store(&mut other, later(n), "x")));
    assert_eq!(place.files().iter().filter(|file| file.ends_with(".envelope")).count(), 4);
    assert!(matches!(one.load(first.id), Err(LoadError::Gone)), "its owner sees that it is missing");
    assert_eq!(one.sweep(later(9)), []);
}

#[test]
fn what_dead_processes_left_is_claimed_before_it_goes() {
    let place = Place::new();
    let limits = Limits { bytes: 4 * 4096, ..Limits::default() };
    let mut living = place.open_with(limits, 1);
    let (mut dead, mut other) = (place.open_with(limits, 2), place.open_with(limits, 3));
    (0..3).for_each(|n| drop(dead.store(later(n), &envelope("x"), 7).unwrap()));
    other.store(later(3), &envelope("x"), 7).unwrap();
    drop(dead);
    let evicted: Vec<_> = (4..6).flat_map(|n| store(&mut living, later(n), "x").evicted).collect();
    assert_eq!(evicted.iter().map(|entry| entry.spans).collect::<Vec<_>>(), [7, 7]);
    let claimed = living.claim_orphans();
    assert_eq!(claimed.iter().map(|entry| entry.spans).collect::<Vec<_>>(), [7], "what is left of it");
    assert!(living.load(claimed[0].id).is_ok() && living.claim_orphans().is_empty());
    // The one that lives counts its own.
    assert_eq!(store(&mut living, later(6), "x").evicted.len(), 1);
    assert_eq!(store(&mut living, later(7), "x").evicted, []);
}

#[test]
fn what_went_for_an_envelope_that_could_not_be_written_is_told() {
    let place = Place::new();
    let mut spool = place.open_with(Limits { bytes: 4096, ..Limits::default() }, 1);
    let first = store(&mut spool, NOW, "x").id;
    // The next file cannot be written, as something has its name.
    let name = Name { created: later(1), owner: 1, sequence: 1, spans: 1, bytes: envelope("x").len() as u64 };
    fs::create_dir(place.0.join(name.unfinished())).unwrap();
    assert!(spool.store(later(1), &envelope("x"), 1).is_err());
    assert_eq!(spool.sweep(later(1)).iter().map(|entry| entry.id).collect::<Vec<_>>(), [first]);
}

#[test]
fn what_is_too_old_goes() {
    let place = Place::new();
    let limits = Limits { age: Duration::from_secs(10), ..Limits::default() };
    let mut spool = place.open_with(limits, 7);
    let old = store(&mut spool, NOW, "old").id;
    let young = store(&mut spool, later(5), "young").id;
    assert_eq!(spool.sweep(later(10)), []);
    assert_eq!(spool.sweep(later(11)).iter().map(|entry| entry.id).collect::<Vec<_>>(), [old]);
    // A clock that was set back makes nothing old.
    assert_eq!(spool.sweep(Timestamp::default()), []);
    assert!(spool.load(young).is_ok());
}

#[test]
fn what_a_dead_process_left_is_taken_over_the_oldest_first_and_what_a_living_one_has_is_not() {
    let place = Place::new();
    let mut dead = place.open(1);
    store(&mut dead, later(1), "second");
    store(&mut dead, NOW, "first");
    let mut living = place.open(2);
    store(&mut living, NOW, "living");
    drop(dead);
    let mut heir = place.open(3);
    let claimed = heir.claim_orphans();
    let texts: Vec<_> = claimed.iter().map(|entry| heir.load(entry.id).unwrap()).collect();
    assert_eq!(texts, [envelope("first"), envelope("second")]);
    assert_eq!(claimed.iter().map(|entry| entry.spans).collect::<Vec<_>>(), [1, 1]);
    assert!(!place.files().contains(&"0000000000000001.owner".to_owned()));
    assert_eq!(heir.claim_orphans(), []);
    assert_eq!(place.open(4).claim_orphans(), []);
}

#[test]
fn of_several_heirs_each_envelope_has_one() {
    let place = Place::new();
    for drawn in 0..80 {
        let mut dead = place.open(drawn);
        (0..3).for_each(|n| drop(store(&mut dead, later(n), &format!("{drawn} {n}"))));
    }
    let heirs = 100..108;
    let claimed: Vec<Vec<u8>> = thread::scope(|scope| {
        let threads: Vec<_> = heirs
            .map(|drawn| {
                let place = &place;
                scope.spawn(move || {
                    let mut heir = place.open(drawn);
                    let entries = heir.claim_orphans();
                    let texts: Vec<_> = entries.iter().map(|entry| heir.load(entry.id).unwrap()).collect();
                    entries.iter().for_each(|entry| heir.remove(entry.id));
                    texts
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    // Whom a lock kept away may leave something: the next one has it.
    let mut last = place.open(200);
    let rest: Vec<_> = last.claim_orphans().iter().map(|entry| last.load(entry.id).unwrap()).collect();
    let mut all = [claimed, rest].concat();
    all.sort();
    let count = all.len();
    all.dedup();
    assert_eq!((count, all.len()), (240, 240));
}

#[test]
fn whose_file_was_removed_still_lives() {
    let place = Place::new();
    let mut living = place.open(1);
    store(&mut living, NOW, "one");
    let remove = || fs::remove_file(place.0.join("0000000000000001.owner")).unwrap();
    let is_safe = |drawn| {
        assert_eq!(place.open(drawn).claim_orphans(), []);
        assert!(place.only_envelope().to_str().unwrap().contains("-0000000000000001-"));
    };
    remove();
    living.keep();
    is_safe(2);
    remove();
    store(&mut living, NOW, "two");
    is_safe(3);
    // Somebody looks first: he asks, and it answers.
    remove();
    is_safe(4);
    is_safe(5);
    living.keep();
    is_safe(6);
    // The folder itself, made again by somebody else or not at all.
    fs::remove_dir_all(&place.0).unwrap();
    let mut other = place.open(7);
    store(&mut living, NOW, "three");
    assert_eq!(other.claim_orphans(), []);
    drop(other);
    fs::remove_dir_all(&place.0).unwrap();
    living.keep();
    store(&mut living, NOW, "four");
    is_safe(8);
    drop(living);
    assert_eq!(place.open(9).claim_orphans().len(), 1);
}

#[test]
fn what_an_owner_without_a_file_left_is_taken_over_if_it_does_not_answer() {
    let place = Place::new();
    store(&mut place.open(1), NOW, "one");
    let file = place.0.join("0000000000000001.owner");
    fs::remove_file(&file).unwrap();
    let mut heir = place.open(2);
    assert_eq!(heir.claim_orphans(), []);
    assert_eq!(heir.claim_orphans(), [], "it has time");
    let asked = fs::metadata(&file).unwrap().modified().unwrap() - 3 * spanwire::config::SPOOL_LOOK;
    fs::OpenOptions::new().write(true).open(&file).unwrap().set_modified(asked).unwrap();
    assert_eq!(heir.claim_orphans().len(), 1);
    assert!(!file.exists());
}

#[test]
fn another_projects_envelopes_are_left_to_it() {
    let place = Place::new();
    let mut other = Spool::open(&place.0, Limits::default(), Some("https://other@host/1"), 1).unwrap();
    other.store(NOW, &envelope_to("https://other@host/1", "x"), 1).unwrap();
    drop(other);
    assert_eq!(place.open(2).claim_orphans(), []);
    let mut heir = Spool::open(&place.0, Limits::default(), Some("https://other@host/1"), 3).unwrap();
    assert_eq!(heir.claim_orphans().len(), 1);
}

#[test]
fn another_projects_envelopes_and_those_of_nobody_are_counted_when_they_have_to_go() {
    let place = Place::new();
    let mut foreign =
        Spool::open(&place.0, Limits::default(), Some("https://key@sentry.example.com/1"), 1).unwrap();
    foreign.store(NOW, &envelope_to("https://key@sentry.example.com/1", "x"), 5).unwrap();
    let mut mine = place.open_with(Limits { bytes: 4096, ..Limits::default() }, 2);
    assert!(store(&mut mine, later(1), "x").evicted.is_empty());
    assert_eq!(mine.foreign(), 0, "its process lives, and misses it");
    foreign.store(later(2), &envelope_to("https://key@sentry.example.com/1", "x"), 5).unwrap();
    drop(foreign);
    assert_eq!(store(&mut mine, later(3), "x").evicted.len(), 1);
    assert_eq!((mine.foreign(), mine.foreign()), (5, 0));

    let mut ownerless = place.open(3);
    store(&mut ownerless, NOW, "x");
    fs::remove_file(place.0.join(name::owner_file(3))).unwrap();
    drop(ownerless);
    let evicted = store(&mut mine, later(4), "x").evicted;
    assert_eq!((evicted.len(), mine.foreign()), (2, 0), "{evicted:?}");
}

#[cfg(unix)]
#[test]
fn nobody_waits_for_what_is_no_file() {
    let place = Place::new();
    let mut spool = place.open(1);
    let pipe = place.0.join(name::owner_file(2));
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let (tell, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || tell.send(spool.claim_orphans().len()));
    assert_eq!(is_done.recv_timeout(Duration::from_secs(30)), Ok(0));
}

#[test]
fn a_folder_that_somebody_removed_is_made_again_for_the_next_envelope() {
    let place = Place::new();
    let mut spool = place.open(1);
    let gone = store(&mut spool, NOW, "x").id;
    fs::remove_dir_all(&place.0).unwrap();
    let stored = store(&mut spool, later(1), "y").id;
    assert!(matches!(spool.load(gone), Err(LoadError::Gone)));
    assert_eq!(spool.load(stored).unwrap(), envelope("y"));
    assert!(place.open(2).claim_orphans().is_empty(), "whose process lives");
}

#[test]
fn what_is_written_in_a_hurry_is_there_at_once() {
    let place = Place::new();
    let mut spool = place.open(1);
    spool.hurry();
    let (one, other) = (store(&mut spool, NOW, "x").id, store(&mut spool, later(1), "y").id);
    assert_eq!(spool.load(one).unwrap(), envelope("x"));
    spool.remove(one);
    spool.catch_up();
    assert_eq!(spool.load(other).unwrap(), envelope("y"));
}

#[test]
fn a_torn_file_is_put_aside_and_never_handed_over() {
    let place = Place::new();
    let mut spool = place.open(1);
    let id = store(&mut spool, NOW, "torn while we have it").id;
    fs::write(place.only_envelope(), "{\"dsn\":").unwrap();
    assert!(matches!(spool.load(id), Err(LoadError::Torn)));
    assert!(matches!(spool.load(id), Err(LoadError::Gone)));
    store(&mut spool, NOW, "torn before it is found");
    let path = place.only_envelope();
    // The length is right, what is in it is not.
    fs::write(&path, vec![0; fs::metadata(&path).unwrap().len() as usize]).unwrap();
    drop(spool);
    assert_eq!(place.open(2).claim_orphans(), []);
    assert_eq!(fs::read_dir(place.0.join("rejected")).unwrap().count(), 2);
    assert_eq!(place.files(), ["rejected"]);
}

#[test]
fn what_is_foreign_is_put_aside_or_left_alone() {
    let place = Place::new();
    fs::create_dir_all(place.0.join("folder")).unwrap();
    fs::create_dir_all(place.0.join("folder.envelope")).unwrap();
    for n in 0..2 * spanwire::config::MAX_REJECTED_FILES {
        fs::write(place.0.join(format!("{n}.envelope")), "x").unwrap();
    }
    fs::write(place.0.join("notes.txt"), "mine").unwrap();
    let mut spool = place.open(1);
    assert_eq!(spool.claim_orphans(), []);
    assert_eq!(place.files(), ["0000000000000001.owner", "folder", "notes.txt", "rejected"]);
    let rejected = fs::read_dir(place.0.join("rejected")).unwrap().count();
    assert!(rejected <= spanwire::config::MAX_REJECTED_FILES + 1, "{rejected}");
    assert!(store(&mut spool, NOW, "x").evicted.is_empty());
}

#[test]
fn a_number_that_is_taken_is_not_taken_twice() {
    let place = Place::new();
    let spools: Vec<_> = (0..3).map(|_| place.open(u64::MAX)).collect();
    let numbers: BTreeSet<_> = spools.iter().map(|spool| spool.owner.number).collect();
    assert_eq!(numbers, BTreeSet::from([u64::MAX, 0, 1]));
}

#[test]
fn where_no_folder_can_be_is_an_error() {
    let place = Place::new();
    fs::create_dir_all(place.0.parent().unwrap()).unwrap();
    fs::write(&place.0, "a file").unwrap();
    assert!(Spool::open(&place.0, Limits::default(), None, 1).is_err());
}

#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_behind() {
    let place = Place::new();
    let mut spool = place.open(1);
    fs::remove_dir_all(&place.0).unwrap();
    fs::write(&place.0, "no folder can be here").unwrap();
    assert!(matches!(spool.store(NOW, &envelope("x"), 1), Err(StoreError::Io(_))));
    assert_eq!(spool.sweep(NOW), []);
    assert_eq!(spool.claim_orphans(), []);
}
