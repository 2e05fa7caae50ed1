//! Python values -> JSON bytes. Never raises, never changes what it reads, always ends.

use std::cell::Cell;
use std::fmt::Write;

use pyo3::{exceptions::PyKeyboardInterrupt, prelude::*, types::*};
use serde::de::IgnoredAny;
use serde_json::{Number, from_str};
use spanwire_driver::spanwire::{
    attributes::Value,
    config,
    json::{Cut, Json, quote, write_raw},
    messages::fitted,
};

/// Any Python value.
pub type Any<'py> = Bound<'py, PyAny>;

/// A value as JSON for the core, with raw strings.
pub fn json_of(value: &Any<'_>) -> Json {
    let (bytes, cut) = written(value, true);
    Json::new(bytes).cut(cut)
}

/// A value as JSON text.
pub fn bytes_of(value: &Any<'_>) -> Vec<u8> {
    written(value, false).0
}

/// A value as JSON text, with raw strings or without, and what of it there was no room for.
fn written(value: &Any<'_>, is_raw: bool) -> (Vec<u8>, Cut) {
    thread_local! {
        /// What the last value was written into, so that the next one finds room there. A value that calls back into
        /// here meanwhile finds an empty one.
        static ROOM: Cell<String> = const { Cell::new(String::new()) };
    }
    let mut writer = Writer { out: ROOM.take(), is_raw, path: Vec::new(), cut: Cut::default() };
    writer.value(value);
    let Writer { mut out, cut, .. } = writer;
    if out.capacity() > config::MAX_INLINE_BYTES {
        return (out.into_bytes(), cut);
    }
    let bytes = out.as_bytes().to_vec();
    out.clear();
    ROOM.set(out);
    (bytes, cut)
}

/// What went over the wire: bytes are taken as the JSON that they are.
pub fn wire_json_of(value: &Any<'_>) -> Json {
    value.cast::<PyBytes>().map_or_else(|_| json_of(value), |bytes| Json::new(bytes.as_bytes()))
}

/// A plain value as an attribute; `None` where it has to be written as JSON first.
pub fn attribute_of(value: &Any<'_>) -> Option<Value> {
    if let Ok(text) = value.cast::<PyString>() {
        Some(text_of(text).into())
    } else if let Ok(flag) = value.cast::<PyBool>() {
        Some(Value::Bool(flag.is_true()))
    } else if value.is_instance_of::<PyInt>() {
        Some(value.extract().map_or_else(|_| described(value).into(), Value::Int))
    } else {
        value.cast::<PyFloat>().ok().map(|float| Value::double(float.value()))
    }
}

/// What `str` says of a value; its type where `str` raises.
pub fn described(value: &Any<'_>) -> String {
    let text = value.str().inspect_err(|error| swallow(value.py(), error));
    text.map_or_else(|_| format!("<{}>", type_name(value)), |text| text_of(&text))
}

/// A text as it is, anything else as `str` says it.
pub fn text_from(value: &Any<'_>) -> String {
    value.cast::<PyString>().map_or_else(|_| described(value), text_of)
}

/// The name of a value's class.
pub fn type_name(value: &Any<'_>) -> String {
    value.get_type().name().as_ref().map_or_else(|_| "object".to_owned(), text_of)
}

/// A text; every surrogate without a partner becomes one U+FFFD.
pub fn text_of(text: &Bound<'_, PyString>) -> String {
    if let Ok(text) = text.to_str() {
        return text.to_owned();
    }
    let encoded = text.call_method1("encode", ("utf-16-le", "surrogatepass"));
    let bytes: Vec<u8> = encoded.and_then(|bytes| bytes.extract()).unwrap_or_default();
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// An error of the user's code that stops here. Only a Ctrl-C goes on, as a signal of its own.
pub fn swallow(py: Python<'_>, error: &PyErr) {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        let _ = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
    }
}

struct Writer {
    out: String,
    /// Whether strings are written raw.
    is_raw: bool,
    /// The containers that are open, by address.
    path: Vec<usize>,
    /// What there was no room for.
    cut: Cut,
}

impl Writer {
    fn value(&mut self, value: &Any<'_>) {
        if let Ok(text) = value.cast::<PyString>() {
            return self.string(text);
        }
        if value.is_instance_of::<PyDict>() || value.is_instance_of::<PyList>() {
            return self.structure(value);
        }
        match attribute_of(value) {
            // An integer beyond 64 bits, but a number in JSON.
            Some(Value::String(text)) if from_str::<Number>(&text).is_ok() => self.out.push_str(&text),
            Some(Value::String(text)) => self.text(&text),
            Some(plain) => plain.write(&mut self.out),
            None if value.is_none() => self.out.push_str("null"),
            None => self.structure(value),
        }
    }

    /// A Python string: as a rule without a copy.
    fn string(&mut self, text: &Bound<'_, PyString>) {
        if let Ok(text) = text.to_str() { self.text(text) } else { self.text(&text_of(text)) }
    }

    /// Anything that may hold other values, guarded against what never ends.
    fn structure(&mut self, value: &Any<'_>) {
        let address = value.as_ptr() as usize;
        if self.path.contains(&address) {
            return self.text("[Circular]");
        }
        if self.path.len() >= config::MAX_DEPTH {
            return self.text("[Too deep]");
        }
        let (start, depth, cut) = (self.out.len(), self.path.len(), self.cut);
        self.path.push(address);
        if let Err(error) = self.contents(value) {
            swallow(value.py(), &error);
            self.out.truncate(start);
            self.cut = cut;
            self.text(&described(value));
        }
        self.path.truncate(depth);
    }

    fn contents(&mut self, value: &Any<'_>) -> PyResult<()> {
        if let Ok(dict) = value.cast::<PyDict>() {
            // Whatever runs meanwhile may change the dict, so that its members are taken all at once: to iterate over what
            // changes would panic. Without a GIL other threads may do so at any time; a lock that is held meanwhile
            // does not keep them from it, as CPython 3.13 lets it go in between.
            let still = if cfg!(Py_GIL_DISABLED) { &dict.copy()? } else { dict };
            self.members(still.iter().collect::<Vec<_>>());
        } else if let Ok(list) = value.cast::<PyList>() {
            self.list(list.len(), list.iter());
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            self.list(tuple.len(), tuple.iter());
        } else {
            self.object(value)?;
        }
        Ok(())
    }

    /// What is none of the usual containers.
    fn object(&mut self, value: &Any<'_>) -> PyResult<()> {
        let class = value.get_type();
        if is_one_of(value, "builtins", &["bytes", "bytearray"])? {
            self.text(&format!("<{} bytes>", value.len()?));
        } else if value.is_instance_of::<PyType>() {
            self.text(&described(value));
        } else if is_one_of(value, "enum", &["Enum"])? {
            self.value(&value.getattr("value")?);
        } else if let Some(text) = model_json(value) {
            if text.len() <= self.room() / 2 {
                self.out.push_str(&text);
            } else {
                // Too large for one text: as its own serialiser takes it apart, which knows what it keeps to itself.
                drop(text);
                self.value(&model_values(value)?);
            }
        } else if let Ok(fields) = class.getattr("__dataclass_fields__") {
            let members = PyDict::new(value.py());
            for name in fields.try_iter()? {
                let name = name?.cast_into::<PyString>()?;
                members.set_item(&name, value.getattr(&name)?)?;
            }
            self.members(members);
        } else if is_one_of(value, "collections.abc", &["Mapping"])? {
            self.members(pairs(value.call_method0("items")?.try_iter()?));
        } else if is_one_of(value, "collections.abc", &["Sequence", "Set", "ValuesView"])? {
            // Registered collections, no iterators: reading those has no effect but reading.
            let end = self.out.len().saturating_add(config::MAX_CAPTURE_BYTES);
            self.items(end, value.try_iter()?.map_while(Result::ok));
        } else if class.hasattr("__index__")? {
            self.value(&value.call_method0("__index__")?);
        } else {
            self.text(&described(value));
        }
        Ok(())
    }

    /// A list; of a vector its beginning, where there is more already than a span holds.
    fn list<'py>(&mut self, length: usize, items: impl Iterator<Item = Any<'py>>) {
        let mut items = items.peekable();
        let is_vector = self.out.len() > *config::CONTENT_BYTES_RANGE.end()
            && length > 2 * config::MAX_VECTOR
            && items.peek().is_some_and(|item| item.is_instance_of::<PyFloat>());
        if !is_vector {
            return self.items(usize::MAX, items);
        }
        self.items(usize::MAX, items.take(config::MAX_VECTOR));
        self.out.pop();
        if !self.out.ends_with('[') {
            self.out.push(',');
        }
        self.text(&format!("[... {} numbers removed ...]", length - config::MAX_VECTOR));
        self.out.push(']');
    }

    /// Items, as long as the whole text does not end behind `end`.
    fn items<'py>(&mut self, end: usize, items: impl Iterator<Item = Any<'py>>) {
        self.each(['[', ']'], end, items, |writer, item| writer.value(&item));
    }

    fn members<'py>(&mut self, members: impl IntoIterator<Item = (Any<'py>, Any<'py>)>) {
        self.each(['{', '}'], usize::MAX, members, |writer, (key, value)| {
            match key.cast() {
                Ok(key) => writer.string(key),
                Err(_) => writer.text(&described(&key)),
            }
            writer.out.push(':');
            writer.value(&value);
        });
    }

    /// Writes all of them with commas between; those that there is no room for are left out, and a mark says how many.
    fn each<T>(
        &mut self,
        [open, close]: [char; 2],
        end: usize,
        all: impl IntoIterator<Item = T>,
        write: fn(&mut Self, T),
    ) {
        self.out.push(open);
        let mut all = all.into_iter();
        let mut comma = "";
        while let Some(one) = all.next() {
            self.out.push_str(comma);
            comma = ",";
            if self.room() == 0 || self.out.len() > end {
                let left = all.size_hint().0.saturating_add(1);
                self.out.push_str(if open == '{' { "\"...\":" } else { "" });
                let _ = write!(self.out, "\"[... {left} items removed ...]\"");
                self.cut.items = self.cut.items.saturating_add(u32::try_from(left).unwrap_or(u32::MAX));
                break;
            }
            write(self, one);
        }
        self.out.push(close);
    }

    /// A string without binary data; where it takes too much of the room, without its middle.
    fn text(&mut self, text: &str) {
        let write = if self.is_raw { write_raw } else { quote };
        let Some((short, gone)) = fitted(text, self.out.len()) else {
            return write(&mut self.out, text);
        };
        self.cut.characters = self.cut.characters.saturating_add(u32::try_from(gone).unwrap_or(u32::MAX));
        write(&mut self.out, &short);
    }

    /// Bytes that may still be written, strings that are short apart.
    fn room(&self) -> usize {
        config::MAX_VALUE_BYTES.saturating_sub(self.out.len())
    }
}

/// Names with their values, as long as they are.
fn pairs<'py>(pairs: Bound<'py, PyIterator>) -> impl Iterator<Item = (Any<'py>, Any<'py>)> {
    pairs.map_while(|pair| pair.and_then(|pair| pair.extract()).ok())
}

/// What a pydantic model says of itself, where it is JSON.
fn model_json(value: &Any<'_>) -> Option<String> {
    let dump = value.get_type().getattr("model_dump_json").ok()?;
    let arguments = PyDict::new(value.py());
    arguments.set_item("warnings", false).ok()?;
    let dumped = dump.call((value,), Some(&arguments)).inspect_err(|error| swallow(value.py(), error));
    let text = text_of(dumped.ok()?.cast::<PyString>().ok()?);
    from_str::<IgnoredAny>(&text).ok().map(|_| text)
}

/// The same as values of Python.
fn model_values<'py>(value: &Any<'py>) -> PyResult<Any<'py>> {
    let arguments = PyDict::new(value.py());
    arguments.set_item("warnings", false)?;
    arguments.set_item("mode", "json")?;
    value.get_type().getattr("model_dump")?.call((value,), Some(&arguments))
}

/// Whether a value is of one of these classes.
fn is_one_of(value: &Any<'_>, module: &str, classes: &[&str]) -> PyResult<bool> {
    let module = value.py().import(module)?;
    let is = |class: &&str| module.getattr(*class).and_then(|class| value.is_instance(&class));
    Ok(classes.iter().any(|class| is(class).unwrap_or(false)))
}
