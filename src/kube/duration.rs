//! Durations as Go's `time` package reads and writes them, and the narrower form of the Gateway API.

use std::fmt;

/// A span of time in nanoseconds, as Go's `time.Duration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoDuration(i64);

/// Why Go cannot read a duration; the text is Go's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// No number, or nothing at all.
    #[error("time: invalid duration {0}")]
    Invalid(Quoted),
    /// A number without unit.
    #[error("time: missing unit in duration {0}")]
    MissingUnit(Quoted),
    /// A unit that Go does not have.
    #[error("time: unknown unit {unit} in duration {duration}")]
    UnknownUnit {
        /// The unit.
        unit: Quoted,
        /// The whole text.
        duration: Quoted,
    },
}

/// A text in quotes as Go's `time` package quotes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted(String);

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                ' '..='~' => write!(f, "{c}")?,
                _ => {
                    let mut bytes = [0; 4];
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        write!(f, "\\x{byte:02x}")?;
                    }
                }
            }
        }
        f.write_str("\"")
    }
}

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];
const SECOND: u64 = 1_000_000_000;
/// Magnitude of the most negative duration.
const MOST: u64 = 1 << 63;

impl GoDuration {
    /// Reads `[-+]?([0-9]*(\.[0-9]*)?[a-z]+)+` as Go's `time.ParseDuration` does; `0` needs no unit.
    ///
    /// # Errors
    /// Go's own words for it.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let invalid = || DurationError::Invalid(Quoted(text.to_owned()));
        let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            if !rest.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
                return Err(invalid());
            }
            let (digits, after) = split_digits(rest);
            let whole = whole_number(digits).ok_or_else(invalid)?;
            let (decimals, after) = match after.strip_prefix('.') {
                Some(after) => split_digits(after),
                None => ("", after),
            };
            if digits.is_empty() && decimals.is_empty() {
                return Err(invalid());
            }
            let end = after
                .find(|c: char| c == '.' || c.is_ascii_digit())
                .unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            if unit.is_empty() {
                return Err(DurationError::MissingUnit(Quoted(text.to_owned())));
            }
            let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                return Err(DurationError::UnknownUnit {
                    unit: Quoted(unit.to_owned()),
                    duration: Quoted(text.to_owned()),
                });
            };
            let part = whole
                .checked_mul(*size)
                .filter(|part| *part <= MOST)
                .map(|part| part + fraction(decimals, *size))
                .filter(|part| *part <= MOST)
                .ok_or_else(invalid)?;
            total = total
                .checked_add(part)
                .filter(|total| *total <= MOST)
                .ok_or_else(invalid)?;
            rest = after;
        }
        if negative {
            return Ok(Self(0_i64.wrapping_sub_unsigned(total)));
        }
        i64::try_from(total).map(Self).map_err(|_| invalid())
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The number, unless it is over 2^63. No digits are zero.
fn whole_number(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok().filter(|number| *number <= MOST)
}

/// The decimals' share of a unit in nanoseconds, cut off as Go does: digits beyond what 63 bits hold are ignored.
fn fraction(decimals: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in decimals.bytes() {
        let next = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u64::from(digit - b'0')));
        match next.filter(|next| *next <= MOST) {
            Some(next) => {
                value = next;
                scale *= 10.0;
            }
            None => break,
        }
    }
    if value == 0 {
        return 0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "Go computes the fraction in float64 and converts it back"
    )]
    let nanoseconds = (value as f64 * (unit as f64 / scale)) as u64;
    nanoseconds
}

/// Go's form: `1m30s`, `36h0m0s`, `1.5ms`, `0s`.
impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match size {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{size}ns"),
            1_000..1_000_000 => write!(f, "{}\u{b5}s", Decimal(size, 1_000)),
            1_000_000..SECOND => write!(f, "{}ms", Decimal(size, 1_000_000)),
            _ => {
                let minutes = size / (60 * SECOND);
                let (hours, minutes) = (minutes / 60, minutes % 60);
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if hours > 0 || minutes > 0 {
                    write!(f, "{minutes}m")?;
                }
                write!(f, "{}s", Decimal(size % (60 * SECOND), SECOND))
            }
        }
    }
}

/// A number of nanoseconds in a unit, without trailing zeros.
struct Decimal(u64, u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(size, unit) = *self;
        write!(f, "{}", size / unit)?;
        let rest = size % unit;
        if rest == 0 {
            return Ok(());
        }
        let width = usize::try_from(unit.ilog10()).unwrap_or_default();
        let digits = format!("{rest:0width$}");
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

/// Whether the Gateway API takes the text for a duration: `^([0-9]{1,5}(h|m|s|ms)){1,4}$` (Gateway API 1.3).
#[must_use]
pub fn gateway_accepts(text: &str) -> bool {
    let mut rest = text;
    for _ in 0..4 {
        let (digits, after) = split_digits(rest);
        if !(1..=5).contains(&digits.len()) {
            return false;
        }
        let Some(after) = ["ms", "h", "m", "s"]
            .iter()
            .find_map(|unit| after.strip_prefix(unit))
        else {
            return false;
        };
        if after.is_empty() {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        GoDuration::parse(text).map_or_else(|error| error.to_string(), |d| d.to_string())
    }

    #[test]
    fn reads_and_writes_as_go() {
        for (text, expected) in [
            ("90s", "1m30s"),
            ("1.5h", "1h30m0s"),
            ("36h", "36h0m0s"),
            ("0s", "0s"),
            ("0", "0s"),
            ("-0", "0s"),
            ("1500us", "1.5ms"),
            ("1500ms", "1.5s"),
            ("-5s", "-5s"),
            ("+5s", "5s"),
            ("1h15m30.918s", "1h15m30.918s"),
            (".5m", "30s"),
            ("1.s", "1s"),
            ("0.000000001s", "1ns"),
            ("1us", "1µs"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
            ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
            (
                "9223372036854775808ns",
                "time: invalid duration \"9223372036854775808ns\"",
            ),
            ("", "time: invalid duration \"\""),
            (".s", "time: invalid duration \".s\""),
            ("3", "time: missing unit in duration \"3\""),
            (
                "5 minutes",
                "time: unknown unit \" minutes\" in duration \"5 minutes\"",
            ),
            ("1d", "time: unknown unit \"d\" in duration \"1d\""),
            ("é", "time: invalid duration \"\\xc3\\xa9\""),
        ] {
            assert_eq!(rewritten(text), expected, "{text}");
        }
    }

    #[test]
    fn gateway_form() {
        for text in ["1m30s", "36h0m0s", "0s", "500ms", "1h2m3s4ms", "99999h"] {
            assert!(gateway_accepts(text), "{text}");
        }
        for text in [
            "",
            "1.5s",
            "-5s",
            "1µs",
            "100000s",
            "1h2m3s4ms5s",
            "5",
            "s",
            "1d",
        ] {
            assert!(!gateway_accepts(text), "{text}");
        }
    }
}
