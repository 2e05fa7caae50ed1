//! `cargo xtask setup`: installs what the builds and the tests need, each part only where it is missing.

mod apt;
pub(crate) mod browser;
pub(crate) mod freethreaded;
pub(crate) mod libraries;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod wasm;
