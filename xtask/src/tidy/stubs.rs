//! Whether the Python type stubs name what the compiled module has.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::command::capture;
use crate::workspace::Workspace;

const STUB: &str = "bindings-python/python/spanwire/_spanwire.pyi";
const MODULE: &str = "spanwire._spanwire";

/// Names with the lines on which they stand.
type Names = BTreeMap<String, usize>;

/// Compares the stub with the module that is installed in `target/venv`.
///
/// # Errors
/// When Python cannot read one of them.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let python = workspace.venv("python");
    if !python.exists() {
        eprintln!("target/venv is not there, so {STUB} is not compared; `cargo xtask setup` makes it");
        return Ok(Vec::new());
    }
    let mut command = Command::new(python);
    command.current_dir(workspace.root()).args(["xtask/scripts/stub_names.py", STUB, MODULE]);
    let told: Value =
        serde_json::from_str(&capture(&mut command)?).context("stub_names.py printed no JSON")?;
    if told.get("module") == Some(&Value::Null) {
        eprintln!("{MODULE} is not installed in target/venv, so {STUB} is not compared");
        return Ok(Vec::new());
    }
    Ok(compare(&names(&told, "stub"), &names(&told, "module")))
}

fn names(told: &Value, key: &str) -> Names {
    let names = told.get(key).and_then(Value::as_object).into_iter().flatten();
    names
        .map(|(name, line)| (name.clone(), usize::try_from(line.as_u64().unwrap_or(1)).unwrap_or(1)))
        .collect()
}

fn compare(stub: &Names, module: &Names) -> Vec<Finding> {
    let only_in_stub = stub.iter().filter(|(name, _)| !module.contains_key(*name));
    let only_in_stub =
        only_in_stub.map(|(name, line)| Finding::new(STUB, *line, format!("{MODULE} has no {name}")));
    let only_in_module = module.keys().filter(|name| !stub.contains_key(*name));
    let only_in_module =
        only_in_module.map(|name| Finding::new(STUB, 1, format!("does not name {name} of {MODULE}")));
    only_in_stub.chain(only_in_module).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(names: &[(&str, usize)]) -> Names {
        names.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect()
    }

    #[test]
    fn both_directions_are_found() {
        let stub = some(&[("Span", 3), ("Span.end", 4), ("gone", 9)]);
        let module = some(&[("Span", 1), ("Span.end", 1), ("Span.drop", 1)]);
        let findings = compare(&stub, &module);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [9, 1]);
        assert!(compare(&stub, &stub).is_empty());
    }
}
