//! The text inside a JSON string: escapes, and what is broken.

use memchr::{memchr, memchr2};

/// Whether there is a byte that JSON escapes.
pub(super) fn has_special(text: &str) -> bool {
    let mut has_one = false;
    each_special(text.as_bytes(), |_| has_one = true);
    has_one
}

/// Tells where every byte stands that JSON escapes: a quote, a backslash, a control character.
pub(super) fn each_special(bytes: &[u8], mut found: impl FnMut(usize)) {
    let mut at = 0;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let mut special = special_in(u64::from_le_bytes(*word));
        let is_prose = special == 0;
        while special != 0 {
            found(at + (special.trailing_zeros() / 8) as usize);
            special &= special - 1;
        }
        at += word.len();
        // Blocks whose bytes are compared at once, without an early end inside.
        while is_prose
            && let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<32>)
            && is_clean(block)
        {
            at += block.len();
        }
    }
    let rest = bytes.get(at..).unwrap_or_default();
    // The end of what is longer than a word is looked at as a word, once more with some bytes before it.
    if bytes.last_chunk::<8>().is_some_and(|word| special_in(u64::from_le_bytes(*word)) == 0) {
        return;
    }
    for (offset, _) in rest.iter().enumerate().filter(|(_, byte)| is_escaped(**byte)) {
        found(at + offset);
    }
}

/// Whether nothing is escaped: no byte is zero once each is told from a quote, a backslash and the controls. Three
/// comparisons of each byte come out as twice the instructions.
fn is_clean(block: &[u8; 32]) -> bool {
    block.iter().fold(u8::MAX, |least, byte| least.min(byte ^ b'"').min(byte ^ b'\\').min(byte & CONTROL)) > 0
}

/// The bits of which control characters have none.
const CONTROL: u8 = 0xe0;

const fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// The high bit of each of eight bytes that is escaped.
const fn special_in(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 128;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    // Subtracting borrows: bits above the first one may be wrong, but there are none where none should be.
    let about = (quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control;
    if about & HIGH == 0 {
        return 0;
    }
    zeros_in(quote) | zeros_in(backslash) | zeros_in(word & (ONES * CONTROL as u64))
}

/// The high bit of each of eight bytes that is zero.
const fn zeros_in(word: u64) -> u64 {
    const LOW: u64 = (u64::MAX / 255) * 0x7f;
    !(((word & LOW) + LOW) | word | LOW)
}

/// Whether a byte is there.
pub(super) fn holds(byte: u8, bytes: &[u8]) -> bool {
    /// Up to here a search of blocks takes longer to begin than to look at words.
    const FEW: usize = 64;
    const ONES: u64 = u64::MAX / 255;
    if bytes.len() > FEW {
        return memchr(byte, bytes).is_some();
    }
    let is_in = |word: &[u8; 8]| {
        let zeros = u64::from_le_bytes(*word) ^ (ONES * u64::from(byte));
        zeros.wrapping_sub(ONES) & !zeros & (ONES * 128) != 0
    };
    match bytes.last_chunk() {
        Some(last) => is_in(last) || bytes.as_chunks().0.iter().any(is_in),
        None => bytes.contains(&byte),
    }
}

/// Where the first of two bytes stands.
pub(super) fn first_of(one: u8, other: u8, bytes: &[u8]) -> Option<usize> {
    /// Names and numbers end within so many bytes: to begin a search of blocks would take longer.
    const NEAR: usize = 16;
    const ONES: u64 = u64::MAX / 255;
    let mut at = 0;
    while at < NEAR
        && let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>)
    {
        let word = u64::from_le_bytes(*word);
        // The lowest of these bits is right, as in `special_in`.
        let is = |byte: u8| {
            let zeros = word ^ (ONES * u64::from(byte));
            zeros.wrapping_sub(ONES) & !zeros
        };
        match (is(one) | is(other)) & (ONES * 128) {
            0 => at += 8,
            found => return Some(at + (found.trailing_zeros() / 8) as usize),
        }
    }
    memchr2(one, other, bytes.get(at..)?).map(|offset| at + offset)
}

/// The text that an escaped one stands for; a surrogate without its partner becomes U+FFFD, an escape that
/// JSON does not know is what follows the backslash.
pub(super) fn unescape(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;
    // `memchr` is several times faster than a search in a `str`.
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let mut following = after.chars();
        following.next();
        let (character, left) = match following.next() {
            Some('u') => unicode(following.as_str()),
            Some('n') => ('\n', following.as_str()),
            Some('t') => ('\t', following.as_str()),
            Some('r') => ('\r', following.as_str()),
            Some('b') => ('\u{8}', following.as_str()),
            Some('f') => ('\u{c}', following.as_str()),
            Some(other) => (other, following.as_str()),
            None => (char::REPLACEMENT_CHARACTER, ""),
        };
        text.push(character);
        rest = left;
    }
    text.push_str(rest);
    text
}

/// The character behind `\u`, and what follows it.
fn unicode(rest: &str) -> (char, &str) {
    let Some((first, after)) = unit(rest) else { return (char::REPLACEMENT_CHARACTER, rest) };
    if let Some(character) = char::from_u32(first.into()) {
        return (character, after);
    }
    let pair = after.strip_prefix("\\u").and_then(unit);
    let decoded = pair.and_then(|(second, after)| {
        let character = char::decode_utf16([first, second]).next()?.ok()?;
        Some((character, after))
    });
    decoded.unwrap_or((char::REPLACEMENT_CHARACTER, after))
}

/// Four hexadecimal digits.
fn unit(rest: &str) -> Option<(u16, &str)> {
    let (digits, after) = rest.split_at_checked(4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?.map(|unit| (unit, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_is_found_wherever_it_stands() {
        let specials = |bytes: &[u8]| {
            let mut places = Vec::new();
            each_special(bytes, |at| places.push(at));
            places
        };
        // Bytes beside the limits of what is searched, and of other alphabets.
        let plain = [b'a', b' ', 0x7f, 0x80, 0xa2, 0xdc, 0xff, b'!', b'#', b'[', b']'];
        for special in (0_u8..0x20).chain(*b"\"\\") {
            for length in 1..80 {
                let bytes: Vec<u8> = (0..length).map(|index| plain[index % plain.len()]).collect();
                assert!(specials(&bytes).is_empty());
                for at in 0..length {
                    let mut bytes = bytes.clone();
                    bytes[at] = special;
                    assert_eq!(specials(&bytes), [at]);
                    // A borrow reaches what follows.
                    let next = (at + 1) % length;
                    bytes[next] = special + 1;
                    let expected: Vec<usize> = (0..length).filter(|at| is_escaped(bytes[*at])).collect();
                    assert_eq!(specials(&bytes), expected);
                }
            }
        }
    }

    #[test]
    fn the_first_of_two_is_found_wherever_it_stands() {
        for length in 0..70 {
            let plain = vec![b'a'; length];
            assert_eq!(first_of(b'"', b'\\', &plain), None);
            for at in 0..length {
                for (wanted, later) in [(b'"', b'\\'), (b'\\', b'"'), (b'"', b'#'), (b'\\', b']')] {
                    let mut bytes = plain.clone();
                    bytes[at] = wanted;
                    if let Some(byte) = bytes.get_mut(at + 1) {
                        *byte = later;
                    }
                    assert_eq!(first_of(b'"', b'\\', &bytes), Some(at));
                }
            }
        }
    }

    #[test]
    fn escapes_are_characters() {
        assert_eq!(unescape(r#"a\n\t\r\b\f\/\\\"\u0041\u00e9"#), "a\n\t\r\u{8}\u{c}/\\\"Aé");
        assert_eq!(unescape(r"\ud83d\ude00"), "\u{1F600}");
    }

    #[test]
    fn broken_escapes_lose_nothing_else() {
        assert_eq!(unescape(r"a\ud800b"), "a\u{FFFD}b");
        assert_eq!(unescape(r"\udc00\ud83d\u0041"), "\u{FFFD}\u{FFFD}A");
        assert_eq!(unescape(r"\uZZé\q"), "\u{FFFD}ZZéq");
        assert_eq!(unescape("é\\"), "é\u{FFFD}");
    }
}
