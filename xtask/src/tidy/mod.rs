//! `cargo xtask tidy`: format, lints and the house rules that a program can check.

mod files;
mod links;
mod paths;
mod stubs;

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{capture, cargo, run as run_command};
use crate::setup::wasm::{TARGET, Toolchain};
use crate::workspace::Workspace;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    file: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// A text file of the repository, its path relative to the root and with `/`.
#[derive(Debug)]
pub(crate) struct Source {
    path: String,
    text: String,
}

impl Source {
    fn extension(&self) -> &str {
        self.path.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default()
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// Checks everything and prints each finding as `file:line: message`.
///
/// # Errors
/// When something was found.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut findings = house_rules(workspace)?;
    findings.extend(format(workspace));
    for finding in &findings {
        println!("{finding}");
    }
    // Clippy prints its own.
    let lints = [lint(workspace), lint_wasm(workspace)];
    let lints: Vec<String> =
        lints.into_iter().filter_map(|lint| Some(format!("; {:#}", lint.err()?))).collect();
    if !findings.is_empty() || !lints.is_empty() {
        bail!("{} findings{}", findings.len(), lints.concat());
    }
    Ok(())
}

fn house_rules(workspace: &Workspace) -> Result<Vec<Finding>> {
    let sources = sources(workspace)?;
    let mut findings: Vec<Finding> = Vec::new();
    for source in &sources {
        findings.extend(files::opening_line(source));
        findings.extend(files::length(source));
        findings.extend(paths::check(source));
        findings.extend(links::check(source, |path| workspace.path(path).exists()));
    }
    findings.extend(files::binding_totals(&sources));
    findings.extend(stubs::check(workspace)?);
    Ok(findings)
}

/// Every text file that is in git or would be added by `git add .`.
fn sources(workspace: &Workspace) -> Result<Vec<Source>> {
    let mut git = Command::new("git");
    git.current_dir(workspace.root());
    let listed = capture(git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
        .context("tidy asks git for the files of the repository")?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    // Deleted files are still listed, and what is no text has nothing to check.
    let read = |path: &str| {
        Some(Source { text: fs::read_to_string(workspace.path(path)).ok()?, path: path.to_owned() })
    };
    let sources: Vec<Source> = paths.filter_map(read).collect();
    if sources.is_empty() {
        bail!("git lists no files");
    }
    Ok(sources)
}

/// The files that rustfmt would write differently.
fn format(workspace: &Workspace) -> Vec<Finding> {
    let mut rustfmt = cargo();
    rustfmt.current_dir(workspace.root()).args(["fmt", "--all", "--", "--check", "--files-with-diff"]);
    // It fails when it finds something, which is no failure of this step.
    let told = rustfmt.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    match told {
        Ok(told) => told
            .lines()
            .map(|file| Path::new(file).strip_prefix(workspace.root()).unwrap_or(Path::new(file)))
            .map(|file| Finding::new(&file.to_string_lossy(), 1, "is not formatted; run `cargo fmt --all`"))
            .collect(),
        Err(error) => vec![Finding::new("rustfmt.toml", 1, format!("cannot run cargo fmt: {error}"))],
    }
}

/// The members that build for this machine.
fn lint(workspace: &Workspace) -> Result<()> {
    let mut clippy = cargo();
    clippy.current_dir(workspace.root()).args(["clippy", "--quiet", "--workspace", "--all-targets"]);
    clippy.args(["--exclude", "spanwire-wasm", "--message-format", "short"]);
    run_command(clippy.args(["--", "--deny", "warnings"]))
}

fn lint_wasm(workspace: &Workspace) -> Result<()> {
    let mut clippy = cargo();
    clippy.current_dir(workspace.root()).args([
        "clippy",
        "--quiet",
        "--package",
        "spanwire-wasm",
        "--message-format",
        "short",
    ]);
    // Clippy belongs to the active toolchain; with Debian's compiler it has no library for the target.
    if Toolchain::find()? == Toolchain::Rustup {
        clippy.args(["--target", TARGET]);
    } else {
        eprintln!("spanwire-wasm is linted for this machine: the toolchain has no {TARGET}");
    }
    run_command(clippy.args(["--", "--deny", "warnings"]))
}
