//! The models: their dated names, as they stand in answers, and which of them think.

use serde_json::{Value, json};

use super::CREATED;

/// Names and the versions they stood for when this was written; the others get one date.
const DATED: [(&str, &str); 10] = [
    ("gpt-4o", "2024-08-06"),
    ("gpt-4o-mini", "2024-07-18"),
    ("gpt-4.1", "2025-04-14"),
    ("gpt-4.1-mini", "2025-04-14"),
    ("gpt-4.1-nano", "2025-04-14"),
    ("gpt-5", "2025-08-07"),
    ("gpt-5-mini", "2025-08-07"),
    ("gpt-5-nano", "2025-08-07"),
    ("o3-mini", "2025-01-31"),
    ("o4-mini", "2025-04-16"),
];

const OTHER_DATE: &str = "2026-01-01";

/// `gpt-4o-mini` becomes `gpt-4o-mini-2024-07-18`; a name with a date stays.
pub(in crate::vendor) fn dated(model: &str) -> String {
    if ends_with_date(model) {
        return model.to_owned();
    }
    let date = DATED.iter().find(|(name, _)| *name == model).map_or(OTHER_DATE, |(_, date)| date);
    format!("{model}-{date}")
}

/// Whether a model thinks before it answers, which its usage tells.
pub(super) fn reasons(model: &str) -> bool {
    ["gpt-5", "o1", "o3", "o4"].iter().any(|family| model.starts_with(family))
}

/// The list of models.
pub(super) fn all() -> Value {
    let model =
        |name: &str| json!({ "id": name, "object": "model", "created": CREATED, "owned_by": "system" });
    let models: Vec<Value> = DATED.iter().map(|(name, _)| model(name)).collect();
    json!({ "object": "list", "data": models })
}

fn ends_with_date(model: &str) -> bool {
    let mut parts = model
        .rsplitn(4, '-')
        .map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part.len()));
    [2, 2, 4].into_iter().all(|digits| parts.next() == Some(Some(digits)))
}

#[cfg(test)]
mod tests {
    use super::dated;

    #[test]
    fn a_name_gets_its_date_once() {
        assert_eq!(dated("gpt-4o-mini"), "gpt-4o-mini-2024-07-18");
        assert_eq!(dated("gpt-4o-mini-2024-07-18"), "gpt-4o-mini-2024-07-18");
        assert_eq!(dated("fault-slow"), "fault-slow-2026-01-01");
        assert_eq!(dated("a-24-07-18"), "a-24-07-18-2026-01-01");
    }
}
