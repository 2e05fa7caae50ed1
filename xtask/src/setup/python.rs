//! The virtual environment of the Python side.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{capture, run};
use crate::stamp::{self, Stamp};
use crate::workspace::{Workspace, venv_program};

const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Makes `target/venv` with the tools that the requirements file pins.
///
/// # Errors
/// Without a `python3` that has `venv`, or when pip cannot install.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let requirements = workspace.path(REQUIREMENTS);
    let python = version()?;
    let mut inputs = stamp::contents([&requirements]);
    inputs.extend(python.as_bytes());
    let venv = workspace.target("venv");
    let stamp = Stamp::new(venv.join("spanwire-setup"));
    if stamp.has(&inputs) {
        eprintln!("{} is up to date with {REQUIREMENTS}", workspace.show(&venv));
        return Ok(());
    }
    eprintln!("Installing {REQUIREMENTS} into {} ({python})", workspace.show(&venv));
    make_venv(workspace, &venv)?;
    let mut pip = pip(workspace, &venv);
    run(pip.args(["install", "--quiet", "--requirement"]).arg(&requirements))?;
    stamp.keep(&inputs)
}

/// What the Python that environments are made with calls itself.
///
/// # Errors
/// Without a `python3`.
pub(crate) fn version() -> Result<String> {
    capture(Command::new("python3").arg("--version"))
        .context("install Python 3.10 or newer, with its venv module (Debian: python3-venv)")
}

/// Makes a virtual environment with nothing in it.
///
/// # Errors
/// When Python cannot.
pub(crate) fn make_venv(workspace: &Workspace, venv: &Path) -> Result<()> {
    make_venv_of(workspace, Path::new("python3"), venv)
}

/// The same with another Python.
///
/// # Errors
/// When that cannot.
pub(crate) fn make_venv_of(workspace: &Workspace, python: &Path, venv: &Path) -> Result<()> {
    run(Command::new(python).current_dir(workspace.root()).args(["-m", "venv", "--clear"]).arg(venv))
        .context("Python needs its venv module (Debian: python3-venv)")
}

/// The pip of a virtual environment.
pub(crate) fn pip(workspace: &Workspace, venv: &Path) -> Command {
    let mut command = Command::new(venv_program(venv, "python"));
    command.current_dir(workspace.root()).args(["-m", "pip", "--disable-pip-version-check"]);
    command
}

/// The line of the requirements file that pins a package, or its bare name where none does.
pub(crate) fn pinned(workspace: &Workspace, package: &str) -> String {
    let requirements = std::fs::read_to_string(workspace.path(REQUIREMENTS)).unwrap_or_default();
    let pin = requirements.lines().map(str::trim).find(|line| line.starts_with(&format!("{package}==")));
    pin.unwrap_or(package).to_owned()
}
