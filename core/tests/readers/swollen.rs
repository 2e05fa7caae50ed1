//! Payloads of the vectors whose lists, and the lists inside them, are as long and their items as small as can be.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::generate::samples;

/// Items of a list that was swollen.
const ITEMS: usize = 256;
/// A payload is not grown beyond this.
const LARGEST: usize = 64 * 1024;

/// Every payload with one list swollen, and with a list inside another one swollen as well, once for each place that
/// a format has.
pub fn all() -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut swollen = Vec::new();
    for sample in samples() {
        let mut places = Vec::new();
        lists_in(&sample.payload, &mut String::new(), &mut places);
        for inner in &places {
            let outers = places.iter().filter(|outer| inner.starts_with(&format!("{outer}/")));
            for outer in outers.map(Some).chain([None]) {
                let shape = |place: &str| place.replace(|c: char| c.is_ascii_digit(), "");
                if !seen.insert((shape(inner), outer.map(|outer| shape(outer)))) {
                    continue;
                }
                for tiny in [json!(1), json!({"text": "a"}), json!({})] {
                    let mut payload = sample.payload.clone();
                    let items = if outer.is_some() { ITEMS } else { LARGEST / (tiny.to_string().len() + 1) };
                    *payload.pointer_mut(inner).unwrap() = vec![tiny; items].into();
                    if let Some(outer) = outer {
                        repeat(payload.pointer_mut(outer).unwrap());
                    }
                    swollen.push(payload.to_string());
                }
            }
        }
    }
    swollen
}

/// A list becomes many of its last item.
fn repeat(list: &mut Value) {
    let items = list.as_array_mut().unwrap();
    let last = items.last().unwrap().clone();
    let room = LARGEST.saturating_sub(json!(items).to_string().len());
    items.extend(vec![last.clone(); (room / (last.to_string().len() + 1)).min(ITEMS)]);
}

fn lists_in(value: &Value, here: &mut String, places: &mut Vec<String>) {
    let length = here.len();
    let mut visit = |name: &str, inner: &Value| {
        here.push('/');
        here.push_str(&name.replace('~', "~0").replace('/', "~1"));
        lists_in(inner, here, places);
        here.truncate(length);
    };
    match value {
        Value::Array(items) => {
            if let Some(last) = items.last() {
                visit(&(items.len() - 1).to_string(), last);
                places.push(here.clone());
            }
        }
        Value::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
        _ => {}
    }
}
