//! The conventions: every `gen_ai.*`, `mcp.*` and `sentry.*` key, and the others that are used here, as
//! `@sentry/conventions` has them. `cargo xtask conventions` writes the table, and a test compares what was
//! compiled with the package.

mod index;
mod table;

use serde::Serialize;

use table::{ENTRIES, PATTERNS};
pub use table::{OPERATIONS, VERSION};

/// The type that the conventions give an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Type {
    /// `string`
    #[serde(rename = "string")]
    String,
    /// `integer`
    #[serde(rename = "integer")]
    Integer,
    /// `double`
    #[serde(rename = "double")]
    Double,
    /// `boolean`
    #[serde(rename = "boolean")]
    Boolean,
    /// `string[]`
    #[serde(rename = "string[]")]
    StringList,
}

/// One attribute of the conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name; `<key>` in it stands for anything.
    pub key: &'static str,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Whether it should no longer be sent.
    pub deprecated: bool,
    /// What is sent instead.
    pub replacement: Option<&'static str>,
    /// Whether it is what people and models say, or what tools are given and give back: what the content
    /// policy covers.
    pub content: bool,
}

impl Entry {
    const fn content(mut self) -> Self {
        self.content = true;
        self
    }

    /// Whether a key has this name, which has `<key>` in it.
    fn matches(&self, key: &str) -> bool {
        let Some((before, after)) = self.key.split_once("<key>") else { return false };
        key.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|inside| !inside.is_empty())
    }
}

/// A key of the table, by its place: of two keys the one that goes first is the lesser one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known(u16);

impl Known {
    /// The key of that name; `None` where the conventions have none, or only one that stands for many.
    pub fn of(name: &str) -> Option<Self> {
        index::find(name)
    }

    /// The same for a name that is written down here: one that is not in the table does not compile.
    pub(crate) const fn named(name: &str) -> Self {
        index::known(name)
    }

    /// What the conventions say of it.
    pub(crate) fn entry(self) -> Option<&'static Entry> {
        ENTRIES.get(usize::from(self.0))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.key)
    }
}

/// [`Known::named`], looked up by the compiler wherever it stands.
macro_rules! known {
    ($name:literal) => {
        const { $crate::attributes::registry::Known::named($name) }
    };
}
pub(crate) use known;

/// Looks a key up: by its own name, else by a name that stands for many.
pub fn find(key: &str) -> Option<&'static Entry> {
    Known::of(key).and_then(Known::entry).or_else(|| pattern(key))
}

/// Looks up the name that stands for many, that one among them.
pub(super) fn pattern(key: &str) -> Option<&'static Entry> {
    let may_be = matches!(key.as_bytes().first(), Some(b'g' | b'm' | b's'));
    let is_in_a_family = may_be && FAMILIES.iter().any(|family| key.starts_with(family));
    if is_in_a_family { PATTERNS.iter().find(|entry| entry.matches(key)) } else { None }
}

/// What names that stand for many begin with: other keys, a program's own among them, are told by that at once.
const FAMILIES: [&str; 5] =
    ["gen_ai.prompt.variable.", "mcp.prompt.result.", "mcp.request.", "mcp.tool.result.", "sentry.m"];

/// All of them.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().chain(PATTERNS)
}

/// Everything that is written down here, as JSON: `{version, operations, attributes}`.
pub fn to_json() -> String {
    #[derive(Serialize)]
    struct Conventions {
        version: &'static str,
        operations: &'static [&'static str],
        attributes: Vec<&'static Entry>,
    }
    let all = Conventions { version: VERSION, operations: OPERATIONS, attributes: entries().collect() };
    serde_json::to_string(&all).unwrap_or_default()
}

const fn current(key: &'static str, kind: Type) -> Entry {
    Entry { key, kind, deprecated: false, replacement: None, content: false }
}

const fn deprecated(key: &'static str, kind: Type, replacement: Option<&'static str>) -> Entry {
    Entry { key, kind, deprecated: true, replacement, content: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(ENTRIES.is_sorted_by_key(|entry| entry.key));
        assert_eq!(find("gen_ai.request.seed").map(|entry| entry.kind), Some(Type::String));
        assert_eq!(find("gen_ai.nothing"), None);
    }

    #[test]
    fn the_families_are_whole() {
        let count = |family: &str| entries().filter(|entry| entry.key.starts_with(family)).count();
        assert_eq!((count("gen_ai."), count("mcp.")), (76, 56));
    }

    #[test]
    fn a_name_may_stand_for_many_and_its_own_name_goes_first() {
        let found = |key: &str| find(key).map(|entry| entry.key);
        assert_eq!(found("mcp.request.argument.city"), Some("mcp.request.argument.<key>"));
        assert_eq!(found("mcp.request.argument.a.b"), Some("mcp.request.argument.<key>"));
        assert_eq!(found("mcp.request.argument.uri"), Some("mcp.request.argument.uri"));
        assert_eq!(found("mcp.tool.result.0.resource_uri"), Some("mcp.tool.result.<key>.resource_uri"));
        assert_eq!(found("gen_ai.prompt.variable.name"), Some("gen_ai.prompt.variable.<key>"));
        assert_eq!(found("mcp.request.argument."), None);
        assert_eq!(found("mcp.tool.result..uri"), None);
    }

    #[test]
    fn no_key_has_two_meanings() {
        for pattern in PATTERNS {
            let key = pattern.key.replace("<key>", "x");
            assert_eq!(find(&key), Some(pattern));
            assert_eq!(PATTERNS.iter().filter(|other| other.matches(&key)).count(), 1, "{key}");
        }
    }

    #[test]
    fn what_replaces_a_key_is_here_and_current() {
        for replacement in entries().filter_map(|entry| entry.replacement) {
            assert!(find(replacement).is_some_and(|entry| !entry.deprecated), "{replacement}");
        }
    }
}
