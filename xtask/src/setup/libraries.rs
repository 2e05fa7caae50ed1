//! The virtual environments of the libraries whose programs the Python suites run.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use super::python::{make_venv, pip, version};
use crate::command::run;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Where those of the suites' programs are pinned.
const ENVIRONMENTS: &str = "tests/python/environments.txt";

/// One environment, and what is installed into it.
#[derive(Debug, PartialEq)]
struct Environment {
    /// The first of the libraries that share it.
    name: String,
    /// All of them: folders of programs.
    libraries: Vec<String>,
    requirements: Vec<String>,
}

/// Makes an environment in `target/libraries` for every group of libraries.
///
/// # Errors
/// When the file that pins them makes no sense, or pip cannot install.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    install_from(workspace, ENVIRONMENTS, "libraries", |_| true)
}

/// Makes those of the oldest versions that are promised in `target/oldest`.
///
/// # Errors
/// The same.
pub(crate) fn install_oldest(workspace: &Workspace) -> Result<()> {
    install_from(workspace, "tests/python/oldest.txt", "oldest", |_| true)
}

/// Makes the environments that a file pins, those whose names are wanted, all at once, in a folder of `target`.
///
/// # Errors
/// When the file makes no sense, or pip cannot install.
pub(crate) fn install_from(
    workspace: &Workspace,
    file: &str,
    folder: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<()> {
    let text = fs::read_to_string(workspace.path(file)).with_context(|| file.to_owned())?;
    let (mut environments, python) = (read(&text)?, version()?);
    environments.retain(|environment| is_wanted(&environment.name));
    let folder = workspace.target(folder);
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let threads: Vec<_> = environments
            .iter()
            .map(|environment| {
                scope.spawn(|| install_one(workspace, &folder.join(&environment.name), environment, &python))
            })
            .collect();
        threads
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| bail!("an installation panicked")))
            .collect()
    });
    results.into_iter().collect()
}

fn install_one(workspace: &Workspace, venv: &Path, environment: &Environment, python: &str) -> Result<()> {
    let stamp = Stamp::new(venv.join("spanwire-setup"));
    let inputs = format!("{python}\n{}", environment.requirements.join("\n"));
    if stamp.has(inputs.as_bytes()) {
        eprintln!("{} is up to date", workspace.show(venv));
        return Ok(());
    }
    make_venv(workspace, venv)?;
    run(pip(workspace, venv).args(["install", "--quiet"]).args(&environment.requirements))?;
    stamp.keep(inputs.as_bytes())
}

/// Reads `[library library]` and the requirements below it.
fn read(text: &str) -> Result<Vec<Environment>> {
    let mut environments: Vec<Environment> = Vec::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if let Some(names) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let libraries: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
            let name = libraries.first().context("an environment without a name")?.clone();
            environments.push(Environment { name, libraries, requirements: Vec::new() });
        } else {
            let environment =
                environments.last_mut().ok_or_else(|| anyhow!("{line} belongs to no environment"))?;
            environment.requirements.push(line.to_owned());
        }
    }
    Ok(environments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_named_after_their_first_library() -> Result<()> {
        let text = "# pins\n[openai anthropic]\nopenai==3\nanthropic==2\n\n[litellm]\nlitellm==1\n";
        let owned = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect();
        let environment = |name: &str, libraries: &[&str], requirements: &[&str]| Environment {
            name: name.to_owned(),
            libraries: owned(libraries),
            requirements: owned(requirements),
        };
        let expected = [
            environment("openai", &["openai", "anthropic"], &["openai==3", "anthropic==2"]),
            environment("litellm", &["litellm"], &["litellm==1"]),
        ];
        assert_eq!(read(text)?, expected);
        assert!(read("openai==3").is_err());
        Ok(())
    }
}
