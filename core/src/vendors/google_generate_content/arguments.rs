//! Arguments of a function call that come bit by bit, each with the path to its place.
//! Source: Vertex AI's API reference, `FunctionCall.partialArgs` (`PartialArg`).

use crate::json::{Node, quote};

/// The arguments as far as they came, written down while they come. An argument inside of another one stays
/// under its path, so that nothing has to be held as a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    json: String,
    /// The path of the text at the end, which the next bit may go on with.
    open: Option<String>,
}

impl Arguments {
    /// Takes a bit: texts go on, everything else comes at once.
    pub fn take(&mut self, bit: Node<'_>) {
        let Some(path) = bit.any(&["jsonPath", "json_path"]).str() else { return };
        let name = path.strip_prefix("$.").unwrap_or(&path);
        let Some(text) = bit.any(&["stringValue", "string_value"]).str() else {
            self.begin(name);
            return bit
                .any(&["numberValue", "number_value", "boolValue", "bool_value"])
                .write(&mut self.json);
        };
        if self.open.as_deref() != Some(name) {
            self.begin(name);
            self.json.push('"');
            self.open = Some(name.to_owned());
        }
        let mut quoted = String::new();
        quote(&mut quoted, &text);
        self.json.push_str(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default());
    }

    fn begin(&mut self, name: &str) {
        self.close();
        self.json.push(if self.json.is_empty() { '{' } else { ',' });
        quote(&mut self.json, name);
        self.json.push(':');
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.json.push('"');
        }
    }

    /// All of them, as JSON; nothing where none came.
    pub fn finish(mut self) -> String {
        self.close();
        if !self.json.is_empty() {
            self.json.push('}');
        }
        self.json
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Doc;
    use serde_json::{Value, json};

    fn arguments(bits: &[Value]) -> String {
        let mut arguments = Arguments::default();
        for bit in bits {
            let text = bit.to_string();
            arguments.take(Doc::parse(text.as_bytes()).unwrap().root());
        }
        arguments.finish()
    }

    #[test]
    fn bits_become_arguments() {
        let json = arguments(&[
            json!({"jsonPath": "$.city", "stringValue": "Par", "willContinue": true}),
            json!({"jsonPath": "$.city", "stringValue": "is\n\"", "willContinue": true}),
            json!({"jsonPath": "$.city", "stringValue": ""}),
            json!({"json_path": "$.days[0].hour", "number_value": 9}),
            json!({"jsonPath": "$.is_sure", "boolValue": true}),
            json!({"jsonPath": "$.note", "nullValue": "NULL_VALUE"}),
        ]);
        assert_eq!(
            serde_json::from_str::<Value>(&json).unwrap(),
            json!({"city": "Paris\n\"", "days[0].hour": 9, "is_sure": true, "note": null})
        );
        assert_eq!(arguments(&[json!({"jsonPath": "$.a", "stringValue": "cut"})]), r#"{"a":"cut"}"#);
        assert_eq!(arguments(&[json!(5), json!({"jsonPath": 5}), json!({"stringValue": "a"})]), "");
    }
}
