//! A Rust compiler for wasm32: rustup's, or Debian's with its sources of the standard library.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::command::{capture, run};
use crate::workspace::Workspace;

/// The target of the browser module.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src"];

/// Where the compiler and the standard library for wasm32 come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Toolchain {
    /// The active toolchain has the target.
    Rustup,
    /// Debian's compiler, which builds the standard library along.
    Debian,
}

impl Toolchain {
    /// The one that `SPANWIRE_WASM_TOOLCHAIN` forces, or all in the order of preference.
    fn candidates() -> Result<Vec<Self>> {
        match env::var("SPANWIRE_WASM_TOOLCHAIN").ok().as_deref() {
            None | Some("") => Ok(vec![Self::Rustup, Self::Debian]),
            Some("rustup") => Ok(vec![Self::Rustup]),
            Some("debian") => Ok(vec![Self::Debian]),
            Some(other) => bail!("SPANWIRE_WASM_TOOLCHAIN is `{other}`; it can be `rustup` or `debian`"),
        }
    }

    /// The toolchain to build with.
    ///
    /// # Errors
    /// Where none is installed.
    pub fn find() -> Result<Self> {
        Self::candidates()?.into_iter().find(|toolchain| toolchain.is_installed()).context(HOW)
    }

    fn is_installed(self) -> bool {
        match self {
            Self::Rustup => has_libraries(),
            Self::Debian => Path::new(DEBIAN_RUSTC).exists() && debian_sources() && linker().is_ok(),
        }
    }

    fn install(self) -> Result<()> {
        match self {
            Self::Rustup => {
                eprintln!("Installing the target {TARGET} of the Rust toolchain");
                run(Command::new("rustup").args(["target", "add", TARGET]))
            }
            Self::Debian => {
                eprintln!("Installing Debian's packages {}", DEBIAN_PACKAGES.join(" and "));
                apt::install(DEBIAN_PACKAGES)
            }
        }
    }

    /// Prepares a cargo command that builds for the target; gives the folder below which it puts things.
    ///
    /// # Errors
    /// When the toolchain does not say where its linker is.
    pub fn prepare(self, workspace: &Workspace, cargo: &mut Command) -> Result<PathBuf> {
        if self == Self::Rustup {
            return Ok(workspace.target(TARGET));
        }
        // A folder of its own: with another compiler cargo would build everything anew each time.
        let folder = workspace.target("debian-rustc");
        cargo
            .env("RUSTC", DEBIAN_RUSTC)
            // build-std is a nightly feature, which this lets a stable cargo have.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?)
            .arg("-Zbuild-std=std,panic_abort")
            .arg("--target-dir")
            .arg(&folder);
        Ok(folder.join(TARGET))
    }
}

const HOW: &str = "there is no Rust compiler for wasm32-unknown-unknown. Run `rustup target add \
    wasm32-unknown-unknown`, or on Debian `apt-get install rustc-web rust-web-src`, then \
    `cargo xtask setup`";

/// Installs a toolchain for wasm32 if there is none.
///
/// # Errors
/// When neither rustup nor Debian gives one.
pub(crate) fn install(_: &Workspace) -> Result<()> {
    if let Ok(toolchain) = Toolchain::find() {
        eprintln!("A Rust compiler for {TARGET} is there: {toolchain:?}'s");
        return Ok(());
    }
    for toolchain in Toolchain::candidates()? {
        match toolchain.install() {
            Ok(()) if toolchain.is_installed() => return Ok(()),
            Ok(()) => eprintln!("{toolchain:?}'s is installed and still not complete"),
            Err(error) => eprintln!("{error:#}"),
        }
    }
    bail!(HOW)
}

fn sysroot() -> Result<PathBuf> {
    Ok(capture(Command::new("rustc").args(["--print", "sysroot"]))?.into())
}

fn has_libraries() -> bool {
    let libraries = sysroot().map(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib"));
    let Ok(entries) = libraries.and_then(|folder| Ok(std::fs::read_dir(folder)?)) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn debian_sources() -> bool {
    let sysroot = capture(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]));
    sysroot.is_ok_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").is_dir())
}

/// The linker that comes with the active toolchain: Debian's packages have none for wasm.
fn linker() -> Result<PathBuf> {
    let version = capture(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let linker = sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld");
    if !linker.exists() {
        bail!("{} is missing", linker.display());
    }
    Ok(linker)
}
