//! Resource quantities as Kubernetes reads, compares and writes them (apimachinery 0.34, `resource.Quantity`).
//!
//! `1.5Gi`, `500m`, `2e3`: a number and a suffix. The value is kept as decimal digits and a power of ten, so nothing
//! overflows and no exponent, however large, costs time. Kubernetes' own reader computes the power and can be made to
//! run for minutes; such quantities are an error here ([`QuantityError::Unbounded`]).

use std::cmp::Ordering;

/// Why a text is no quantity. The texts are Kubernetes' own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// It does not have the form of a quantity.
    #[error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )]
    Format,
    /// It has the form, but the suffix is none.
    #[error("unable to parse quantity's suffix")]
    Suffix,
    /// It has the form, but no digits.
    #[error("unable to parse numeric part of quantity")]
    Number,
    /// Kubernetes would compute for minutes: the exponent is beyond [`MAX_EXPONENT`].
    #[error("the exponent is so large that Kubernetes itself hangs on it")]
    Unbounded,
}

/// Largest power of ten read, either way. Kubernetes accepts more and then computes with that many digits.
pub const MAX_EXPONENT: i32 = 10_000;

/// Which family of suffixes a quantity is written with; it survives arithmetic and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `n`, `u`, `m`, none, `k`, `M`, `G`, `T`, `P`, `E`: powers of 1000.
    DecimalSi,
    /// `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`: powers of 1024.
    BinarySi,
    /// `e3`, `E-2`.
    DecimalExponent,
}

/// A quantity's value and notation. Equality and order are those of the value alone.
#[derive(Debug, Clone)]
pub struct Quantity {
    negative: bool,
    /// Decimal digits without leading or trailing zeros; empty for zero.
    digits: Vec<u8>,
    /// The power of ten that the digits stand for.
    exponent: i32,
    format: Format,
}

const DECIMAL_SUFFIXES: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// By their power of 1024, from 1.
const BINARY_SUFFIXES: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// Nothing smaller than this power of ten is kept: it is rounded up.
const NANO: i32 = -9;

/// The most digits that Kubernetes takes for its fast path.
const FAST_DIGITS: i64 = 18;

impl Quantity {
    /// Reads a quantity.
    ///
    /// # Errors
    /// The text is none, in Kubernetes' words; or it is one that Kubernetes hangs on.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let parts = Parts::split(text)?;
        let (base, exponent, format) = interpret(parts.suffix).ok_or(QuantityError::Suffix)?;
        if !parts.has_digits && !parts.fast(base, exponent) {
            return Err(QuantityError::Number);
        }
        if base == 10 && exponent.unsigned_abs() > MAX_EXPONENT.unsigned_abs() {
            return Err(QuantityError::Unbounded);
        }
        let fraction_digits = i32::try_from(parts.fraction.len()).unwrap_or(i32::MAX);
        let digits: Vec<u8> = parts
            .integer
            .bytes()
            .chain(parts.fraction.bytes())
            .map(|b| b - b'0')
            .collect();
        let mut quantity = Self {
            negative: parts.negative,
            digits,
            exponent: if base == 10 { exponent } else { 0 }.saturating_sub(fraction_digits),
            format,
        };
        if base == 2 {
            for _ in 0..exponent / 10 {
                times_small(&mut quantity.digits, 1024);
            }
        }
        quantity.normalize();
        quantity.round_up_to_nano();
        if format == Format::BinarySi {
            quantity.cap();
            if !quantity.is_zero() && quantity.magnitude_below_one() {
                quantity.format = Format::DecimalSi;
            }
        }
        Ok(quantity)
    }

    /// A whole number in a notation.
    #[must_use]
    pub fn from_integer(value: i128, format: Format) -> Self {
        Self::from_scaled(value, 0, format)
    }

    /// `value` × 10^`exponent`.
    fn from_scaled(value: i128, exponent: i32, format: Format) -> Self {
        let digits = value
            .unsigned_abs()
            .to_string()
            .bytes()
            .map(|b| b - b'0')
            .collect();
        let mut quantity = Self {
            negative: value < 0,
            digits,
            exponent,
            format,
        };
        quantity.normalize();
        quantity
    }

    /// The notation that it is written in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether it is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// The value in units of 10^`scale`, rounded away from zero; `None` beyond 128 bits.
    #[must_use]
    pub fn scaled(&self, scale: i32) -> Option<i128> {
        let shift = self.exponent.checked_sub(scale)?;
        let dropped = usize::try_from(shift.min(0).unsigned_abs()).ok()?;
        let kept = self.digits.len().saturating_sub(dropped);
        let mut value: i128 = 0;
        for digit in self.digits.iter().take(kept) {
            value = value.checked_mul(10)?.checked_add(i128::from(*digit))?;
        }
        if shift > 0 && value != 0 {
            value = value.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?)?;
        }
        if self.digits.len() > kept {
            // Trailing digits are never all zero, so something was cut off.
            value = value.checked_add(1)?;
        }
        Some(if self.negative { -value } else { value })
    }

    /// The same, rounded away from zero to a multiple of 10^`scale`; `None` beyond 128 bits.
    #[must_use]
    pub fn rounded_up(&self, scale: i32) -> Option<Self> {
        if self.exponent >= scale {
            return Some(self.clone());
        }
        Some(Self::from_scaled(self.scaled(scale)?, scale, self.format))
    }

    /// The whole value, rounded away from zero, as Kubernetes' `Value()`; saturates at 64 bits.
    #[must_use]
    pub fn value(&self) -> i64 {
        saturate(self.scaled(0), self.negative)
    }

    /// The value in thousandths, rounded away from zero, as Kubernetes' `MilliValue()`; saturates at 64 bits.
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        saturate(self.scaled(-3), self.negative)
    }

    /// The sum, in the notation of the first that is not zero; `None` beyond 128 bits.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let format = if self.is_zero() {
            other.format
        } else {
            self.format
        };
        let exponent = self.exponent.min(other.exponent).min(0);
        let sum = self
            .scaled(exponent)?
            .checked_add(other.scaled(exponent)?)?;
        Some(Self::from_scaled(sum, exponent, format))
    }

    /// The quantity as Kubernetes writes it: the largest suffix that needs no fraction.
    ///
    /// `0.5` is `500m`, `1024Mi` is `1Gi`, `2000m` is `2`, `1e3` stays.
    #[must_use]
    pub fn canonical(&self) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        if self.format == Format::BinarySi
            && self.is_whole()
            && self.cmp_magnitude(&Self::from_integer(1024, self.format)) != Ordering::Less
            && let Some(text) = self.canonical_binary()
        {
            return text;
        }
        let mut exponent = self.exponent;
        let mut digits = digits_text(&self.digits);
        while exponent.rem_euclid(3) != 0 {
            digits.push('0');
            exponent -= 1;
        }
        let sign = if self.negative { "-" } else { "" };
        match self.format {
            Format::DecimalExponent if exponent == 0 => format!("{sign}{digits}"),
            Format::DecimalExponent => format!("{sign}{digits}e{exponent}"),
            Format::DecimalSi | Format::BinarySi => {
                // Beyond the table Kubernetes writes no suffix at all, and so do we.
                let suffix = DECIMAL_SUFFIXES
                    .iter()
                    .find(|(_, power)| *power == exponent)
                    .map_or("", |(suffix, _)| suffix);
                format!("{sign}{digits}{suffix}")
            }
        }
    }

    fn canonical_binary(&self) -> Option<String> {
        let mut value = self.scaled(0)?;
        let mut suffix = "";
        for next in BINARY_SUFFIXES {
            if value % 1024 != 0 {
                break;
            }
            value /= 1024;
            suffix = next;
        }
        Some(format!("{value}{suffix}"))
    }

    fn normalize(&mut self) {
        let leading = self.digits.iter().take_while(|d| **d == 0).count();
        self.digits.drain(..leading);
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.exponent = self.exponent.saturating_add(1);
        }
        if self.digits.is_empty() {
            self.exponent = 0;
            self.negative = false;
        }
    }

    fn round_up_to_nano(&mut self) {
        let dropped = NANO.saturating_sub(self.exponent);
        let Ok(dropped) = usize::try_from(dropped) else {
            return;
        };
        if dropped == 0 || self.is_zero() {
            return;
        }
        let kept = self.digits.len().saturating_sub(dropped);
        self.digits.truncate(kept);
        self.exponent = NANO;
        increment(&mut self.digits);
        self.normalize();
    }

    /// Binary quantities end at the largest 64-bit integer.
    fn cap(&mut self) {
        let max = Self::from_integer(i128::from(i64::MAX), self.format);
        if self.cmp_magnitude(&max) == Ordering::Greater {
            self.digits = max.digits;
            self.exponent = max.exponent;
        }
    }

    /// Position of the first digit: the value is below 10^order.
    fn order(&self) -> i64 {
        i64::try_from(self.digits.len()).unwrap_or(i64::MAX / 2) + i64::from(self.exponent)
    }

    fn magnitude_below_one(&self) -> bool {
        self.order() <= 0
    }

    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Without trailing zeros the digits compare like the fractions that they begin.
            (false, false) => self
                .order()
                .cmp(&other.order())
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

/// The text in Kubernetes' own form, or as it is when it is no quantity.
#[must_use]
pub fn canonical(text: &str) -> String {
    Quantity::parse(text.trim()).map_or_else(|_| text.to_owned(), |quantity| quantity.canonical())
}

/// A quantity's text, taken apart.
struct Parts<'a> {
    negative: bool,
    /// Digits before the point, without leading zeros; `0` when there are none.
    integer: &'a str,
    /// Digits after the point.
    fraction: &'a str,
    suffix: &'a str,
    /// Whether the number has a digit at all.
    has_digits: bool,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, QuantityError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let significant = unsigned.trim_start_matches('0');
        let (integer, rest) = split_while(significant, |c| c.is_ascii_digit());
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => split_while(rest, |c| c.is_ascii_digit()),
            None => ("", rest),
        };
        let (_, tail) = split_while(suffix, |c| "eEinumkKMGTP".contains(c));
        let tail = tail.strip_prefix(['-', '+']).unwrap_or(tail);
        if tail.contains(|c: char| !c.is_ascii_digit()) {
            return Err(QuantityError::Format);
        }
        // Kubernetes stops reading after the zeros when nothing follows them: a sign alone is a 0.
        let has_digits = significant.is_empty()
            || significant.len() < unsigned.len()
            || !integer.is_empty()
            || !fraction.is_empty();
        Ok(Self {
            negative,
            integer: if integer.is_empty() { "0" } else { integer },
            fraction,
            suffix,
            has_digits,
        })
    }

    /// Whether Kubernetes reads the number through 64-bit arithmetic, which takes a missing number for 0.
    fn fast(&self, base: i32, exponent: i32) -> bool {
        let digits = self.integer.len() + self.fraction.len();
        let digits = i64::try_from(digits).unwrap_or(i64::MAX / 2);
        if base == 10 {
            digits <= FAST_DIGITS && exponent >= NANO
        } else {
            digits + i64::from(exponent) * 3 / 10 < FAST_DIGITS
        }
    }
}

fn split_while(text: &str, matches: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !matches(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// Base, power and notation of a suffix.
fn interpret(suffix: &str) -> Option<(i32, i32, Format)> {
    if let Some((_, power)) = DECIMAL_SUFFIXES.iter().find(|(text, _)| *text == suffix) {
        return Some((10, *power, Format::DecimalSi));
    }
    if let Some(index) = BINARY_SUFFIXES.iter().position(|text| *text == suffix) {
        let power = i32::try_from(index).ok()? + 1;
        return Some((2, power * 10, Format::BinarySi));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    // Kubernetes reads 64 bits and keeps the lower 32.
    let wide: i64 = exponent.parse().ok()?;
    let bytes = wide.to_le_bytes();
    let low = [bytes[0], bytes[1], bytes[2], bytes[3]];
    Some((10, i32::from_le_bytes(low), Format::DecimalExponent))
}

fn times_small(digits: &mut Vec<u8>, factor: u32) {
    let mut carry = 0;
    for digit in digits.iter_mut().rev() {
        let product = u32::from(*digit) * factor + carry;
        *digit = last_digit(product);
        carry = product / 10;
    }
    while carry > 0 {
        digits.insert(0, last_digit(carry));
        carry /= 10;
    }
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

fn last_digit(number: u32) -> u8 {
    u8::try_from(number % 10).unwrap_or_default()
}

fn digits_text(digits: &[u8]) -> String {
    digits.iter().map(|d| char::from(b'0' + d)).collect()
}

fn saturate(value: Option<i128>, negative: bool) -> i64 {
    let limit = if negative { i64::MIN } else { i64::MAX };
    value
        .and_then(|value| i64::try_from(value).ok())
        .unwrap_or(limit)
}
