//! Vectors: programs in the public API with the envelopes they must give; this replays them in Rust.

mod hooks;
mod replay;
mod values;

use std::{fs, path::Path, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use replay::{Outcome, replay, replay_as};

/// One file of `tests/vectors`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Vector {
    /// What it shows.
    pub description: String,
    /// What goes to `init`.
    pub options: Value,
    /// What the functions do that the program hands to `init`.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub hooks: Value,
    /// What the program does.
    pub steps: Vec<Value>,
    /// The envelopes, each as its lines.
    #[serde(default)]
    pub expected: Vec<Vec<String>>,
    /// The ledger afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats: Option<Value>,
}

/// Every vector there is, in the order of their names.
///
/// # Errors
/// A file that cannot be read or is no vector.
pub fn all() -> Result<Vec<(PathBuf, Vector)>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            // The core's own reader: a vector may hold a lone surrogate.
            spanwire::json::parse(&bytes)
                .ok_or_else(|| "it is no JSON".to_owned())
                .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()))
                .map(|vector| (path.clone(), vector))
                .map_err(|error| format!("{}: {error}", path.display()))
        })
        .collect()
}

/// An envelope as the lines of a vector.
pub fn lines(envelope: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(envelope);
    text.strip_suffix('\n').unwrap_or(&text).split('\n').map(str::to_owned).collect()
}
