//! Arguments of a function call that come bit by bit, each with the path to its place.
//! Source: Vertex AI's API reference, `FunctionCall.partialArgs` (`PartialArg`); paths are those of RFC 9535.

use crate::{
    config::MAX_CAPTURE_BYTES,
    json::{Node, escape_text, quote},
};

/// Steps of a path that are followed; what is left of a longer one is the name of its last step.
const MAX_STEPS: usize = 16;

/// The arguments as far as they came, written down while they come: a model writes them in their order, so only the
/// way to the last one is open. What goes back to something that is closed comes as a second member of its name, and
/// items of a list stand in the order in which they come, whatever their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    json: String,
    /// The path of the last argument; each of its steps is inside of an object or a list that is open.
    open: Vec<Step>,
    /// Whether that is a text, which the next bit may go on with.
    is_text: bool,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A member of an object.
    Name(String),
    /// An item of a list; its number only tells it from the others.
    Item(String),
}

impl Arguments {
    /// Takes a bit: texts go on, everything else comes at once. Gives how many characters there was no room for.
    pub fn take(&mut self, bit: Node<'_>) -> usize {
        if self.json.len() > MAX_CAPTURE_BYTES {
            return bit.length();
        }
        let Some(path) = bit.any(&["jsonPath", "json_path"]).str() else { return 0 };
        let steps = steps(&path);
        let Some(text) = bit.any(&["stringValue", "string_value"]).str() else {
            self.go_to(steps);
            bit.any(&["numberValue", "number_value", "boolValue", "bool_value"]).write(&mut self.json);
            return 0;
        };
        if !self.is_text || self.open != steps {
            self.go_to(steps);
            self.json.push('"');
            self.is_text = true;
        }
        escape_text(&mut self.json, &text);
        0
    }

    /// Closes what the next argument is not in, and opens what it is in.
    fn go_to(&mut self, steps: Vec<Step>) {
        self.end_text();
        let inside = self.open.len().min(steps.len()).saturating_sub(1);
        let shared =
            self.open.iter().zip(&steps).take(inside).take_while(|(one, other)| one == other).count();
        self.close(shared + 1);
        let sibling = self.open.pop();
        for (position, step) in steps.into_iter().enumerate().skip(shared) {
            let step = match &sibling {
                Some(before) if position == shared => {
                    self.json.push(',');
                    step.like(before)
                }
                _ => {
                    self.json.push(step.brackets().0);
                    step
                }
            };
            if let Step::Name(name) = &step {
                quote(&mut self.json, name);
                self.json.push(':');
            }
            self.open.push(step);
        }
    }

    fn end_text(&mut self) {
        if std::mem::take(&mut self.is_text) {
            self.json.push('"');
        }
    }

    /// Closes until no more than so many are open.
    fn close(&mut self, most: usize) {
        while self.open.len() > most
            && let Some(step) = self.open.pop()
        {
            self.json.push(step.brackets().1);
        }
    }

    /// All of them, as JSON; nothing where none came.
    pub fn finish(mut self) -> String {
        self.end_text();
        self.close(0);
        self.json
    }
}

impl Step {
    /// What it stands in.
    const fn brackets(&self) -> (char, char) {
        match self {
            Self::Name(_) => ('{', '}'),
            Self::Item(_) => ('[', ']'),
        }
    }

    /// The step that fits into what the one before stands in.
    fn like(self, before: &Self) -> Self {
        let (Self::Name(text) | Self::Item(text)) = self;
        match before {
            Self::Name(_) => Self::Name(text),
            Self::Item(_) => Self::Item(text),
        }
    }
}

/// The steps of a path: `$.loc.city`, `$.tags[0]`, `$['a name']`. What makes no sense is a name.
fn steps(path: &str) -> Vec<Step> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut steps = Vec::new();
    while !rest.is_empty() && steps.len() + 1 < MAX_STEPS {
        let (step, after) = bracketed(rest).unwrap_or_else(|| {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let (name, after) =
                name.split_at(name.find(['.', '[']).filter(|end| *end > 0).unwrap_or(name.len()));
            (Step::Name(name.to_owned()), after)
        });
        steps.push(step);
        rest = after;
    }
    if !rest.is_empty() || steps.is_empty() {
        steps.push(Step::Name(rest.to_owned()));
    }
    steps
}

/// The step in brackets that a path begins with, and what follows it.
fn bracketed(path: &str) -> Option<(Step, &str)> {
    let inside = path.strip_prefix('[')?;
    for mark in ["'", "\""] {
        if let Some(name) = inside.strip_prefix(mark) {
            let (name, after) = name.split_once(&format!("{mark}]"))?;
            return Some((Step::Name(name.to_owned()), after));
        }
    }
    let (number, after) = inside.split_once(']')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (Step::Item(number.to_owned()), after))
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
            json!({"city": "Paris\n\"", "days": [{"hour": 9}], "is_sure": true, "note": null})
        );
        assert_eq!(arguments(&[json!({"jsonPath": "$.a", "stringValue": "cut"})]), r#"{"a":"cut"}"#);
        assert_eq!(arguments(&[json!(5), json!({"jsonPath": 5}), json!({"stringValue": "a"})]), "");
    }

    fn read(bits: &[Value]) -> Value {
        serde_json::from_str(&arguments(bits)).unwrap()
    }

    #[test]
    fn arguments_inside_of_others_stand_there() {
        let number = |path: &str, number: i64| json!({"jsonPath": path, "numberValue": number});
        let text = |path: &str, text: &str| json!({"jsonPath": path, "stringValue": text});
        assert_eq!(
            read(&[
                text("$.loc.city", "Par"),
                text("$.loc.city", "is"),
                number("$.loc.at[0]", 48),
                number("$.loc.at[1]", 2),
                text("$.tags[0]", "a"),
                text("$.tags[0]", "b"),
                text("$.tags[1]", "c"),
                number("$.rows[0].x", 1),
                number("$.rows[0].y", 2),
                number("$.rows[1].x", 3),
                number("$.grid[0][0]", 4),
                number("$.grid[0][1]", 5),
                number("$.grid[1][0]", 6),
                number("$['a name'][\"b.c\"]", 7),
                number("$.last", 8),
            ]),
            json!({
                "loc": {"city": "Paris", "at": [48, 2]}, "tags": ["ab", "c"],
                "rows": [{"x": 1, "y": 2}, {"x": 3}], "grid": [[4, 5], [6]], "a name": {"b.c": 7}, "last": 8,
            })
        );
    }

    #[test]
    fn numbers_and_depths_cost_no_more_than_their_text() {
        let number = |path: &str| json!({"jsonPath": path, "numberValue": 1});
        assert_eq!(read(&[number("$.a[1000000]")]), json!({"a": [1]}));
        let deep = arguments(&[number(&format!("${}", ".a".repeat(10_000)))]);
        assert_eq!(deep.matches('{').count(), MAX_STEPS);
        serde_json::from_str::<Value>(&deep).unwrap();
    }

    #[test]
    fn paths_that_make_no_sense_are_names() {
        let paths = [
            "",
            "$",
            "$.",
            "$..",
            "$[",
            "$[]",
            "$[x]",
            "$['a",
            "a[",
            "$.a.*",
            "$.a[-1]",
            "$.a",
            "$.a[0]",
            "$.a.b",
            "$[0]",
            "$.a[0][1]",
            "$.a[0].b",
            "é.[é]",
            "$.a",
        ];
        let bit = |path: &str| json!({"jsonPath": path, "stringValue": "x"});
        for one in paths {
            for other in paths {
                for third in paths {
                    let json = arguments(&[bit(one), bit(other), bit(third)]);
                    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{one} {other} {third}: {json}");
                }
            }
        }
    }
}
