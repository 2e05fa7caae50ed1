//! The command line of the pip and npm packages.

use std::io::Write;

use clap::{Parser, Subcommand};
use spanwire::{attributes::registry, error::EnvelopeError, inspect, lint};

#[derive(Parser)]
#[command(name = "spanwire", version, about = "Looks at Spanwire's envelope files")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the traces of an envelope file as trees: durations, models, tokens, errors
    Inspect {
        /// A file that `SPANWIRE_FILE` or `transport="file:PATH"` wrote
        file: String,
    },
    /// Say what the conventions and the protocol would say of the spans of an envelope file
    ///
    /// Each finding is a line: trace, span, error or warning, and what is wrong. Ends with 1 where there is one, with
    /// 2 where the file cannot be read.
    Lint {
        /// A file that `SPANWIRE_FILE` or `transport="file:PATH"` wrote
        file: String,
    },
    /// Print the conventions that were compiled in, as JSON
    #[command(hide = true)]
    Conventions,
}

/// Runs `spanwire ARGUMENTS` (the first one is the program's name); gives the exit code.
pub fn run(arguments: Vec<String>) -> i32 {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command: Command::Inspect { file } }) => inspect(&file),
        Ok(Arguments { command: Command::Lint { file } }) => lint(&file),
        Ok(Arguments { command: Command::Conventions }) => print(&registry::to_json()),
        Err(error) => {
            let _ = error.print();
            error.exit_code()
        }
    }
}

fn inspect(file: &str) -> i32 {
    match read(file, inspect::render) {
        Some(text) => print(&text),
        None => 1,
    }
}

fn lint(file: &str) -> i32 {
    match read(file, lint::file) {
        Some(report) => print(&report.to_string()) | i32::from(!report.findings.is_empty()),
        None => 2,
    }
}

/// What a file of envelopes says to `read`; what cannot be read is said.
fn read<T>(file: &str, read: impl Fn(&[u8]) -> Result<T, EnvelopeError>) -> Option<T> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string());
    bytes
        .and_then(|bytes| read(&bytes).map_err(|error| error.to_string()))
        .inspect_err(|error| eprintln!("spanwire: {file}: {error}"))
        .ok()
}

/// 0 where it could be printed.
fn print(text: &str) -> i32 {
    i32::from(std::io::stdout().write_all(text.as_bytes()).is_err())
}
