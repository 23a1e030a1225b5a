//! What the user means by `hpa.spec.metrics[0]`.

use crate::diag::{FieldPath, nearest};
use crate::engine::Plan;
use crate::inventory::{Kind, ObjectKey};

/// Short names of kinds, as kubectl has them, beside the kinds' own names.
const ALIASES: &[(&str, Kind)] = &[
    ("aimsvc", Kind::AimService),
    ("aimmdl", Kind::AimModel),
    ("aimclmdl", Kind::AimClusterModel),
    ("aimtpl", Kind::AimServiceTemplate),
    ("aimcltpl", Kind::AimClusterServiceTemplate),
    ("aimtc", Kind::AimTemplateCache),
    ("aimart", Kind::AimArtifact),
    ("isvc", Kind::InferenceService),
    ("so", Kind::ScaledObject),
    ("otelcol", Kind::OpenTelemetryCollector),
    ("collector", Kind::OpenTelemetryCollector),
    ("route", Kind::HttpRoute),
    ("deploy", Kind::Deployment),
    ("hpa", Kind::HorizontalPodAutoscaler),
    ("svc", Kind::Service),
    ("ing", Kind::Ingress),
    ("pvc", Kind::PersistentVolumeClaim),
    ("cm", Kind::ConfigMap),
    ("sa", Kind::ServiceAccount),
    ("po", Kind::Pod),
];

/// A field of a rendered object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The object.
    pub key: ObjectKey,
    /// The field.
    pub path: FieldPath,
}

/// Why a text means no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The first word is no kind.
    #[error("`{word}` is no kind{}", hint(.meant.as_deref()))]
    Kind {
        /// The word.
        word: String,
        /// The nearest kind.
        meant: Option<String>,
    },
    /// The service has no such object.
    #[error("{root} leads to no {kind}")]
    Absent {
        /// The service.
        root: ObjectKey,
        /// The kind.
        kind: Kind,
    },
    /// The service has several, and none was named.
    #[error("{root} leads to several {kind}s: name one of {}", .names.join(", "))]
    Several {
        /// The service.
        root: ObjectKey,
        /// The kind.
        kind: Kind,
        /// Their names.
        names: Vec<String>,
    },
}

fn hint(meant: Option<&str>) -> String {
    meant
        .map(|meant| format!("; did you mean `{meant}`?"))
        .unwrap_or_default()
}

/// The field that `KIND[/NAME].PATH` means among the objects of a service. A text that begins with `spec` or `metadata`
/// is a field of the service itself.
///
/// # Errors
/// No such kind, no such object, or several.
pub fn target(plan: &Plan, root: &ObjectKey, text: &str) -> Result<Target, TargetError> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if matches!(word, "spec" | "metadata" | "status") {
        return Ok(Target {
            key: root.clone(),
            path: FieldPath::parse(text),
        });
    }
    let (word, name) = word
        .split_once('/')
        .map_or((word, None), |(word, name)| (word, Some(name)));
    let kind = kind(word).ok_or_else(|| TargetError::Kind {
        word: word.to_owned(),
        meant: nearest(&word.to_lowercase(), words().iter().map(String::as_str)).map(str::to_owned),
    })?;
    let found: Vec<&ObjectKey> = plan
        .objects
        .iter()
        .filter(|planned| {
            planned.key.kind == kind && (planned.root == *root || planned.key == *root)
        })
        .map(|planned| &planned.key)
        .filter(|key| name.is_none_or(|name| key.name == name))
        .collect();
    let path = FieldPath::parse(rest.strip_prefix('.').unwrap_or(rest));
    match found.as_slice() {
        [key] => Ok(Target {
            key: (*key).clone(),
            path,
        }),
        [] => Err(TargetError::Absent {
            root: root.clone(),
            kind,
        }),
        several => Err(TargetError::Several {
            root: root.clone(),
            kind,
            names: several.iter().map(|key| key.name.clone()).collect(),
        }),
    }
}

fn kind(word: &str) -> Option<Kind> {
    let word = word.to_lowercase();
    let alias = ALIASES
        .iter()
        .find(|(alias, _)| *alias == word)
        .map(|(_, kind)| *kind);
    alias.or_else(|| {
        Kind::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str().to_lowercase() == word || kind.plural() == word)
    })
}

fn words() -> Vec<String> {
    let kinds = Kind::ALL.iter().map(|kind| kind.as_str().to_lowercase());
    kinds
        .chain(ALIASES.iter().map(|(alias, _)| (*alias).to_owned()))
        .collect()
}
