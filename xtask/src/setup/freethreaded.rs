//! A free-threaded CPython: one that is on the path, or else one that is built from Debian's sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};

use super::apt;
use super::python::{make_venv_of, pinned, pip};
use crate::command::{capture, find_program, run};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

const PROGRAMS: &[&str] = &["python3.15t", "python3.14t"];

/// What Debian calls the sources, the wanted first. 3.14 is the first one for which free threading is no experiment;
/// its archive does not always have it.
const SOURCES: &[&str] = &["python3.14", "python3.13"];

/// What CPython is built with: a compiler, and what pip and the standard library need.
const DEBIAN_PACKAGES: &[&str] =
    &["gcc", "libc6-dev", "libffi-dev", "libssl-dev", "make", "xz-utils", "zlib1g-dev"];

const HOW: &str = "there is no free-threaded CPython. Put a `python3.14t` on the path; on Debian, as root, \
    `cargo xtask soak` builds one";

/// What the suites need that run there, all of it without machine code.
const PACKAGES: [&str; 3] = ["pytest", "anyio", "trio"];

/// The environment that `install` makes.
pub(crate) fn venv(workspace: &Workspace) -> PathBuf {
    workspace.target("freethreaded/venv")
}

/// Makes `target/freethreaded/venv` with what the suites need.
///
/// # Errors
/// Where there is no such Python and none can be built, or when pip cannot install.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let python = match find_program(PROGRAMS) {
        Some(python) => python,
        None => built(workspace).context(HOW)?,
    };
    let (venv, packages) = (venv(workspace), PACKAGES.map(|package| pinned(workspace, package)));
    let stamp = Stamp::new(venv.join("spanwire-setup"));
    let inputs = format!("{}\n{}", capture(Command::new(&python).arg("-VV"))?, packages.join("\n"));
    if stamp.has(inputs.as_bytes()) {
        eprintln!("{} is up to date", workspace.show(&venv));
        return Ok(());
    }
    make_venv_of(workspace, &python, &venv)?;
    run(pip(workspace, &venv).args(["install", "--quiet"]).args(&packages))?;
    stamp.keep(inputs.as_bytes())
}

/// The one that was built here, or is built now.
fn built(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("freethreaded");
    let finished = |source: &str| Stamp::new(folder.join(source).join("spanwire-setup"));
    let program = |source: &str| folder.join(source).join(format!("bin/{source}t"));
    if let Some(source) = SOURCES.iter().find(|source| finished(source).has(b"built")) {
        return Ok(program(source));
    }
    apt::install(DEBIAN_PACKAGES)?;
    let archive_of = |source| {
        let archive = apt::source(&folder.join("apt"), source);
        Some((source, archive.inspect_err(|error| eprintln!("{error:#}")).ok()?))
    };
    let (source, archive) =
        SOURCES.iter().copied().find_map(archive_of).context("Debian's archive did not give its source")?;
    build(workspace, &archive, &folder.join(source))?;
    finished(source).keep(b"built")?;
    Ok(program(source))
}

/// Builds an archive of CPython's sources and installs it into a folder.
fn build(workspace: &Workspace, archive: &Path, prefix: &Path) -> Result<()> {
    eprintln!("Building {}: this takes some minutes", workspace.show(prefix));
    let sources = workspace.target("freethreaded/source");
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    fs::create_dir_all(&sources)?;
    let mut tar = Command::new("tar");
    run(tar
        .args(["--extract", "--strip-components=1", "--file"])
        .arg(archive)
        .arg("--directory")
        .arg(&sources))?;
    let mut configure = Command::new(sources.join("configure"));
    configure.args(["--quiet", "--disable-gil", "--disable-test-modules", "--prefix"]).arg(prefix);
    run(configure.current_dir(&sources))?;
    let jobs = format!("-j{}", thread::available_parallelism().map_or(1, usize::from));
    run(Command::new("make").args(["--silent", &jobs]).current_dir(&sources))?;
    run(Command::new("make").args(["--silent", "install"]).current_dir(&sources))?;
    Ok(fs::remove_dir_all(&sources)?)
}
