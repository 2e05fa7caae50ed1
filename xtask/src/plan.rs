//! Everything this program can do, as one list of steps and what each of them needs.

use anyhow::Result;

use crate::steps::{self, Step};
use crate::workspace::Workspace;
use crate::{build, conventions, demo, dist, setup, suites, tidy};

type Action = fn(&Workspace) -> Result<()>;

/// The parts of the setup.
pub(crate) const SETUP: &[&str] =
    &["setup python", "setup libraries", "setup node", "setup wasm", "setup browser"];
/// The long forms of what the suites run in short.
pub(crate) const SOAK: &[&str] = &[
    "simulation soaked",
    "kills soaked",
    "memory soaked",
    "python soaked",
    "free-threaded soaked",
    "node soaked",
];
const PYTHON: &[&str] = &["setup python", "build wheel", "build servers"];
/// Programs run in the environments of their libraries.
const PYTHON_SUITES: &[&str] = &["setup python", "setup libraries", "build wheel", "build servers"];
/// The long forms run old versions as well.
const PYTHON_SOAKED: &[&str] =
    &["setup python", "setup libraries", "setup oldest", "build wheel", "build servers"];
/// With a CPython that is compiled first, where there is none.
const FREE_THREADED: &[&str] = &["setup freethreaded", "build free-threaded wheel", "build servers"];
const NODE: &[&str] = &["setup node", "build addon", "build servers"];
/// The types of the quick starts come from both packages.
const NODE_SUITES: &[&str] = &["setup node", "build addon", "build servers", "build browser module"];
const BROWSER: &[&str] = &["setup browser", "build browser module", "build servers"];
/// What the demo's programs sent is judged, and the surfaces of all packages.
const JUDGED: &[&str] = &["demo compared"];
/// Every package, and what it takes to run them all.
const PACKAGES: &[&str] =
    &["setup browser", "build servers", "build wheel", "build addon", "build browser module"];

/// All steps, each below what it needs.
const STEPS: &[(&str, &[&str], Action)] = &[
    ("setup python", &[], setup::python::install),
    ("setup libraries", &[], setup::libraries::install),
    ("setup oldest", &[], setup::libraries::install_oldest),
    ("setup freethreaded", &[], setup::freethreaded::install),
    ("setup node", &[], setup::node::install),
    ("setup wasm", &[], setup::wasm::install),
    ("setup browser", &[], setup::browser::install),
    ("cargo test", &[], |workspace| suites::cargo(workspace, &[])),
    ("rust vectors", &[], |workspace| suites::cargo(workspace, &["--test", "vectors"])),
    ("conventions written", &["setup node"], conventions::write),
    ("conventions checked", &["setup node"], conventions::check),
    ("build servers", &[], build::servers),
    ("build wheel", &["setup python"], build::python::install),
    (
        "build free-threaded wheel",
        &["setup python", "setup freethreaded"],
        build::python::install_freethreaded,
    ),
    ("python suites", PYTHON_SUITES, |workspace| suites::pytest(workspace, &["tests/python"])),
    ("python vectors", PYTHON, |workspace| suites::pytest(workspace, &["tests/python", "-k", "vectors"])),
    ("build addon", &["setup node"], build::node::build),
    ("build browser module", &["setup node", "setup wasm"], build::wasm::build),
    ("node suites", NODE_SUITES, suites::node),
    ("node vectors", NODE, |workspace| suites::node_test(workspace, "tests/node", "vectors")),
    ("browser suites", BROWSER, suites::browser),
    ("spotlight suites", PACKAGES, suites::spotlight),
    ("browser vectors", BROWSER, |workspace| suites::node_test(workspace, "tests/browser", "vectors")),
    ("simulation soaked", &[], |workspace| suites::soak_cargo(workspace, "spanwire", "simulation")),
    ("kills soaked", &[], |workspace| suites::soak_cargo(workspace, "spanwire-tests", "spool")),
    ("memory soaked", &[], |workspace| suites::soak_cargo(workspace, "spanwire-tests", "memory")),
    ("python soaked", PYTHON_SOAKED, suites::soak_python),
    ("free-threaded soaked", FREE_THREADED, suites::soak_freethreaded),
    ("node soaked", NODE, suites::soak_node),
    // The stubs are compared with the installed module.
    ("tidy", &["build wheel", "setup wasm"], tidy::run),
    ("dist", PACKAGES, dist::run),
    ("demo", PACKAGES, demo::run),
    ("demo compared", PACKAGES, demo::run_compared),
    ("python judges", JUDGED, |workspace| suites::pytest(workspace, &["tests/conformance"])),
    ("node judges", JUDGED, |workspace| suites::node_test(workspace, "tests/conformance", "")),
];

/// Runs the steps of these names, and before them what they need; true when all passed.
pub(crate) fn run(workspace: &Workspace, wanted: &[&str]) -> bool {
    let steps: Vec<_> = STEPS
        .iter()
        .map(|&(name, needs, action)| Step { name, needs, run: move || action(workspace) })
        .collect();
    steps::run(&steps::select(&steps, wanted))
}

#[cfg(test)]
pub(crate) fn position(name: &str) -> Option<usize> {
    STEPS.iter().position(|(step, ..)| *step == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_stands_below_what_it_needs() {
        for (name, needs, _) in STEPS {
            for need in *needs {
                assert!(position(need).is_some(), "{name} needs {need}, which is no step");
                assert!(position(need) < position(name), "{name} stands above {need}");
            }
        }
    }

    #[test]
    fn setup_and_soak_are_made_of_steps() {
        assert!(SETUP.iter().chain(SOAK).all(|part| position(part).is_some()));
    }
}
