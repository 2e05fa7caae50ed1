//! The addon for Node and the JavaScript around it, by the package's own `build` script.

use anyhow::Result;

use crate::command::run;
use crate::setup::node::npm;
use crate::workspace::Workspace;

/// Builds the npm package `spanwire` in its folder.
///
/// # Errors
/// When the script fails.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    run(npm(workspace).args(["run", "--silent", "build", "--workspace", "bindings-node"]))
}
