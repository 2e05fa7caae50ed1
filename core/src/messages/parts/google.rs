//! Parts of Google's `generateContent`, in camelCase and in snake_case; they say no type.

use crate::{json::Node, messages::model::Part};

/// A part that is told by the member it has.
pub(super) const fn part(_part: Node<'_>) -> Option<Part<'_>> {
    None
}
