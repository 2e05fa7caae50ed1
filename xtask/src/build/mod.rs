//! What is built beside the default members: the packages of the three bindings, and the test servers.
//!
//! The suites run on release builds, the same that `dist` packs: what is tested is what ships, and
//! nothing is built twice.

pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod wasm;

use std::fs;

use anyhow::Result;

use crate::command::{cargo, run};
use crate::workspace::Workspace;

/// Builds the test servers.
///
/// # Errors
/// When cargo fails.
pub(crate) fn servers(workspace: &Workspace) -> Result<()> {
    // All default members and not the one program: cargo gives a part of them other features than
    // `cargo test` gives them all, and would compile most dependencies a second time.
    run(cargo().current_dir(workspace.root()).args(["build", "--quiet"]))
}

/// Puts the licence texts beside a package's manifest, where its packer looks for them.
///
/// # Errors
/// When they cannot be copied.
pub(crate) fn licences(workspace: &Workspace, package: &str) -> Result<()> {
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(workspace.path(name), workspace.path(package).join(name))?;
    }
    Ok(())
}
