//! Doubles by a host that is JavaScript. The usual ones, decimals of a few places, are not asked for: a crossing takes
//! longer than they do.

use std::{fmt::Write, iter::repeat_n, sync::OnceLock};

/// What JavaScript does with doubles for the module in its page. Natively nobody is asked.
#[derive(Clone, Copy, Debug)]
pub struct Doubles {
    /// The shortest digits, as `String(number)` has them: `0.1`, `1.5e-7`, `1e+21`.
    pub write: fn(f64) -> String,
    /// The nearest double, as `Number(text)` has it; NaN where the text is no number.
    pub read: fn(&str) -> f64,
}

static HOST: OnceLock<Doubles> = OnceLock::new();

impl Doubles {
    /// Asks this host from now on. Before, what is asked for is not read, and written as null.
    pub fn install(self) {
        let _ = HOST.set(self);
    }
}

/// Writes a finite double.
pub(super) fn write(out: &mut String, double: f64) {
    let magnitude = double.abs();
    let decimal = decimal(magnitude).or_else(|| in_script(&(HOST.get()?.write)(magnitude)));
    let Some((digits, point)) = decimal else { return out.push_str("null") };
    if double.is_sign_negative() {
        out.push('-');
    }
    lay_out(out, &digits, point);
}

/// The double that a text writes in decimal digits.
pub(super) fn read(text: &str) -> Option<f64> {
    // `Number` takes spaces, words and hexadecimal digits, too, and nothing at all for zero.
    let is_decimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    exact(text).or_else(|| {
        let host = HOST.get().filter(|_| !text.is_empty() && text.bytes().all(is_decimal))?;
        Some((host.read)(text)).filter(|double| !double.is_nan())
    })
}

/// The double of up to 15 digits without an exponent: an integer by a power of ten, both of which are exact.
fn exact(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() + fraction.len() > 15 {
        return None;
    }
    let mut all = whole.bytes().chain(fraction.bytes());
    let integer: u64 = all
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))?;
    let magnitude = integer as f64 / power(fraction.len() as u32);
    Some(if digits.len() < text.len() { -magnitude } else { magnitude })
}

/// Ten to that power, up to 15: exactly.
const fn power(exponent: u32) -> f64 {
    10_u64.pow(exponent) as f64
}

/// The shortest digits, and how many of them stand before the point, of what has no more than six places. Seconds of a
/// clock are such.
fn decimal(magnitude: f64) -> Option<(String, i32)> {
    /// Below, doubles lie closer together than decimals of six places: none but one of those is this double, so there
    /// is none that is shorter.
    const BOUND: f64 = (1_u64 << 33) as f64;
    if magnitude >= BOUND {
        return None;
    }
    let (digits, places) = (0..=6).find_map(|places| {
        let digits = (magnitude * power(places)).round_ties_even();
        (digits / power(places) == magnitude).then(|| ((digits as u64).to_string(), places as i32))
    })?;
    let point = digits.len() as i32 - places;
    Some((digits, point))
}

/// Digits and point of a magnitude that JavaScript has written.
fn in_script(text: &str) -> Option<(String, i32)> {
    let (decimal, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let leading = (all.len() - digits.len()) as i32;
    let point = whole.len() as i32 - leading + exponent.parse::<i32>().ok()?;
    Some((digits.trim_end_matches('0').to_owned(), point))
}

/// Writes digits in the form that `serde_json` has: with an exponent from 1e16 on, and below 1e-5.
fn lay_out(out: &mut String, digits: &str, point: i32) {
    let zeros = |count: usize| repeat_n('0', count);
    match usize::try_from(point) {
        Ok(whole @ 1..=16) => match digits.split_at_checked(whole) {
            Some((whole, fraction)) if !fraction.is_empty() => out.extend([whole, ".", fraction]),
            _ => {
                out.push_str(digits);
                out.extend(zeros(whole.saturating_sub(digits.len())));
                out.push_str(".0");
            }
        },
        _ if (-4..=0).contains(&point) => {
            out.push_str("0.");
            out.extend(zeros(point.unsigned_abs() as usize));
            out.push_str(digits);
        }
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            out.extend([first, if rest.is_empty() { "" } else { "." }, rest]);
            // Infallible: a text takes whatever is written.
            let _ = write!(out, "e{:+}", point - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Doubles of every sort, and what JavaScript writes of those that it is asked for.
    const ASKED: &[(f64, &str)] = &[
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (1.5e-7, "1.5e-7"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        (123_456_789_012_345_680_000.0, "123456789012345680000"),
        (1e16, "10000000000000000"),
        (9_007_199_254_740_993.0, "9007199254740992"),
        (1e10, "10000000000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.0 / 3.0, "0.3333333333333333"),
        (0.000_012_345_678_9, "0.0000123456789"),
        (1.234_567_8e-6, "0.0000012345678"),
        (12_345_678_901.5, "12345678901.5"),
    ];

    fn expected(double: f64) -> String {
        serde_json::Value::from(double).to_string()
    }

    fn laid_out((digits, point): (String, i32)) -> String {
        let mut out = String::new();
        lay_out(&mut out, &digits, point);
        out
    }

    #[test]
    fn digits_of_javascript_take_the_form_of_serde() {
        for (double, text) in ASKED {
            assert_eq!(decimal(*double), None, "{double}");
            assert_eq!(laid_out(in_script(text).unwrap()), expected(*double));
        }
    }

    #[test]
    fn what_is_not_asked_for_is_what_serde_writes() {
        let written = |double: f64| {
            let mut out = String::new();
            write(&mut out, double);
            out
        };
        let mut found = 0;
        for seed in 0_u64..20_000 {
            let number = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11;
            for places in 0..=7 {
                let double = (number >> (seed % 53)) as f64 / power(places);
                if decimal(double).is_some() {
                    assert_eq!(written(-double), expected(-double));
                    found += 1;
                }
            }
        }
        assert!(found > 50_000, "{found}");
        for double in [0.0, -0.0, 0.7, 1e-6, 1e-5, 0.000_123, 1500.0, 1_764_258_000.123_456, 8_589_934_591.5]
        {
            assert_eq!(written(double), expected(double));
        }
    }

    #[test]
    fn what_is_exact_is_what_rust_reads() {
        for text in
            ["0", "-0", "0.0", "-0.0", "5.", "007.50", "0.1", "-1.7", "123456789.012345", "999999999999999"]
        {
            let (read, expected) = (exact(text).unwrap(), text.parse::<f64>().unwrap());
            assert_eq!(read.to_bits(), expected.to_bits(), "{text}");
        }
        for text in ["", "-", ".5", "+5", "1.2.3", "1e3", "NaN", "0x1", " 1", "1234567890.123456"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }
}
