//! The schema at a path, and what it says of a field.

use serde_json::Value;

use crate::diag::{FieldPath, Segment};
use crate::inventory::Kind;
use crate::schema::publish::{self, Flavour};

/// The schema of a kind, as editors get it.
pub(super) fn schema(kind: Kind) -> Option<Value> {
    publish::published(kind, Flavour::Editor)
}

/// The schema of a field; indices go into the items of lists, keys into properties or the values of maps.
pub(super) fn at<'s>(schema: &'s Value, path: &FieldPath) -> Option<&'s Value> {
    path.0
        .iter()
        .try_fold(schema, |node, segment| match segment {
            Segment::Index(_) => node.get("items"),
            Segment::Key(key) => node
                .get("properties")
                .and_then(|properties| properties.get(key))
                .or_else(|| {
                    node.get("additionalProperties")
                        .filter(|values| values.is_object())
                }),
        })
}

/// The fields of a map, with whether they are required.
pub(super) fn fields(node: &Value) -> impl Iterator<Item = (&String, &Value, bool)> {
    let required = node.get("required").and_then(Value::as_array);
    node.get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(move |(name, field)| {
            let needed = required.is_some_and(|required| required.iter().any(|key| key == name));
            (name, field, needed)
        })
}

/// What a field is, in a word.
pub(super) fn type_of(node: &Value) -> String {
    if node.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
        return "integer or string".to_owned();
    }
    if let Some(items) = node.get("items") {
        return format!("list of {}", type_of(items));
    }
    if node.get("properties").is_none()
        && let Some(values) = node
            .get("additionalProperties")
            .filter(|values| values.is_object())
    {
        return format!("map of {}", type_of(values));
    }
    node.get("type")
        .and_then(Value::as_str)
        .unwrap_or("object")
        .to_owned()
}

/// The documentation of a field, as Markdown.
pub(super) fn documentation(node: &Value) -> String {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let mut out = text("description").unwrap_or_default().to_owned();
    let mut facts = Vec::new();
    if let Some(default) = node.get("default") {
        facts.push(format!("default `{default}`"));
    }
    let values = node.get("enum").or_else(|| node.pointer("/items/enum"));
    if let Some(values) = values.and_then(Value::as_array) {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", plain(value)))
            .collect();
        facts.push(format!("one of {}", values.join(", ")));
    }
    for (key, words) in [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("minItems", "items, at least"),
        ("maxItems", "items, at most"),
        ("pattern", "pattern"),
    ] {
        if let Some(bound) = node.get(key) {
            facts.push(format!("{words} `{}`", plain(bound)));
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
    if !facts.is_empty() {
        out.push_str("\n\n");
        out.extend(facts.iter().map(|fact| format!("- {fact}\n")));
    }
    out
}

/// A value without the quotes of a text.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
