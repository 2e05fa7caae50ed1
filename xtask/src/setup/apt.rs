//! Debian packages, where this machine takes them.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{capture, find_program, run};

/// Installs Debian packages.
///
/// # Errors
/// Without apt-get, without root's rights, or when apt-get fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if find_program(&["apt-get"]).is_none() || !Path::new("/etc/debian_version").exists() {
        bail!("this is no Debian, so apt-get cannot install {}", packages.join(" "));
    }
    if capture(Command::new("id").arg("-u"))? != "0" {
        bail!("only root can install: apt-get install --no-install-recommends {}", packages.join(" "));
    }
    run(&mut apt_get(&["update", "-qq"]))?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    run(apt_get(&install).args(packages))
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
