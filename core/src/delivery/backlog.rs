//! Envelopes that are on disk alone, or were: by what limits hold for them, then by age.

use std::collections::{BTreeMap, BTreeSet};

use super::Category;

/// The numbers of what is on disk. Of what a dead process left nobody knows the category before it was brought back.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    numbers: BTreeMap<Option<Category>, BTreeSet<u64>>,
    /// The one that was brought back last: there is memory for one.
    brought: Option<u64>,
}

/// The oldest of a category in the backlog.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InBacklog {
    pub number: u64,
    /// `None` where nobody has looked into it.
    pub category: Option<Category>,
    /// Whether it has been brought back, and can leave.
    pub is_here: bool,
    /// Whether a dead process left it.
    pub is_found: bool,
}

impl Backlog {
    pub fn insert(&mut self, number: u64, category: Option<Category>) {
        self.numbers.entry(category).or_default().insert(number);
    }

    /// Takes one out; whether it was there.
    pub fn remove(&mut self, number: u64) -> bool {
        self.numbers.values_mut().any(|numbers| numbers.remove(&number))
    }

    /// The oldest of each category.
    pub fn firsts(&self) -> impl Iterator<Item = u64> {
        self.numbers.values().filter_map(|numbers| numbers.first().copied())
    }

    /// One takes the place in memory. Gives the one that has it now and has not left, if that is another.
    pub fn bring(&mut self, number: u64) -> Option<u64> {
        let is_here = |number: &u64| self.numbers.values().any(|numbers| numbers.contains(number));
        let other = self.brought.filter(|other| *other != number && is_here(other));
        self.brought = Some(number);
        other
    }
}
