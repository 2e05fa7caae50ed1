//! What serde_json does not tell of a JSON text: keys given twice, and white space.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON object, and the keys which stood in it more than once.
pub(super) struct Object {
    pub(super) map: Map<String, Value>,
    pub(super) duplicates: Vec<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Object, A::Error> {
        let mut object = Object { map: Map::new(), duplicates: Vec::new() };
        while let Some((key, value)) = access.next_entry::<String, Value>()? {
            if object.map.insert(key.clone(), value).is_some() {
                object.duplicates.push(key);
            }
        }
        Ok(object)
    }
}

/// Whether a JSON text has no white space outside its strings.
pub(super) fn is_compact(text: &[u8]) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if !in_string && byte.is_ascii_whitespace() => return false,
            _ => {}
        }
    }
    true
}
