//! The option `spotlight`: a window into what leaves, on the developer's own machine (Spotlight, "Configuration").

use std::time::Duration;

use serde_json::Value;

use super::reader::{Reader, invalid, is_true};
use crate::error::ConfigError;

/// Where Spotlight listens, unless told otherwise.
pub const SPOTLIGHT_URL: &str = "http://localhost:8969/stream";

/// How long a flush waits for Spotlight at most: it is on this machine, and nobody misses what it misses.
pub const SPOTLIGHT_PATIENCE: Duration = Duration::from_millis(500);

/// What is said once when nobody answers there, in debug mode or not: somebody asked for it, and sees nothing.
pub fn spotlight_is_away(url: &str, error: &str) -> String {
    format!("Spotlight is not at {url} ({error}); start it, or leave `spotlight` out")
}

/// Where to send, if at all. What `init` was given beats the environment (`SENTRY_SPOTLIGHT`), except that `true`
/// takes a URL from there.
pub(super) fn read(reader: &Reader, environment: Option<&str>) -> Result<Option<String>, ConfigError> {
    let url = environment.filter(|value| is_url(value));
    let is_on = environment.is_some_and(is_true);
    let chosen = || url.unwrap_or(SPOTLIGHT_URL).to_owned();
    match reader.value("spotlight") {
        None => Ok((is_on || url.is_some()).then(chosen)),
        Some(Value::Bool(is_on)) => Ok(is_on.then(chosen)),
        Some(Value::String(given)) if is_url(given) => Ok(Some(given.clone())),
        Some(other) => {
            Err(invalid("spotlight", other, "true, false or a URL, like \"http://localhost:8969/stream\""))
        }
    }
}

/// Anything else in the environment is a mistake of somebody who is not the program, and no reason to stop it.
fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use crate::config::{Options, SPOTLIGHT_URL};

    fn chosen(option: &str, environment: &str) -> Option<String> {
        let json = format!(r#"{{"spotlight": {option}}}"#);
        let variable = |name: &str| (name == "SENTRY_SPOTLIGHT").then(|| environment.to_owned());
        Options::read(json.as_bytes(), variable).unwrap().spotlight
    }

    #[test]
    fn the_option_beats_the_environment_and_true_takes_its_url() {
        let (default, other) = (Some(SPOTLIGHT_URL.to_owned()), Some("http://box:1/stream".to_owned()));
        for on in ["true", "t", "Y", "yes", "ON", "1"] {
            assert_eq!(chosen("null", on), default, "{on}");
        }
        for off in ["false", "F", "n", "no", "off", "0", "", "perhaps"] {
            assert_eq!(chosen("null", off), None, "{off}");
            assert_eq!(chosen("true", off), default, "{off}");
        }
        assert_eq!(chosen("null", "http://box:1/stream"), other);
        assert_eq!(chosen("true", "http://box:1/stream"), other);
        assert_eq!(chosen("false", "http://box:1/stream"), None);
        assert_eq!(chosen(r#""http://box:1/stream""#, "http://else:2/stream"), other);
        for wrong in ["5", r#""perhaps""#] {
            let json = format!(r#"{{"spotlight": {wrong}}}"#);
            let error = Options::read(json.as_bytes(), |_| None).unwrap_err().to_string();
            assert!(error.contains("`spotlight`") && error.contains("true, false or a URL"), "{error}");
        }
    }

    #[test]
    fn spotlight_alone_is_enough() {
        assert!(Options::read(br#"{"spotlight": true}"#, |_| None).unwrap().is_active());
    }
}
