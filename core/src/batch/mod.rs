//! What leaves together: spans of one trace as one item, gathered until it is time.

mod buckets;
mod segments;

use std::sync::Arc;

pub(crate) use buckets::Buckets;
pub(crate) use segments::Segments;

use crate::{
    delivery::{Category, Ledger, Reason},
    trace::SamplingContext,
};

/// One item, ready to leave.
#[derive(Debug)]
pub(crate) struct Batch {
    pub sampling: Arc<SamplingContext>,
    pub spans: usize,
    pub kind: Kind,
    payload: Vec<u8>,
}

/// What sort of item it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Spans by themselves.
    Spans,
    /// A segment with its descendants, with the event's id.
    Transaction(String),
}

impl Batch {
    /// The item's payload.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Bytes that it holds.
    pub fn len(&self) -> usize {
        self.payload.len()
    }

    /// What limits count it as.
    pub const fn category(&self) -> Category {
        match self.kind {
            Kind::Spans => Category::Span,
            Kind::Transaction(_) => Category::Transaction,
        }
    }

    /// Counts it as lost.
    pub fn lose(&self, ledger: &Ledger, reason: Reason) {
        ledger.lose(reason, self.spans);
        ledger.lose_transactions(reason, self.transactions());
    }

    /// Counts it as lost, as the server knows.
    pub fn lose_known(&self, ledger: &Ledger, reason: Reason) {
        self.lose(ledger, reason);
        ledger.know(reason, self.spans, self.transactions());
    }

    fn transactions(&self) -> usize {
        usize::from(self.category() == Category::Transaction)
    }
}
