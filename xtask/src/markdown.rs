//! What is read out of Markdown files: the quick starts and the links.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// The code of the fenced block that stands behind the comment `<!-- quickstart: NAME -->`.
pub(crate) fn quickstart(text: &str, name: &str) -> Option<String> {
    let comment = format!("<!-- quickstart: {name} -->");
    let mut events = Parser::new(text)
        .skip_while(|event| !matches!(event, Event::Html(html) if html.trim() == comment))
        .skip_while(|event| {
            !matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Start(Tag::Heading { .. }))
        });
    let Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))) = events.next() else { return None };
    let lines = events.map_while(|event| match event {
        Event::Text(line) => Some(line),
        _ => None,
    });
    Some(lines.map(|line| line.to_string()).collect())
}

/// Every link and image that leads to a file, with its line; what a URL or an anchor is left out.
pub(crate) fn file_links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event
        else {
            continue;
        };
        let path = dest_url.split(['#', '?']).next().unwrap_or_default();
        let is_url = path.contains(':') || path.starts_with("//");
        if !path.is_empty() && !is_url {
            let before = text.get(..range.start).unwrap_or_default();
            links.push((before.matches('\n').count() + 1, path.replace("%20", " ")));
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title\n\n<!-- quickstart: python -->\n```python\nimport a\n\nb()\n```\n\n\
        <!-- quickstart: node -->\n\nText.\n\n```js\nc();\n```\n\n<!-- quickstart: none -->\n## Next\n\n```\nd\n```\n";

    #[test]
    fn a_quickstart_is_the_block_behind_its_comment() {
        assert_eq!(quickstart(PAGE, "python").as_deref(), Some("import a\n\nb()\n"));
        assert_eq!(quickstart(PAGE, "node").as_deref(), Some("c();\n"));
        assert_eq!(quickstart(PAGE, "none"), None, "a heading stands between");
        assert_eq!(quickstart(PAGE, "browser"), None);
    }

    #[test]
    fn links_to_files_are_found_with_their_lines() {
        let text = "[a](b.md#part)\n\n![p](img/p.png) and [c][c] `[no](code.md)`\n\n\
            [u](https://example.com) [h](#here) [m](mailto:a@b)\n\n[c]: d.md\n";
        let links = file_links(text);
        assert_eq!(links, [(1, "b.md".into()), (3, "img/p.png".into()), (3, "d.md".into())]);
    }
}
