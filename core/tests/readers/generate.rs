//! What goes into the readers: the payloads of all vectors, changed in some place, and JSON out of their words.

#![allow(clippy::disallowed_methods, reason = "vectors are files")]

use std::{collections::BTreeSet, fs, path::Path, sync::OnceLock};

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::Index,
};
use serde_json::{Value, json};

/// What a payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Request,
    Response,
    Chunk,
}

/// A payload of a vector.
#[derive(Debug)]
pub struct Sample {
    pub payload: Value,
    pub text: String,
}

/// What is read at once.
#[derive(Debug)]
pub struct Case {
    pub format: Chosen,
    pub role: Role,
    pub texts: Vec<String>,
}

/// One of a list that the generator does not know.
#[derive(Debug)]
pub struct Chosen(Index);

impl Chosen {
    pub fn get<T: Copy, const N: usize>(&self, list: [T; N]) -> T {
        *self.0.get(&list)
    }
}

/// The payloads of all vectors.
pub fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let mut samples = Vec::new();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "json")) {
            let vector: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_default();
            gather(&vector["steps"], &mut samples);
        }
        assert!(samples.len() > 100, "there are vectors");
        samples
    })
}

fn gather(steps: &Value, samples: &mut Vec<Sample>) {
    for step in steps.as_array().into_iter().flatten() {
        for payload in [&step["args"]["payload"], &step["args"]["chunk"]] {
            if !payload.is_null() {
                samples.push(Sample { payload: payload.clone(), text: payload.to_string() });
            }
        }
        gather(&step["within"], samples);
    }
}

/// The names of members and the short texts in them.
fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = BTreeSet::from(["".to_owned(), "é{[\\".to_owned(), "\u{1}".to_owned()]);
        samples().iter().for_each(|sample| spell(&sample.payload, &mut words));
        words.into_iter().collect()
    })
}

fn spell(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() < 40 => {
            words.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| spell(item, words)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            words.insert(name.clone());
            spell(value, words);
        }),
        _ => {}
    }
}

fn word() -> impl Strategy<Value = String> {
    any::<Index>().prop_map(|index| index.get(words()).clone())
}

/// JSON of the vendors' words.
fn made() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => word().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            vec((word(), inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A change in one place.
#[derive(Clone, Debug)]
enum Mutation {
    /// Another value stands there.
    Other(Box<Value>),
    /// Part of another payload stands there.
    Foreign(Index),
    /// It is a list of itself, so often.
    Repeat(usize),
    /// It stands so deep in itself.
    Nest(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        made().prop_map(|value| Mutation::Other(Box::new(value))),
        any::<Index>().prop_map(Mutation::Foreign),
        (1..2_000_usize).prop_map(Mutation::Repeat),
        (1..40_usize).prop_map(Mutation::Nest),
    ]
}

fn mutated(base: &Value, steps: &[(Index, Mutation)]) -> Value {
    /// A payload is not grown beyond this.
    const LARGEST: usize = 256 * 1024;
    let mut value = base.clone();
    for (place, mutation) in steps {
        let mut places = Vec::new();
        places_in(&value, &mut String::new(), &mut places);
        let place: &String = place.get(&places);
        let Some(target) = value.pointer_mut(place) else { continue };
        let size = target.to_string().len() + 1;
        *target = match mutation {
            Mutation::Other(other) => Value::clone(other),
            Mutation::Foreign(other) => other.get(samples()).payload.clone(),
            Mutation::Repeat(times) => vec![target.clone(); (*times).min(LARGEST / size + 1)].into(),
            Mutation::Nest(depth) => (0..*depth).fold(target.clone(), |inner, _| json!([inner])),
        };
    }
    value
}

/// Where every value stands.
fn places_in(value: &Value, here: &mut String, places: &mut Vec<String>) {
    places.push(here.clone());
    let length = here.len();
    let mut visit = |name: &str, inner: &Value| {
        here.push('/');
        here.push_str(&name.replace('~', "~0").replace('/', "~1"));
        places_in(inner, here, places);
        here.truncate(length);
    };
    match value {
        // The first ones are as good as all.
        Value::Array(items) => {
            items.iter().take(8).enumerate().for_each(|(at, item)| visit(&at.to_string(), item));
        }
        Value::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
        _ => {}
    }
}

fn text() -> impl Strategy<Value = String> {
    let changed = (any::<Index>(), vec((any::<Index>(), mutation()), 0..4))
        .prop_map(|(base, steps)| mutated(&base.get(samples()).payload, &steps));
    let value = prop_oneof![3 => changed, 1 => made()];
    (value, prop_oneof![7 => Just(None), 1 => any::<Index>().prop_map(Some)]).prop_map(|(value, cut)| {
        let mut text = value.to_string();
        // Every so often it is cut: then it is no JSON at all.
        if let Some(cut) = cut {
            let end = text.floor_char_boundary(cut.index(text.len() + 1));
            text.truncate(end);
        }
        text
    })
}

/// Something to read, in some role and format.
pub fn case() -> impl Strategy<Value = Case> {
    let role = prop_oneof![Just(Role::Request), Just(Role::Response), Just(Role::Chunk)];
    (any::<Index>(), role, vec(text(), 1..4)).prop_map(|(format, role, texts)| Case {
        format: Chosen(format),
        role,
        texts,
    })
}
