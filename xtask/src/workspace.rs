//! Where things are: the checkout, what is built, what is installed.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout this program was built from.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace of the `cargo xtask` that is running.
    ///
    /// # Errors
    /// Outside `cargo run`, where nothing says where the workspace is.
    pub fn find() -> Result<Self> {
        let xtask = env::var_os("CARGO_MANIFEST_DIR").context("run this as `cargo xtask`")?;
        let root = Path::new(&xtask).parent().context("xtask has no parent folder")?.to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(Self { target: root.join(target), root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path relative to the root.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path relative to cargo's target folder.
    pub fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.target.join(relative)
    }

    /// A program of the virtual environment that `setup` makes.
    pub fn venv(&self, program: &str) -> PathBuf {
        venv_program(&self.target("venv"), program)
    }

    /// A program of the root's `node_modules`.
    pub fn node_bin(&self, program: &str) -> PathBuf {
        self.path("node_modules/.bin").join(program)
    }

    /// The test servers' program.
    pub fn test_servers(&self) -> PathBuf {
        self.target("debug").join(format!("spanwire-test-servers{}", env::consts::EXE_SUFFIX))
    }

    /// A path as messages show it: relative to the root where it is inside.
    pub fn show<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// A program of any virtual environment.
pub(crate) fn venv_program(venv: &Path, program: &str) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts").join(format!("{program}.exe"))
    } else {
        venv.join("bin").join(program)
    }
}
