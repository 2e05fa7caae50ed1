//! The wheel, by maturin.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::run;
use crate::setup::freethreaded;
use crate::setup::python::pip;
use crate::workspace::{Workspace, venv_program};

/// Builds the wheel into `target/dist` and gives its path.
///
/// # Errors
/// When maturin fails or leaves no wheel.
pub(crate) fn wheel(workspace: &Workspace) -> Result<PathBuf> {
    wheel_for(workspace, &workspace.venv("python"), &workspace.target("dist"), &[])
}

/// Builds the wheel for one Python, with an environment, into a folder, where it is the only one.
fn wheel_for(
    workspace: &Workspace,
    python: &Path,
    folder: &Path,
    environment: &[(&str, &str)],
) -> Result<PathBuf> {
    remove_wheels(folder)?;
    super::licences(workspace, "bindings-python")?;
    let mut maturin = Command::new(workspace.venv("maturin"));
    maturin.current_dir(workspace.root()).args(["build", "--release", "--quiet"]);
    maturin.args(["--manifest-path", "bindings-python/Cargo.toml", "--out"]).arg(folder);
    maturin.arg("--interpreter").arg(python);
    run(maturin.envs(environment.iter().copied()))?;
    wheels(folder).into_iter().next().context("maturin left no wheel")
}

/// Builds the wheel for the free-threaded Python and installs it there.
///
/// # Errors
/// When maturin or pip fails.
pub(crate) fn install_freethreaded(workspace: &Workspace) -> Result<()> {
    let venv = freethreaded::venv(workspace);
    // pyo3 promises nothing for the free-threaded 3.13, which may be what could be built here, but still knows its
    // layouts: enough for tests. It knows the newer ones anyway.
    let environment = [("UNSAFE_PYO3_SKIP_VERSION_CHECK", "1")];
    let (python, folder) = (venv_program(&venv, "python"), workspace.target("freethreaded/dist"));
    let wheel = wheel_for(workspace, &python, &folder, &environment)?;
    run(pip(workspace, &venv).args(["install", "--quiet", "--force-reinstall", "--no-deps"]).arg(&wheel))
}

/// Builds the wheel and installs it into `target/venv`, and alone into `target/package`, for the environments
/// of libraries, in which programs run with and without it.
///
/// # Errors
/// When maturin or pip fails.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let wheel = wheel(workspace)?;
    let install = ["install", "--quiet", "--force-reinstall", "--no-deps"];
    run(pip(workspace, &workspace.target("venv")).args(install).arg(&wheel))?;
    let alone = workspace.target("package");
    if alone.exists() {
        fs::remove_dir_all(&alone)?;
    }
    run(pip(workspace, &workspace.target("venv")).args(install).arg("--target").arg(&alone).arg(&wheel))
}

/// The wheels of a folder.
fn wheels(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|it| it == "whl")).collect()
}

fn remove_wheels(folder: &Path) -> Result<()> {
    for wheel in wheels(folder) {
        fs::remove_file(wheel)?;
    }
    Ok(())
}
