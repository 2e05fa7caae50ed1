//! `cargo xtask test`: the groups that can be asked for.

use clap::ValueEnum;

use crate::plan;
use crate::workspace::Workspace;

/// What can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Group {
    /// `cargo test` of the default members
    Rust,
    /// The suites of the pip package
    Python,
    /// The suites of the npm package `spanwire`
    Node,
    /// The suites of the npm package `spanwire-browser`, in Chromium
    Browser,
    /// The demos in the real Spotlight, looked at in Chromium
    Spotlight,
    /// The vectors alone, in all languages
    Vectors,
    /// The threads of Python in a CPython without a GIL, which is compiled where there is none
    FreeThreaded,
    /// The payloads against Sentry's own conventions and readers
    Conformance,
    /// Format, lints, house rules
    Tidy,
    /// The packages in empty environments
    Dist,
    /// The example agents of all languages, compared
    Demo,
}

impl Group {
    /// What runs when nothing is asked for. The vectors are part of the suites.
    const ALL: &[Self] = &[
        Self::Rust,
        Self::Python,
        Self::Node,
        Self::Browser,
        Self::Spotlight,
        Self::Conformance,
        Self::Tidy,
        Self::Dist,
        Self::Demo,
    ];

    fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Rust => &["cargo test"],
            Self::Python => &["python suites"],
            Self::Node => &["node suites"],
            Self::Browser => &["browser suites"],
            Self::Spotlight => &["spotlight suites"],
            Self::Vectors => &["rust vectors", "python vectors", "node vectors", "browser vectors"],
            Self::FreeThreaded => &["free-threaded soaked"],
            Self::Conformance => &["conventions checked", "python judges", "node judges"],
            Self::Tidy => &["tidy"],
            Self::Dist => &["dist"],
            Self::Demo => &["demo compared"],
        }
    }
}

/// Runs the groups, or all of them; true when every step passed.
pub(crate) fn run(workspace: &Workspace, groups: &[Group]) -> bool {
    let groups = if groups.is_empty() { Group::ALL } else { groups };
    plan::run(workspace, &groups.iter().flat_map(|group| group.steps()).copied().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_names_steps_that_are_there() {
        for group in Group::value_variants() {
            assert!(!group.steps().is_empty());
            for step in group.steps() {
                assert!(plan::position(step).is_some(), "{group:?} names {step}, which is no step");
            }
        }
    }
}
