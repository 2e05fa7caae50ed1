//! Starting both servers, and stopping them.

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::{receiver, vendor};

/// The ports to listen on; 0 is any free one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// The model vendor's port.
    pub vendor: u16,
    /// The Sentry receiver's port.
    pub receiver: u16,
}

/// Both servers, running on the current tokio runtime until this is dropped.
///
/// A request that is being answered at that moment is still answered.
#[derive(Debug)]
pub struct Servers {
    vendor: Running,
    receiver: Running,
}

impl Servers {
    /// Starts both servers on free ports.
    ///
    /// # Errors
    /// When loopback cannot be listened on.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(Ports::default()).await
    }

    /// Starts both servers on the given ports.
    ///
    /// # Errors
    /// When a port is taken.
    pub async fn start_on(ports: Ports) -> io::Result<Self> {
        Ok(Self {
            vendor: Running::start(ports.vendor, vendor::routes()).await?,
            receiver: Running::start(ports.receiver, receiver::routes()).await?,
        })
    }

    /// The vendor's base URL without a slash at the end; clients add `/v1`.
    #[must_use]
    pub fn vendor(&self) -> &str {
        &self.vendor.url
    }

    /// The receiver's base URL without a slash at the end.
    #[must_use]
    pub fn receiver(&self) -> &str {
        &self.receiver.url
    }
}

/// Both servers on a thread of their own, for tests without a runtime; gone when this is dropped,
/// open connections included.
#[derive(Debug)]
pub struct BlockingServers {
    servers: Servers,
    runtime: Option<Runtime>,
}

impl BlockingServers {
    /// Starts both servers on free ports.
    ///
    /// # Errors
    /// When no thread can be started or loopback cannot be listened on.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let servers = runtime.block_on(Servers::start())?;
        Ok(Self { servers, runtime: Some(runtime) })
    }

    /// The vendor's base URL without a slash at the end; clients add `/v1`.
    #[must_use]
    pub fn vendor(&self) -> &str {
        self.servers.vendor()
    }

    /// The receiver's base URL without a slash at the end.
    #[must_use]
    pub fn receiver(&self) -> &str {
        self.servers.receiver()
    }
}

impl Drop for BlockingServers {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// One server; dropping the sender is what tells it to stop.
#[derive(Debug)]
struct Running {
    url: String,
    _stop: oneshot::Sender<()>,
}

impl Running {
    async fn start(port: u16, routes: Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(serve(listener, routes, stopped));
        Ok(Self { url, _stop: stop })
    }
}

fn serve(
    listener: TcpListener,
    routes: Router,
    stopped: oneshot::Receiver<()>,
) -> impl Future<Output = io::Result<()>> {
    // Else the pieces of a stream wait 40 ms for the client to say that it has the ones before, as no vendor's do.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    async { serving.await }
}
