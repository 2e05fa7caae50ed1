//! The command line of the pip and npm packages.

use std::io::Write;

use clap::{Parser, Subcommand};
use spanwire::attributes::registry;

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
    /// Print the conventions that were compiled in, as JSON
    #[command(hide = true)]
    Conventions,
}

/// Runs `spanwire ARGUMENTS` (the first one is the program's name); gives the exit code.
pub fn run(arguments: Vec<String>) -> i32 {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command: Command::Inspect { file } }) => inspect(&file),
        Ok(Arguments { command: Command::Conventions }) => print(&registry::to_json()),
        Err(error) => {
            let _ = error.print();
            error.exit_code()
        }
    }
}

fn inspect(file: &str) -> i32 {
    let rendered = std::fs::read(file)
        .map_err(|error| error.to_string())
        .and_then(|bytes| spanwire::inspect::render(&bytes).map_err(|error| error.to_string()));
    match rendered {
        Ok(text) => print(&text),
        Err(error) => {
            eprintln!("spanwire: {file}: {error}");
            1
        }
    }
}

fn print(text: &str) -> i32 {
    i32::from(std::io::stdout().write_all(text.as_bytes()).is_err())
}
