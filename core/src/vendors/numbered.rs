//! A few things by number, in the order of their numbers.

/// What comes in pieces that say which of a few things they belong to. A list: an ordered map is 7 KB of the
/// browser's module for each sort of thing in it, and these are short.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T> {
    things: Vec<(u64, T)>,
    surplus: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { things: Vec::new(), surplus: 0 }
    }
}

impl<T> Numbered<T> {
    /// The one of that number, new where there is none; `None` where there are `most` others already.
    pub fn get_or_insert(&mut self, number: u64, most: usize, new: impl FnOnce() -> T) -> Option<&mut T> {
        let at = match self.place(number) {
            Ok(at) => at,
            Err(_) if self.things.len() >= most => {
                self.surplus += 1;
                return None;
            }
            Err(at) => {
                self.things.insert(at, (number, new()));
                at
            }
        };
        self.things.get_mut(at).map(|(_, thing)| thing)
    }

    /// How often there were too many others.
    pub const fn surplus(&self) -> usize {
        self.surplus
    }

    /// The one of that number.
    pub fn get(&self, number: u64) -> Option<&T> {
        let at = self.place(number).ok()?;
        self.things.get(at).map(|(_, thing)| thing)
    }

    /// Whether nothing came.
    pub const fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// The largest number.
    pub fn last(&self) -> Option<u64> {
        self.things.last().map(|(number, _)| *number)
    }

    /// The largest number below that one.
    pub fn before(&self, number: u64) -> Option<u64> {
        let at = self.things.partition_point(|(known, _)| *known < number);
        self.things.get(at.checked_sub(1)?).map(|(known, _)| *known)
    }

    /// All of them, in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.things.iter().map(|(_, thing)| thing)
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.things.iter_mut().map(|(_, thing)| thing)
    }

    /// Keeps those whose number is wanted.
    pub fn retain(&mut self, is_wanted: impl Fn(u64) -> bool) {
        self.things.retain(|(number, _)| is_wanted(*number));
    }

    fn place(&self, number: u64) -> Result<usize, usize> {
        self.things.binary_search_by_key(&number, |(number, _)| *number)
    }
}
