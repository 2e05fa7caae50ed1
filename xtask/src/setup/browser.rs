//! The Chromium that the browser suites drive.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::command::find_program;
use crate::workspace::Workspace;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds a Chromium, or installs Debian's; having none is said and is no error.
///
/// # Errors
/// None so far; the signature is that of every part of the setup.
pub(crate) fn install(_: &Workspace) -> Result<()> {
    if let Some(found) = find() {
        eprintln!("Chromium is there: {}", found.display());
        return Ok(());
    }
    if let Some(path) = env::var_os("CHROMIUM_PATH") {
        eprintln!("CHROMIUM_PATH is {}, and there is no such file", path.display());
        return Ok(());
    }
    eprintln!("No Chromium: installing Debian's package `chromium`");
    if let Err(error) = apt::install(&["chromium"]) {
        eprintln!("{error:#}\nWithout it the browser suites fail and the demo leaves the browser out. {HOW}");
    }
    Ok(())
}

const HOW: &str = "Install Chromium or Chrome, or set CHROMIUM_PATH to one.";

/// The Chromium of this machine: `CHROMIUM_PATH`, or the first known name on `PATH`.
pub(crate) fn find() -> Option<PathBuf> {
    match env::var_os("CHROMIUM_PATH").map(PathBuf::from) {
        Some(path) => path.is_file().then_some(path),
        None => find_program(NAMES),
    }
}

/// Like [`find`], for those who cannot do without.
///
/// # Errors
/// Where there is none.
pub(crate) fn require() -> Result<PathBuf> {
    find().with_context(|| format!("there is no browser. {HOW}"))
}
