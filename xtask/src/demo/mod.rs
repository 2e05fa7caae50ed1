//! `cargo xtask demo`: the same agent in Python, Node and the browser, and whether their traces are equal.

mod shape;

use std::env;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use self::shape::Shape;
use crate::browser::Page;
use crate::command::{self, shown};
use crate::servers::Servers;
use crate::setup::browser;
use crate::workspace::Workspace;

const LANGUAGES: &[Language] = &[Language::Python, Language::Node, Language::Browser];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Language {
    Python,
    Node,
    Browser,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Browser => "browser",
        }
    }

    /// The file that has the example.
    fn example(self) -> &'static str {
        match self {
            Self::Python => "examples/python/agent.py",
            Self::Node => "examples/node/agent.mjs",
            Self::Browser => "examples/browser/index.html",
        }
    }

    /// The command that runs the example: it sends to the DSN, and asks the servers' model vendor.
    fn command(self, workspace: &Workspace, servers: &Servers, dsn: &str) -> Result<Command> {
        if !workspace.path(self.example()).exists() {
            bail!("{} is missing", self.example());
        }
        let mut command = match self {
            Self::Python => Command::new(workspace.venv("python")),
            Self::Node => Command::new("node"),
            Self::Browser => return page(workspace, servers, dsn),
        };
        command.current_dir(workspace.root()).arg(self.example());
        command.envs(servers.environment()).env("SENTRY_DSN", dsn);
        Ok(command)
    }
}

/// Bundles the page's module and puts beside it what it loads.
fn page(workspace: &Workspace, servers: &Servers, dsn: &str) -> Result<Command> {
    let folder = workspace.target("demo/page");
    fs::create_dir_all(&folder)?;
    let mut esbuild = Command::new(workspace.node_bin("esbuild"));
    esbuild.current_dir(workspace.root()).args(["examples/browser/agent.mjs", "--bundle", "--format=esm"]);
    esbuild.args(["--log-level=warning", "--platform=browser"]);
    command::run(esbuild.arg(format!("--outfile={}", folder.join("agent.js").display())))?;
    fs::copy(workspace.path("examples/browser/index.html"), folder.join("index.html"))?;
    let module = "spanwire_bg.wasm";
    fs::copy(workspace.path("bindings-wasm/dist").join(module), folder.join(module))
        .with_context(|| format!("bindings-wasm/dist has no {module}"))?;
    let base = servers.openai_base_url();
    let page = Page {
        folder: &folder,
        node_modules: &workspace.path("node_modules"),
        file: "index.html",
        parameters: &[("dsn", dsn), ("base", &base)],
    };
    page.command(workspace)
}

/// Runs the examples against the DSN of the environment, or compares them with the local receiver.
///
/// # Errors
/// When an example fails, the receiver finds something wrong, or the traces differ.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    match env::var("SENTRY_DSN").ok().filter(|dsn| !dsn.is_empty()) {
        Some(dsn) => send_elsewhere(workspace, &dsn),
        None => run_locally(workspace),
    }
}

/// Compares all examples with the local receiver, whatever the environment says.
///
/// # Errors
/// Like [`run`], and without a browser.
pub(crate) fn run_compared(workspace: &Workspace) -> Result<()> {
    browser::require()?;
    run_locally(workspace)
}

fn run_locally(workspace: &Workspace) -> Result<()> {
    let servers = Servers::start(workspace)?;
    let mut shapes = Vec::new();
    for &language in LANGUAGES {
        if is_left_out(language) {
            continue;
        }
        let shape = run_one(workspace, &servers, language);
        shapes.push((language.name(), shape.with_context(|| language.example().to_owned())?));
    }
    compare(&shapes)
}

fn run_one(workspace: &Workspace, servers: &Servers, language: Language) -> Result<Shape> {
    servers.reset()?;
    command::run(&mut language.command(workspace, servers, &servers.dsn())?)?;
    let file = workspace.target("demo").join(format!("{}.envelopes", language.name()));
    fs::create_dir_all(workspace.target("demo"))?;
    fs::write(&file, servers.raw()?)?;
    let mut inspect = Command::new(workspace.venv("spanwire"));
    command::run(inspect.current_dir(workspace.root()).arg("inspect").arg(&file))?;
    let received = servers.received()?;
    received.check()?;
    Ok(Shape::of(&received.spans()))
}

fn compare(shapes: &[(&str, Shape)]) -> Result<()> {
    let Some(((first, shape), others)) = shapes.split_first() else { bail!("no example ran") };
    if shape.is_empty() {
        bail!("{first} sent no span");
    }
    let mut equal = true;
    for (other, compared) in others {
        if compared == shape {
            println!("The traces of {first} and {other} have the same shape.");
        } else {
            equal = false;
            println!("The traces of {first} (-) and {other} (+) differ:\n{}", shape.difference(compared));
        }
    }
    if !equal {
        bail!("the traces differ");
    }
    Ok(())
}

fn send_elsewhere(workspace: &Workspace, dsn: &str) -> Result<()> {
    println!("SENTRY_DSN is set: the examples send there, so nothing is shown and compared here.");
    let servers = Servers::start(workspace)?;
    for &language in LANGUAGES {
        if is_left_out(language) {
            continue;
        }
        let mut command = language.command(workspace, &servers, dsn)?;
        // Not shown in full: the DSN is the user's own.
        eprintln!("$ {}", shown(&command).replace(dsn, "..."));
        if !command.status()?.success() {
            bail!("{} failed", language.example());
        }
    }
    Ok(())
}

fn is_left_out(language: Language) -> bool {
    let left_out = language == Language::Browser && browser::find().is_none();
    if left_out {
        println!("There is no Chromium here, so the browser is left out.");
    }
    left_out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(name: &str) -> Shape {
        Shape::of(&[json!({ "span_id": "a", "name": name })])
    }

    #[test]
    fn equal_shapes_pass_and_others_fail() {
        assert!(compare(&[("python", shape("a")), ("node", shape("a"))]).is_ok());
        assert!(compare(&[("python", shape("a")), ("node", shape("b"))]).is_err());
    }

    #[test]
    fn nothing_to_compare_fails() {
        assert!(compare(&[]).is_err());
        assert!(compare(&[("python", Shape::of(&[]))]).is_err());
    }
}
