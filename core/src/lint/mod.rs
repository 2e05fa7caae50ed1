//! What the conventions and the protocol would say of spans: of those in a file of envelopes, and of one that
//! is about to leave.

mod attributes;
mod envelope;
mod finding;
mod kinds;
mod seen;
mod shapes;
mod trace;

use std::collections::BTreeSet;

use crate::{
    attributes::{Attributes, legacy::Conventions},
    envelope::read_all,
    error::EnvelopeError,
};

pub use finding::{Finding, Report, Rule, Severity};
use finding::{Findings, Place};
use seen::Seen;

/// Looks at every span of a file of envelopes: span v2 items and transactions.
///
/// # Errors
/// Bytes that are no envelope, and where.
pub fn file(bytes: &[u8]) -> Result<Report, EnvelopeError> {
    let envelopes = read_all(bytes)?;
    let mut findings = Findings::default();
    let mut spans: Vec<Seen> = Vec::new();
    for envelope in &envelopes {
        envelope::check(envelope, &mut spans, &mut findings);
    }
    for span in &spans {
        findings.at(span.place());
        check(span, Conventions::Current, &mut findings);
    }
    trace::check(&spans, &mut findings);
    let traces: BTreeSet<&str> = spans.iter().map(|span| span.trace_id.as_str()).collect();
    Ok(Report {
        envelopes: envelopes.len(),
        traces: traces.len(),
        spans: spans.len(),
        findings: findings.in_order(),
    })
}

/// Looks at one span by itself. Deprecated names are no finding where they were asked for.
pub(crate) fn span(name: &str, attributes: &Attributes, conventions: Conventions) -> Vec<Finding> {
    let mut findings = Findings::default();
    check(&Seen::alone(name, attributes.clone()), conventions, &mut findings);
    findings.all()
}

fn check(span: &Seen, conventions: Conventions, findings: &mut Findings) {
    kinds::check(span, findings);
    attributes::check(span, conventions, findings);
    shapes::check(span, findings);
}
