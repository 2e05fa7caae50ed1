//! Running programs: said before, checked after.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Shows a command, runs it and passes on what it prints.
///
/// # Errors
/// When it cannot be started or ends with another code than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", shown(command));
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command and gives what it printed, without the newline at the end.
///
/// # Errors
/// When it cannot be started, ends with another code than 0 or prints something else than text.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

/// The first of these programs that `PATH` has.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|it| it.is_file())
}

/// The command as one would type it in its folder.
pub(crate) fn shown(command: &Command) -> String {
    let folder = command.get_current_dir().unwrap_or_else(|| Path::new(""));
    let program = Path::new(command.get_program());
    // Cargo hands over its full path, which says nothing to the reader.
    let program = match program.strip_prefix(folder) {
        Ok(inside) if !folder.as_os_str().is_empty() => inside.as_os_str(),
        _ if program.file_stem() == Some(OsStr::new("cargo")) => OsStr::new("cargo"),
        _ => program.as_os_str(),
    };
    let set = command.get_envs().filter_map(|(name, value)| {
        let mut word = name.to_owned();
        word.push("=");
        word.push(value?);
        Some(word)
    });
    let words = set.chain([program.to_owned()]).chain(command.get_args().map(OsStr::to_owned));
    words.map(|word| quoted(&word, folder)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsString, folder: &Path) -> String {
    let mut word = word.to_string_lossy().into_owned();
    let inside = format!("{}/", folder.display());
    if inside.len() > 1 {
        word = word.replace(&inside, "");
    }
    let is_plain = |c: char| c.is_alphanumeric() || "-_=+./,:@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{word}'") }
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", command.get_program().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_is_relative_to_its_folder_and_quoted() {
        let mut command = Command::new("/checkout/target/venv/bin/python");
        command.current_dir("/checkout").args(["-c", "print(1)", "/checkout/tests"]).env("KEY", "a b");
        assert_eq!(shown(&command), "'KEY=a b' target/venv/bin/python -c 'print(1)' tests");
    }

    #[test]
    fn a_failing_program_is_an_error() {
        assert!(run(&mut Command::new("false")).is_err());
        assert!(capture(&mut Command::new("false")).is_err());
        assert!(run(&mut Command::new("true")).is_ok());
    }
}
