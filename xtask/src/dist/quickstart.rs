//! The README's quick starts, each with the packed package in an environment that has nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::import_map;
use crate::browser::Page;
use crate::command::run;
use crate::markdown;
use crate::servers::{Servers, op};
use crate::setup;
use crate::workspace::{Workspace, venv_program};

/// The DSN that the README shows.
const README_DSN: &str = "https://public@sentry.example.com/42";
/// What a page says that has no environment to read.
const README_VENDOR: &str = "https://api.openai.com/v1";

/// Installs the wheel into a fresh virtual environment and runs the Python block there.
///
/// # Errors
/// When the block is missing, fails, or sends nothing that the receiver likes.
pub(super) fn python(workspace: &Workspace, servers: &Servers, wheel: &Path) -> Result<()> {
    let code = block(workspace, servers, "python")?;
    let folder = fresh_folder(workspace, "python")?;
    let venv = workspace.target("dist-check/venv");
    setup::python::make_venv(workspace, &venv)?;
    let mut install = setup::python::pip(workspace, &venv);
    install.args(["install", "--quiet"]).arg(wheel);
    if code.contains("import openai") || code.contains("from openai") {
        install.arg(setup::python::pinned(workspace, "openai"));
    }
    run(&mut install)?;
    fs::write(folder.join("quickstart.py"), code)?;
    let mut program = Command::new(venv_program(&venv, "python"));
    program.arg("quickstart.py").current_dir(&folder);
    run_and_check(servers, &mut program)
}

/// Installs the npm package into a fresh project and runs the Node block there.
///
/// # Errors
/// Like [`python`].
pub(super) fn node(workspace: &Workspace, servers: &Servers, tarball: &Path) -> Result<()> {
    let code = block(workspace, servers, "node")?;
    // Outside of the checkout: Node looks for packages in all folders above.
    let folder = tempfile::Builder::new().prefix("spanwire-quickstart-").tempdir()?;
    install(workspace, folder.path(), tarball, &code)?;
    fs::write(folder.path().join("quickstart.mjs"), code)?;
    run_and_check(servers, Command::new("node").arg("quickstart.mjs").current_dir(&folder))
}

/// Installs the npm package into a fresh project and runs the browser block in a page, without a bundler.
///
/// # Errors
/// Like [`python`], and without a browser.
pub(super) fn browser(workspace: &Workspace, servers: &Servers, tarball: &Path) -> Result<()> {
    let code = block(workspace, servers, "browser")?;
    let folder = fresh_folder(workspace, "browser")?;
    install(workspace, &folder, tarball, &code)?;
    let imports = import_map::of(&folder.join("node_modules"))?;
    fs::write(folder.join("quickstart.mjs"), code)?;
    fs::write(folder.join("quickstart.html"), page(&imports))?;
    let page = Page {
        folder: &folder,
        node_modules: &folder.join("node_modules"),
        file: "quickstart.html",
        parameters: &[],
    };
    run_and_check(servers, &mut page.command(workspace)?)
}

/// The page is done when the module has run to its end.
fn page(imports: &str) -> String {
    format!(
        "<!doctype html>\n<title>quickstart</title>\n<script type=\"importmap\">{imports}</script>\n\
         <script type=\"module\">window.done = import(\"./quickstart.mjs\");</script>\n"
    )
}

/// The block of the README, with the local servers in the place of the addresses it shows.
fn block(workspace: &Workspace, servers: &Servers, name: &str) -> Result<String> {
    let readme = fs::read_to_string(workspace.path("README.md")).context("cannot read README.md")?;
    let block = markdown::quickstart(&readme, name);
    let code = block.with_context(|| format!("README.md has no block behind <!-- quickstart: {name} -->"))?;
    Ok(code.replace(README_DSN, &servers.dsn()).replace(README_VENDOR, &servers.openai_base_url()))
}

fn fresh_folder(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.target("dist-check").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn install(workspace: &Workspace, folder: &Path, tarball: &Path, code: &str) -> Result<()> {
    fs::write(folder.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    let mut npm = setup::node::npm(workspace);
    npm.current_dir(folder).args(["install", "--silent", "--no-audit", "--no-fund"]).arg(tarball);
    if code.contains("from \"openai\"") || code.contains("from 'openai'") {
        npm.arg(setup::node::pinned(workspace, "openai"));
    }
    run(&mut npm)
}

/// Runs a quick start; the receiver must get a span of an agent or a model, and find nothing wrong.
fn run_and_check(servers: &Servers, program: &mut Command) -> Result<()> {
    servers.reset()?;
    // These lead to packages outside of the environment.
    program.env_remove("PYTHONPATH").env_remove("NODE_PATH");
    run(program.envs(servers.environment()))?;
    let received = servers.received()?;
    received.check()?;
    if !received.spans().iter().any(|span| op(span).starts_with("gen_ai.")) {
        bail!("the receiver got no span whose operation starts with `gen_ai.`");
    }
    Ok(())
}
