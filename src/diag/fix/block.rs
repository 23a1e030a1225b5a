//! Edits of maps and lists that are written over several lines.

use std::ops::Range;

use serde_json::Value;

use super::style::{Style, in_order, text};
use super::{Child, Text};
use crate::diag::{FieldPath, Target};

/// `key: value` over as many lines as it takes, every line indented and ended.
pub(super) fn entry(key: &str, value: &Value, indent: usize, style: Style) -> String {
    let mut out = String::new();
    write_entry(&mut out, key, value, indent, style);
    out
}

fn write_entry(out: &mut String, key: &str, value: &Value, indent: usize, style: Style) {
    out.push_str(&" ".repeat(indent));
    out.push_str(&text(key, false));
    out.push(':');
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push_str(style.newline);
            for (key, value) in in_order(map) {
                write_entry(out, key, value, indent + style.step, style);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            out.push_str(style.newline);
            for value in list {
                write_item(out, value, indent + style.list_step(), style);
            }
        }
        _ => {
            out.push(' ');
            out.push_str(&leaf(value, style));
            out.push_str(style.newline);
        }
    }
}

/// `- value`, its lines indented and ended.
pub(super) fn item(value: &Value, indent: usize, style: Style) -> String {
    let mut out = String::new();
    write_item(&mut out, value, indent, style);
    out
}

fn write_item(out: &mut String, value: &Value, indent: usize, style: Style) {
    let mut body = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in in_order(map) {
                write_entry(&mut body, key, value, indent + 2, style);
            }
        }
        _ => {
            body.push_str(&" ".repeat(indent + 2));
            body.push_str(&leaf(value, style));
            body.push_str(style.newline);
        }
    }
    // The dash takes the place of the first line's last two blanks.
    out.push_str(&" ".repeat(indent));
    out.push_str("- ");
    out.push_str(body.get(indent + 2..).unwrap_or_default());
}

fn leaf(value: &Value, style: Style) -> String {
    match value {
        Value::String(string) if !style.json => text(string, false),
        _ => style.scalar_or_flow(value),
    }
}

/// Adds an entry to a map, after its last one.
pub(super) fn insert(
    around: &Text<'_, '_>,
    path: &FieldPath,
    children: &[Child],
    key: &str,
    value: &Value,
) -> Option<(Range<usize>, String)> {
    let style = around.style;
    if let (Some(first), Some(last)) = (children.first(), children.last()) {
        let indent = column(around.text, first.head.start);
        let (at, lead) = line_after(around.text, last.whole.end, style);
        return Some((at..at, lead + &entry(key, value, indent, style)));
    }
    // An empty map: its key stands alone on its line, or with `{}` or `null` behind it.
    let own = around.span(path, Target::Key)?;
    let indent = column(around.text, own.start) + style.step;
    let body = entry(key, value, indent, style);
    let body = body.strip_suffix(style.newline).unwrap_or(&body);
    let range = around
        .span(path, Target::Value)
        .filter(|range| !range.is_empty());
    let range = match range {
        // With the blank before it.
        Some(range) => around.after_colon(path).unwrap_or(range.start)..range.end,
        None => {
            let at = around.after_colon(path)?;
            at..at
        }
    };
    Some((range, format!("{}{body}", style.newline)))
}

/// Adds an item to a list, after its last one.
pub(super) fn append(
    around: &Text<'_, '_>,
    children: &[Child],
    value: &Value,
) -> Option<(Range<usize>, String)> {
    let last = children.last()?;
    let dash = dash_before(around.text, last.head.start)?;
    let (at, lead) = line_after(around.text, last.whole.end, around.style);
    let indent = column(around.text, dash);
    Some((at..at, lead + &item(value, indent, around.style)))
}

/// Removes a child with its lines. The last one leaves `{}` or `[]` behind, since nothing would be `null`.
pub(super) fn remove(
    around: &Text<'_, '_>,
    parent: &FieldPath,
    children: &[Child],
    at: usize,
) -> Option<(Range<usize>, String)> {
    let child = children.get(at)?;
    let is_list = matches!(around.value(parent), Some(Value::Array(_)));
    if children.len() == 1 {
        let colon = around.after_colon(parent)?;
        let end = around.span(parent, Target::Value)?.end;
        let end = around.text.get(..end)?.trim_end().len();
        let empty = if is_list { " []" } else { " {}" };
        return Some((colon..end, empty.to_owned()));
    }
    let start = if is_list {
        dash_before(around.text, child.head.start)?
    } else {
        child.head.start
    };
    let before = around.text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    if before.get(line_start..)?.trim().is_empty() {
        let (end, _) = line_after(around.text, child.whole.end, around.style);
        return Some((line_start..end, String::new()));
    }
    // It stands behind a dash: the next entry takes its place.
    let next = children.get(at + 1)?;
    Some((start..next.head.start, String::new()))
}

/// How many characters stand before a byte on its line.
fn column(text: &str, offset: usize) -> usize {
    let head = text.get(..offset).unwrap_or_default();
    let start = head.rfind('\n').map_or(0, |at| at + 1);
    head.get(start..).unwrap_or_default().chars().count()
}

/// The beginning of the line after the one that a range ends on, and what has to be written first there: the last
/// line of a file may have no end.
fn line_after(text: &str, end: usize, style: Style) -> (usize, String) {
    if text.get(..end).is_some_and(|head| head.ends_with('\n')) {
        return (end, String::new());
    }
    match text.get(end..).and_then(|tail| tail.find('\n')) {
        Some(at) => (end + at + 1, String::new()),
        None => (text.len(), style.newline.to_owned()),
    }
}

/// The dash of the list item that begins at a byte.
fn dash_before(text: &str, item: usize) -> Option<usize> {
    let head = text.get(..item)?;
    let dash = head.rfind('-')?;
    head.get(dash + 1..)?.trim().is_empty().then_some(dash)
}
