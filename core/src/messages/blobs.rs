//! Binary data inside messages: replaced before anything copies it.

use std::borrow::Cow;

use super::model::{Part, SUBSTITUTE, Text};
use crate::{config::MAX_INLINE_BYTES, json::Node};

/// A mark with its size for binary data that is longer than people mean to read, so that a host need not copy it.
/// `None` where the text stays.
pub fn substitute_blob(text: &str) -> Option<String> {
    substitute_blob_of(text, text.len())
}

/// The same for a text of which a host has only the beginning at hand, of [`MAX_INLINE_BYTES`] or more, and how many
/// bytes all of it has.
pub fn substitute_blob_of(beginning: &str, bytes: usize) -> Option<String> {
    if bytes <= MAX_INLINE_BYTES {
        return None;
    }
    let (head, data) = split(beginning);
    is_base64(data).then(|| format!("{head}{}", mark(bytes.saturating_sub(head.len()))))
}

/// A `data:` URL with a mark in the place of its data; `None` where a text holds none.
pub(crate) fn substitute(text: &str) -> Option<String> {
    let (head, data) = split(text);
    let is_data = head.ends_with(";base64,") && marked(data).is_none();
    is_data.then(|| format!("{head}{}", mark(data.len())))
}

/// `data:image/png;base64,` and what follows it.
fn split(text: &str) -> (&str, &str) {
    /// Longer than any media type with its parameters.
    const LONGEST_HEAD: usize = 256;
    let head = if text.starts_with("data:") {
        text.bytes().take(LONGEST_HEAD).position(|byte| byte == b',')
    } else {
        None
    };
    text.split_at(head.map_or(0, |comma| comma + 1))
}

/// Whether a long text looks like base64: nobody writes so much without a space.
fn is_base64(data: &str) -> bool {
    /// Bytes that are looked at.
    const SAMPLE: usize = 4096;
    let is_digit = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\r' | b'\n')
    };
    data.bytes().take(SAMPLE).all(is_digit)
}

fn mark(characters: usize) -> String {
    format!("[Blob substitute: {characters} characters]")
}

/// How many characters of base64 a mark stands for.
fn marked(data: &str) -> Option<usize> {
    data.strip_prefix("[Blob substitute: ")?.strip_suffix(" characters]")?.parse().ok()
}

/// How many bytes there were where a binding wrote `<3 bytes>` for them.
fn bytes(data: &str) -> Option<usize> {
    data.strip_prefix('<')?.strip_suffix(" bytes>")?.parse().ok()
}

/// Data that is written into the payload, as base64.
pub(super) fn data<'a>(modality: &'static str, mime_type: Text<'a>, data: Node<'a>) -> Part<'a> {
    let content = data.content().map(|(content, _)| content).unwrap_or_default();
    Part::Blob { modality: modality.into(), mime_type, size: decoded_size(content) }
}

/// An ordinary address stays; a `data:` URL is data. `None` where this is no text.
pub(super) fn address<'a>(modality: &'static str, url: Node<'a>) -> Option<Part<'a>> {
    let (content, _) = url.content()?;
    if let (Some(head), data) = (split(content).0.strip_prefix("data:"), split(content).1) {
        let mime_type = head.split([';', ',']).next().unwrap_or_default();
        return Some(Part::Blob {
            modality: modality.into(),
            mime_type: mime_type.into(),
            size: decoded_size(data),
        });
    }
    if content.starts_with("data:") {
        return Some(Part::Blob { modality: modality.into(), mime_type: Cow::default(), size: None });
    }
    Some(Part::Uri { modality: modality.into(), mime_type: Cow::default(), uri: url.str()? })
}

/// An address, or data, with or without the head of a `data:` URL.
pub(crate) fn data_or_address<'a>(modality: &'static str, file: Node<'a>) -> Option<Part<'a>> {
    let (content, _) = file.content()?;
    let is_bare = marked(content).is_some() || !content.contains(':');
    if is_bare { Some(data(modality, Cow::default(), file)) } else { address(modality, file) }
}

/// Data that the vendor holds.
pub(super) fn file<'a>(modality: &'static str, file_id: Text<'a>) -> Part<'a> {
    Part::File { modality: modality.into(), mime_type: Cow::default(), file_id }
}

/// The parts of the conventions themselves: `blob` and `uri`.
pub(super) fn neutral<'a>(kind: &str, part: Node<'a>) -> Option<Part<'a>> {
    let text = |name: &str| part.get(name).str();
    let mime_type = text("mime_type").unwrap_or_default();
    let modality = text("modality").unwrap_or_else(|| modality_of(&mime_type).into());
    if kind == "uri" {
        return Some(Part::Uri { modality, mime_type, uri: text("uri")? });
    }
    let content = part.any(&["content", "data"]).content().map(|(content, _)| content).unwrap_or_default();
    Some(Part::Blob { modality, mime_type, size: decoded_size(content) })
}

/// The modality of a media type: `image`, `audio`, `video`, else `document`.
pub(super) fn modality_of(mime_type: &str) -> &'static str {
    match mime_type.split('/').next() {
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        _ => "document",
    }
}

/// How many bytes a base64 text stands for; `None` where it was replaced without saying.
pub(crate) fn decoded_size(data: &str) -> Option<usize> {
    if data == SUBSTITUTE {
        return None;
    }
    if let Some(bytes) = bytes(data) {
        return Some(bytes);
    }
    let digits = marked(data).unwrap_or_else(|| data.trim_end_matches('=').len());
    Some(digits / 4 * 3 + (digits % 4).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Doc;
    use serde_json::{Value, json};

    fn addressed(url: &str) -> Value {
        let doc = Doc::string(url);
        let mut out = String::new();
        address("image", doc.root()).unwrap().write(&mut out);
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn data_goes_and_its_size_stays() {
        let blob = json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                          "content": "[Blob substitute]", "size": 4});
        assert_eq!(addressed("data:image/png;base64,QUJDRA=="), blob);
    }

    #[test]
    fn sizes_of_marks() {
        for (data, size) in [("QUJD", Some(3)), ("<7 bytes>", Some(7)), (SUBSTITUTE, None)] {
            assert_eq!(decoded_size(data), size);
        }
        assert_eq!(decoded_size(&mark(8)), Some(6));
        let doc = Doc::string(&mark(8));
        assert!(matches!(data_or_address("audio", doc.root()), Some(Part::Blob { size: Some(6), .. })));
    }

    #[test]
    fn an_address_stays() {
        assert_eq!(
            addressed("https://example.com/cat.png"),
            json!({"type": "uri", "modality": "image", "mime_type": "", "uri": "https://example.com/cat.png"})
        );
        assert!(address("image", Doc::parse(b"5").unwrap().root()).is_none());
    }

    #[test]
    fn binary_data_is_replaced_before_it_is_copied() {
        let image = format!("data:image/png;base64,{}", "QUJD".repeat(100_000));
        let substitute = substitute_blob(&image).unwrap();
        assert_eq!(substitute, "data:image/png;base64,[Blob substitute: 400000 characters]");
        assert_eq!(addressed(&substitute)["size"], 300_000);
        assert_eq!(substitute_blob(&"QUJD".repeat(100_000)).unwrap(), "[Blob substitute: 400000 characters]");
        assert_eq!(substitute_blob("short"), None);
        assert_eq!(substitute_blob(&"words ".repeat(20_000)), None);
    }
}
