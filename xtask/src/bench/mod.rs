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
    /// Spans by hand, in Chromium
    Browser,
    /// What each model call of a client gets slower by
    Vendor,
    /// What runs of agents cost more
    Framework,
    /// What each integration adds to a call
    Integrations,
    /// Import and `init`, memory, size
    Start,
    /// Threads, long traces, long messages
    Scale,
    /// Spans, envelopes and readers of the core, and the limit
    Core,
    /// Compression, by level
    Wire,
}

impl Group {
    /// The steps without which it cannot be measured.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Manual | Self::Vendor | Self::Framework | Self::Start | Self::Scale => &["build wheel"],
            Self::Integrations => &["setup libraries", "build wheel"],
            Self::ManualNode => &["build addon"],
            Self::Browser => &["setup browser", "build browser module"],
            Self::Core | Self::Wire => &[],
        }
    }

    /// Installs the contestants, which are not among the workspace's own packages.
    fn install(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::ManualNode => install_packages(workspace, "bench/node"),
            Self::Browser => install_packages(workspace, "bench/browser"),
            Self::Core | Self::Wire => Ok(()),
            Self::Manual | Self::Start | Self::Scale => install_environment(workspace, "manual"),
            Self::Vendor => install_environment(workspace, "vendor"),
            Self::Framework => install_environment(workspace, "framework"),
            Self::Integrations => install_environment(workspace, "sentry"),
        }
    }
}

/// Where the results stand.
const REPORT: &str = "BENCHMARKS.md";

/// Measures groups, all of them if none is named, and writes each into `BENCHMARKS.md` and `docs/bench`.
///
/// # Errors
/// When something cannot be built, or a contestant fails: nothing is written of its group then.
pub(crate) fn all(workspace: &Workspace, wanted: &[Group], rounds: usize) -> Result<bool> {
    let wanted = if wanted.is_empty() { Group::value_variants() } else { wanted };
    let mut needs = vec!["build servers"];
    needs.extend(wanted.iter().flat_map(|group| group.needs()));
    if !plan::run(workspace, &needs) {
        return Ok(false);
    }
    for group in wanted {
        group.install(workspace)?;
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

/// Installs an environment of Python contestants.
fn install_environment(workspace: &Workspace, name: &str) -> Result<()> {
    libraries::install_from(workspace, "bench/environments.txt", "bench", |environment| environment == name)
}

/// Installs what a folder of npm contestants pins.
fn install_packages(workspace: &Workspace, folder: &str) -> Result<()> {
    let path = workspace.path(folder);
    let manifests = ["package.json", "package-lock.json"].map(|name| path.join(name));
    if !manifests.iter().all(|manifest| manifest.exists()) {
        bail!("{folder} has no package.json with a lock file");
    }
    let stamp = Stamp::new(path.join("node_modules/.spanwire-setup"));
    let inputs = stamp::contents(manifests);
    if !stamp.has(&inputs) {
        run(npm(workspace).args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&path))?;
        stamp.keep(&inputs)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_groups_need_are_steps() {
        for group in Group::value_variants() {
            assert!(group.needs().iter().all(|need| plan::position(need).is_some()), "{group:?}");
        }
    }
}
