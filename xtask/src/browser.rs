//! Opening a page in Chromium, through `scripts/page.mjs`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::setup::browser;
use crate::workspace::Workspace;

/// A page of a folder, to be opened until it is done.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// What is served as `/`.
    pub folder: &'a Path,
    /// What is served as `/node_modules`.
    pub node_modules: &'a Path,
    /// The file to open.
    pub file: &'a str,
    /// The query parameters of its URL.
    pub parameters: &'a [(&'a str, &'a str)],
}

impl Page<'_> {
    /// The command that serves the folder, opens the page and ends when the page is done.
    ///
    /// # Errors
    /// Where there is no browser.
    pub fn command(&self, workspace: &Workspace) -> Result<Command> {
        let mut command = Command::new("node");
        command.current_dir(workspace.root()).arg(workspace.path("xtask/scripts/page.mjs"));
        command.arg("--chromium").arg(browser::require()?);
        command.arg("--folder").arg(self.folder);
        command.arg("--node-modules").arg(self.node_modules);
        command.args(["--file", self.file]);
        for (name, value) in self.parameters {
            command.args(["--parameter", &format!("{name}={value}")]);
        }
        Ok(command)
    }
}
