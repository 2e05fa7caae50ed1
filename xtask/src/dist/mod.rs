//! `cargo xtask dist`: the packages as users get them, tried in empty environments.

mod import_map;
mod quickstart;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::build;
use crate::command::capture;
use crate::servers::Servers;
use crate::setup::node::npm;
use crate::workspace::Workspace;

/// Packs what has been built into `target/dist` and runs the README's quick starts with it.
///
/// # Errors
/// When a package cannot be packed or a quick start does not do what the README says.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let packages = Packages::pack(workspace)?;
    let servers = Servers::start(workspace)?;
    let checks = [
        ("python", quickstart::python(workspace, &servers, &packages.wheel)),
        ("node", quickstart::node(workspace, &servers, &packages.node)),
        ("browser", quickstart::browser(workspace, &servers, &packages.browser)),
    ];
    let mut failed = Vec::new();
    for (name, result) in checks {
        match result {
            Ok(()) => println!("The README's quick start for {name} works with the packed package."),
            Err(error) => failed.push(format!("{name}: {error:#}")),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(anyhow!("quick start for {}", failed.join("; for "))) }
}

/// The files that are published.
#[derive(Debug)]
struct Packages {
    wheel: PathBuf,
    node: PathBuf,
    browser: PathBuf,
}

impl Packages {
    /// Packs the npm packages beside the wheel, which the build left there, and prints all sizes.
    fn pack(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target("dist");
        let wheel = first_with_extension(&folder, "whl").context("target/dist has no wheel")?;
        let packages = Self {
            node: pack(workspace, "bindings-node", &folder)?,
            browser: pack(workspace, "bindings-wasm", &folder)?,
            wheel,
        };
        for file in [&packages.wheel, &packages.node, &packages.browser] {
            let bytes = fs::metadata(file)?.len();
            println!("{:>8} KiB  {}", bytes.div_ceil(1024), workspace.show(file));
        }
        Ok(packages)
    }
}

fn pack(workspace: &Workspace, member: &str, folder: &Path) -> Result<PathBuf> {
    build::licences(workspace, member)?;
    let mut command = npm(workspace);
    // Scripts would build again what the steps before have built.
    command.args(["pack", "--json", "--silent", "--ignore-scripts", "--workspace", member]);
    let told = capture(command.arg("--pack-destination").arg(folder))?;
    let told: Value = serde_json::from_str(&told).with_context(|| format!("npm pack said: {told}"))?;
    let name = told.pointer("/0/filename").and_then(Value::as_str).context("npm pack names no file")?;
    // Scoped names come with their slash, the file without.
    Ok(folder.join(name.replace('@', "").replace('/', "-")))
}

fn first_with_extension(folder: &Path, extension: &str) -> Option<PathBuf> {
    let mut paths = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    paths.find(|path| path.extension().is_some_and(|it| it == extension))
}
