//! A value that satisfies a JSON schema, always the same one.

use serde_json::{Map, Value, json};

use super::json::{field, text};

/// Levels of a schema that are followed; one that refers to itself ends here.
const MAX_DEPTH: usize = 8;

/// A sample for the parts of JSON Schema that vendors' structured outputs take; `null` where the
/// schema says nothing.
pub(super) fn sample(schema: &Value) -> Value {
    Sampler { root: schema }.sample(schema, MAX_DEPTH)
}

struct Sampler<'a> {
    root: &'a Value,
}

impl Sampler<'_> {
    fn sample(&self, schema: &Value, depth: usize) -> Value {
        if depth == 0 {
            return Value::Null;
        }
        let below = |schema: &Value| self.sample(schema, depth - 1);
        if let Some(target) = text(schema, "/$ref").strip_prefix('#') {
            return self.root.pointer(target).map_or(Value::Null, below);
        }
        if let Some(first) = schema.pointer("/enum/0").or_else(|| schema.get("const")) {
            return first.clone();
        }
        if let Some(first) = schema.pointer("/anyOf/0") {
            return below(first);
        }
        // Google writes the names of types in capitals.
        let kind = field(schema, "/type").as_str().unwrap_or_else(|| text(schema, "/type/0"));
        match kind.to_lowercase().as_str() {
            "object" => object(field(schema, "/properties"), below),
            "array" => json!([below(field(schema, "/items"))]),
            "string" => json!("sample"),
            "integer" => json!(1),
            "number" => json!(1.5),
            "boolean" => json!(true),
            _ => Value::Null,
        }
    }
}

fn object(properties: &Value, below: impl Fn(&Value) -> Value) -> Value {
    let properties = properties.as_object().into_iter().flatten();
    Value::Object(properties.map(|(name, schema)| (name.clone(), below(schema))).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::sample;

    #[test]
    fn every_kind_has_its_sample() {
        let schema = json!({
            "type": "object",
            "properties": {
                "city": { "type": "string" },
                "days": { "type": "array", "items": { "$ref": "#/$defs/day" } },
                "unit": { "type": ["string", "null"], "enum": ["celsius", "kelvin"] },
                "sure": { "anyOf": [{ "type": "boolean" }, { "type": "null" }] },
            },
            "$defs": { "day": { "type": "object", "properties": { "high": { "type": "number" } } } },
        });
        let expected = json!({
            "city": "sample", "days": [{ "high": 1.5 }], "unit": "celsius", "sure": true,
        });
        assert_eq!(sample(&schema), expected);
    }

    #[test]
    fn a_schema_within_itself_ends() {
        let schema = json!({ "type": "array", "items": { "$ref": "#" } });
        assert!(sample(&schema).is_array());
    }
}
