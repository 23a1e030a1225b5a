//! YAML as goccy/go-yaml 1.18 writes it (the OpenTelemetry operator's `OTEL_CONFIG`, spec 5.4).
//!
//! Two blanks a level, list dashes two under their key, texts plain or in double quotes.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::diag::field::go_quote;

/// A document: a map whose keys stand in an order of their own, or a value whose maps are sorted by key.
#[derive(Debug, Clone)]
pub enum Document<'a> {
    /// Keys in this order.
    Ordered(Vec<(&'a str, Document<'a>)>),
    /// Keys sorted by bytes.
    Sorted(Cow<'a, Value>),
}

impl<'a> Document<'a> {
    /// A value whose maps are sorted.
    #[must_use]
    pub fn of(value: &'a Value) -> Self {
        Self::Sorted(Cow::Borrowed(value))
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Ordered(entries) => entries.is_empty(),
            Self::Sorted(value) => match value.as_ref() {
                Value::Object(map) => map.is_empty(),
                Value::Array(items) => items.is_empty(),
                _ => false,
            },
        }
    }
}

/// The text of a document, with a line break at the end.
#[must_use]
pub fn encode(document: &Document<'_>) -> String {
    let mut out = String::new();
    match document {
        Document::Sorted(value)
            if !matches!(value.as_ref(), Value::Object(_) | Value::Array(_)) =>
        {
            write_scalar(&mut out, value, 0);
            out.push('\n');
        }
        document if document.is_empty() => {
            out.push_str(empty(document));
            out.push('\n');
        }
        document => write_block(&mut out, document, 0, false),
    }
    out
}

fn empty(document: &Document<'_>) -> &'static str {
    match document {
        Document::Sorted(value) if value.is_array() => "[]",
        _ => "{}",
    }
}

/// Writes a map or list that is not empty, each line with its break; `inline` when the first line's indentation
/// stands there already (behind a dash).
fn write_block(out: &mut String, document: &Document<'_>, indent: usize, inline: bool) {
    let mut inline = inline;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut inline) {
            out.extend(std::iter::repeat_n(' ', indent));
        }
    };
    match document {
        Document::Ordered(entries) => {
            for (key, value) in entries {
                start(out);
                write_entry(out, key, value, indent);
            }
        }
        Document::Sorted(value) => match value.as_ref() {
            Value::Object(map) => {
                for (key, value) in sorted(map) {
                    start(out);
                    write_entry(out, key, &Document::of(value), indent);
                }
            }
            Value::Array(items) => {
                for item in items {
                    start(out);
                    out.push_str("- ");
                    write_value(out, &Document::of(item), indent, true);
                }
            }
            scalar => {
                start(out);
                write_scalar(out, scalar, indent);
                out.push('\n');
            }
        },
    }
}

fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by(|a, b| a.0.cmp(b.0));
    entries
}

fn write_entry(out: &mut String, key: &str, value: &Document<'_>, indent: usize) {
    write_text(out, key, indent);
    out.push(':');
    write_value(out, value, indent, false);
}

/// Writes what follows a key's colon, or a dash and its blank.
fn write_value(out: &mut String, value: &Document<'_>, indent: usize, after_dash: bool) {
    let blank = if after_dash { "" } else { " " };
    match value {
        value if value.is_empty() => {
            out.push_str(blank);
            out.push_str(empty(value));
            out.push('\n');
        }
        Document::Sorted(scalar)
            if !matches!(scalar.as_ref(), Value::Object(_) | Value::Array(_)) =>
        {
            out.push_str(blank);
            write_scalar(out, scalar, indent);
            out.push('\n');
        }
        block => {
            if !after_dash {
                out.push('\n');
            }
            write_block(out, block, indent + 2, after_dash);
        }
    }
}

fn write_scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&float(number.as_f64().unwrap_or_default())),
        Value::String(text) => write_text(out, text, indent),
        Value::Array(_) | Value::Object(_) => {}
    }
}

/// A number that Go read from JSON: a float64, printed as `%g` does, whole ones without a fraction.
fn float(number: f64) -> String {
    if number == 0.0 {
        return if number.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    // With the shortest digits an exponent below -4, or from 6 on, is written out.
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

fn write_text(out: &mut String, text: &str, indent: usize) {
    if needs_quotes(text) {
        out.push_str(&go_quote(text));
        return;
    }
    let line_break = line_break(text);
    if !text.contains(line_break) {
        out.push_str(text);
        return;
    }
    // A literal block, its lines two blanks under the key or dash.
    let (header, body) = match text.strip_suffix(line_break) {
        Some(rest) if rest.ends_with(line_break) => ("|+", rest),
        Some(rest) => ("|", rest),
        None => ("|-", text),
    };
    out.push_str(header);
    for line in body.split(line_break) {
        out.push_str(line_break);
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent + 2));
            out.push_str(line);
        }
    }
}

/// The line break that prevails in a text.
fn line_break(text: &str) -> &'static str {
    let count = |pattern: &str| text.matches(pattern).count();
    let (newlines, returns, both) = (count("\n"), count("\r"), count("\r\n"));
    if newlines == both && returns == both {
        "\r\n"
    } else if returns > newlines {
        "\r"
    } else {
        "\n"
    }
}

/// Whether a text would be read as something else, or not at all, without quotes.
fn needs_quotes(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
        return true;
    };
    is_reserved(text)
        || is_number(text)
        || text == "-"
        || "*&[{}],!|>%'\"@ `".contains(first)
        || matches!(last, ':' | ' ')
        || is_timestamp(text)
        || text.contains(['#', '\\'])
        || text.contains(": ")
        || text.contains("- ")
}

/// Words of YAML 1.1 and 1.2 that are no texts.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "null", "true", "false", "y", "yes", "n", "no", "on", "off", "~",
    ];
    let lower = text.to_ascii_lowercase();
    if !WORDS.contains(&lower.as_str()) {
        return false;
    }
    let mut title = lower.clone();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text == lower || text == title || text == lower.to_ascii_uppercase()
}

/// Whether goccy/go-yaml takes a text for a number.
fn is_number(text: &str) -> bool {
    let dots = text.matches('.').count();
    if text.is_empty() || text.starts_with('_') || dots > 1 {
        return false;
    }
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let normal = unsigned
        .strip_prefix('-')
        .unwrap_or(unsigned)
        .replace('_', "");
    let digits = |text: &str, base: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(base));
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = normal.strip_prefix(prefix) {
            return digits(rest, base);
        }
    }
    if normal.starts_with('0') && normal.len() > 1 && dots == 0 {
        return digits(&normal, 8);
    }
    if dots == 0 {
        return digits(&normal, 10);
    }
    let signed = if negative {
        format!("-{normal}")
    } else {
        normal
    };
    signed.parse::<f64>().is_ok()
}

/// Whether Go reads a text as one of the times that goccy/go-yaml quotes.
fn is_timestamp(text: &str) -> bool {
    let hour_minute = |text: &str| -> bool {
        text.split_once(':').is_some_and(|(hour, minute)| {
            number(hour, 1..=2).is_some_and(|hour| hour < 24)
                && number(minute, 1..=2).is_some_and(|minute| minute < 60)
        })
    };
    let Some((date, rest)) = text.split_at_checked(10).filter(|(date, _)| is_date(date)) else {
        return hour_minute(text);
    };
    let Some(separator) = rest.chars().next() else {
        return !date.is_empty();
    };
    let clock = rest.get(1..).unwrap_or_default();
    match separator {
        ' ' => is_clock(clock),
        'T' | 't' => {
            if let Some(clock) = clock.strip_suffix('Z') {
                return is_clock(clock);
            }
            let Some(at) = clock.rfind(['+', '-']) else {
                return false;
            };
            let (clock, zone) = clock.split_at(at);
            let zone_fits = zone
                .get(1..)
                .and_then(|zone| zone.split_once(':'))
                .is_some_and(|(hours, minutes)| {
                    number(hours, 2..=2).is_some_and(|hours| hours <= 24)
                        && number(minutes, 2..=2).is_some_and(|minutes| minutes <= 60)
                });
            zone_fits && is_clock(clock)
        }
        _ => false,
    }
}

/// A whole number with so many digits.
fn number(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (
        number(year, 4..=4),
        number(month, 2..=2),
        number(day, 2..=2),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `h:mm:ss` with an optional fraction.
fn is_clock(text: &str) -> bool {
    let whole = match text.split_once(['.', ',']) {
        Some((whole, fraction)) if number(fraction, 1..=9).is_some() || is_long(fraction) => whole,
        Some(_) => return false,
        None => text,
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else {
        return false;
    };
    number(hour, 1..=2).is_some_and(|hour| hour < 24)
        && number(minute, 2..=2).is_some_and(|minute| minute < 60)
        && number(second, 2..=2).is_some_and(|second| second < 60)
}

/// More digits than a number holds.
fn is_long(fraction: &str) -> bool {
    fraction.len() > 9 && fraction.bytes().all(|b| b.is_ascii_digit())
}
