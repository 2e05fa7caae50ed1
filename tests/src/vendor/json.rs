//! Reading and writing fields of a JSON value that may be anything.

use serde_json::Value;

/// The value at a JSON pointer, `null` where there is none.
pub(super) fn field<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The text at a JSON pointer, empty where there is none.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    field(value, pointer).as_str().unwrap_or_default()
}

/// The members of the list at a JSON pointer, none where there is no list.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> std::slice::Iter<'a, Value> {
    field(value, pointer).as_array().map(|list| list.iter()).unwrap_or_default()
}

/// Sets a key, if the value is an object.
pub(super) fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}
