//! What a file of the spool is called: everything that can be known without opening it, oldest first.

use spanwire::time::Timestamp;

/// What an envelope's file ends in.
const ENVELOPE: &str = ".envelope";
/// What is added while it is being written.
const UNFINISHED: &str = ".new";
/// What the file ends in by whose lock others see that its process lives.
const OWNER: &str = ".owner";
/// What a file takes on disk is counted in blocks of so many bytes, as most file systems do.
const BLOCK: u64 = 4096;

/// One envelope. The order is that of age, across all processes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub created: Timestamp,
    /// The process that sends it, by the number that it drew.
    pub owner: u64,
    /// Tells the envelopes of one owner apart.
    pub sequence: u64,
    pub spans: u64,
    pub bytes: u64,
}

/// What a name in the folder says of its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Envelope(Name),
    /// An envelope that was not written to its end.
    Unfinished(Name),
    Owner(u64),
    /// It is called an envelope, by somebody else.
    Foreign,
    /// Nothing of ours: never touched.
    Other,
}

impl Name {
    /// The file's name, like `0001700000000000000-00c0ffee00c0ffee-1-25-4711.envelope`.
    pub fn file(&self) -> String {
        let Self { created, owner, sequence, spans, bytes } = self;
        // Fixed width, so that a listing is in the order of age.
        format!("{:019}-{owner:016x}-{sequence}-{spans}-{bytes}{ENVELOPE}", created.micros().max(0))
    }

    /// The name of its file while it is being written.
    pub fn unfinished(&self) -> String {
        format!("{}{UNFINISHED}", self.file())
    }

    /// Bytes that its file takes on disk.
    pub fn charge(&self) -> u64 {
        self.bytes.div_ceil(BLOCK).max(1).saturating_mul(BLOCK)
    }

    fn read(stem: &str) -> Option<Self> {
        let mut fields = stem.split('-');
        let mut next = || fields.next();
        let name = Self {
            created: Timestamp::from_micros(next()?.parse().ok()?),
            owner: u64::from_str_radix(next()?, 16).ok()?,
            sequence: next()?.parse().ok()?,
            spans: next()?.parse().ok()?,
            bytes: next()?.parse().ok()?,
        };
        fields.next().is_none().then_some(name)
    }
}

impl Meaning {
    pub fn of(file: &str) -> Self {
        // Only what would be written again exactly so: no sign, no other case, no other width.
        let exact =
            |stem: &str| Name::read(stem).filter(|name| name.file().strip_suffix(ENVELOPE) == Some(stem));
        if let Some(stem) = file.strip_suffix(ENVELOPE) {
            exact(stem).map_or(Self::Foreign, Self::Envelope)
        } else if let Some(stem) = file.strip_suffix(UNFINISHED).and_then(|file| file.strip_suffix(ENVELOPE))
        {
            exact(stem).map_or(Self::Other, Self::Unfinished)
        } else if let Some(stem) = file.strip_suffix(OWNER) {
            let owner = u64::from_str_radix(stem, 16).ok().filter(|owner| owner_file(*owner) == file);
            owner.map_or(Self::Other, Self::Owner)
        } else {
            Self::Other
        }
    }
}

/// The name of the file that an owner holds a lock of.
pub(super) fn owner_file(owner: u64) -> String {
    format!("{owner:016x}{OWNER}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_sorts_by_age() {
        let name = |created, owner| Name {
            created: Timestamp::from_micros(created),
            owner,
            sequence: 3,
            spans: 25,
            bytes: 4097,
        };
        let (old, young) = (name(999, u64::MAX), name(1_700_000_000_000_000, 1));
        for name in [&old, &young] {
            assert_eq!(Meaning::of(&name.file()), Meaning::Envelope(name.clone()));
            assert_eq!(Meaning::of(&name.unfinished()), Meaning::Unfinished(name.clone()));
        }
        assert!(old < young && old.file() < young.file());
        assert_eq!(old.charge(), 8192);
    }

    #[test]
    fn names_of_others_are_known() {
        assert_eq!(Meaning::of("00000000000000ff.owner"), Meaning::Owner(255));
        for foreign in ["x.envelope", ".envelope", "1-2-3-4-5.envelope", "-0-0-0-0.envelope"] {
            assert_eq!(Meaning::of(foreign), Meaning::Foreign, "{foreign}");
        }
        for other in ["", "notes.txt", "ff.owner", "x.envelope.new", "00000000000000FF.owner", "rejected"] {
            assert_eq!(Meaning::of(other), Meaning::Other, "{other}");
        }
    }
}
