//! Where a key stands in the table, without comparing names: every attribute of every span is looked up, some
//! several times. Hashes of the field's libraries are keyed against people who choose the names, at several times
//! the price; nobody chooses these.

use super::{Known, table::ENTRIES};

/// Places of the index: a power of two, and so many that most keys have one of their own.
const PLACES: usize = 1024;
/// A place where nothing is.
const EMPTY: u16 = u16::MAX;

/// The position in [`ENTRIES`] at the place that a key's hash names, or at the next ones.
static INDEX: [u16; PLACES] = index();

/// Finds a key by its own name.
pub(super) fn find(key: &str) -> Option<Known> {
    let mut place = place_of(key);
    loop {
        let known = Known(*INDEX.get(place)?);
        if known.entry()?.key == key {
            return Some(known);
        }
        place = (place + 1) % PLACES;
    }
}

/// The same where the compiler looks it up.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which reports what is out of bounds")]
pub(super) const fn known(key: &str) -> Known {
    let mut place = place_of(key);
    while !is_same(ENTRIES[INDEX[place] as usize].key, key) {
        place = (place + 1) % PLACES;
    }
    Known(INDEX[place])
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which reports what is out of bounds")]
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which reports what is out of bounds")]
const fn index() -> [u16; PLACES] {
    assert!(ENTRIES.len() <= PLACES / 2, "a search ends at an empty place: there have to be many");
    let mut index = [EMPTY; PLACES];
    let mut position = 0;
    while position < ENTRIES.len() {
        let mut place = place_of(ENTRIES[position].key);
        while index[place] != EMPTY {
            place = (place + 1) % PLACES;
        }
        index[place] = position as u16;
        position += 1;
    }
    index
}

/// Eight bytes at a time, each multiplied into the rest (as FxHash does it).
const fn place_of(key: &str) -> usize {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = key.len() as u64;
    let mut rest = key.as_bytes();
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        rest = after;
    }
    let mut word = 0;
    while let Some((byte, after)) = rest.split_first() {
        word = word << 8 | *byte as u64;
        rest = after;
    }
    hash = (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    // The upper bits have seen every byte.
    (hash >> 32) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_near_its_place() {
        let mut far = 0;
        for entry in ENTRIES {
            assert_eq!(find(entry.key).and_then(Known::entry), Some(entry));
            let place = place_of(entry.key);
            far += usize::from(ENTRIES.get(usize::from(INDEX[place])) != Some(entry));
        }
        assert!(far * 4 < ENTRIES.len(), "{far} of {} share a place", ENTRIES.len());
        assert_eq!(find("gen_ai.nothing"), None);
        assert_eq!(find(""), None);
    }
}
