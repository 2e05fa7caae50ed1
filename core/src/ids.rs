//! Trace and span ids, made from the caller's random bytes.

use std::fmt;

/// Bytes that the wire writes as small hexadecimal digits. Not those of `sentry-types`: they give away nothing but a
/// text of their own, and a span writes five of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<const BYTES: usize>([u8; BYTES]);

/// The id of a trace.
pub type TraceId = Id<16>;

/// The id of a span.
pub type SpanId = Id<8>;

impl<const BYTES: usize> Id<BYTES> {
    /// The bytes.
    pub(crate) const fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// As the wire has it, without an allocation.
    pub(crate) fn digits(&self) -> Digits<BYTES> {
        Digits(self.0.map(|byte| [digit(byte >> 4), digit(byte & 0xf)]))
    }

    /// Out of as many digits as it takes.
    pub(crate) fn of_digits(digits: &str) -> Option<Self> {
        let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
        let mut bytes = [0; BYTES];
        if pairs.len() != BYTES {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let value = |digit: &u8| char::from(*digit).to_digit(16);
            *byte = u8::try_from(value(high)? << 4 | value(low)?).ok()?;
        }
        Some(Self(bytes))
    }
}

impl<const BYTES: usize> From<[u8; BYTES]> for Id<BYTES> {
    fn from(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }
}

impl<const BYTES: usize> fmt::Display for Id<BYTES> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.digits().as_str())
    }
}

impl<const BYTES: usize> fmt::Debug for Id<BYTES> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The digits of an id, two a byte.
#[derive(Clone, Copy)]
pub(crate) struct Digits<const BYTES: usize>([[u8; 2]; BYTES]);

impl<const BYTES: usize> Digits<BYTES> {
    pub fn as_str(&self) -> &str {
        // They are nothing but digits.
        str::from_utf8(self.0.as_flattened()).unwrap_or_default()
    }
}

/// Without a table or a branch, so that all digits of an id are made at once.
const fn digit(half: u8) -> u8 {
    /// From the digit after `9` to `a`.
    const GAP: u8 = b'a' - b'9' - 1;
    b'0' + half + if half > 9 { GAP } else { 0 }
}

/// Random bytes that one new span may use: 16 for a trace id, 8 for its own id, 8 for the sample rand.
/// Every start takes all of them, so that the same stream of bytes gives the same ids in every language.
pub type Entropy = [u8; ENTROPY_BYTES];

/// Length of [`Entropy`] in bytes.
pub const ENTROPY_BYTES: usize = 32;

/// Where the bytes of a span's own id begin in [`Entropy`].
pub const SPAN_ID_AT: usize = 16;

/// The same of what decides whether its trace is recorded.
const SAMPLE_RAND_AT: usize = 24;

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
        let mut trace = part(entropy, 0);
        let mut span = part(entropy, SPAN_ID_AT);
        // An id of nothing but zeros is invalid everywhere (W3C trace context, section 3.2.2.3).
        nonzero(&mut trace);
        nonzero(&mut span);
        Self {
            trace_id: TraceId::from(trace),
            span_id: SpanId::from(span),
            sample_rand: u64::from_be_bytes(part(entropy, SAMPLE_RAND_AT)),
        }
    }
}

/// As many of the bytes as it takes, from one of them on.
fn part<const BYTES: usize>(entropy: &Entropy, from: usize) -> [u8; BYTES] {
    entropy.get(from..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; BYTES])
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
    fn an_id_is_its_digits() {
        let id = SpanId::from([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
        assert_eq!(id.to_string(), "0123456789abcdef");
        assert_eq!(SpanId::of_digits("0123456789ABCDEF"), Some(id));
        for odd in [
            "",
            "0123456789abcde",
            "0123456789abcdef0",
            "0123456789abcdef00",
            "0123456789abcdeg",
            "+123456789abcdef",
        ] {
            assert_eq!(SpanId::of_digits(odd), None, "{odd}");
        }
    }

    #[test]
    fn zeros_are_never_an_id() {
        let drawn = Drawn::new(&[0; ENTROPY_BYTES]);
        assert_eq!(drawn.trace_id.to_string(), "00000000000000000000000000000001");
        assert_eq!(drawn.span_id.to_string(), "0000000000000001");
    }
}
