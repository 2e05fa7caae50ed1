//! What of a trace must be the same in every language: operations, names, statuses, what was said, nesting.

use serde_json::Value;

use crate::servers::op;

/// Traces as indented lines. Siblings are sorted: what ran at the same time has no order.
#[derive(Debug, PartialEq)]
pub(crate) struct Shape(Vec<String>);

impl Shape {
    /// The shape of all traces that these spans belong to.
    pub fn of(spans: &[Value]) -> Self {
        let is_root = |span: &&Value| {
            let parent = text(span, "parent_span_id");
            parent.is_empty() || !spans.iter().any(|other| text(other, "span_id") == parent)
        };
        let roots = spans.iter().filter(is_root);
        let mut trees: Vec<_> = roots.map(|root| branch(spans, root, 0)).collect();
        trees.sort();
        Self(trees.concat())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines of which one has more than the other: `-` here, `+` there.
    pub fn difference(&self, other: &Self) -> String {
        let count = |shape: &Self, line: &String| shape.0.iter().filter(|it| *it == line).count();
        let mut lines: Vec<String> = Vec::new();
        for line in self.0.iter().chain(&other.0) {
            let (here, there) = (count(self, line), count(other, line));
            let sign = match here.cmp(&there) {
                std::cmp::Ordering::Less => "+",
                std::cmp::Ordering::Equal => continue,
                std::cmp::Ordering::Greater => "-",
            };
            let told = format!("{sign} {line}");
            if !lines.contains(&told) {
                lines.push(told);
            }
        }
        if lines.is_empty() { "the same lines in another order".to_owned() } else { lines.join("\n") }
    }
}

/// A span and what is below it. Deeper than any agent goes, it stops: ids may form a ring.
fn branch(spans: &[Value], span: &Value, depth: usize) -> Vec<String> {
    const DEEPEST: usize = 50;
    let said = said(span).map(|said| format!("  {said}")).unwrap_or_default();
    let line =
        format!("{}{}  {}  {}{said}", "  ".repeat(depth), op(span), text(span, "name"), text(span, "status"));
    let id = text(span, "span_id");
    let is_child = |other: &&Value| !id.is_empty() && text(other, "parent_span_id") == id;
    let children = spans.iter().filter(is_child).filter(|_| depth < DEEPEST);
    let mut below: Vec<_> = children.map(|child| branch(spans, child, depth + 1)).collect();
    below.sort();
    [line].into_iter().chain(below.concat()).collect()
}

/// The text of a span's output messages; the ids of tool calls are never the same.
fn said(span: &Value) -> Option<String> {
    let messages = span.pointer("/attributes/gen_ai.output.messages/value")?.as_str()?;
    let messages: Vec<Value> = serde_json::from_str(messages).ok()?;
    let parts = messages.iter().filter_map(|message| message.get("parts")?.as_array()).flatten();
    let texts: Vec<&str> = parts.filter_map(|part| part.get("content")?.as_str()).collect();
    Some(texts.join(" "))
}

fn text<'a>(span: &'a Value, key: &str) -> &'a str {
    span.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn span(id: &str, parent: &str, op: &str, name: &str, status: &str) -> Value {
        let attributes = json!({ "sentry.op": { "value": op } });
        json!({ "span_id": id, "parent_span_id": parent, "name": name, "status": status, "attributes": attributes })
    }

    #[test]
    fn ids_and_the_order_of_siblings_do_not_matter() {
        let one = [
            span("1", "", "gen_ai.invoke_agent", "agent", "ok"),
            span("2", "1", "gen_ai.chat", "chat", "ok"),
            span("3", "1", "gen_ai.execute_tool", "tool", "error"),
        ];
        let other = [
            span("7", "9", "gen_ai.execute_tool", "tool", "error"),
            span("8", "9", "gen_ai.chat", "chat", "ok"),
            span("9", "", "gen_ai.invoke_agent", "agent", "ok"),
        ];
        let shape = Shape::of(&one);
        assert_eq!(shape, Shape::of(&other));
        let lines = [
            "gen_ai.invoke_agent  agent  ok",
            "  gen_ai.chat  chat  ok",
            "  gen_ai.execute_tool  tool  error",
        ];
        assert_eq!(shape.0, lines);
    }

    #[test]
    fn what_was_said_matters_and_ids_of_tool_calls_do_not() {
        let shape = |id: &str, content: &str| {
            let parts = json!([{ "type": "tool_call", "id": id }, { "type": "text", "content": content }]);
            let messages = json!([{ "role": "assistant", "parts": parts }]).to_string();
            let mut span = span("1", "", "gen_ai.chat", "chat", "ok");
            span["attributes"]["gen_ai.output.messages"] = json!({ "value": messages });
            Shape::of(&[span])
        };
        assert_eq!(shape("a", "Go there"), shape("b", "Go there"));
        assert_ne!(shape("a", "Go there"), shape("a", "Go Go there there"));
    }

    #[test]
    fn names_operations_statuses_and_nesting_matter() {
        let shape = |parent, op, name, status| {
            Shape::of(&[span("1", "", "", "root", "ok"), span("2", parent, op, name, status)])
        };
        let first = shape("1", "gen_ai.chat", "chat", "ok");
        let others = [
            shape("", "gen_ai.chat", "chat", "ok"),
            shape("1", "gen_ai.responses", "chat", "ok"),
            shape("1", "gen_ai.chat", "chat x", "ok"),
            shape("1", "gen_ai.chat", "chat", "error"),
        ];
        assert!(others.iter().all(|other| *other != first));
        assert_eq!(
            first.difference(&shape("1", "gen_ai.chat", "chat", "error")),
            "-   gen_ai.chat  chat  ok\n+   gen_ai.chat  chat  error"
        );
    }
}
