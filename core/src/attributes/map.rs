//! The map of a span's attributes.

use std::{borrow::Cow, cmp::Ordering};

use super::{
    Text, Value, held,
    registry::{self, Known, Type},
    write_typed,
};
use crate::json::Object;

/// The name of an attribute, looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key<'k> {
    /// One of the conventions.
    Known(Known),
    /// Any other.
    Own(Cow<'k, str>),
}

impl Key<'_> {
    /// The type that the conventions give it.
    fn kind(&self) -> Option<Type> {
        match self {
            Self::Known(known) => known.entry().map(|entry| entry.kind),
            Self::Own(name) => registry::pattern(name).map(|entry| entry.kind),
        }
    }
}

impl From<Known> for Key<'_> {
    fn from(known: Known) -> Self {
        Self::Known(known)
    }
}

impl<'k> From<Cow<'k, str>> for Key<'k> {
    fn from(name: Cow<'k, str>) -> Self {
        match Known::of(&name) {
            Some(known) => Self::Known(known),
            None => Self::Own(name),
        }
    }
}

impl<'k> From<&'k str> for Key<'k> {
    fn from(name: &'k str) -> Self {
        Cow::Borrowed(name).into()
    }
}

impl From<String> for Key<'_> {
    fn from(name: String) -> Self {
        Cow::<str>::Owned(name).into()
    }
}

/// The attributes of one span, in the order of their names, so that the same span gives the same bytes.
///
/// Most are of the conventions, whose names are compared by their places in the table; the two sorts are put together
/// when they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// Those of the conventions, in the order of the table.
    known: Vec<(Known, Value)>,
    /// The others, in the order of their names.
    own: Vec<(Text, Value)>,
}

impl Attributes {
    /// Attributes with room for those of the conventions that a span usually has.
    pub(crate) fn with_room() -> Self {
        /// A request with its counts, its segment and its model.
        const USUAL: usize = 16;
        Self { known: Vec::with_capacity(USUAL), own: Vec::new() }
    }

    /// Makes room for so many attributes more that are not of the conventions.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.own.reserve(count);
    }

    /// Sets a value; the last one wins. It takes the type that the conventions give its name.
    pub fn set<'k>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value>) {
        self.set_typed(key.into(), value.into());
    }

    // Not part of `set`, of which every type makes a copy.
    fn set_typed(&mut self, key: Key<'_>, value: Value) {
        let value = match key.kind() {
            Some(kind) => value.converted(kind),
            None => value,
        };
        self.put(key, value);
    }

    /// Sets a value in the type that it has.
    pub(crate) fn set_as_is(&mut self, key: String, value: Value) {
        self.put(key.into(), value);
    }

    fn put(&mut self, key: Key<'_>, value: Value) {
        let at = self.find(&key);
        match (key, at) {
            (Key::Known(known), Err(at)) => self.known.insert(at, (known, value)),
            (Key::Own(name), Err(at)) => self.own.insert(at, (name.into(), value)),
            (key, Ok(_)) => {
                if let Some(old) = self.value_mut(&key) {
                    *old = value;
                }
            }
        }
    }

    /// Sets a value where there is none.
    pub fn set_default<'k>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value>) {
        let key = key.into();
        if self.find(&key).is_err() {
            self.set_typed(key, value.into());
        }
    }

    /// Sets a text where there is none and it is not empty.
    pub fn set_default_text<'k>(&mut self, key: impl Into<Key<'k>>, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.set_default(key, text);
        }
    }

    /// The value under that name.
    pub fn get<'k>(&self, key: impl Into<Key<'k>>) -> Option<&Value> {
        self.value(&key.into())
    }

    /// The text under that name.
    pub fn text<'k>(&self, key: impl Into<Key<'k>>) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// Whether there is a value under that name.
    pub fn contains<'k>(&self, key: impl Into<Key<'k>>) -> bool {
        self.find(&key.into()).is_ok()
    }

    /// The value under that name, to be shortened in place.
    pub(crate) fn get_mut<'k>(&mut self, key: impl Into<Key<'k>>) -> Option<&mut Value> {
        self.value_mut(&key.into())
    }

    /// Takes a value out.
    pub fn remove<'k>(&mut self, key: impl Into<Key<'k>>) -> Option<Value> {
        let key = key.into();
        let at = self.find(&key).ok()?;
        Some(match key {
            Key::Known(_) => self.known.remove(at).1,
            Key::Own(_) => self.own.remove(at).1,
        })
    }

    /// Where a name stands among its sort, or would stand.
    fn find(&self, key: &Key<'_>) -> Result<usize, usize> {
        match key {
            Key::Known(known) => self.known.binary_search_by_key(known, |(known, _)| *known),
            // Programs write their names in the same order every time, and often in that of the alphabet.
            Key::Own(name) if self.own.last().is_none_or(|(last, _)| **last < **name) => Err(self.own.len()),
            Key::Own(name) => self.own.binary_search_by(|(own, _)| (**own).cmp(name)),
        }
    }

    fn value(&self, key: &Key<'_>) -> Option<&Value> {
        let at = self.find(key).ok()?;
        match key {
            Key::Known(_) => self.known.get(at).map(|(_, value)| value),
            Key::Own(_) => self.own.get(at).map(|(_, value)| value),
        }
    }

    fn value_mut(&mut self, key: &Key<'_>) -> Option<&mut Value> {
        let at = self.find(key).ok()?;
        match key {
            Key::Known(_) => self.known.get_mut(at).map(|(_, value)| value),
            Key::Own(_) => self.own.get_mut(at).map(|(_, value)| value),
        }
    }

    /// The names of the conventions that are set.
    pub(crate) fn known(&self) -> impl Iterator<Item = Known> {
        self.known.iter().map(|(known, _)| *known)
    }

    /// Those of the conventions from one to another, in the order of the table.
    pub(crate) fn between(&self, first: Known, last: Known) -> impl Iterator<Item = (Known, &Value)> {
        let from = self.known.partition_point(|(known, _)| *known < first);
        let those =
            self.known.get(from..).unwrap_or_default().iter().take_while(move |(known, _)| *known <= last);
        those.map(|(known, value)| (*known, value))
    }

    /// The values, in no order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> + Clone {
        let known = self.known.iter().map(|(_, value)| value);
        known.chain(self.own.iter().map(|(_, value)| value))
    }

    /// Name and value, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> + Clone {
        let (mut known, mut own) = (self.known.iter().peekable(), self.own.iter().peekable());
        std::iter::from_fn(move || {
            let is_own_next = match (known.peek(), own.peek()) {
                (Some((known, _)), Some((own, _))) => **own < *known.name(),
                (known, _) => known.is_none(),
            };
            if is_own_next {
                own.next().map(|(name, value)| (name.as_str(), value))
            } else {
                known.next().map(|(known, value)| (known.name(), value))
            }
        })
    }

    /// Writes them as span v2 has them, with others among them that are written already: they stand where nothing is
    /// set under their names.
    pub(crate) fn write(&self, out: &mut String, others: &[(Known, String)]) {
        let mut object = Object::begin(out);
        let mut own = self.own.iter().peekable();
        let mut others = others.iter().peekable();
        let mut known = self.known.iter().peekable();
        loop {
            let order = match (known.peek(), others.peek()) {
                (Some((known, _)), Some((other, _))) => known.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let other = if order.is_lt() { None } else { others.next() };
            let set = if order.is_gt() { None } else { known.next() };
            let name =
                set.map(|(known, _)| *known).or(other.map(|(other, _)| *other)).map_or("", Known::name);
            while let Some((name, value)) = own.next_if(|(own, _)| **own < *name) {
                object = object.any(name, |out| write_typed(out, value));
            }
            object = match (set, other) {
                (Some((_, value)), _) => object.member(name, |out| write_typed(out, value)),
                (None, Some((_, text))) => object.json(name, text),
                (None, None) => object,
            };
        }
        own.fold(object, |object, (name, value)| object.any(name, |out| write_typed(out, value))).end();
    }

    /// Writes them as an object of plain values: without the types that span v2 has.
    pub(crate) fn write_plain(&self, out: &mut String) {
        let object = Object::begin(out);
        self.iter().fold(object, |object, (key, value)| object.any(key, |out| value.write(out))).end();
    }

    /// About how many bytes of memory they take.
    pub(crate) fn held(&self) -> usize {
        let places = self.known.capacity() * size_of::<(Known, Value)>()
            + self.own.capacity() * size_of::<(Text, Value)>();
        let names: usize = self.own.iter().map(|(name, _)| held(name)).sum();
        places + names + self.values().map(Value::held).sum::<usize>()
    }

    /// Takes the longest text out and says how long it was; `None` where there is none of any length.
    pub(crate) fn remove_largest(&mut self) -> Option<usize> {
        /// Shorter ones are what the span is about.
        const WORTH_REMOVING: usize = 1024;
        let (key, value) = self.iter().max_by_key(|(_, value)| value.length())?;
        let (key, length) = (key.to_owned(), value.length());
        if length <= WORTH_REMOVING {
            return None;
        }
        self.remove(key).map(|_| length)
    }

    /// As span v2 has them.
    #[cfg(test)]
    pub(crate) fn written(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &[]);
        out
    }
}

impl IntoIterator for Attributes {
    type Item = (Key<'static>, Value);
    type IntoIter = Box<dyn Iterator<Item = Self::Item>>;

    fn into_iter(self) -> Self::IntoIter {
        let known = self.known.into_iter().map(|(known, value)| (Key::Known(known), value));
        Box::new(
            known.chain(self.own.into_iter().map(|(name, value)| (Key::Own(Cow::Owned(name.into())), value))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sorts_of_names_are_in_one_order() {
        let names =
            ["z.own", "sentry.op", "gen_ai.own", "app.b", "gen_ai.request.model", "app.a", "error.type"];
        let mut attributes = Attributes::default();
        for (number, name) in (0_i64..).zip(names) {
            attributes.set(name, number);
            attributes.set(name, number.to_string());
        }
        let mut sorted = names;
        sorted.sort_unstable();
        assert!(attributes.iter().map(|(name, _)| name).eq(sorted));
        assert_eq!((attributes.text("app.b"), attributes.text("sentry.op")), (Some("3"), Some("1")));
        for name in names {
            assert!(
                attributes.contains(name) && attributes.remove(name).is_some() && !attributes.contains(name)
            );
        }
        assert_eq!(attributes, Attributes::default());
    }

    #[test]
    fn what_is_written_already_stands_among_them_and_below_them() {
        let mut attributes = Attributes::default();
        for name in ["a", "sentry.a", "sentry.release", "t"] {
            attributes.set(name, true);
        }
        let others = ["error.type", "sentry.environment", "sentry.release", "user.id"];
        let others: Vec<_> = others.iter().map(|name| (Known::of(name).unwrap(), "0".to_owned())).collect();
        let mut out = String::new();
        attributes.write(&mut out, &others);
        let value = "{\"type\":\"boolean\",\"value\":true}";
        let release = "{\"type\":\"string\",\"value\":\"true\"}";
        let expected = format!(
            "{{\"a\":{value},\"error.type\":0,\"sentry.a\":{value},\"sentry.environment\":0,\
             \"sentry.release\":{release},\"t\":{value},\"user.id\":0}}"
        );
        assert_eq!(out, expected);
    }
}
