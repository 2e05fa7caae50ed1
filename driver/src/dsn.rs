//! DSN -> destination.

use sentry_types::Dsn;
use spanwire::{client::Destination, error::ConfigError};

/// Reads a DSN. A legacy secret in it is left behind.
///
/// # Errors
/// It cannot be read.
pub fn destination(dsn: &str) -> Result<Destination, ConfigError> {
    let dsn = dsn.trim();
    if dsn.contains(char::is_whitespace) {
        return Err(ConfigError::InvalidDsn { reason: "white space inside".to_owned() });
    }
    let parsed: Dsn = dsn.parse().map_err(|error: sentry_types::ParseDsnError| ConfigError::InvalidDsn {
        reason: error.to_string(),
    })?;
    let host = if parsed.port() == parsed.scheme().default_port() {
        parsed.host().to_owned()
    } else {
        format!("{}:{}", parsed.host(), parsed.port())
    };
    Ok(Destination::new(
        &parsed.scheme().to_string(),
        &host,
        parsed.path().trim_end_matches('/'),
        &parsed.project_id().to_string(),
        parsed.public_key(),
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_dsn_with_everything() {
        let destination = destination("http://public:secret@o12.example.com:8080/prefix/42").unwrap();
        assert_eq!(destination.envelope_url, "http://o12.example.com:8080/prefix/api/42/envelope/");
        assert_eq!(destination.dsn, "http://public@o12.example.com:8080/prefix/42");
        assert_eq!(destination.org_id.as_deref(), Some("12"));
    }

    #[test]
    fn an_ipv6_host_and_a_default_port() {
        assert_eq!(
            destination("https://key@[::1]:443/1").unwrap().envelope_url,
            "https://[::1]/api/1/envelope/"
        );
    }

    #[test]
    fn white_space_is_in_no_dsn() {
        assert!(destination(" https://key@example.com/1\n").is_ok());
        assert!(destination("https://key@example.com/a path/1").is_err());
    }

    #[test]
    fn nonsense_is_named_without_repeating_it() {
        let said = destination("https://secret-thing").unwrap_err().to_string();
        assert!(
            said.starts_with("option `dsn` cannot be read (") && !said.contains("secret-thing"),
            "{said}"
        );
    }
}
