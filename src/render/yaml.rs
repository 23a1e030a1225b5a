//! Objects as YAML that any reader, of YAML 1.1 or 1.2, takes back to the same values.
//!
//! The shape (maps, lists, literal blocks) is written here, which is four times as fast as a serializer for any type and
//! style. What a text needs to stay a text is not decided here: one that is not plain beyond doubt goes to serde-saphyr.

use std::fmt::Write;

use serde_json::Value;

/// Apart from these, the keys of an object follow in the order of their bytes.
const FIRST: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// One document, without `---`, ending with a line break.
#[must_use]
pub fn document(value: &Value) -> String {
    let mut out = String::with_capacity(2048);
    append(&mut out, value);
    out
}

/// Appends a document to a text.
pub fn append(out: &mut String, value: &Value) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            let first = FIRST.iter().filter_map(|key| object.get_key_value(*key));
            let rest = object
                .iter()
                .filter(|(key, _)| !FIRST.contains(&key.as_str()));
            map(out, first.chain(rest), 0, false);
        }
        Value::Array(items) if !items.is_empty() => list(out, items, 0, false),
        other => scalar(out, other, 0),
    }
}

/// The same, commented out.
#[must_use]
pub fn commented(document: &str) -> String {
    let mut out = String::with_capacity(document.len() + document.len() / 8);
    for line in document.split_inclusive('\n') {
        out.push_str(if line == "\n" { "#" } else { "# " });
        out.push_str(line);
    }
    out
}

/// Entries of a map, each on its line; the first without indentation when it stands behind the `-` of a list.
fn map<'v>(
    out: &mut String,
    entries: impl Iterator<Item = (&'v String, &'v Value)>,
    indent: usize,
    inline: bool,
) {
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 || !inline {
            spaces(out, indent);
        }
        text(out, key);
        out.push(':');
        match value {
            Value::Object(object) if !object.is_empty() => {
                out.push('\n');
                map(out, object.iter(), indent + 2, false);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent, false);
            }
            other => {
                out.push(' ');
                scalar(out, other, indent + 2);
            }
        }
    }
}

/// Items of a list, each behind its `-`.
fn list(out: &mut String, items: &[Value], indent: usize, inline: bool) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || !inline {
            spaces(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(object) if !object.is_empty() => {
                map(out, object.iter(), indent + 2, true);
            }
            Value::Array(items) if !items.is_empty() => list(out, items, indent + 2, true),
            other => scalar(out, other, indent + 2),
        }
    }
}

/// What stands on a line, with the line break; a literal block is indented by `indent`.
fn scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        // Writing to a String cannot fail.
        Value::Number(number) if number.is_f64() => quoted(out, number),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(string) if is_literal(string) => return literal(out, string, indent),
        Value::String(string) => text(out, string),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
    out.push('\n');
}

/// A text on one line.
fn text(out: &mut String, string: &str) {
    if is_plain(string) {
        out.push_str(string);
    } else if string.contains('\n') {
        quoted(out, &serde_saphyr::DoubleQuoted(string));
    } else {
        quoted(out, string);
    }
}

/// A scalar as serde-saphyr writes it.
fn quoted<T: serde::Serialize + ?Sized>(out: &mut String, value: &T) {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    // Texts and finite numbers can always be written.
    let written = serde_saphyr::to_string_with_options(&value, options).unwrap_or_default();
    out.push_str(written.trim_end_matches('\n'));
}

/// A text of several lines as it is: `|` with one line break at the end, `|-` with none, `|+` with more.
fn literal(out: &mut String, string: &str, indent: usize) {
    let body = string.strip_suffix('\n');
    out.push_str(match body {
        None => "|-\n",
        Some(body) if body.ends_with('\n') => "|+\n",
        Some(_) => "|\n",
    });
    for line in body.unwrap_or(string).split('\n') {
        if !line.is_empty() {
            spaces(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn spaces(out: &mut String, count: usize) {
    const SPACES: &str = "                                ";
    let mut left = count;
    while left > 0 {
        let some = left.min(SPACES.len());
        out.push_str(SPACES.get(..some).unwrap_or_default());
        left -= some;
    }
}

/// Whether a text is plain beyond doubt: no reader takes it for anything else, wherever it stands.
fn is_plain(string: &str) -> bool {
    let bytes = string.as_bytes();
    let [first, .., last] = bytes else {
        return false;
    };
    if !(first.is_ascii_alphabetic() || *first == b'/') || *last == b':' || *last == b' ' {
        return false;
    }
    let mut before = *first;
    for byte in bytes {
        let plain = match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'/'
            | b':'
            | b'='
            | b'@'
            | b'('
            | b')' => true,
            // `a: b` is a map.
            b' ' => before != b':',
            _ => false,
        };
        if !plain {
            return false;
        }
        before = *byte;
    }
    bytes.len() > 5 || !is_word(string)
}

/// Whether a short text is a boolean or null in some version of YAML.
fn is_word(string: &str) -> bool {
    ["yes", "no", "on", "off", "true", "false", "null"]
        .iter()
        .any(|word| string.eq_ignore_ascii_case(word))
}

/// Whether a text can be a literal block: several lines of visible characters, the first of them not indented, so that
/// every reader finds the same indentation.
fn is_literal(string: &str) -> bool {
    let Some((first, rest)) = string.split_once('\n') else {
        return false;
    };
    // `key: |` with nothing below is an empty text; what begins with a blank needs an indentation indicator.
    if first.is_empty() || first.starts_with([' ', '\t']) {
        return false;
    }
    // A line of blanks can be taken for indentation.
    let blank = |line: &str| !line.is_empty() && line.trim().is_empty();
    let visible = |c: char| matches!(c, '\n' | '\t' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{10000}'..='\u{1FFFF}');
    !rest.split('\n').any(blank)
        && string.chars().all(visible)
        && !string.contains(['\u{2028}', '\u{2029}'])
}
