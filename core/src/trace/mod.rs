//! Where a span stands: its trace, its parent, whether the trace is recorded, what travels on.

mod context;
mod propagation;
mod sampling;

pub use context::{SegmentRef, TraceContext};
pub use propagation::{Headers, continue_trace};
pub use sampling::SamplingContext;
pub(crate) use sampling::{decide, sample_rand};
