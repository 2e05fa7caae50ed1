//! Debian packages, where this machine takes them, and the sources of Debian's packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

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

/// Debian's archive as it develops, whatever release this machine has. apt checks its signatures and checksums.
const SOURCES: &str = "Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: testing\nComponents: main\n\
    Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";

/// Downloads the source of a package as its authors released it into a folder, with lists of its own there: what the
/// system knows of stays as it is.
///
/// # Errors
/// Without apt-get or Debian's keys, or where the archive does not have it.
pub(crate) fn source(folder: &Path, package: &str) -> Result<PathBuf> {
    if find_program(&["apt-get"]).is_none() {
        bail!("this is no Debian, so apt-get cannot bring the source of {package}");
    }
    for empty in ["lists/partial", "archives/partial"] {
        fs::create_dir_all(folder.join(empty))?;
    }
    let list = folder.join("debian.sources");
    fs::write(&list, SOURCES)?;
    let apt_get = |arguments: &[&str]| {
        let mut command = apt_get(&["-qq"]);
        for (option, path) in [
            ("Dir::Etc::SourceList", list.clone()),
            ("Dir::Etc::SourceParts", "-".into()),
            ("Dir::State::Lists", folder.join("lists")),
            ("Dir::Cache", folder.to_owned()),
        ] {
            command.args(["-o", &format!("{option}={}", path.display())]);
        }
        // apt's own user may not be able to write here.
        command.args(["-o", "APT::Sandbox::User=root"]).current_dir(folder).args(arguments);
        command
    };
    run(&mut apt_get(&["update"]))?;
    run(&mut apt_get(&["source", "--download-only", "--only-source", package]))?;
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{package}_")) && name.ends_with(".orig.tar.xz")
    };
    let mut files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    files.find(is_wanted).with_context(|| format!("apt-get brought no {package}_*.orig.tar.xz"))
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
