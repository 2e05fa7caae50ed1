//! What is said in debug mode, each thing once.

use std::collections::VecDeque;

/// What is said once is remembered; a host that gives ever new reasons must not fill memory.
const MAX_SAID: usize = 200;

/// Things to say.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    waiting: VecDeque<String>,
    said: Vec<String>,
}

impl Notices {
    /// Says something, unless it has been said.
    pub fn say(&mut self, notice: impl Into<String>) {
        let notice = notice.into();
        self.say_kind(notice.clone(), notice);
    }

    /// Says something, unless something of that kind has been said.
    pub fn say_kind(&mut self, kind: String, notice: String) {
        if self.said.len() < MAX_SAID && !self.said.contains(&kind) {
            self.said.push(kind);
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
            notices.say_kind((number / 2).to_string(), number.to_string());
        }
        let said: Vec<String> = std::iter::from_fn(|| notices.poll()).collect();
        assert_eq!((said.len(), said[1].as_str()), (MAX_SAID, "2"));
    }
}
