//! Every vector, replayed in Rust. `UPDATE_VECTORS=1` writes what comes out into the files, for a person to
//! read the difference.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test of files that stand beside it")]

use std::fs;

use spanwire_tests::vectors::{all, lines, replay};

#[test]
fn every_vector_gives_its_envelopes() {
    let vectors = all().unwrap();
    assert!(vectors.len() >= 30, "only {} vectors", vectors.len());
    let is_update = std::env::var_os("UPDATE_VECTORS").is_some();
    let mut wrong = Vec::new();
    for (path, mut vector) in vectors {
        let outcome = replay(&vector).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let got: Vec<Vec<String>> = outcome.envelopes.iter().map(|envelope| lines(envelope)).collect();
        if is_update {
            let source = fs::read_to_string(&path).unwrap();
            vector.expected = got;
            write(&path, &source, &vector.expected);
            continue;
        }
        if got != vector.expected {
            wrong.push(format!("{}:\n   got {got:#?}\nwanted {:#?}", path.display(), vector.expected));
        }
        if let Some(stats) = vector.stats.filter(|stats| *stats != outcome.stats) {
            wrong.push(format!("{}: stats {} instead of {stats}", path.display(), outcome.stats));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Replaces what stands behind `"expected"`, the last member; the rest of the file stays as it is written.
fn write(path: &std::path::Path, source: &str, expected: &[Vec<String>]) {
    let head = source.split("\n  \"expected\":").next().unwrap().trim_end().trim_end_matches('}').trim_end();
    let head = head.trim_end_matches(',');
    let expected = serde_json::to_string_pretty(expected).unwrap().replace('\n', "\n  ");
    fs::write(path, format!("{head},\n  \"expected\": {expected}\n}}\n")).unwrap();
}
