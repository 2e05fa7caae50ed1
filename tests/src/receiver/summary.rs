//! What was received, as counts: for loads whose envelopes would be too many to hand out.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::record::Record;

#[derive(Default)]
struct Summary<'a> {
    spans: u64,
    ids: HashSet<&'a str>,
    statuses: BTreeMap<String, u64>,
    reported: BTreeMap<String, u64>,
    findings: u64,
}

/// The counts. `spans`: those whose sender was told that they were taken; `distinct`: the same, each once;
/// `statuses`: how requests were answered, `cut` where they were not; `reported`: the quantities of client
/// reports by `category:reason`.
pub(super) fn of(records: &[Record]) -> Value {
    let mut summary = Summary::default();
    for record in records {
        let status = record.status().map_or_else(|| "cut".to_owned(), |status| status.to_string());
        *summary.statuses.entry(status).or_default() += 1;
        summary.findings += record.findings() as u64;
        if record.accepted().is_some() {
            record.items().for_each(|(kind, payload)| summary.add(kind, payload));
        }
    }
    json!({
        "envelopes": records.len(),
        "spans": summary.spans,
        "distinct": summary.ids.len(),
        "statuses": summary.statuses,
        "reported": summary.reported,
        "findings": summary.findings,
    })
}

impl<'a> Summary<'a> {
    fn add(&mut self, kind: &str, payload: &'a Value) {
        let list = |key: &str| payload.get(key).and_then(Value::as_array).into_iter().flatten();
        match kind {
            "span" => list("items").for_each(|span| self.span(span)),
            "transaction" => {
                payload.pointer("/contexts/trace").into_iter().for_each(|segment| self.span(segment));
                list("spans").for_each(|span| self.span(span));
            }
            "client_report" => list("discarded_events").for_each(|discarded| self.discarded(discarded)),
            _ => {}
        }
    }

    fn span(&mut self, span: &'a Value) {
        self.spans += 1;
        self.ids.extend(span.get("span_id").and_then(Value::as_str));
    }

    fn discarded(&mut self, discarded: &Value) {
        let text = |key: &str| discarded.get(key).and_then(Value::as_str).unwrap_or_default();
        let quantity = discarded.get("quantity").and_then(Value::as_u64).unwrap_or(0);
        *self.reported.entry(format!("{}:{}", text("category"), text("reason"))).or_default() += quantity;
    }
}
