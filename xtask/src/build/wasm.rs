//! The browser module: cargo, wasm-bindgen as a library, wasm-opt, then the package's own `build` script.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{cargo, run};
use crate::setup::node::npm;
use crate::setup::wasm::{TARGET, Toolchain};
use crate::stamp::{self, Stamp};
use crate::workspace::Workspace;

const PACKAGE: &str = "bindings-wasm/pkg";

/// What wasm-opt is asked for: small above all, and without the sections that tell how it was built.
///
/// The features are those that rustc uses without being asked; all engines since Safari 16.4 have them.
const OPTIMIZE: &[&str] = &[
    "-Oz",
    "--converge",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the npm package `spanwire-browser` in its folder.
///
/// # Errors
/// When one of the tools fails.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let toolchain = Toolchain::find()?;
    let mut command = cargo();
    command.current_dir(workspace.root()).args(["build", "--quiet", "--package", "spanwire-wasm"]);
    command.args(["--profile", "wasm", "--target", TARGET]);
    let folder = toolchain.prepare(workspace, &mut command)?;
    run(&mut command)?;
    let module = folder.join("wasm/spanwire_wasm.wasm");
    bind(workspace, &module).with_context(|| format!("cannot bind {}", workspace.show(&module)))?;
    run(npm(workspace).args(["run", "--silent", "build", "--workspace", "bindings-wasm"]))
}

/// Makes `bindings-wasm/pkg` of the module, unless it is made of the same module already.
fn bind(workspace: &Workspace, module: &Path) -> Result<()> {
    let package = workspace.path(PACKAGE);
    // The module, the optimizer's version, and what is done here with both.
    let mut inputs = stamp::contents([module, &workspace.path("package-lock.json")]);
    inputs.extend_from_slice(include_bytes!("wasm.rs"));
    let stamp = Stamp::new(workspace.target("stamps/bound.wasm"));
    if stamp.has(&inputs) && package.join("spanwire_wasm_bg.wasm").exists() {
        eprintln!("{PACKAGE} is up to date");
        return Ok(());
    }
    eprintln!("Writing {PACKAGE} with wasm-bindgen");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).web(true)?.typescript(true);
    // The glue looks for the module beside itself; the library's default is that the caller says where.
    bindgen.omit_default_module_path(false);
    bindgen.generate(&package)?;
    shrink(workspace, &package.join("spanwire_wasm_bg.wasm"))?;
    stamp.keep(&inputs)
}

fn shrink(workspace: &Workspace, module: &Path) -> Result<()> {
    let before = fs::metadata(module)?.len();
    let mut optimizer = Command::new(workspace.node_bin("wasm-opt"));
    optimizer.current_dir(workspace.root()).args(OPTIMIZE).arg(module).arg("--output").arg(module);
    run(&mut optimizer)?;
    eprintln!("{}: {before} bytes, now {}", workspace.show(module), fs::metadata(module)?.len());
    Ok(())
}
