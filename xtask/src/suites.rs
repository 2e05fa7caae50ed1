//! Running the suites: cargo, pytest, Node's test runner.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{self, run};
use crate::setup::node::npm;
use crate::setup::{browser, freethreaded};
use crate::workspace::{Workspace, venv_program};

/// Runs `cargo test` for the default members.
///
/// # Errors
/// When a test fails.
pub(crate) fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    run(command::cargo().current_dir(workspace.root()).args(["test", "--quiet"]).args(arguments))
}

/// Runs Python suites.
///
/// # Errors
/// When a test fails, or none is found.
pub(crate) fn pytest(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(workspace.venv("python"));
    command.current_dir(workspace.root()).args(["-m", "pytest", "-q"]).args(arguments);
    run(for_suites(workspace, &mut command))
}

/// Runs Node's suites, and lets the compiler check the types.
///
/// # Errors
/// When a test or a type is wrong.
pub(crate) fn node(workspace: &Workspace) -> Result<()> {
    script(workspace, "bindings-js", "check")?;
    script(workspace, "tests/node", "types")?;
    script(workspace, "tests/node", "test")
}

/// Runs the suites of the browser package.
///
/// # Errors
/// Without a browser, or when a test fails.
pub(crate) fn browser(workspace: &Workspace) -> Result<()> {
    browser::require()?;
    script(workspace, "tests/browser", "test")
}

/// Runs the demos with the real Spotlight, and looks at its pages.
///
/// # Errors
/// Without a browser, or when something does not show.
pub(crate) fn spotlight(workspace: &Workspace) -> Result<()> {
    browser::require()?;
    script(workspace, "tests/spotlight", "test")
}

/// Runs one test file of a Rust member in its long form. Optimized: a debug build plays a tenth of it.
///
/// # Errors
/// When a test fails.
pub(crate) fn soak_cargo(workspace: &Workspace, package: &str, test: &str) -> Result<()> {
    let mut cargo = command::cargo();
    cargo.current_dir(workspace.root()).args(["test", "--quiet", "--release", "--package", package]);
    run(soaked(cargo.args(["--test", test, "--", "--nocapture"])))
}

/// Runs the loads, leaks and missing hooks of Python in their long form.
///
/// # Errors
/// When one fails.
pub(crate) fn soak_python(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new(workspace.venv("python"));
    command.current_dir(workspace.root()).args(["-m", "pytest", "-q", "-s"]);
    command.args(["load", "leaks", "programs"].map(|name| format!("tests/python/test_{name}.py")));
    run(soaked(for_suites(workspace, &mut command)))
}

/// The suites of Python that take no library and say something of threads.
const THREADED: &[&str] =
    &["api", "context", "delivery", "fork", "hooks", "load", "runs", "spool", "streams", "vectors"];

/// Runs the threads of Python in their long form, and what else needs no library, where nothing holds them back.
///
/// # Errors
/// When a test fails.
pub(crate) fn soak_freethreaded(workspace: &Workspace) -> Result<()> {
    let pytest = || {
        let mut command = Command::new(venv_program(&freethreaded::venv(workspace), "python"));
        command.current_dir(workspace.root()).args(["-m", "pytest", "-q"]);
        command
    };
    let mut command = pytest();
    run(soaked(for_suites(workspace, command.arg("tests/python/test_threads.py"))))?;
    let mut command = pytest();
    command.args(THREADED.iter().map(|name| format!("tests/python/test_{name}.py")));
    run(for_suites(workspace, &mut command))
}

/// Runs the loads from Node in their long form.
///
/// # Errors
/// When one fails.
pub(crate) fn soak_node(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new("node");
    command.current_dir(workspace.root()).args(["--test", "tests/node/load.test.mjs"]);
    run(soaked(for_suites(workspace, &mut command)))
}

/// The suites about delivery look for this.
fn soaked(command: &mut Command) -> &mut Command {
    // Seeds of the simulation that every run of the suites does not play.
    command.env("SPANWIRE_SOAK", "1").env("SPANWIRE_SEEDS", "20000")
}

/// Runs a script of an npm workspace.
fn script(workspace: &Workspace, member: &str, name: &str) -> Result<()> {
    let mut npm = npm(workspace);
    run(for_suites(workspace, npm.args(["run", "--silent", name, "--workspace", member])))
}

/// Runs the test files of a folder whose names begin with a word.
///
/// # Errors
/// When a test fails, or no file is found.
pub(crate) fn node_test(workspace: &Workspace, folder: &str, word: &str) -> Result<()> {
    let files = test_files(&workspace.path(folder), word);
    if files.is_empty() {
        bail!("{folder} has no test file {word}*.test.mjs");
    }
    let mut command = Command::new("node");
    command.current_dir(workspace.root()).args(["--expose-gc", "--test"]).args(files);
    run(for_suites(workspace, &mut command))
}

/// What the suites find in their environment.
fn for_suites<'a>(workspace: &Workspace, command: &'a mut Command) -> &'a mut Command {
    command.env("SPANWIRE_TEST_SERVERS", workspace.test_servers());
    command.env("SPANWIRE_TARGET", workspace.target(""));
    // What the demo received: only the judges look, and they run after it.
    command.env("SPANWIRE_ENVELOPES", workspace.target("demo"));
    if let Some(chromium) = browser::find() {
        command.env("CHROMIUM_PATH", chromium);
    }
    command
}

/// Listed here: how `node --test` finds files in a folder differs from version to version.
fn test_files(folder: &Path, word: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(word) && name.ends_with(".test.mjs")
    };
    let mut files: Vec<PathBuf> = paths.filter(is_wanted).collect();
    files.sort();
    files
}
