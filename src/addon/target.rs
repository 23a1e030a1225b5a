//! The other texts of a trigger's metadata, and the way from a number to the answer that KEDA gets.

use std::fmt;

use super::{go_max, go_min};

/// Why a `targetValue` cannot be read; displays as the add-on's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetError {
    /// The metadata has none.
    Absent,
    /// Not a whole decimal number.
    Syntax(String),
    /// Outside 64 bits.
    Range(String),
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, what) = match self {
            Self::Absent => return f.write_str("not found targetValue"),
            Self::Syntax(text) => (text, "invalid syntax"),
            Self::Range(text) => (text, "value out of range"),
        };
        write!(f, "strconv.ParseInt: parsing {}: {what}", quote(text))
    }
}

impl std::error::Error for TargetError {}

/// Reads a trigger's `targetValue`: Go's `ParseInt`, base 10, 64 bit (add-on 0.0.6, spec 4.3).
///
/// One sign and leading zeros pass; blanks, fractions, exponents, suffixes and `_` do not. Zero and negatives pass here
/// and fail at the HPA.
///
/// # Errors
/// With the add-on's text: KEDA then has no metric for the trigger.
pub fn target(text: Option<&str>) -> Result<i64, TargetError> {
    let text = text.ok_or(TargetError::Absent)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TargetError::Syntax(text.to_owned()));
    }
    text.parse()
        .map_err(|_| TargetError::Range(text.to_owned()))
}

/// The bounds `clampMin` and `clampMax` of a trigger; KServe never writes them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Clamp {
    /// Lower bound, applied first.
    pub min: Option<f64>,
    /// Upper bound.
    pub max: Option<f64>,
}

impl Clamp {
    /// Reads the metadata; what is no number is ignored.
    #[must_use]
    pub fn parse(min: Option<&str>, max: Option<&str>) -> Self {
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Self {
            min: number(min),
            max: number(max),
        }
    }

    /// The value within the bounds.
    #[must_use]
    pub fn apply(self, value: f64) -> f64 {
        let value = self.min.map_or(value, |min| go_max(value, min));
        self.max.map_or(value, |max| go_min(value, max))
    }
}

/// The whole number that KEDA gets: rounded up; NaN, ±Inf and everything from 2⁶³ on is −2⁶³ (Go on amd64).
#[must_use]
pub fn metric_value(value: f64) -> i64 {
    let up = value.ceil();
    // The cast saturates, Go's does not: only what fits may pass.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&up) {
        up as i64
    } else {
        i64::MIN
    }
}

/// Go's `strconv.Quote` for what people put into a target: quotes, backslashes and control characters escaped.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if c < ' ' || c == '\x7f' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() || (c.is_whitespace() && c != ' ') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
