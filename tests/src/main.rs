//! The test servers as a program: arguments, the ready line, and when to stop.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use serde_json::json;
use spanwire_tests::{Ports, Servers};
use tokio::sync::oneshot;

/// Runs a model vendor and a Sentry receiver on loopback, for tests and demos.
#[derive(Parser)]
struct Arguments {
    /// Port of the model vendor; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    vendor_port: u16,
    /// Port of the Sentry receiver; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    receiver_port: u16,
    /// Also writes the ready line into this file.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// Ends by itself after so many seconds, so that a forgotten server does not stay: half an hour where nothing is said,
    /// and longer than any soak where it ends with the program that started it.
    #[arg(long)]
    max_seconds: Option<u64>,
    /// Ends when its standard input is closed, that is when the program that started it ends.
    #[arg(long)]
    until_stdin_closes: bool,
}

impl Arguments {
    fn lifetime(&self) -> Duration {
        let seconds = if self.until_stdin_closes { 6 * 3600 } else { 1800 };
        Duration::from_secs(self.max_seconds.unwrap_or(seconds))
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let ports = Ports { vendor: arguments.vendor_port, receiver: arguments.receiver_port };
    let servers = Servers::start_on(ports).await?;
    announce(&servers, arguments.ready_file.as_deref())?;
    tokio::select! {
        () = tokio::time::sleep(arguments.lifetime()) => {}
        () = stdin_closes(), if arguments.until_stdin_closes => {}
    }
    Ok(())
}

fn announce(servers: &Servers, ready_file: Option<&Path>) -> io::Result<()> {
    let line = json!({ "vendor": servers.vendor(), "receiver": servers.receiver() }).to_string();
    if let Some(path) = ready_file {
        // Renamed into place: whoever waits for the file never reads half of it.
        let unfinished = path.with_extension("unfinished");
        std::fs::write(&unfinished, format!("{line}\n"))?;
        std::fs::rename(&unfinished, path)?;
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

async fn stdin_closes() {
    let (closed, wait) = oneshot::channel();
    // A plain thread: tokio's stdin would keep the runtime from ending.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = closed.send(());
    });
    let _ = wait.await;
}
