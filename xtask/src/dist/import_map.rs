//! What a bundler would find out: which file of `node_modules` an import in a page means.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// The conditions of a browser that loads modules, in the order in which a bundler tries them.
const CONDITIONS: &[&str] = &["browser", "import", "default"];

/// The import map for the packages of a folder, which the page finds under `/node_modules`.
///
/// # Errors
/// When a package has no readable `package.json`.
pub(super) fn of(node_modules: &Path) -> Result<String> {
    let mut imports = Map::new();
    for entry in fs::read_dir(node_modules)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let manifest = entry.path().join("package.json");
        if manifest.exists() {
            let manifest =
                fs::read(&manifest).with_context(|| format!("cannot read {name}'s package.json"))?;
            imports.extend(entries(&name, &serde_json::from_slice(&manifest)?));
        }
    }
    Ok(json!({ "imports": imports }).to_string())
}

/// What the manifest of a package exports. Patterns are left out: an import map has none.
fn entries(name: &str, manifest: &Value) -> Vec<(String, Value)> {
    let url = |path: &str| Value::from(format!("/node_modules/{name}/{}", path.trim_start_matches("./")));
    let exports = manifest.get("exports");
    let single = || {
        let main = ["module", "main"].iter().find_map(|key| manifest.get(key)?.as_str());
        let path = exports.and_then(resolve).or(main)?;
        Some((name.to_owned(), url(path)))
    };
    match exports.and_then(Value::as_object).filter(|exports| exports.contains_key(".")) {
        None => single().into_iter().collect(),
        Some(exports) => exports
            .iter()
            .filter(|(key, _)| !key.contains('*'))
            .filter_map(|(key, target)| {
                Some((format!("{name}{}", key.trim_start_matches('.')), url(resolve(target)?)))
            })
            .collect(),
    }
}

fn resolve(target: &Value) -> Option<&str> {
    match target {
        Value::String(path) => Some(path),
        Value::Object(conditions) => {
            // The manifest's order decides, not ours.
            let known = conditions.iter().filter(|(key, _)| CONDITIONS.contains(&key.as_str()));
            known.filter_map(|(_, target)| resolve(target)).next()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(name: &str, manifest: &Value) -> Vec<(String, String)> {
        let entries = entries(name, manifest).into_iter();
        entries.map(|(key, url)| (key, url.as_str().unwrap_or_default().to_owned())).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, url)| ((*key).to_owned(), (*url).to_owned())).collect()
    }

    #[test]
    fn exports_are_followed_to_the_file_for_browsers() {
        let manifest = json!({ "main": "old.js", "exports": {
            ".": { "types": "./a.d.ts", "node": "./node.js", "import": { "default": "./a.mjs" } },
            "./part": "./part.js",
            "./*": "./*.js" } });
        let expected = [("p", "/node_modules/p/a.mjs"), ("p/part", "/node_modules/p/part.js")];
        assert_eq!(pairs("p", &manifest), owned(&expected));
    }

    #[test]
    fn short_manifests_have_one_entry() {
        assert_eq!(pairs("p", &json!({ "main": "./m.js" })), owned(&[("p", "/node_modules/p/m.js")]));
        assert_eq!(pairs("p", &json!({ "exports": "./e.js" })), owned(&[("p", "/node_modules/p/e.js")]));
        assert_eq!(
            pairs("p", &json!({ "exports": { "import": "./i.js" } })),
            owned(&[("p", "/node_modules/p/i.js")])
        );
        assert_eq!(pairs("p", &json!({})), []);
    }
}
