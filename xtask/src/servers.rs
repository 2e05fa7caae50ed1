//! The local model vendor and Sentry receiver, and what the receiver got.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::Workspace;

/// Both servers, until this is dropped.
#[derive(Debug)]
pub(crate) struct Servers {
    child: Child,
    vendor: String,
    receiver: String,
}

impl Servers {
    /// Starts the program that [`crate::build::servers`] built.
    ///
    /// # Errors
    /// When it is not built or does not say where it listens.
    pub fn start(workspace: &Workspace) -> Result<Self> {
        let program = workspace.test_servers();
        let mut child = Command::new(&program)
            .arg("--until-stdin-closes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", workspace.show(&program)))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the test servers have no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("the test servers did not start")?;
        let url = |name| ready.get(name).and_then(Value::as_str).map(str::to_owned);
        let urls = url("vendor").zip(url("receiver"));
        let (vendor, receiver) = urls.context("the test servers did not say where they listen")?;
        Ok(Self { child, vendor, receiver })
    }

    /// The DSN of the receiver.
    pub fn dsn(&self) -> String {
        format!("{}/42", self.receiver.replacen("://", "://public@", 1))
    }

    /// The URL of the model vendor.
    pub fn vendor(&self) -> &str {
        &self.vendor
    }

    /// What an OpenAI client takes for its base URL.
    pub fn openai_base_url(&self) -> String {
        format!("{}/v1", self.vendor)
    }

    /// What programs of the examples and quick starts find in their environment.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        let key = "demo".to_owned();
        [("SENTRY_DSN", self.dsn()), ("OPENAI_BASE_URL", self.openai_base_url()), ("OPENAI_API_KEY", key)]
    }

    /// Makes both servers forget what they got.
    ///
    /// # Errors
    /// When one does not answer.
    pub fn reset(&self) -> Result<()> {
        for server in [&self.vendor, &self.receiver] {
            ureq::post(format!("{server}/__reset")).send_empty()?;
        }
        Ok(())
    }

    /// Everything the receiver got.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn received(&self) -> Result<Received> {
        let text = ureq::get(format!("{}/__envelopes", self.receiver)).call()?.body_mut().read_to_string()?;
        Ok(Received(serde_json::from_str(&text)?))
    }

    /// The accepted envelopes as they came, one after the other.
    ///
    /// # Errors
    /// When the receiver does not answer.
    pub fn raw(&self) -> Result<Vec<u8>> {
        let url = format!("{}/__envelopes.raw", self.receiver);
        Ok(ureq::get(url).call()?.body_mut().read_to_vec()?)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // They end when their standard input does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The receiver's account of the envelopes that came.
#[derive(Debug)]
pub(crate) struct Received(Vec<Value>);

impl Received {
    /// All spans, those of transactions told as span items are.
    pub fn spans(&self) -> Vec<Value> {
        let items = self.0.iter().flat_map(|envelope| array(envelope, "items"));
        items.flat_map(|item| spans_of(&item)).collect()
    }

    /// Checks that something came, and that the receiver found nothing wrong with it.
    ///
    /// # Errors
    /// With the findings.
    pub fn check(&self) -> Result<()> {
        if self.0.is_empty() {
            bail!("the receiver got no envelope");
        }
        let findings: Vec<Value> = self.0.iter().flat_map(|envelope| array(envelope, "findings")).collect();
        if !findings.is_empty() {
            bail!("the receiver found: {}", Value::Array(findings));
        }
        Ok(())
    }
}

fn spans_of(item: &Value) -> Vec<Value> {
    let payload = item.get("payload").unwrap_or(&Value::Null);
    match item.pointer("/header/type").and_then(Value::as_str) {
        Some("span") => array(payload, "items"),
        Some("transaction") => {
            let mut root = payload.pointer("/contexts/trace").cloned().unwrap_or_default();
            if let (Some(root), Some(name)) = (root.as_object_mut(), payload.get("transaction")) {
                root.insert("name".into(), name.clone());
            }
            let inner = array(payload, "spans").into_iter().map(|mut span| {
                let name = span.get("description").cloned().unwrap_or_default();
                if let Some(span) = span.as_object_mut() {
                    span.insert("name".into(), name);
                }
                span
            });
            [root].into_iter().chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

/// The operation of a span in either form.
pub(crate) fn op(span: &Value) -> &str {
    let op = span.pointer("/attributes/sentry.op/value").or_else(|| span.get("op"));
    op.and_then(Value::as_str).unwrap_or_default()
}

fn array(value: &Value, key: &str) -> Vec<Value> {
    value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn received(envelope: Value) -> Received {
        Received(vec![envelope])
    }

    #[test]
    fn span_items_and_transactions_give_spans() {
        let span = json!({ "name": "chat x", "attributes": { "sentry.op": { "value": "gen_ai.chat" } } });
        let item = json!({ "header": { "type": "span" }, "payload": { "items": [span] } });
        let transaction = json!({ "header": { "type": "transaction" }, "payload": {
            "transaction": "agent", "contexts": { "trace": { "op": "gen_ai.invoke_agent" } },
            "spans": [{ "op": "gen_ai.chat", "description": "chat y" }] } });
        let spans = received(json!({ "items": [item, transaction, { "header": {} }] })).spans();
        let told: Vec<_> =
            spans.iter().map(|span| (op(span), span.get("name").and_then(Value::as_str))).collect();
        let expected =
            [("gen_ai.chat", "chat x"), ("gen_ai.invoke_agent", "agent"), ("gen_ai.chat", "chat y")];
        assert_eq!(told, expected.map(|(op, name)| (op, Some(name))));
    }

    #[test]
    fn nothing_and_findings_are_errors() {
        assert!(Received(Vec::new()).check().is_err());
        assert!(received(json!({ "findings": ["no final newline"] })).check().is_err());
        assert!(received(json!({ "findings": [] })).check().is_ok());
    }
}
