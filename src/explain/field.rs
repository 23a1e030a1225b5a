//! The documentation of a field, from the schema that its document is checked by.

use std::fmt::Write;

use serde_json::Value;
use thiserror::Error;

use crate::diag::nearest;
use crate::inventory::Kind;
use crate::schema::publish;

/// Why there is nothing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoSuchField {
    /// The first word is no kind with a schema.
    #[error("`{word}` is neither a rule nor a kind")]
    Kind {
        /// What was asked for.
        word: String,
        /// The nearest kind.
        meant: Option<String>,
    },
    /// A field is not there.
    #[error("{parent} has no field `{word}`")]
    Field {
        /// Where it was looked for.
        parent: String,
        /// What was asked for.
        word: String,
        /// The nearest field, else all fields.
        meant: Option<String>,
    },
}

impl NoSuchField {
    /// What could have been meant.
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::Kind { meant, .. } | Self::Field { meant, .. } => meant.as_deref(),
        }
    }
}

/// The documentation of `kind.path.to.field`. Kinds are written in any case, in the singular or plural; list indices
/// (`[0]`, `[]`) may be there and say nothing.
///
/// # Errors
/// No such kind, or no such field.
pub fn field(text: &str, recursive: bool) -> Result<String, NoSuchField> {
    let mut words = text.split('.');
    let word = words.next().unwrap_or_default();
    let kind = kind_named(word)?;
    let root = publish::documented(kind).unwrap_or_default();
    let mut parent = kind.as_str().to_owned();
    let mut node = &root;
    let mut required = false;
    for word in words {
        let name = word.split('[').next().unwrap_or_default();
        let inner = inside(node);
        let Some(next) = child(inner, name) else {
            let names = || keys(inner).into_iter();
            return Err(NoSuchField::Field {
                meant: nearest(name, names()).map_or_else(
                    || {
                        let all: Vec<&str> = names().collect();
                        (!all.is_empty()).then(|| all.join(", "))
                    },
                    |meant| Some(meant.to_owned()),
                ),
                parent,
                word: name.to_owned(),
            });
        };
        required = requires(inner, name);
        node = next;
        parent = format!("{parent}.{name}");
    }
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "GROUP:    {}", kind.group());
    let _ = writeln!(out, "KIND:     {kind}");
    let _ = writeln!(out, "VERSION:  {}\n", kind.version());
    if let Some((_, path)) = parent.split_once('.') {
        let _ = writeln!(
            out,
            "FIELD:    {path} <{}>{}\n",
            type_of(node),
            mark(required)
        );
    }
    if let Some(text) = description(node) {
        let _ = writeln!(out, "DESCRIPTION:\n{}", indented(text, 4));
    }
    for fact in facts(node) {
        let _ = writeln!(out, "    {fact}");
    }
    let inner = inside(node);
    if !keys(inner).is_empty() {
        out.truncate(out.trim_end().len());
        out.push_str("\n\nFIELDS:\n");
        if recursive {
            tree(&mut out, inner, 2);
        } else {
            list(&mut out, inner);
        }
    }
    Ok(out)
}

/// The fields below `kind.path.to.field`; none when there is no such field.
#[must_use]
pub fn fields_below(text: &str) -> Vec<String> {
    let mut words = text.split('.');
    let kind = words.next().and_then(|word| kind_named(word).ok());
    let Some(root) = kind.and_then(publish::documented) else {
        return Vec::new();
    };
    let node = words.try_fold(&root, |node, word| {
        child(inside(node), word.split('[').next().unwrap_or_default())
    });
    node.map(inside)
        .map(keys)
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn kind_named(word: &str) -> Result<Kind, NoSuchField> {
    let known = publish::kinds;
    known()
        .find(|kind| {
            word.eq_ignore_ascii_case(kind.as_str()) || word.eq_ignore_ascii_case(kind.plural())
        })
        .ok_or_else(|| NoSuchField::Kind {
            word: word.to_owned(),
            meant: nearest(word, known().map(Kind::as_str)).map(str::to_lowercase),
        })
}

/// The map that a field holds: itself, the items of its list, or the values of its map.
fn inside(mut node: &Value) -> &Value {
    loop {
        node = match (node.get("items"), node.get("additionalProperties")) {
            (Some(items), _) => items,
            (None, Some(values)) if values.is_object() && node.get("properties").is_none() => {
                values
            }
            _ => return node,
        };
    }
}

fn child<'a>(node: &'a Value, name: &str) -> Option<&'a Value> {
    node.get("properties")?.get(name)
}

fn keys(node: &Value) -> Vec<&str> {
    node.get("properties")
        .and_then(Value::as_object)
        .map(|map| map.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

fn requires(node: &Value, name: &str) -> bool {
    node.get("required")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|item| item == name))
}

fn mark(required: bool) -> &'static str {
    if required { " -required-" } else { "" }
}

fn type_of(node: &Value) -> String {
    if node.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
        return "integer or string".to_owned();
    }
    if let Some(items) = node.get("items") {
        return format!("[]{}", type_of(items));
    }
    if let Some(values) = node
        .get("additionalProperties")
        .filter(|values| values.is_object() && node.get("properties").is_none())
    {
        return format!("map[string]{}", type_of(values));
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") | None => "Object".to_owned(),
        Some(other) => other.to_owned(),
    }
}

fn description(node: &Value) -> Option<&str> {
    node.get("description").and_then(Value::as_str)
}

/// What else the schema says about a value: its default, the values allowed, its bounds, its rules.
fn facts(node: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    let value = if node.get("items").is_some() {
        inside(node)
    } else {
        node
    };
    if let Some(default) = node.get("default") {
        facts.push(format!("default: {default}"));
    }
    if let Some(values) = value.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values
            .iter()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect();
        facts.push(format!("one of: {}", values.join(", ")));
    }
    for (key, words) in [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("minLength", "characters, at least:"),
        ("maxLength", "characters, at most:"),
        ("pattern", "pattern:"),
    ] {
        if let Some(bound) = value.get(key) {
            let bound = bound
                .as_str()
                .map_or_else(|| bound.to_string(), str::to_owned);
            facts.push(format!("{words} {bound}"));
        }
    }
    for (key, words) in [
        ("minItems", "items, at least:"),
        ("maxItems", "items, at most:"),
    ] {
        if let Some(bound) = node.get(key) {
            facts.push(format!("{words} {bound}"));
        }
    }
    let rules = node
        .get("x-kubernetes-validations")
        .and_then(Value::as_array);
    for rule in rules.into_iter().flatten() {
        if let Some(message) = rule.get("message").and_then(Value::as_str) {
            facts.push(format!("rule: {message}"));
        }
    }
    facts
}

fn list(out: &mut String, node: &Value) {
    for key in keys(node) {
        let Some(field) = child(node, key) else {
            continue;
        };
        let _ = writeln!(
            out,
            "  {key} <{}>{}",
            type_of(field),
            mark(requires(node, key))
        );
        if let Some(text) = description(field) {
            let _ = writeln!(out, "{}", indented(text, 6));
        }
        for fact in facts(field) {
            let _ = writeln!(out, "      {fact}");
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

fn tree(out: &mut String, node: &Value, indent: usize) {
    for key in keys(node) {
        let Some(field) = child(node, key) else {
            continue;
        };
        let _ = writeln!(
            out,
            "{:indent$}{key} <{}>{}",
            "",
            type_of(field),
            mark(requires(node, key))
        );
        tree(out, inside(field), indent + 2);
    }
}

fn indented(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    // Lines of a doc comment are joined; an empty line, or the dash of an item, begins a new one.
    let text = text.replace("\n\n", "\u{0}").replace("\n- ", "\u{0}- ");
    for paragraph in text.split('\u{0}') {
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > 96 {
                out.push('\n');
                column = 0;
            }
            if column == 0 {
                let _ = write!(out, "{:indent$}", "");
                column = indent;
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
        column = 0;
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_fields_are_found_and_misspelt_ones_suggested() {
        let text = field("scaledobjects.spec.triggers[0].type", false).unwrap_or_default();
        assert!(
            text.contains("FIELD:    spec.triggers.type <string> -required-"),
            "{text}"
        );
        let wrong = field("ScaledObject.spec.trigers", false);
        assert_eq!(
            wrong.err().and_then(|e| e.meant().map(str::to_owned)),
            Some("triggers".to_owned())
        );
        let wrong = field("scaledobjekt.spec", false);
        assert_eq!(
            wrong.err().and_then(|e| e.meant().map(str::to_owned)),
            Some("scaledobject".to_owned())
        );
    }
}
