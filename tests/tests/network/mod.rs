//! Small servers on loopback for what the receiver cannot show: TLS, proxies, connections that are counted.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// What a server saw: one head a request, and how many connections they came over.
#[derive(Debug, Default)]
pub struct Seen {
    pub heads: Vec<String>,
    pub connections: usize,
}

/// Something that listens until the process ends.
pub struct Listening {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
}

impl Listening {
    fn start(
        host: &str,
        serve: impl Fn(TcpStream, &Mutex<Seen>) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let (address, seen) = (listener.local_addr().unwrap(), Arc::<Mutex<Seen>>::default());
        let (serve, shared) = (Arc::new(serve), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                shared.lock().unwrap().connections += 1;
                let (serve, shared) = (Arc::clone(&serve), Arc::clone(&shared));
                // A client that goes away in the middle is no failure of the server's.
                thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        Self { address, seen }
    }

    pub fn heads(&self) -> Vec<String> {
        self.seen.lock().unwrap().heads.clone()
    }

    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }
}

/// A server that takes everything, without TLS.
pub fn plain(host: &str) -> Listening {
    Listening::start(host, answer_all)
}

/// A server that takes everything, with a certificate for `localhost` of that authority.
pub fn tls(authority: &Authority) -> Listening {
    let config = authority.server("localhost");
    Listening::start("127.0.0.1", move |stream, seen| {
        let connection = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
        answer_all(StreamOwned::new(connection, stream), seen)
    })
}

/// A proxy that makes requests itself, of everybody who names `credentials` where there are some. It alone knows where
/// the destination is: at `server`, whatever it is called.
pub fn forward_proxy(server: SocketAddr, credentials: Option<&'static str>) -> Listening {
    Listening::start("127.0.0.1", move |client, seen| {
        let mut answers = client.try_clone()?;
        let mut client = BufReader::new(client);
        let mut server = BufReader::new(TcpStream::connect(server)?);
        while let Some(request) = head(&mut client)? {
            let mut body = vec![0; content_length(&request)];
            client.read_exact(&mut body)?;
            seen.lock().unwrap().heads.push(request.clone());
            if credentials.is_some_and(|credentials| !request.contains(credentials)) {
                let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
                answers.write_all(refusal.as_bytes())?;
                continue;
            }
            // `POST http://host:port/path HTTP/1.1`: the server is told the path alone.
            let (method, rest) = request.split_once(" http://").unwrap_or_default();
            let path = rest.split_once('/').unwrap_or_default().1;
            server.get_mut().write_all(format!("{method} /{path}").as_bytes())?;
            server.get_mut().write_all(&body)?;
            let Some(answer) = head(&mut server)? else { return Ok(()) };
            answers.write_all(answer.as_bytes())?;
            std::io::copy(&mut (&mut server).take(content_length(&answer) as u64), &mut answers)?;
        }
        Ok(())
    })
}

/// A proxy that opens a tunnel to wherever it is asked for, and does nothing else.
pub fn proxy() -> Listening {
    Listening::start("127.0.0.1", |mut client, seen| {
        let Some(head) = head(&mut BufReader::new(&client))? else { return Ok(()) };
        let target = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
        seen.lock().unwrap().heads.push(head);
        let mut server = TcpStream::connect(target)?;
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        std::io::copy(&mut server, &mut client).map(drop)
    })
}

/// Answers every request of a connection with 200.
fn answer_all(stream: impl Read + Write, seen: &Mutex<Seen>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(head) = head(&mut stream)? {
        std::io::copy(&mut (&mut stream).take(content_length(&head) as u64), &mut std::io::sink())?;
        seen.lock().unwrap().heads.push(head);
        let out = stream.get_mut();
        out.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")?;
        out.flush()?;
    }
    Ok(())
}

/// Bytes of the body that follows that head.
fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

/// The head of the next request; `None` at the end of the connection.
fn head(stream: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(head))
}

/// An authority that nobody knows, until its certificate is handed over.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}
