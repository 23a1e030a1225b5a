//! What a scalar is: the YAML 1.1 of Go's `yaml.v2` (go.yaml.in/yaml/v2 2.4.2, `resolve.go`), which kubectl reads with.

use serde_json::{Number, Value};

use super::base64;

/// Why a scalar cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScalarError {
    /// `.inf`, `.nan`: JSON has no such number. Go's name of it.
    NotJson(&'static str),
    /// A tag that does not fit: the short tag of what the text is, and the tag asked for.
    WrongTag(&'static str, &'static str),
    /// `!!binary` with text that is not base64.
    NotBase64,
}

/// What a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// No tag.
    None,
    /// `!!str`.
    Str,
    /// `!!bool`.
    Bool,
    /// `!!int`.
    Int,
    /// `!!float`.
    Float,
    /// `!!null`.
    Null,
    /// `!!timestamp`.
    Timestamp,
    /// `!!binary`.
    Binary,
    /// `!!merge`.
    Merge,
    /// Any other: the text is taken as it is.
    Other,
}

impl Tag {
    /// The tag of that full name (`tag:yaml.org,2002:int`).
    pub(super) fn of(handle: &str, suffix: &str) -> Self {
        const CORE: &str = "tag:yaml.org,2002:";
        let name = if handle.is_empty() {
            suffix.strip_prefix(CORE)
        } else {
            (handle == CORE).then_some(suffix)
        };
        match name {
            Some("str") => Self::Str,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("null") => Self::Null,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            Some("merge") => Self::Merge,
            _ => Self::Other,
        }
    }
}

/// What a plain scalar is, before a tag is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plain {
    /// Text.
    Text,
    /// A date: text too, unless a tag says otherwise.
    Timestamp,
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer, up to u64.
    Int(Number),
    /// A finite number.
    Float(f64),
    /// A number that JSON does not have; Go's name of it.
    NotJson(&'static str),
}

/// Whether a plain scalar can be anything but text, by its first byte.
pub(super) fn may_be_typed(text: &str) -> bool {
    text.as_bytes().first().is_none_or(|first| {
        matches!(
            first,
            b'0'..=b'9'
                | b'+'
                | b'-'
                | b'.'
                | b'~'
                | b'y'
                | b'Y'
                | b'n'
                | b'N'
                | b't'
                | b'T'
                | b'f'
                | b'F'
                | b'o'
                | b'O'
        )
    })
}

/// What a plain scalar is.
pub(super) fn plain(text: &str) -> Plain {
    let Some(&first) = text.as_bytes().first() else {
        return Plain::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => infinity(text).unwrap_or_else(|| {
            if is_float(text.as_bytes()) {
                float(text)
            } else {
                Plain::Text
            }
        }),
        b'0'..=b'9' | b'+' | b'-' => number(text),
        _ => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Plain::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Plain::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        _ => Plain::Text,
    }
}

fn infinity(text: &str) -> Option<Plain> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Plain::NotJson("+Inf")),
        "-.inf" | "-.Inf" | "-.INF" => Some(Plain::NotJson("-Inf")),
        ".nan" | ".NaN" | ".NAN" => Some(Plain::NotJson("NaN")),
        _ => None,
    }
}

fn number(text: &str) -> Plain {
    if let Some(small) = small_decimal(text) {
        return Plain::Int(small.into());
    }
    if let Some(infinity) = infinity(text) {
        return infinity;
    }
    if is_timestamp(text) {
        return Plain::Timestamp;
    }
    let stripped;
    let digits = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    if let Some(number) = integer(digits) {
        return Plain::Int(number);
    }
    if is_float(digits.as_bytes()) {
        return float(digits);
    }
    // What Go's reader tries last: digits after `0b` with a sign of their own.
    match digits.strip_prefix("0b").map(|rest| signed(rest, 2)) {
        Some(Some(number)) => Plain::Int(number),
        _ => Plain::Text,
    }
}

/// The common case: a few decimal digits that do not begin with 0.
fn small_decimal(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() > 18 || (bytes.first() == Some(&b'0') && bytes.len() > 1) {
        return None;
    }
    bytes.iter().try_fold(0_i64, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + i64::from(byte - b'0'))
    })
}

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint(text, 0, 64)`: the base from the prefix.
fn integer(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (unsigned.get(2..)?, 16),
        [b'0', b'o' | b'O', _, ..] => (unsigned.get(2..)?, 8),
        [b'0', b'b' | b'B', _, ..] => (unsigned.get(2..)?, 2),
        [b'0', _, ..] => (unsigned.get(1..)?, 8),
        _ => (unsigned, 10),
    };
    // Rust's parser takes a sign of its own, Go's does not at this point.
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if !negative && text.starts_with('+') && i64::try_from(magnitude).is_err() {
        return None;
    }
    if negative {
        0_i64.checked_sub_unsigned(magnitude).map(Number::from)
    } else {
        Some(magnitude.into())
    }
}

fn signed(text: &str, radix: u32) -> Option<Number> {
    i64::from_str_radix(text, radix).ok().map(Number::from)
}

/// Go's test before it parses: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(text: &[u8]) -> bool {
    let unsigned = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let (whole, rest) = digits(unsigned);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => digits(rest),
        _ => (0, rest),
    };
    if whole == 0 && fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let unsigned = match exponent {
                [b'+' | b'-', rest @ ..] => rest,
                _ => exponent,
            };
            let (count, rest) = digits(unsigned);
            count > 0 && rest.is_empty()
        }
        _ => false,
    }
}

fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count, text.get(count..).unwrap_or_default())
}

/// Out of range is text, as in Go.
fn float(text: &str) -> Plain {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Plain::Float(number),
        _ => Plain::Text,
    }
}

/// Whether Go takes it for a date or a time: `2026-1-2`, with `15:4:5` after a space, or in the form of RFC 3339.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if digits(bytes).0 != 4 || bytes.get(4) != Some(&b'-') {
        return false;
    }
    let year = text.get(..4).and_then(|year| year.parse().ok());
    let Some((month, rest)) = bytes.get(5..).and_then(|rest| field(rest, 1, 12)) else {
        return false;
    };
    let [b'-', rest @ ..] = rest else {
        return false;
    };
    let longest = match (month, year) {
        (2, Some(year)) if is_leap(year) => 29,
        (2, _) => 28,
        (4 | 6 | 9 | 11, _) => 30,
        _ => 31,
    };
    match field(rest, 1, longest) {
        Some((_, [])) => true,
        Some((_, [b' ', time @ ..])) => matches!(clock(time), Some([])),
        Some((_, [b't' | b'T', time @ ..])) => clock(time).is_some_and(is_zone),
        _ => false,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// One or two digits within bounds, and what follows.
fn field(text: &[u8], least: u32, most: u32) -> Option<(u32, &[u8])> {
    let count = digits(text).0.min(2);
    let (head, rest) = text.split_at_checked(count)?;
    let value = head
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    (count > 0 && (least..=most).contains(&value)).then_some((value, rest))
}

/// `15:4:5.999`, and what follows. The hour needs no bounds of its own beyond two digits below 24.
fn clock(text: &[u8]) -> Option<&[u8]> {
    // Go's hour `15` takes one digit only where nothing else follows, which cannot be here.
    let (_, rest) = field(text, 0, 23)?;
    let [b':', rest @ ..] = rest else { return None };
    let (_, rest) = field(rest, 0, 59)?;
    let [b':', rest @ ..] = rest else { return None };
    let (_, rest) = field(rest, 0, 59)?;
    match rest {
        [b'.' | b',', fraction @ ..] => match digits(fraction) {
            (0, _) => None,
            (_, rest) => Some(rest),
        },
        _ => Some(rest),
    }
}

fn is_zone(text: &[u8]) -> bool {
    match text {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit())
                && (h1 - b'0') * 10 + (h2 - b'0') <= 24
                && (m1 - b'0') * 10 + (m2 - b'0') <= 60
        }
        _ => false,
    }
}

/// The number as JSON has it once Go has written it and kubectl has read it again: without fraction when it has none.
pub(super) fn float_value(number: f64) -> Value {
    let whole = number.trunc();
    // Go writes plain digits below 1e21, and digits read back as an integer as far as that holds them.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::float_cmp,
        reason = "guarded by the comparison"
    )]
    if whole == number && number.abs() < 9_223_372_036_854_775_808.0 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// The value of a scalar.
///
/// `text` is its content; `quoted` scalars are text unless a tag says otherwise.
pub(super) fn value(text: &str, quoted: bool, tag: Tag) -> Result<Value, ScalarError> {
    let string = || Value::String(text.to_owned());
    if tag == Tag::None {
        if quoted {
            return Ok(string());
        }
        return match plain(text) {
            Plain::Text | Plain::Timestamp => Ok(string()),
            Plain::Null => Ok(Value::Null),
            Plain::Bool(value) => Ok(Value::Bool(value)),
            Plain::Int(number) => Ok(Value::Number(number)),
            Plain::Float(number) => Ok(float_value(number)),
            Plain::NotJson(name) => Err(ScalarError::NotJson(name)),
        };
    }
    tagged(text, tag)
}

fn tagged(text: &str, tag: Tag) -> Result<Value, ScalarError> {
    let string = || Value::String(text.to_owned());
    let asked = match tag {
        Tag::None | Tag::Other | Tag::Str | Tag::Merge => return Ok(string()),
        Tag::Binary => {
            return base64::decode(text)
                .map(Value::String)
                .ok_or(ScalarError::NotBase64);
        }
        Tag::Bool => "!!bool",
        Tag::Int => "!!int",
        Tag::Float => "!!float",
        Tag::Null => "!!null",
        Tag::Timestamp => "!!timestamp",
    };
    match (plain(text), tag) {
        (Plain::Bool(value), Tag::Bool) => Ok(Value::Bool(value)),
        (Plain::Int(number), Tag::Int) => Ok(Value::Number(number)),
        // Only what fits an int64 becomes a float.
        (Plain::Int(number), Tag::Float) if number.is_i64() => Ok(Value::Number(number)),
        (Plain::Float(number), Tag::Float) => Ok(float_value(number)),
        (Plain::NotJson(name), Tag::Float) => Err(ScalarError::NotJson(name)),
        (Plain::Null, Tag::Null) => Ok(Value::Null),
        (Plain::Timestamp, Tag::Timestamp) => Ok(string()),
        (found, _) => Err(ScalarError::WrongTag(
            match found {
                Plain::Text => "!!str",
                Plain::Timestamp => "!!timestamp",
                Plain::Null => "!!null",
                Plain::Bool(_) => "!!bool",
                Plain::Int(_) => "!!int",
                Plain::Float(_) | Plain::NotJson(_) => "!!float",
            },
            asked,
        )),
    }
}

/// The text of a map's key, as kubectl turns it into JSON; the Go type for keys that it refuses.
pub(super) fn key(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Ok(integer.to_string()),
            (None, _) if number.is_u64() => Err("uint64"),
            (None, Some(float)) => Ok(float_key(float)),
            (None, None) => Err("number"),
        },
        Value::Null => Err("<nil>"),
        Value::Array(_) | Value::Object(_) => Err("collection"),
    }
}

/// Go's `FormatFloat(value, 'g', -1, 32)`.
pub(super) fn float_key(number: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "Go prints keys with the precision of float32"
    )]
    let shortest = format!("{:e}", number as f32);
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..21).contains(&exponent) {
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        return format!("{}", number as f32);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Whether a plain scalar is read as something that it does not look like: a word as boolean, a number in another
/// notation than decimal digits.
pub(super) fn is_surprising(text: &str) -> bool {
    match plain(text) {
        Plain::Bool(_) => !matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE"),
        Plain::Int(number) => text.trim_start_matches('+') != number.to_string() && text != "-0",
        Plain::Float(_) => {
            let unsigned = text.trim_start_matches(['+', '-']).as_bytes();
            text.contains('_')
                // With a point in it, nobody takes it for a text.
                || (text.contains(['e', 'E']) && !text.contains('.'))
                || matches!(unsigned, [b'0', b'0'..=b'9', ..])
        }
        Plain::Text | Plain::Timestamp | Plain::Null | Plain::NotJson(_) => false,
    }
}
