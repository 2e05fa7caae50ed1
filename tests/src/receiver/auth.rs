//! Who sent an envelope: the auth of a request, by header or by query, and what belongs to it.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};

use super::finding::Finding;

/// The content type of an envelope whose auth stands in a header.
const ENVELOPE_TYPE: &str = "application/x-sentry-envelope";

/// What a browser may send to another origin without asking first (Fetch standard).
const SIMPLE_TYPES: [&str; 3] = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

/// Checks auth, content type and user agent of a request.
pub(super) fn check(headers: &HeaderMap, query: &[(String, String)], findings: &mut Vec<Finding>) {
    if headers.get(USER_AGENT).is_none() {
        findings.push(Finding::NoUserAgent);
    }
    let content_type = text(headers, CONTENT_TYPE.as_str());
    if headers.contains_key("x-sentry-auth") {
        check_header(text(headers, "x-sentry-auth"), findings);
        if content_type != ENVELOPE_TYPE {
            findings
                .push(Finding::BadContentType { found: content_type.to_owned(), expected: ENVELOPE_TYPE });
        }
    } else if query.iter().any(|(name, _)| name.starts_with("sentry_")) {
        check_members(
            |name| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()),
            findings,
        );
        if !SIMPLE_TYPES.contains(&essence(content_type)) {
            let expected = "one that needs no preflight";
            findings.push(Finding::BadContentType { found: content_type.to_owned(), expected });
        }
    } else {
        findings.push(Finding::NoAuth);
    }
}

fn check_header(value: &str, findings: &mut Vec<Finding>) {
    let Some(members) = value.strip_prefix("Sentry ") else {
        findings.push(Finding::BadAuthScheme { value: value.to_owned() });
        return;
    };
    let members: Vec<_> = members.split(',').filter_map(|member| member.trim().split_once('=')).collect();
    check_members(|name| members.iter().find(|(key, _)| *key == name).map(|(_, value)| *value), findings);
}

fn check_members<'a>(member: impl Fn(&str) -> Option<&'a str>, findings: &mut Vec<Finding>) {
    if member("sentry_key").unwrap_or_default().is_empty() {
        findings.push(Finding::NoAuthKey);
    }
    let version = member("sentry_version").unwrap_or_default();
    if version != "7" {
        findings.push(Finding::BadAuthVersion { found: version.to_owned() });
    }
    let client = member("sentry_client").unwrap_or_default();
    if !client.split_once('/').is_some_and(|(name, version)| !name.is_empty() && !version.is_empty()) {
        findings.push(Finding::BadAuthClient { found: client.to_owned() });
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The media type without its parameters.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::super::finding::Finding;
    use super::check;

    const GOOD: &str = "Sentry sentry_key=k, sentry_version=7, sentry_client=spanwire.test/0.1.0";

    fn by_header(auth: &'static str) -> Vec<Finding> {
        found(&[("x-sentry-auth", auth), ("content-type", super::ENVELOPE_TYPE), ("user-agent", "t")], &[])
    }

    fn by_query(query: &[(&str, &str)]) -> Vec<Finding> {
        found(&[("content-type", "text/plain;charset=UTF-8"), ("user-agent", "t")], query)
    }

    fn found(headers: &[(&'static str, &'static str)], query: &[(&str, &str)]) -> Vec<Finding> {
        let headers = headers
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let headers: HeaderMap = headers.collect();
        let query: Vec<_> = query.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut findings = Vec::new();
        check(&headers, &query, &mut findings);
        findings
    }

    #[test]
    fn good_auth_by_header_and_by_query() {
        assert_eq!(by_header(GOOD), []);
        let query = [("sentry_key", "k"), ("sentry_version", "7"), ("sentry_client", "a/1")];
        assert_eq!(by_query(&query), []);
    }

    #[test]
    fn no_auth_at_all() {
        assert_eq!(by_query(&[]), [Finding::NoAuth]);
    }

    #[test]
    fn auth_of_another_scheme() {
        let value = "Bearer k".to_owned();
        assert_eq!(by_header("Bearer k"), [Finding::BadAuthScheme { value }]);
    }

    #[test]
    fn each_member_is_needed() {
        let version = |found: &str| Finding::BadAuthVersion { found: found.to_owned() };
        let client = |found: &str| Finding::BadAuthClient { found: found.to_owned() };
        assert_eq!(by_header("Sentry sentry_version=7, sentry_client=a/1"), [Finding::NoAuthKey]);
        assert_eq!(by_header("Sentry sentry_key=k, sentry_version=6, sentry_client=a/1"), [version("6")]);
        assert_eq!(by_header("Sentry sentry_key=k, sentry_version=7, sentry_client=a"), [client("a")]);
        assert_eq!(by_query(&[("sentry_key", "k")]), [version(""), client("")]);
    }

    #[test]
    fn the_content_type_fits_the_auth() {
        let found_type =
            |found: &str, expected| Finding::BadContentType { found: found.to_owned(), expected };
        let findings = found(&[("x-sentry-auth", GOOD), ("user-agent", "t")], &[]);
        assert_eq!(findings, [found_type("", super::ENVELOPE_TYPE)]);
        let query = [("sentry_key", "k"), ("sentry_version", "7"), ("sentry_client", "a/1")];
        let findings = found(&[("content-type", super::ENVELOPE_TYPE), ("user-agent", "t")], &query);
        assert_eq!(findings, [found_type(super::ENVELOPE_TYPE, "one that needs no preflight")]);
    }

    #[test]
    fn a_user_agent_is_needed() {
        let findings = found(&[("x-sentry-auth", GOOD), ("content-type", super::ENVELOPE_TYPE)], &[]);
        assert_eq!(findings, [Finding::NoUserAgent]);
    }
}
