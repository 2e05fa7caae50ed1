//! What every span of a block inherits: conversation, user, pipeline, extra attributes.

use serde_json::{Map, Value as JsonValue};

use crate::{
    attributes::{Attributes, Value},
    json::{Json, to_text},
};

/// A scope never changes; a change makes a new one, so that a span keeps the one it began in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    conversation_id: Option<String>,
    pipeline: Option<String>,
    user: Vec<(&'static str, String)>,
    attributes: Map<String, JsonValue>,
}

impl Scope {
    /// This scope with `gen_ai.conversation.id`; none, or an empty one, takes it away.
    pub fn with_conversation_id(mut self, id: Option<&str>) -> Self {
        self.conversation_id = id.filter(|id| !id.is_empty()).map(str::to_owned);
        self
    }

    /// This scope with the conversation that a library is in: what the program said itself stays.
    pub fn with_found_conversation_id(mut self, id: Option<&str>) -> Self {
        let found = id.filter(|id| !id.is_empty()).map(str::to_owned);
        self.conversation_id = self.conversation_id.or(found);
        self
    }

    /// This scope with `gen_ai.pipeline.name`; none, or an empty one, takes it away.
    pub fn with_pipeline(mut self, name: Option<&str>) -> Self {
        self.pipeline = name.filter(|name| !name.is_empty()).map(str::to_owned);
        self
    }

    /// This scope with the user: an object of `id`, `email`, `username`, `ip_address`, or the id alone.
    /// Null takes the user away.
    pub fn with_user(mut self, user: &Json) -> Self {
        let user = user.read();
        self.user = match &user {
            JsonValue::Object(fields) => {
                USER_KEYS.iter().filter_map(|(field, key)| Some((*key, text(fields.get(*field)?)?))).collect()
            }
            other => text(other).map(|id| ("user.id", id)).into_iter().collect(),
        };
        self
    }

    /// This scope with the user that another SDK knows of: what the program said here stays.
    pub fn with_found_user(self, user: &Json) -> Self {
        if self.user.is_empty() { self.with_user(user) } else { self }
    }

    /// This scope with more attributes, an object; the newer value of a name wins.
    pub fn with_attributes(mut self, attributes: &Json) -> Self {
        if let JsonValue::Object(fields) = attributes.read() {
            self.attributes.extend(fields);
        }
        self
    }

    /// This scope changed as an object says: `conversation_id`, `user`, `pipeline`, `attributes`, and of an
    /// integration `found_conversation_id` and `found_user`.
    pub fn with(self, changes: &Json) -> Self {
        let JsonValue::Object(changes) = changes.read() else { return self };
        changes.iter().fold(self, |scope, (name, value)| match name.as_str() {
            "conversation_id" => scope.with_conversation_id(text(value).as_deref()),
            "found_conversation_id" => scope.with_found_conversation_id(text(value).as_deref()),
            "pipeline" => scope.with_pipeline(text(value).as_deref()),
            "user" => scope.with_user(&Json::new(to_text(value))),
            "found_user" => scope.with_found_user(&Json::new(to_text(value))),
            "attributes" => scope.with_attributes(&Json::new(to_text(value))),
            _ => scope,
        })
    }

    /// Writes what is here into a span's attributes, below everything that the span says itself.
    pub(crate) fn apply(&self, attributes: &mut Attributes, is_ai: bool) {
        for (key, value) in &self.attributes {
            if let Some(value) = Value::from_json(value.clone()) {
                attributes.set(key.clone(), value);
            }
        }
        for (key, value) in &self.user {
            attributes.set(*key, value.as_str());
        }
        if is_ai {
            for (key, value) in
                [("gen_ai.conversation.id", &self.conversation_id), ("gen_ai.pipeline.name", &self.pipeline)]
            {
                if let Some(value) = value {
                    attributes.set(key, value.as_str());
                }
            }
        }
    }
}

/// An id as a text, also where a program keeps it as a number.
fn text(value: &JsonValue) -> Option<String> {
    match value {
        JsonValue::String(text) => Some(text.clone()),
        JsonValue::Number(_) => Some(to_text(value)),
        _ => None,
    }
}

/// The fields of a user as Sentry names them, and the attributes that hold them.
const USER_KEYS: &[(&str, &str)] = &[
    ("id", "user.id"),
    ("email", "user.email"),
    ("username", "user.name"),
    ("ip_address", "user.ip_address"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(scope: &Scope, is_ai: bool) -> String {
        let mut attributes = Attributes::default();
        scope.apply(&mut attributes, is_ai);
        attributes.written()
    }

    #[test]
    fn a_user_may_be_an_object_or_an_id() {
        let scope = Scope::default().with_user(&Json::new(r#"{"id": 7, "username": "ada", "x": 1}"#));
        assert_eq!(
            applied(&scope, false),
            r#"{"user.id":{"type":"string","value":"7"},"user.name":{"type":"string","value":"ada"}}"#
        );
        let scope = Scope::default().with_user(&Json::text("u1"));
        assert_eq!(applied(&scope, false), r#"{"user.id":{"type":"string","value":"u1"}}"#);
        assert_eq!(scope.clone().with(&Json::new(r#"{"found_user": "u2"}"#)), scope);
        let nobody = scope.clone().with_user(&Json::new("null"));
        assert_eq!(applied(&nobody, false), "{}");
        assert_eq!(nobody.with(&Json::new(r#"{"found_user": "u1"}"#)), scope);
    }

    #[test]
    fn only_ai_spans_carry_the_conversation() {
        let scope = Scope::default().with(&Json::new(r#"{"conversation_id": "c1", "nonsense": 1}"#));
        assert_eq!(applied(&scope, false), "{}");
        assert_eq!(applied(&scope, true), r#"{"gen_ai.conversation.id":{"type":"string","value":"c1"}}"#);
        let scope = scope.with(&Json::new(r#"{"conversation_id": 7}"#));
        assert_eq!(applied(&scope, true), r#"{"gen_ai.conversation.id":{"type":"string","value":"7"}}"#);
    }

    #[test]
    fn a_conversation_that_was_found_gives_way() {
        let found = Json::new(r#"{"found_conversation_id": "f"}"#);
        let scope = Scope::default().with(&found);
        assert_eq!(applied(&scope, true), r#"{"gen_ai.conversation.id":{"type":"string","value":"f"}}"#);
        let scope = Scope::default().with_conversation_id(Some("c")).with(&found);
        assert_eq!(applied(&scope, true), r#"{"gen_ai.conversation.id":{"type":"string","value":"c"}}"#);
    }
}
