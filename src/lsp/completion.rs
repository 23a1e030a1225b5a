//! Completion: fields and values from the schemas; images, metrics, GPUs and names of objects from what is known.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent,
    MarkupKind, Position, TextEdit,
};
use serde_json::Value;

use super::cursor::{Cursor, Spot};
use super::{definition, fields, offset, range};
use crate::addon::vllm::{self, MetricKind};
use crate::diag::Segment;
use crate::inventory::{Kind, ObjectKey, catalog};
use crate::kube::gpu_model;
use crate::rules;
use crate::schema::publish;

/// A value that could stand somewhere.
struct Choice {
    label: String,
    detail: String,
    kind: CompletionItemKind,
}

/// What could stand at a position; `objects` looks for those that names can refer to, and is asked only where one can stand.
#[must_use]
pub fn completions(
    text: &str,
    position: Position,
    objects: &dyn Fn() -> Vec<ObjectKey>,
) -> Vec<CompletionItem> {
    let at = offset(text, position);
    if let Some((start, choices)) = suppressions(text, at) {
        return items(text, start, at, "", choices);
    }
    let Some(cursor) = Cursor::at(text, at) else {
        return Vec::new();
    };
    let schema = cursor.kind.and_then(fields::schema);
    let node = schema
        .as_ref()
        .and_then(|schema| fields::at(schema, &cursor.path));
    let scalar = |node: &Value| node.get("properties").is_none() && node.get("items").is_none();
    let item = cursor.spot == Spot::Key
        && matches!(cursor.path.0.last(), Some(Segment::Index(_)))
        && node.is_some_and(scalar);
    if cursor.spot == Spot::Key && !item {
        return match node {
            Some(node) => keys(text, &cursor, node),
            None if cursor.path.0.is_empty() => start(text, &cursor),
            None => Vec::new(),
        };
    }
    let choices = values(&cursor, node, objects);
    let glued = text
        .get(..cursor.start)
        .is_some_and(|before| before.ends_with(':'));
    items(
        text,
        cursor.start,
        cursor.end.max(at),
        if glued { " " } else { "" },
        choices,
    )
}

/// The fields of a map that are not there yet, required ones first.
fn keys(text: &str, cursor: &Cursor, node: &Value) -> Vec<CompletionItem> {
    // A key that is there already is renamed, and keeps what follows it.
    let rest = text.get(cursor.end..).unwrap_or_default();
    let named = rest.starts_with(':') || rest.starts_with("\":");
    fields::fields(node)
        .filter(|(name, _, _)| !cursor.siblings.contains(name))
        .map(|(name, field, required)| {
            let below = " ".repeat(cursor.indent + 2);
            let after = match (field.get("items"), field.get("properties")) {
                _ if named => String::new(),
                _ if cursor.flow => ": ".to_owned(),
                (Some(_), _) => format!(":\n{below}- "),
                (None, Some(_)) => format!(":\n{below}"),
                (None, None) => ": ".to_owned(),
            };
            let wanted = if required { ", required" } else { "" };
            CompletionItem {
                label: name.clone(),
                kind: Some(CompletionItemKind::FIELD),
                detail: Some(format!("{}{wanted}", fields::type_of(field))),
                documentation: Some(Documentation::MarkupContent(MarkupContent {
                    kind: MarkupKind::Markdown,
                    value: fields::documentation(field),
                })),
                sort_text: Some(format!("{}{name}", u8::from(!required))),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                    range: range(text, cursor.start..cursor.end),
                    new_text: format!("{name}{after}"),
                })),
                ..CompletionItem::default()
            }
        })
        .collect()
}

/// The first lines of a document that says no kind yet.
fn start(text: &str, cursor: &Cursor) -> Vec<CompletionItem> {
    publish::kinds()
        .map(|kind| CompletionItem {
            label: kind.as_str().to_owned(),
            kind: Some(CompletionItemKind::CLASS),
            detail: Some(kind.api_version()),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range: range(text, cursor.start..cursor.end),
                new_text: format!(
                    "apiVersion: {}\nkind: {kind}\nmetadata:\n  name: ",
                    kind.api_version()
                ),
            })),
            ..CompletionItem::default()
        })
        .collect()
}

fn values(
    cursor: &Cursor,
    node: Option<&Value>,
    objects: &dyn Fn() -> Vec<ObjectKey>,
) -> Vec<Choice> {
    let choice = |label: &str, detail: &str, kind| Choice {
        label: label.to_owned(),
        detail: detail.to_owned(),
        kind,
    };
    let keys: Vec<&str> = cursor
        .path
        .0
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    let last = keys.last().copied().unwrap_or_default();
    let mut choices: Vec<Choice> = Vec::new();
    if keys == ["kind"] {
        choices.extend(publish::kinds().map(|kind| {
            choice(
                kind.as_str(),
                &kind.api_version(),
                CompletionItemKind::CLASS,
            )
        }));
        return choices;
    }
    if keys == ["apiVersion"] && cursor.kind.is_none() {
        let mut versions: Vec<String> = publish::kinds().map(Kind::api_version).collect();
        versions.dedup();
        choices.extend(
            versions
                .iter()
                .map(|version| choice(version, "", CompletionItemKind::MODULE)),
        );
        return choices;
    }
    let kind = cursor.kind.map(Kind::group).unwrap_or_default();
    let aim = kind == crate::api::aim::GROUP;
    match last {
        "image" | "baseImage" if aim => choices.extend(catalog::images().map(|image| {
            let detail = catalog::find(image).map_or("", |image| image.canonical_name.as_str());
            choice(image, detail, CompletionItemKind::VALUE)
        })),
        "metricNames" | "query" => choices.extend(vllm::METRICS.iter().map(|(name, kind)| {
            let detail = match kind {
                MetricKind::Gauge => "gauge",
                MetricKind::Counter => "counter: only grows",
                MetricKind::Histogram => "histogram: the add-on keeps its count",
            };
            choice(name, detail, CompletionItemKind::VALUE)
        })),
        "gpuModel" | "model" if aim => {
            choices.extend(
                gpu_model::known().map(|model| choice(model, "", CompletionItemKind::VALUE)),
            );
        }
        _ => {}
    }
    let targets = cursor
        .kind
        .map_or(&[][..], |kind| definition::targets(kind, &cursor.path));
    if !targets.is_empty() {
        let named = objects();
        let named = named.iter().filter(|key| targets.contains(&key.kind));
        choices.extend(
            named.map(|key| choice(&key.name, &key.to_string(), CompletionItemKind::REFERENCE)),
        );
    }
    if let Some(node) = node {
        let listed = node.get("enum").and_then(Value::as_array);
        choices.extend(
            listed
                .into_iter()
                .flatten()
                .map(|value| choice(&fields::plain(value), "", CompletionItemKind::ENUM_MEMBER)),
        );
        if node.get("type").is_some_and(|kind| kind == "boolean") {
            choices.extend(
                ["true", "false"].map(|value| choice(value, "", CompletionItemKind::VALUE)),
            );
        }
    }
    choices
}

/// Codes of rules behind `aimctl:ignore`.
fn suppressions(text: &str, at: usize) -> Option<(usize, Vec<Choice>)> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next()?;
    let (_, written) = line.split_once("aimctl:ignore")?;
    if written.contains("--") {
        return None;
    }
    let word = written.rsplit([' ', ',']).next()?;
    let choices = rules::ALL.iter().map(|rule| Choice {
        label: rule.code.to_owned(),
        detail: rule.title.to_owned(),
        kind: CompletionItemKind::CONSTANT,
    });
    Some((at - word.len(), choices.collect()))
}

fn items(
    text: &str,
    start: usize,
    end: usize,
    glue: &str,
    choices: Vec<Choice>,
) -> Vec<CompletionItem> {
    choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| CompletionItem {
            filter_text: Some(choice.label.clone()),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range: range(text, start..end),
                new_text: format!("{glue}{}", choice.label),
            })),
            sort_text: Some(format!("{index:04}")),
            detail: Some(choice.detail).filter(|detail| !detail.is_empty()),
            kind: Some(choice.kind),
            label: choice.label,
            ..CompletionItem::default()
        })
        .collect()
}
