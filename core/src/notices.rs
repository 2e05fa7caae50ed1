//! What is said in debug mode: each kind of thing once.

use std::collections::{BTreeSet, VecDeque};

/// Kinds that are remembered; a host that gives ever new reasons must not fill memory.
const MAX_KINDS: usize = 200;

/// What waits to be said, and what has been.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    waiting: VecDeque<String>,
    said: BTreeSet<String>,
}

impl Notices {
    /// Says something, unless something of that kind has been said.
    pub fn say(&mut self, kind: String, notice: String) {
        if self.said.len() < MAX_KINDS && self.said.insert(kind) {
            self.waiting.push_back(notice);
        }
    }

    /// The next thing to say.
    pub fn poll(&mut self) -> Option<String> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_said_once_and_not_without_end() {
        let mut notices = Notices::default();
        for number in 0..1000 {
            notices.say((number / 2).to_string(), number.to_string());
        }
        let said: Vec<String> = std::iter::from_fn(|| notices.poll()).collect();
        assert_eq!((said.len(), said[1].as_str()), (MAX_KINDS, "2"));
    }
}
