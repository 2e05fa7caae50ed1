//! The way to the server: over which proxy, and which authorities are believed.

use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use spanwire::{
    client::Destination,
    config::{Network, Options},
    error::ConfigError,
};
use ureq::{
    Proxy,
    tls::{Certificate, PemItem, RootCerts, parse_pem},
};
use webpki::anchor_from_trusted_cert;

use crate::forward::is_forwarded;

/// Variables that name a file of certificates where the option does not, as Python's and Node's clients read
/// them.
const CERTIFICATE_VARIABLES: [&str; 3] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];

/// How connections are made. Chosen at `init`, when a mistake can still be told to whoever made it.
#[derive(Clone, Default)]
pub struct Route {
    pub proxy: Option<Proxy>,
    /// The proxy makes the requests itself, instead of opening a tunnel.
    pub is_forwarded: bool,
    /// `None` for Mozilla's list alone.
    pub roots: Option<RootCerts>,
}

impl Route {
    /// Reads the options, and where they say nothing the environment; what is wrong there is not the caller's
    /// fault, and is left out.
    ///
    /// # Errors
    /// A proxy's address or a file of certificates that cannot be read.
    pub fn new(
        options: &Options,
        destination: Option<&Destination>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let Some(url) = destination.map(|destination| destination.envelope_url.as_str()) else {
            return Ok(Self::default());
        };
        let proxy = proxy(&options.network, url, &environment)?;
        let given = options.network.ca_certs.as_deref().map(certificates).transpose();
        let roots = match given.map_err(|reason| ConfigError::InvalidFile {
            option: "ca_certs",
            reason,
            allowed: "the path of a file with certificates (PEM)",
        })? {
            Some(given) => Some(given),
            None => CERTIFICATE_VARIABLES
                .iter()
                .filter_map(|name| environment(name))
                .find_map(|path| certificates(&path).ok()),
        };
        let is_forwarded = proxy.as_ref().is_some_and(|proxy| is_forwarded(url, proxy));
        Ok(Self { proxy, is_forwarded, roots: roots.map(with_public_ones) })
    }
}

/// The options beat the environment, for which alone `NO_PROXY` counts; https falls back to http (Sentry SDKs,
/// "Transport Options").
fn proxy(
    network: &Network,
    url: &str,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, ConfigError> {
    let is_exempt = is_exempt(url, &variable(environment, "no_proxy").unwrap_or_default());
    let choose = |option, given: &Option<String>| match given.as_deref() {
        Some("") => Ok(None),
        Some(given) => parse(given).map(Some).ok_or(ConfigError::InvalidProxy { option }),
        None if is_exempt => Ok(None),
        None => Ok(variable(environment, option).and_then(|url| parse(&url))),
    };
    let own = if url.starts_with("https:") { choose("https_proxy", &network.https_proxy)? } else { None };
    own.map_or_else(|| choose("http_proxy", &network.http_proxy), |own| Ok(Some(own)))
}

/// A proxy's address; `None` where it is none, or its port is none.
fn parse(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let authority = proxy.uri().authority()?;
    // A port beyond 65,535 is none to the parser, which then takes the one of the scheme.
    let (_, behind) = authority.as_str().rsplit_once(authority.host())?;
    (behind.is_empty() || authority.port_u16().is_some_and(|port| port > 0)).then_some(proxy)
}

/// A proxy's variable in lower case, else in upper case.
fn variable(environment: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    // Under CGI `HTTP_PROXY` is the header `Proxy` of whoever made the request.
    let is_forged = name == "http_proxy" && environment("REQUEST_METHOD").is_some();
    environment(name)
        .or_else(|| if is_forged { None } else { environment(&name.to_ascii_uppercase()) })
        .filter(|value| !value.is_empty())
}

/// Whether `NO_PROXY` names the host of that URL: itself, a domain above it (with or without a dot or an
/// asterisk before it), either with the port, or everything by an asterisk.
fn is_exempt(url: &str, no_proxy: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let authority = authority.to_ascii_lowercase();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (host, port),
        _ => (authority.as_str(), if url.starts_with("https:") { "443" } else { "80" }),
    };
    let with_port = format!("{host}:{port}");
    let bare = host.trim_matches(['[', ']']);
    no_proxy.split(',').any(|entry| {
        let entry = entry.trim().to_ascii_lowercase();
        let domain = entry.trim_start_matches('*').trim_start_matches('.');
        if domain.is_empty() {
            return entry == "*";
        }
        let is_below = |name: &str| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        [bare, host, &with_port].iter().any(|name| *name == domain || is_below(name))
    })
}

/// The certificates of a file, or why there are none.
fn certificates(path: &str) -> Result<Vec<Certificate<'static>>, String> {
    let pem = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate.to_owned()),
            _ => None,
        })
        .collect();
    // A system's list may hold some that nobody reads; of those that somebody names by hand one has to be good.
    let is_good = |certificate: &Certificate<'_>| {
        anchor_from_trusted_cert(&CertificateDer::from_slice(certificate.der())).is_ok()
    };
    match certificates.as_slice() {
        [] => Err(format!("{path} has no certificate in it")),
        all if all.iter().any(is_good) => Ok(certificates),
        _ => Err(format!("{path} has no certificate in it that can be read")),
    }
}

fn with_public_ones(mut own: Vec<Certificate<'static>>) -> RootCerts {
    own.extend(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der)));
    RootCerts::Specific(Arc::new(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(
        options: &str,
        scheme: &str,
        variables: &[(&str, &str)],
    ) -> Result<Option<String>, ConfigError> {
        let options = Options::read(options.as_bytes(), |_| None).unwrap();
        let destination = Destination::new(scheme, "o1.sentry.example.com", "", "42", "key");
        let environment =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let route = Route::new(&options, Some(&destination), environment)?;
        Ok(route.proxy.map(|proxy| proxy.host().to_owned()))
    }

    #[test]
    fn options_beat_the_environment_and_https_falls_back_to_http() {
        let environment =
            [("HTTP_PROXY", "http://env-plain:1"), ("https_proxy", "http://user:pass@env-tls:2")];
        let is = |options, scheme| chosen(options, scheme, &environment).unwrap();
        assert_eq!(is("{}", "http").as_deref(), Some("env-plain"));
        assert_eq!(is("{}", "https").as_deref(), Some("env-tls"));
        assert_eq!(is(r#"{"http_proxy": "own:3"}"#, "http").as_deref(), Some("own"));
        assert_eq!(is(r#"{"http_proxy": ""}"#, "http"), None);
        assert_eq!(is(r#"{"http_proxy": "own:3", "https_proxy": ""}"#, "https").as_deref(), Some("own"));
        assert_eq!(is(r#"{"http_proxy": "", "https_proxy": ""}"#, "https"), None);
        assert_eq!(chosen("{}", "http", &[("http_proxy", "no scheme at all://")]).unwrap(), None);
    }

    #[test]
    fn a_request_to_a_cgi_program_does_not_choose_its_proxy() {
        let cgi = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://evil:1")];
        assert_eq!(chosen("{}", "http", &cgi).unwrap(), None);
    }

    #[test]
    fn no_proxy_exempts_from_the_environment_alone() {
        for no_proxy in
            ["*", "example.com", "x, .Example.com", "*.sentry.example.com", "o1.sentry.example.com"]
        {
            let environment = [("HTTP_PROXY", "http://p:1"), ("NO_PROXY", no_proxy)];
            assert_eq!(chosen("{}", "http", &environment).unwrap(), None, "{no_proxy}");
            let own = chosen(r#"{"http_proxy": "own:3"}"#, "http", &environment).unwrap();
            assert_eq!(own.as_deref(), Some("own"));
        }
        for no_proxy in ["", ",", ".", "ample.com", "other.example.com", "o1"] {
            let environment = [("HTTP_PROXY", "http://p:1"), ("NO_PROXY", no_proxy)];
            assert!(chosen("{}", "http", &environment).unwrap().is_some(), "{no_proxy}");
        }
        assert!(is_exempt("http://[::1]:9000/api/1/envelope/", "::1"));
        assert!(is_exempt("http://localhost:9000/api/1/envelope/", "localhost:9000"));
        assert!(!is_exempt("http://localhost:9000/api/1/envelope/", "localhost:9001"));
        assert!(is_exempt("https://o1.example.com/api/1/envelope/", "example.com:443"));
        assert!(!is_exempt("http://o1.example.com/api/1/envelope/", "example.com:443"));
        assert!(is_exempt("http://[::1]/api/1/envelope/", "[::1]:80"));
    }

    #[test]
    fn certificates_are_read_when_they_are_named() {
        let folder = std::env::temp_dir().join(format!("spanwire-certificates-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("own.pem");
        let read = |der: &[u8]| {
            use base64::{Engine, engine::general_purpose::STANDARD};
            let pem =
                format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der));
            std::fs::write(&path, pem).unwrap();
            certificates(path.to_str().unwrap()).map(|all| all.len())
        };
        let good = webpki_root_certs::TLS_SERVER_ROOT_CERTS.first().unwrap();
        assert_eq!(read(good), Ok(1));
        for broken in [&good[..good.len() / 2], b"no certificate", b""] {
            assert!(read(broken).unwrap_err().contains("no certificate in it"));
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_named_without_its_secrets() {
        let said = |options: &str| chosen(options, "https", &[]).map(drop).unwrap_err().to_string();
        let proxy = said(r#"{"https_proxy": "gopher://user:hunter2@h"}"#);
        assert!(proxy.starts_with("option `https_proxy` cannot be read") && !proxy.contains("hunter2"));
        assert!(said(r#"{"ca_certs": "/nowhere.pem"}"#).starts_with("option `ca_certs`: /nowhere.pem: "));
        for port in ["99999", "0", "x", "80:80"] {
            let said = said(&format!(r#"{{"https_proxy": "http://u:hunter2@h:{port}"}}"#));
            assert!(said.starts_with("option `https_proxy` cannot be read"), "{port}");
        }
        for proxy in ["http://h:65535", "http://u:p@h", "http://[::1]", "http://[::1]:8080", "h:1"] {
            assert!(chosen(&format!(r#"{{"https_proxy": "{proxy}"}}"#), "https", &[]).is_ok(), "{proxy}");
        }
        let options = Options::read(br#"{"http_proxy": "http://u:hunter2@h"}"#, |_| None).unwrap();
        assert!(!format!("{options:?}").contains("hunter2"));
    }
}
