//! `cargo xtask fuzz`: every fuzz target for a while, from the corpus that is kept and from the vectors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::command::{cargo, run};
use crate::workspace::Workspace;

/// Bytes of one input at most: longer ones find nothing that shorter ones do not, only later.
const MAX_INPUT_BYTES: usize = 8192;
/// Between the pieces of an input; see `fuzz/src/lib.rs`.
const SEPARATOR: &[u8] = b"\x1e";
/// Where a vector's payloads go that say no format.
const BY_SHAPE: &str = "recognised";

/// Runs the targets of those names, or all of them, each for so many seconds; goes on after a failure.
///
/// # Errors
/// Without cargo-fuzz, or when a target found something.
pub(crate) fn all(workspace: &Workspace, names: &[String], seconds: u32) -> Result<()> {
    install(workspace)?;
    let seeds = workspace.target("fuzz-seeds");
    seed(workspace, &seeds)?;
    let targets = targets(workspace)?;
    let wanted: Vec<&String> =
        targets.iter().filter(|name| names.is_empty() || names.contains(name)).collect();
    if wanted.is_empty() {
        bail!("no such target; there are {}", targets.join(", "));
    }
    let mut failed = Vec::new();
    for name in wanted {
        println!("== fuzz {name} for {seconds} s");
        if run(&mut fuzz(workspace, name, &seeds.join(name), seconds)).is_err() {
            failed.push(name.as_str());
        }
    }
    if !failed.is_empty() {
        bail!("found something, see fuzz/artifacts: {}", failed.join(", "));
    }
    Ok(())
}

fn fuzz(workspace: &Workspace, name: &str, seeds: &Path, seconds: u32) -> Command {
    let kept = workspace.path("fuzz/corpus").join(name);
    // What is found new stays in the first folder; the ones that are kept are only read.
    let found = workspace.target("fuzz-found").join(name);
    let folders = [found.as_path(), &kept, seeds];
    for folder in folders {
        let _ = fs::create_dir_all(folder);
    }
    let mut command = Command::new(tool(workspace));
    command
        .current_dir(workspace.path("fuzz"))
        // The sanitizers are behind a flag that only nightly has; so has stable, if it is told so.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["fuzz", "run", name])
        .args(folders)
        .arg("--")
        .args([format!("-max_total_time={seconds}"), format!("-max_len={MAX_INPUT_BYTES}")]);
    command
}

fn tool(workspace: &Workspace) -> PathBuf {
    workspace.target("tools/bin/cargo-fuzz")
}

fn install(workspace: &Workspace) -> Result<()> {
    if tool(workspace).exists() {
        return Ok(());
    }
    println!("Installing cargo-fuzz into target/tools");
    run(cargo().args(["install", "cargo-fuzz", "--locked", "--root"]).arg(workspace.target("tools")))
}

fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.path("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let name = |entry: fs::DirEntry| Some(entry.path().file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// What one call of a vector went over the wire with.
#[derive(Default)]
struct Call {
    format: Option<String>,
    request: Vec<u8>,
    response: Vec<u8>,
    chunks: Vec<Vec<u8>>,
}

/// Writes the payloads of every vector as inputs of the target of their format, and its envelopes.
fn seed(workspace: &Workspace, seeds: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(seeds);
    let folder = workspace.path("tests/vectors");
    for entry in fs::read_dir(&folder)?.flatten() {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(vector) = serde_json::from_slice::<Value>(&fs::read(&path)?) else { continue };
        let mut calls: Vec<(String, Call)> = Vec::new();
        gather(vector.get("steps"), &mut calls);
        for (number, (_, call)) in calls.into_iter().enumerate() {
            let pieces = [vec![call.request, call.response], call.chunks].concat();
            let target = call.format.as_deref().filter(|format| !format.contains('/')).unwrap_or(BY_SHAPE);
            write(seeds, target, &format!("{stem}-{number}"), &pieces.join(SEPARATOR))?;
        }
        for (number, lines) in
            vector.get("expected").and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            let lines: Vec<&str> = lines.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            write(seeds, "envelope", &format!("{stem}-{number}"), (lines.join("\n") + "\n").as_bytes())?;
        }
    }
    Ok(())
}

fn gather(steps: Option<&Value>, calls: &mut Vec<(String, Call)>) {
    for step in steps.and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| step.get(name).and_then(Value::as_str);
        let argument = |name: &str| step.get("args").and_then(|arguments| arguments.get(name));
        let payload =
            argument("payload").or_else(|| argument("chunk")).map(|payload| payload.to_string().into_bytes());
        if let (Some(span), Some(payload)) = (text("on"), payload) {
            let position = calls.iter().position(|(name, _)| name == span).unwrap_or_else(|| {
                calls.push((span.to_owned(), Call::default()));
                calls.len() - 1
            });
            if let Some((_, call)) = calls.get_mut(position) {
                match text("call") {
                    Some("record_request") => {
                        call.request = payload;
                        call.format = argument("format").and_then(Value::as_str).map(str::to_owned);
                    }
                    Some("record_response") => call.response = payload,
                    _ => call.chunks.push(payload),
                }
            }
        }
        gather(step.get("within"), calls);
    }
}

fn write(seeds: &Path, target: &str, name: &str, bytes: &[u8]) -> Result<()> {
    if bytes.len() <= MAX_INPUT_BYTES {
        let folder = seeds.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
