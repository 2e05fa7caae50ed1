//! Stamp files: what a step was last done with, so that it is not done twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file that keeps what a finished step went by.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
}

impl Stamp {
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// Whether the step was finished with exactly these inputs.
    pub fn has(&self, inputs: &[u8]) -> bool {
        fs::read(&self.file).is_ok_and(|kept| kept == inputs)
    }

    /// Remembers that the step was finished with these inputs.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&self, inputs: &[u8]) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, inputs).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// The bytes of some files one after the other, each behind its name; a missing file counts as empty.
pub(crate) fn contents<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut all = Vec::new();
    for file in files {
        let file = file.as_ref();
        all.extend_from_slice(format!("\n== {}\n", file.display()).as_bytes());
        all.extend(fs::read(file).unwrap_or_default());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_inputs_count_as_done() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("spanwire-stamp-{}", std::process::id()));
        let stamp = Stamp::new(folder.join("stamp"));
        assert!(!stamp.has(b"one"));
        stamp.keep(b"one")?;
        assert!(stamp.has(b"one"));
        assert!(!stamp.has(b"two"));
        Ok(fs::remove_dir_all(folder)?)
    }
}
