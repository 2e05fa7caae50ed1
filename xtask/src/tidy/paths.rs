//! Traces of the machine a file was written on.

use super::{Finding, Source};

/// Where checkouts and home folders are; a path below them means something on one machine alone.
/// In pieces, so that this file does not find itself.
const FOLDERS: &[&str] =
    &[concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// What names a registry in a lock file: whoever installs has one of their own.
const REGISTRIES: &[&str] = &[
    concat!("\"resolved\": \"ht", "tp"),
    concat!("registry.", "npmjs"),
    concat!("pypi.org/", "simple"),
    concat!("--index", "-url"),
    concat!("--extra-index", "-url"),
];

/// No file names a folder of somebody's machine, no lock file names a registry.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let is_lock = name.contains("lock") || name.starts_with("requirements");
    let mut findings = Vec::new();
    for (line, text) in source.lines() {
        if let Some(folder) = FOLDERS.iter().find(|folder| has_path(text, folder)) {
            findings.push(Finding::new(&source.path, line, format!("names a machine's folder ({folder})")));
        }
        if is_lock && let Some(registry) = REGISTRIES.iter().find(|registry| text.contains(*registry)) {
            findings.push(Finding::new(&source.path, line, format!("names a registry ({registry})")));
        }
    }
    findings
}

/// Whether a path begins with the folder: `/a/work/b` and `https://x/work/` do not.
fn has_path(text: &str, folder: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || "._-/~*}>)".contains(c);
    text.match_indices(folder).any(|(start, _)| !text.get(..start).unwrap_or_default().ends_with(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let source = Source { path: path.into(), text: text.into() };
        check(&source).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn folders_of_a_machine_are_found() {
        let text =
            ["open('/ro", "ot/x')\ncd /wo", "rk/main\nsrc/wo", "rk/x\nhttps://x.y/ho", "me/z\n"].concat();
        assert_eq!(lines("a.py", &text), [1, 2]);
    }

    #[test]
    fn registries_are_found_in_lock_files_alone() {
        let text = ["a\n\"resolved\": \"ht", "tps://r.example/a.tgz\"\n"].concat();
        assert_eq!(lines("package-lock.json", &text), [2]);
        assert_eq!(lines("tests/python/requirements.txt", &["--index", "-url x\n"].concat()), [1]);
        assert!(lines("README.md", &text).is_empty());
    }
}
