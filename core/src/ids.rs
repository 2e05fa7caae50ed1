//! Trace and span ids, made from the caller's random bytes.

pub use sentry_types::protocol::v7::{SpanId, TraceId};

/// Random bytes that one new span may use: 16 for a trace id, 8 for its own id, 8 for the sample rand.
/// Every start takes all of them, so that the same stream of bytes gives the same ids in every language.
pub type Entropy = [u8; ENTROPY_BYTES];

/// Length of [`Entropy`] in bytes.
pub const ENTROPY_BYTES: usize = 32;

/// Where the bytes of a span's own id begin in [`Entropy`].
pub const SPAN_ID_AT: usize = 16;

/// What a new span draws out of its random bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drawn {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub sample_rand: u64,
}

/// The bytes of a span's id, of which a host draws the two halves.
pub const fn span_id_of(high: u32, low: u32) -> [u8; 8] {
    (((high as u64) << 32) | low as u64).to_be_bytes()
}

impl Drawn {
    pub fn new(entropy: &Entropy) -> Self {
        let (mut trace, mut span, mut rand) = ([0; 16], [0; 8], [0; 8]);
        for (target, source) in
            trace.iter_mut().chain(span.iter_mut()).chain(rand.iter_mut()).zip(entropy.iter())
        {
            *target = *source;
        }
        // An id of nothing but zeros is invalid everywhere (W3C trace context, section 3.2.2.3).
        nonzero(&mut trace);
        nonzero(&mut span);
        Self {
            trace_id: TraceId::from(trace),
            span_id: SpanId::from(span),
            sample_rand: u64::from_be_bytes(rand),
        }
    }
}

fn nonzero(bytes: &mut [u8]) {
    if bytes.iter().all(|byte| *byte == 0)
        && let Some(last) = bytes.last_mut()
    {
        *last = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_never_an_id() {
        let drawn = Drawn::new(&[0; ENTROPY_BYTES]);
        assert_eq!(drawn.trace_id.to_string(), "00000000000000000000000000000001");
        assert_eq!(drawn.span_id.to_string(), "0000000000000001");
    }
}
