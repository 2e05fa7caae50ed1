//! Doubles in decimal digits, without tables: those of `core` and `serde_json` are a seventh of what a page would
//! load. What programs mean has few digits and goes the short way; the rest is exact arithmetic on long integers.
//! Only the browser's module has it, and the tests, which compare it with the other two.

use std::{cmp::Ordering, fmt::Write};

/// Ten to the power of up to this is exact as a double.
const EXACT_POWERS: i32 = 22;
/// Integers up to this are exact as doubles.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
/// Digits that decide how a number is rounded; of more it only matters that there is something.
const MAX_DIGITS: usize = 800;

/// The double that stands nearest to what a text of digits, point and exponent says; `None` where it is no number.
pub(super) fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = Vec::new();
    for byte in whole.bytes().chain(fraction.bytes()) {
        digits.push(byte.checked_sub(b'0').filter(|digit| *digit <= 9)?);
    }
    if digits.is_empty() {
        return None;
    }
    let fraction = i64::try_from(fraction.len()).ok()?;
    let number = nearest(&digits, exponent.saturating_sub(fraction));
    Some(if text.starts_with('-') { -number } else { number })
}

fn parse_exponent(text: &str) -> Option<i64> {
    /// Beyond every double, whatever the digits before it.
    const BEYOND: i64 = 1 << 40;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut exponent: i64 = 0;
    for byte in digits.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        exponent = (exponent * 10 + i64::from(digit)).min(BEYOND);
    }
    (!digits.is_empty()).then_some(if text.starts_with('-') { -exponent } else { exponent })
}

fn nearest(digits: &[u8], exponent: i64) -> f64 {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..).unwrap_or_default();
    let kept = digits.get(..MAX_DIGITS).unwrap_or(digits);
    let cut = digits.len() - kept.len();
    let exponent = exponent.saturating_add(i64::try_from(cut).unwrap_or(i64::MAX));
    let magnitude = exponent.saturating_add(i64::try_from(kept.len()).unwrap_or(i64::MAX));
    if kept.is_empty() || magnitude < -400 {
        return 0.0;
    }
    if magnitude > 400 {
        return f64::INFINITY;
    }
    let exponent = i32::try_from(exponent).unwrap_or(0);
    if kept.len() < 17 {
        let mantissa = kept.iter().fold(0, |mantissa: u64, digit| mantissa * 10 + u64::from(*digit));
        if mantissa <= EXACT && exponent.abs() <= EXACT_POWERS {
            let power = power_of_ten(exponent.unsigned_abs());
            return if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
        }
    }
    let (mut above, mut below) = (Long::default(), Long::of(1));
    kept.iter().for_each(|digit| above.multiply_add(10, u32::from(*digit)));
    let is_cut = digits.iter().skip(kept.len()).any(|digit| *digit > 0);
    above.multiply_add(10, u32::from(is_cut));
    below.multiply_add(10, 0);
    (0..exponent.max(0)).for_each(|_| above.multiply_add(10, 0));
    (exponent.min(0)..0).for_each(|_| below.multiply_add(10, 0));
    quotient(above, below)
}

/// The power, exactly, for as many as [`EXACT_POWERS`].
fn power_of_ten(exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// The double nearest to a quotient; of two as near, the even one.
fn quotient(mut above: Long, mut below: Long) -> f64 {
    const BITS: i32 = f64::MANTISSA_DIGITS as i32;
    /// The exponent of the smallest double.
    const LEAST: i32 = f64::MIN_EXP - BITS;
    // The exponent at which the quotient has as many bits as a double, or one more.
    let scale = (above.bits() - below.bits() - BITS).max(LEAST);
    if scale > 0 {
        below.shift(scale.unsigned_abs())
    } else {
        above.shift(scale.unsigned_abs())
    }
    let mut mantissa = above.divide(&below);
    let mut scale = scale;
    let mut is_exact = above.is_zero();
    if mantissa > EXACT {
        // One bit more than there is room for: it decides, together with whether anything is behind it.
        let bit = mantissa & 1;
        mantissa >>= 1;
        scale += 1;
        if bit == 1 && (!is_exact || mantissa & 1 == 1) {
            mantissa += 1;
        }
        is_exact = true;
    }
    if !is_exact {
        above.shift(1);
        let order = above.compare(&below);
        if order == Ordering::Greater || (order == Ordering::Equal && mantissa & 1 == 1) {
            mantissa += 1;
        }
    }
    // Exact: a mantissa of 53 bits times powers of two. In two steps, because one power may be no double.
    let half = scale / 2;
    mantissa as f64 * power_of_two(half) * power_of_two(scale - half)
}

fn power_of_two(exponent: i32) -> f64 {
    let (base, times) = if exponent < 0 { (0.5, -exponent) } else { (2.0, exponent) };
    (0..times).fold(1.0, |power, _| power * base)
}

/// Writes a finite double as JSON has it: the fewest digits that say which one it is.
pub(super) fn write(out: &mut String, number: f64) {
    if number.is_sign_negative() {
        out.push('-');
    }
    let number = number.abs();
    if number == 0.0 {
        return out.push_str("0.0");
    }
    let (mut digits, mut exponent) = few_digits(number).unwrap_or_else(|| shortest(number));
    while digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    let text = digits.to_string();
    let length = text.len() as i32;
    // Where the point stands behind the first digit.
    let point = exponent + length;
    let _ = match point {
        1..=16 if exponent >= 0 => write!(out, "{text}{}.0", zeros(exponent)),
        1..=16 => {
            let (whole, fraction) =
                text.split_at_checked(point.unsigned_abs() as usize).unwrap_or((&text, ""));
            write!(out, "{whole}.{fraction}")
        }
        -4..=0 => write!(out, "0.{}{text}", zeros(-point)),
        _ => {
            let (first, others) = text.split_at_checked(1).unwrap_or((&text, ""));
            let dot = if others.is_empty() { "" } else { "." };
            write!(out, "{first}{dot}{others}e{}{}", if point > 0 { "+" } else { "" }, point - 1)
        }
    };
}

fn zeros(count: i32) -> &'static str {
    "0000000000000000".get(..count.unsigned_abs() as usize).unwrap_or_default()
}

/// The digits of a double that has at most 15, and how often they are to be multiplied by ten.
fn few_digits(number: f64) -> Option<(u64, i32)> {
    const LIMIT: f64 = 1e15;
    (0..=EXACT_POWERS).find_map(|places| {
        let power = power_of_ten(places.unsigned_abs());
        let digits = (number * power).round();
        // The division is rounded once: this is what reading the digits gives.
        (digits < LIMIT && digits / power == number).then_some((digits as u64, -places))
    })
}

/// The fewest digits that stand nearer to this double than to any other; of those, the nearest ones.
fn shortest(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let field = (bits >> 52) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, scale) = if field == 0 { (fraction, -1074) } else { (fraction | (1 << 52), field - 1075) };
    // The exponent of its first digit, or one more: that only means a turn in vain.
    let bits = scale + (u64::BITS - mantissa.leading_zeros()) as i32;
    let first = (f64::from(bits - 1) * std::f64::consts::LOG10_2).floor() as i32 + 1;
    // In this range `few_digits` has found all that have fewer.
    let least = if (1e-7..1e15).contains(&number) { 16 } else { 1 };
    for length in least..=18 {
        let exponent = first - length + 1;
        let (mut above, mut below) = (Long::of(mantissa), Long::of(1));
        if scale > 0 {
            above.shift(scale.unsigned_abs())
        } else {
            below.shift(scale.unsigned_abs())
        }
        (0..exponent).for_each(|_| below.multiply_add(10, 0));
        (exponent..0).for_each(|_| above.multiply_add(10, 0));
        let floor = above.divide(&below);
        above.shift(1);
        let is_lower_nearer = match above.compare(&below) {
            Ordering::Less => true,
            Ordering::Equal => floor % 2 == 0,
            Ordering::Greater => false,
        };
        let candidates = if is_lower_nearer { [floor, floor + 1] } else { [floor + 1, floor] };
        let means_it = |digits: &u64| {
            let digits: Vec<u8> = digits.to_string().bytes().map(|byte| byte - b'0').collect();
            nearest(&digits, exponent.into()) == number
        };
        if let Some(digits) = candidates.into_iter().find(means_it) {
            return (digits, exponent);
        }
    }
    (0, 0)
}

/// An integer of any length, its lowest part first.
#[derive(Default)]
struct Long(Vec<u32>);

impl Long {
    fn of(number: u64) -> Self {
        let mut long = Self(vec![number as u32, (number >> 32) as u32]);
        long.trim();
        long
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |last| self.0.len() as i32 * 32 - last.leading_zeros() as i32)
    }

    fn multiply_add(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn shift(&mut self, bits: u32) {
        self.multiply_add(1 << (bits % 32), 0);
        if !self.is_zero() {
            self.0.splice(0..0, std::iter::repeat_n(0, bits as usize / 32));
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0;
        for (place, part) in self.0.iter_mut().enumerate() {
            let taken = i64::from(*part) - i64::from(other.0.get(place).copied().unwrap_or(0)) - borrow;
            *part = taken as u32;
            borrow = i64::from(taken < 0);
        }
        self.trim();
    }

    /// The quotient, of at most 64 bits; what is left stays.
    fn divide(&mut self, by: &Self) -> u64 {
        let mut quotient = 0;
        for bit in (0..=(self.bits() - by.bits()).max(0).unsigned_abs()).rev() {
            let mut part = Self(by.0.clone());
            part.shift(bit);
            if self.compare(&part) != Ordering::Less {
                self.subtract(&part);
                quotient |= 1 << bit;
            }
        }
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: f64) -> String {
        let mut out = String::new();
        write(&mut out, number);
        out
    }

    fn check(number: f64) {
        let expected = serde_json::Value::from(number).to_string();
        assert_eq!(written(number), expected);
        assert_eq!(parse(&expected), Some(number), "{expected}");
    }

    /// As good as random.
    fn numbers() -> impl Iterator<Item = u64> {
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        })
    }

    #[test]
    fn doubles_are_written_and_read_as_by_serde() {
        let odd = [
            0.0,
            -0.0,
            1.0,
            0.1,
            1.0 / 3.0,
            5e-324,
            f64::MAX,
            f64::MIN_POSITIVE,
            9e15,
            9_007_199_254_740_993.0,
        ];
        odd.into_iter().for_each(check);
        (-1074..1024).step_by(7).map(power_of_two).for_each(check);
        (-330..309).step_by(3).filter_map(|exponent| format!("1e{exponent}").parse().ok()).for_each(check);
        for bits in numbers().take(300) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                check(number);
            }
            check((bits >> 20) as f64 / 1e6);
            check((bits >> 44) as f64 / 1e3);
            check((bits >> 8) as f64);
        }
    }

    #[test]
    fn digits_are_read_as_by_core() {
        let halves =
            ["9007199254740993", "9007199254740992.5000000000000000000001", "2.4703282292062327e-324"];
        let odd = [
            "1e400",
            "-1e-400",
            "0e999999999999999999999",
            "1.",
            "007",
            "123456789012345678901234567890e-10",
        ];
        for text in halves.into_iter().chain(odd) {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in ["", "-", ".", "e5", "1e", "1e+", "1x", "1.2.3", "--1", "NaN"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for bits in numbers().take(300) {
            let text = format!("{bits}.{}e{}", bits >> 17, (bits % 600) as i32 - 300);
            assert_eq!(parse(&text), text.parse().ok(), "{text}");
        }
        let long = format!("1.{}1", "0".repeat(1000));
        assert_eq!(parse(&long), Some(1.0));
        let just_above = format!("9007199254740993.{}1", "0".repeat(1000));
        assert_eq!(parse(&just_above), Some(9_007_199_254_740_994.0));
    }
}
