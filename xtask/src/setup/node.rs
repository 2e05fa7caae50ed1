//! The npm packages of the JavaScript side.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::{capture, run};
use crate::stamp::{self, Stamp};
use crate::workspace::Workspace;

/// Installs what the root's `package.json` and its lock file name into `node_modules`.
///
/// # Errors
/// Without Node and npm, or when npm cannot install.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    if !workspace.path("package.json").exists() {
        bail!("package.json is missing at the root");
    }
    let node =
        capture(Command::new("node").arg("--version")).context("install Node 20 or newer, with npm")?;
    let inputs = || -> Result<Vec<u8>> {
        let mut inputs = stamp::contents(manifests(workspace)?);
        inputs.extend(node.as_bytes());
        Ok(inputs)
    };
    let stamp = Stamp::new(workspace.path("node_modules/.spanwire-setup"));
    if stamp.has(&inputs()?) {
        eprintln!("node_modules is up to date with package-lock.json");
        return Ok(());
    }
    eprintln!("Installing the packages of package.json into node_modules (Node {node})");
    let verb = if workspace.path("package-lock.json").exists() { "ci" } else { "install" };
    run(npm(workspace).args([verb, "--no-audit", "--no-fund"]))?;
    // Read again: `install` writes the lock file.
    stamp.keep(&inputs()?)
}

/// npm at the root.
pub(crate) fn npm(workspace: &Workspace) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(workspace.root());
    command
}

/// `package@version` as the root's `package.json` pins it, or the bare name where it does not.
pub(crate) fn pinned(workspace: &Workspace, package: &str) -> String {
    let manifest = read_manifest(workspace).unwrap_or_default();
    let version =
        ["dependencies", "devDependencies"].iter().find_map(|kind| manifest.get(kind)?.get(package));
    match version.and_then(Value::as_str) {
        Some(version) => format!("{package}@{version}"),
        None => package.to_owned(),
    }
}

/// Everything that decides what `npm install` does.
fn manifests(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let manifest = read_manifest(workspace)?;
    let members = manifest.get("workspaces").and_then(Value::as_array).cloned().unwrap_or_default();
    let members = members.iter().filter_map(Value::as_str).map(|member| format!("{member}/package.json"));
    let names = ["package.json".to_owned(), "package-lock.json".to_owned()].into_iter().chain(members);
    Ok(names.map(|name| workspace.path(name)).collect())
}

fn read_manifest(workspace: &Workspace) -> Result<Value> {
    let text = fs::read(workspace.path("package.json")).context("cannot read package.json")?;
    serde_json::from_slice(&text).context("package.json is no JSON")
}
