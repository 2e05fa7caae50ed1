//! A text in the pieces in which it is streamed, and texts of a size that was wished for.

use super::ask::Ask;

/// Characters of a tool call's arguments in one piece.
const ARGUMENT_PIECE: usize = 5;

/// Words, each with the space after it.
pub(super) fn pieces(text: &str) -> Vec<String> {
    text.split_inclusive(' ').map(str::to_owned).collect()
}

/// The arguments of a tool call, in the pieces in which they are streamed.
pub(super) fn argument_pieces(arguments: &str) -> Vec<String> {
    let characters: Vec<char> = arguments.chars().collect();
    characters.chunks(ARGUMENT_PIECE).map(String::from_iter).collect()
}

/// The pieces of a text that repeats this one until it has the size that the request wishes for, whatever
/// limit the request has; nothing where it wishes for none. JSON stays what it is.
pub(super) fn resize(text: &str, ask: &Ask) -> Option<Vec<String>> {
    match (ask.wishes.bytes(), ask.wishes.chunks()) {
        _ if ask.schema.is_some() => None,
        (None, None) => None,
        (None, Some(chunks)) => Some(pieces(&format!("{text} ")).into_iter().cycle().take(chunks).collect()),
        (Some(bytes), None) => Some(pieces(&repeat(text, bytes))),
        (Some(bytes), Some(chunks)) => Some(even(&repeat(text, bytes), chunks)),
    }
}

/// A text of exactly so many bytes. Only ASCII is repeated, so that no character is cut in two.
fn repeat(text: &str, bytes: usize) -> String {
    let characters = text.chars().filter(char::is_ascii).chain([' ']);
    characters.cycle().take(bytes).collect()
}

/// So many pieces, of the same size give or take one byte; fewer where there are not so many bytes.
fn even(text: &str, chunks: usize) -> Vec<String> {
    let chunks = chunks.clamp(1, text.len().max(1));
    let edge = |index: usize| index * text.len() / chunks;
    let pieces = (0..chunks).filter_map(|index| text.get(edge(index)..edge(index + 1)));
    pieces.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{even, pieces, repeat};

    #[test]
    fn pieces_are_words() {
        assert_eq!(pieces("to be or"), ["to ", "be ", "or"]);
    }

    #[test]
    fn a_text_is_repeated_to_the_byte() {
        assert_eq!(repeat("né ", 7), "n  n  n");
        assert_eq!(repeat("", 2), "  ");
    }

    #[test]
    fn pieces_are_of_even_size() {
        assert_eq!(even("abcdefgh", 3), ["ab", "cde", "fgh"]);
        assert_eq!(even("ab", 5), ["a", "b"]);
        assert_eq!(even("", 5), [""]);
    }
}
