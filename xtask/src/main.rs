//! `cargo xtask`: what the project needs beside cargo itself.

mod bench;
mod browser;
mod build;
mod command;
mod conventions;
mod demo;
mod dist;
mod fuzz;
mod markdown;
mod plan;
mod servers;
mod setup;
mod stamp;
mod steps;
mod suites;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::test::Group;
use crate::workspace::Workspace;

/// Sets Spanwire's workspace up, builds it, tests it and packs it
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the builds and the tests need; quick when all of it is there
    Setup,
    /// Run the example agents of all languages against the local servers and compare their traces
    ///
    /// With `SENTRY_DSN` set they send there instead, and nothing is compared.
    Demo,
    /// Set up, build and run the suites; without a group: all of them
    Test {
        /// The groups to run
        groups: Vec<Group>,
    },
    /// Run the long forms of the suites about delivery: many spans, many kills, minutes without a server
    Soak,
    /// Build the packages into `target/dist` and run the README's quick starts with them
    Dist,
    /// Check format, lints and the house rules
    Tidy,
    /// Measure Spanwire beside what a user would pick instead, and write `BENCHMARKS.md` and its plots
    Bench {
        /// The groups to measure; without one: all of them
        groups: Vec<bench::Group>,
        /// How often each contestant runs
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// Let the fuzzer at every reader and at the envelope, each for a minute
    Fuzz {
        /// The targets to run; without one: all of them
        targets: Vec<String>,
        /// Seconds for each
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Write the core's table of attributes from the installed `@sentry/conventions`
    Conventions {
        /// Only compare, and fail on a difference
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        // What failed has been printed.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<bool> {
    let workspace = Workspace::find()?;
    Ok(match task {
        Task::Setup => plan::run(&workspace, plan::SETUP),
        Task::Demo => plan::run(&workspace, &["demo"]),
        Task::Test { groups } => test::run(&workspace, &groups),
        Task::Soak => plan::run(&workspace, plan::SOAK),
        Task::Dist => plan::run(&workspace, &["dist"]),
        Task::Tidy => tidy::run(&workspace).map(|()| true)?,
        Task::Bench { groups, rounds } => bench::all(&workspace, &groups, rounds)?,
        Task::Fuzz { targets, seconds } => fuzz::all(&workspace, &targets, seconds).map(|()| true)?,
        Task::Conventions { check: true } => plan::run(&workspace, &["conventions checked"]),
        Task::Conventions { check: false } => plan::run(&workspace, &["conventions written"]),
    })
}
