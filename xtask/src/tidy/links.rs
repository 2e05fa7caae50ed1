//! Links of the documents to files of the repository.

use super::{Finding, Source};
use crate::markdown;

/// Every relative link of a Markdown file leads to something.
pub(super) fn check(source: &Source, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    if source.extension() != "md" {
        return Vec::new();
    }
    let links = markdown::file_links(&source.text).into_iter();
    links
        .filter(|(_, link)| !target(&source.path, link).is_some_and(|target| exists(&target)))
        .map(|(line, link)| Finding::new(&source.path, line, format!("the link to {link} leads nowhere")))
        .collect()
}

/// The path a link means, relative to the root; `None` where it leads out of the repository.
fn target(document: &str, link: &str) -> Option<String> {
    let folder = document.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    let base = if link.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = base.split('/').filter(|name| !name.is_empty()).collect();
    for name in link.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(path.pop()?),
            name => path.push(name),
        }
    }
    Some(path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_lead_somewhere_pass() {
        let text = "[a](../core/lib.rs#L1)\n[b](b.md)\n[c](missing.md)\n[d](../../out.md)\n[e](/README.md)\n";
        let source = Source { path: "docs/a.md".into(), text: text.into() };
        let there = ["core/lib.rs", "docs/b.md", "README.md", "out.md"];
        let lines: Vec<usize> =
            check(&source, |path| there.contains(&path)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3, 4]);
        let code = Source { path: "a.rs".into(), text: text.into() };
        assert!(check(&code, |_| false).is_empty());
    }
}
