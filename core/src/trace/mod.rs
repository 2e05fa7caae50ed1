//! Where a span stands: its trace, its parent, whether the trace is recorded, what travels on.

mod context;
mod propagation;
mod sampling;

pub use context::{Inherited, SegmentRef, TraceContext};
pub use propagation::{Headers, continue_trace};
pub(crate) use sampling::{Decision, sample_rand, sample_rand_of};
pub use sampling::{SamplingContext, sample_rate};
