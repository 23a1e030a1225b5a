//! Findings as results of a function.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::diag::{Finding, Fix, Level, Report, secret};

/// How bad a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Accepted, and not what was written.
    Warning,
    /// Refused, or it cannot work.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultItem {
    /// What is wrong, and what happens in the cluster then.
    pub message: String,
    /// How bad.
    pub severity: Severity,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_ref: Option<ResourceRef>,
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldRef>,
    /// The file that the resource was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// The rule's code and name, who refuses it and when, what to write instead.
    pub tags: BTreeMap<&'static str, String>,
}

/// A resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// Its apiVersion.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldRef {
    /// Its path, `spec.template.name`.
    pub path: String,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_value: Option<Value>,
    /// What should be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_value: Option<Value>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRef {
    /// Its path, with slashes.
    pub path: String,
    /// Which resource of the file, from 0.
    pub index: u64,
}

/// The findings of a report as results; `items` are the resources in the order of the report's documents.
#[must_use]
pub fn results(report: &Report<'_>, items: &[Value]) -> Vec<ResultItem> {
    report
        .findings
        .iter()
        .map(|located| result(&located.finding, items))
        .collect()
}

fn result(finding: &Finding, items: &[Value]) -> ResultItem {
    let masked = |text: &str| secret::mask(text).into_owned();
    let item = finding
        .place
        .document
        .and_then(|document| items.get(document.0));
    let mut message = masked(&finding.message);
    if let Some(consequence) = &finding.consequence {
        message.push_str(": ");
        message.push_str(&masked(consequence));
    }
    let mut tags = BTreeMap::from([
        ("code", finding.rule.code.to_owned()),
        ("name", finding.rule.name.to_owned()),
        ("refuser", finding.refuser.as_str().to_owned()),
        ("moment", finding.moment.as_str().to_owned()),
    ]);
    if let Some(refusal) = &finding.refusal {
        tags.insert("refusal", masked(refusal));
    }
    if let Some(help) = &finding.help {
        tags.insert("help", masked(help));
    }
    ResultItem {
        message,
        severity: match finding.level {
            Level::Note => Severity::Info,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        },
        resource_ref: resource(finding, item),
        field: field(finding, item),
        file: item.and_then(file),
        tags,
    }
}

fn resource(finding: &Finding, item: Option<&Value>) -> Option<ResourceRef> {
    if let Some(item) = item {
        let text = |pointer: &str| {
            let value = item.pointer(pointer).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        return Some(ResourceRef {
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            name: text("/metadata/name"),
            namespace: text("/metadata/namespace"),
        });
    }
    finding.place.object.as_ref().map(|key| ResourceRef {
        api_version: key.kind.api_version(),
        kind: key.kind.as_str().to_owned(),
        name: key.name.clone(),
        namespace: key.namespace.clone(),
    })
}

fn field(finding: &Finding, item: Option<&Value>) -> Option<FieldRef> {
    let path = &finding.place.path;
    if path.0.is_empty() || finding.place.range.is_some() {
        return None;
    }
    let current = item.and_then(|item| item.pointer(&path.pointer()));
    let proposed = match &finding.fix {
        Some(Fix::Replace { place, value }) if place.path == *path => Some(value.clone()),
        _ => None,
    };
    Some(FieldRef {
        path: path.to_string(),
        // A secret may stand there; what is more than a word is in the resource anyway.
        current_value: current
            .filter(|value| !value.is_object() && !value.is_array())
            .filter(|value| value.as_str().is_none_or(|text| secret::mask(text) == text))
            .cloned(),
        proposed_value: proposed,
    })
}

/// Where the orchestrator read the resource, from its annotations.
fn file(item: &Value) -> Option<FileRef> {
    let annotations = item.pointer("/metadata/annotations")?;
    let text = |name: &str| {
        ["internal.config.kubernetes.io/", "config.kubernetes.io/"]
            .iter()
            .find_map(|prefix| annotations.get(format!("{prefix}{name}")))
            .and_then(Value::as_str)
    };
    Some(FileRef {
        path: text("path")?.to_owned(),
        index: text("index")
            .and_then(|text| text.parse().ok())
            .unwrap_or(0),
    })
}
