//! The text inside a JSON string: escapes, and what is broken.

/// Whether a text holds nothing that JSON escapes, quotes and backslashes aside.
pub(super) fn is_clean(content: &str) -> bool {
    // Without an early end, so that many bytes are compared at once.
    !content.bytes().fold(false, |is_odd, byte| is_odd | (byte < 0x20))
}

/// The text that an escaped one stands for; a surrogate without its partner becomes U+FFFD, an escape that
/// JSON does not know is what follows the backslash.
pub(super) fn unescape(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut following = after.chars();
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
