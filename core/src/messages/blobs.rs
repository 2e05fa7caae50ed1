//! Binary data inside messages: replaced before anything copies it.

use serde_json::Value;

use super::Part;

/// What stands where binary data was.
const SUBSTITUTE: &str = "[Blob substitute]";

/// Reads an image, audio or file part; `None` where it is another kind of part.
pub(super) fn read(kind: &str, part: &Value) -> Option<Part> {
    let text = |path: &str| part.pointer(path).and_then(Value::as_str);
    match kind {
        "image_url" | "input_image" => {
            let url = text("/image_url/url").or_else(|| text("/image_url"))?;
            Some(address("image", url))
        }
        "input_audio" => {
            let format = text("/input_audio/format").unwrap_or_default();
            Some(blob("audio", format!("audio/{format}"), text("/input_audio/data")?))
        }
        "file" | "input_file" => match (text("/file/file_id"), text("/file/file_data")) {
            (Some(id), _) => Some(Part::File {
                modality: "document".to_owned(),
                mime_type: String::new(),
                file_id: id.to_owned(),
            }),
            (None, Some(data)) => Some(address("document", data)),
            (None, None) => part.get("file_id").and_then(Value::as_str).map(|id| Part::File {
                modality: text("/modality").unwrap_or("document").to_owned(),
                mime_type: text("/mime_type").unwrap_or_default().to_owned(),
                file_id: id.to_owned(),
            }),
        },
        "blob" => Some(blob(
            text("/modality").unwrap_or("document"),
            text("/mime_type").unwrap_or_default().to_owned(),
            text("/content").or_else(|| text("/data")).unwrap_or_default(),
        )),
        "uri" => Some(Part::Uri {
            modality: text("/modality").unwrap_or("document").to_owned(),
            mime_type: text("/mime_type").unwrap_or_default().to_owned(),
            uri: text("/uri")?.to_owned(),
        }),
        _ => None,
    }
}

/// An ordinary address stays; a `data:` URL is data.
fn address(modality: &str, url: &str) -> Part {
    match url.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((head, data)) => {
            let mime_type = head.split(';').next().unwrap_or_default();
            blob(modality, mime_type.to_owned(), data)
        }
        None => Part::Uri { modality: modality.to_owned(), mime_type: String::new(), uri: url.to_owned() },
    }
}

fn blob(modality: &str, mime_type: String, data: &str) -> Part {
    let size = if data == SUBSTITUTE { None } else { Some(base64_bytes(data)) };
    Part::Blob { modality: modality.to_owned(), mime_type, content: SUBSTITUTE.to_owned(), size }
}

/// How many bytes a base64 text stands for.
fn base64_bytes(data: &str) -> usize {
    data.trim_end_matches('=').len() / 4 * 3 + (data.trim_end_matches('=').len() % 4).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn data_goes_and_its_size_stays() {
        let part = read("image_url", &json!({"image_url": {"url": "data:image/png;base64,QUJDRA=="}}));
        assert_eq!(
            serde_json::to_value(part).unwrap(),
            json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                   "content": "[Blob substitute]", "size": 4})
        );
    }

    #[test]
    fn an_address_stays() {
        let part = read("image_url", &json!({"image_url": {"url": "https://example.com/cat.png"}}));
        assert_eq!(
            serde_json::to_value(part).unwrap(),
            json!({"type": "uri", "modality": "image", "mime_type": "", "uri": "https://example.com/cat.png"})
        );
    }

    #[test]
    fn another_part_is_none_of_ours() {
        assert_eq!(read("dance", &json!({})), None);
        assert_eq!(read("image_url", &json!({"image_url": 5})), None);
    }
}
