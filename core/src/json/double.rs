//! Doubles: the shortest digits of one, and what digits say. That takes tables of powers of ten, which are a tenth of a
//! small module: in a browser JavaScript is asked.

mod host;

use std::fmt::Write;

pub use host::Doubles;

/// Whether the host is JavaScript.
const IN_SCRIPT: bool = cfg!(all(target_arch = "wasm32", target_os = "unknown"));

/// Writes a double as `serde_json` does; what is not finite, as null.
pub(crate) fn write_double(out: &mut String, double: f64) {
    match serde_json::Number::from_f64(double) {
        Some(_) if IN_SCRIPT => host::write(out, double),
        // Infallible: a text takes whatever is written.
        Some(number) => _ = write!(out, "{number}"),
        None => out.push_str("null"),
    }
}

/// The double that a text writes in decimal digits; `None` where it is no such text, or beyond the range.
pub(crate) fn read_double(text: &str) -> Option<f64> {
    let double = if IN_SCRIPT { host::read(text) } else { text.parse().ok() };
    double.filter(|double: &f64| double.is_finite())
}
