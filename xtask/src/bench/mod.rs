//! `cargo xtask bench`: the same work through Spanwire and through what a user would pick instead, side by side.

mod contest;
mod groups;
mod plot;
mod report;

use std::fs;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::command::run;
use crate::plan;
use crate::servers::Servers;
use crate::setup::libraries;
use crate::setup::node::npm;
use crate::stamp::{self, Stamp};
use crate::workspace::Workspace;

/// What can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// Spans by hand, Python
    Manual,
    /// Spans by hand, Node
    ManualNode,
    /// What each model call of a client gets slower by
    Vendor,
    /// What runs of agents cost more
    Framework,
    /// Import and `init`, memory, size
    Start,
    /// Threads, long traces, long messages
    Scale,
    /// Spans, envelopes and readers of the core, and the limit
    Core,
    /// Compression, by level
    Wire,
}

/// Where the results stand.
const REPORT: &str = "BENCHMARKS.md";

/// Measures groups, all of them if none is named, and writes each into `BENCHMARKS.md` and `docs/bench`.
///
/// # Errors
/// When something cannot be built, or a contestant fails: nothing is written of its group then.
pub(crate) fn all(workspace: &Workspace, wanted: &[Group], rounds: usize) -> Result<bool> {
    if !plan::run(workspace, &["build wheel", "build addon", "build servers"]) {
        return Ok(false);
    }
    libraries::install_from(workspace, "bench/environments.txt", "bench")?;
    install_node(workspace)?;
    let wanted = if wanted.is_empty() { Group::value_variants() } else { wanted };
    for group in wanted {
        let servers = Servers::start(workspace)?;
        let contest = groups::contest(workspace, *group, &servers);
        eprintln!("== {} ({rounds} rounds)", contest.title);
        let results = contest.run(rounds)?;
        let section = report::section(&contest, &results, rounds);
        let report = workspace.path(REPORT);
        let text = fs::read_to_string(&report).unwrap_or_default();
        fs::write(&report, report::with_section(&text, contest.name, &section))?;
        let folder = workspace.path("docs/bench");
        fs::create_dir_all(&folder)?;
        plot::write(&contest, &results, &folder.join(format!("{}.svg", contest.name)))
            .with_context(|| format!("the plot of {}", contest.name))?;
        println!("{section}");
    }
    Ok(true)
}

/// Installs the contestants of Node, which are not among the workspace's own packages.
fn install_node(workspace: &Workspace) -> Result<()> {
    let folder = workspace.path("bench/node");
    let manifests = ["package.json", "package-lock.json"].map(|name| folder.join(name));
    if !manifests.iter().all(|manifest| manifest.exists()) {
        bail!("bench/node has no package.json with a lock file");
    }
    let stamp = Stamp::new(folder.join("node_modules/.spanwire-setup"));
    let inputs = stamp::contents(manifests);
    if !stamp.has(&inputs) {
        run(npm(workspace).args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&folder))?;
        stamp.keep(&inputs)?;
    }
    Ok(())
}
