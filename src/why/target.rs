//! What the user means by `hpa.spec.metrics[0]`.

use serde_json::Value;

use crate::diag::{FieldPath, Level, Segment, nearest};
use crate::engine::Plan;
use crate::inventory::{Kind, ObjectKey};
use crate::kube::merge_keys;
use crate::schema;

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
    #[error("`{word}` is no kind, and no field begins with it")]
    Kind {
        /// The word.
        word: String,
        /// What was meant.
        meant: Option<String>,
    },
    /// The service has no such object.
    #[error("{root} leads to no {what}")]
    Absent {
        /// The service.
        root: ObjectKey,
        /// The kind, with the name if one was given.
        what: String,
        /// The name that was meant, else what there is.
        help: String,
    },
    /// The service has several, and none was named.
    #[error("{root} leads to several {kind}s")]
    Several {
        /// The service.
        root: ObjectKey,
        /// The kind.
        kind: Kind,
        /// Their names.
        names: Vec<String>,
    },
    /// The object has no such field.
    #[error("{key} has no field `{path}`")]
    Field {
        /// The object.
        key: ObjectKey,
        /// The field asked for, up to where it leads nowhere.
        path: FieldPath,
        /// The field that was meant, else what there is.
        help: String,
    },
}

impl TargetError {
    /// What to type instead.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Kind { meant, .. } => meant.as_ref().map(|meant| did_you_mean(meant)),
            Self::Absent { help, .. } | Self::Field { help, .. } => Some(help.clone()),
            Self::Several { names, kind, .. } => {
                let kind = kind.as_str().to_lowercase();
                let names = names.iter().map(|name| format!("{kind}/{name}"));
                Some(format!(
                    "name one of {}",
                    names.collect::<Vec<_>>().join(", ")
                ))
            }
        }
    }
}

fn did_you_mean(meant: &str) -> String {
    format!("did you mean `{meant}`?")
}

/// Whether a text can only mean a field: it has dots or brackets, or begins with a kind.
#[must_use]
pub fn is_field(text: &str) -> bool {
    text.contains(['.', '['])
        || matches!(text, "spec" | "metadata" | "status")
        || kind(text.split('/').next().unwrap_or(text)).is_some()
}

/// The field that `KIND[/NAME].PATH` means among the objects of a service. A text that begins with `spec` or `metadata`
/// is a field of the service itself. Items of lists are given by position, or by what identifies them, as `diff` prints
/// them: `containers[kserve-container].env[HF_TOKEN]`.
///
/// # Errors
/// No such kind, no such object, several, or no such field.
pub fn target(plan: &Plan, root: &ObjectKey, text: &str) -> Result<Target, TargetError> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if matches!(word, "spec" | "metadata" | "status") {
        return field(plan, root.clone(), &FieldPath::parse(text));
    }
    let (word, name) = word
        .split_once('/')
        .map_or((word, None), |(word, name)| (word, Some(name)));
    let kind = kind(word).ok_or_else(|| TargetError::Kind {
        word: word.to_owned(),
        meant: meant(plan, root, word, text),
    })?;
    let of_root: Vec<&ObjectKey> = plan
        .objects
        .iter()
        .filter(|planned| planned.root == *root || planned.key == *root)
        .map(|planned| &planned.key)
        .collect();
    let found: Vec<&ObjectKey> = of_root
        .iter()
        .copied()
        .filter(|key| key.kind == kind && name.is_none_or(|name| key.name == name))
        .collect();
    let path = FieldPath::parse(rest.strip_prefix('.').unwrap_or(rest));
    match found.as_slice() {
        [key] => field(plan, (*key).clone(), &path),
        [] => Err(absent(plan, root, kind, name, &of_root)),
        several => Err(TargetError::Several {
            root: root.clone(),
            kind,
            names: several.iter().map(|key| key.name.clone()).collect(),
        }),
    }
}

/// What a word was to be that is no kind: a kind, or a field of the service's spec.
fn meant(plan: &Plan, root: &ObjectKey, word: &str, text: &str) -> Option<String> {
    let object = plan.world.object(root).map(|object| object.to_value());
    let in_spec = object.and_then(|object| object.get("spec")?.get(word).cloned());
    if in_spec.is_some() {
        return Some(format!("spec.{text}"));
    }
    nearest(&word.to_lowercase(), words().iter().map(String::as_str)).map(str::to_owned)
}

fn absent(
    plan: &Plan,
    root: &ObjectKey,
    kind: Kind,
    name: Option<&str>,
    of_root: &[&ObjectKey],
) -> TargetError {
    let names = of_root.iter().filter(|key| key.kind == kind);
    let names = names.map(|key| key.name.as_str());
    let help = match name.map(|name| nearest(name, names.clone())) {
        Some(Some(meant)) => did_you_mean(meant),
        Some(None) if names.clone().next().is_some() => {
            format!("there are: {}", names.collect::<Vec<_>>().join(", "))
        }
        _ => {
            let failing = plan.findings.iter().any(|f| f.level == Level::Error);
            let mut kinds: Vec<&str> = of_root.iter().map(|key| key.kind.as_str()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let mut help = format!("it leads to: {}", kinds.join(", "));
            if failing {
                help.push_str("; `aimctl validate` says what is in the way of more");
            }
            help
        }
    };
    TargetError::Absent {
        root: root.clone(),
        what: name.map_or_else(|| kind.to_string(), |name| format!("{kind} {name}")),
        help,
    }
}

/// A field of an object, items by their position.
fn field(plan: &Plan, key: ObjectKey, path: &FieldPath) -> Result<Target, TargetError> {
    let object = plan.world.object(&key).map(|object| object.to_value());
    let object = object.unwrap_or_default();
    let mut at = &object;
    let mut found = FieldPath::root();
    for segment in &path.0 {
        let is_list = at.is_array();
        let list = match found.0.last() {
            Some(Segment::Key(list)) => list.as_str(),
            _ => "",
        };
        let (segment, value) = match segment {
            Segment::Index(index) if is_list => (segment.clone(), at.get(index)),
            Segment::Key(item) if is_list => match position(list, at, item) {
                Some(index) => (Segment::Index(index), at.get(index)),
                None => (segment.clone(), None),
            },
            // `ports[80]`: a number may be what identifies an item, and a key of a map may be a number.
            Segment::Index(index) => (
                Segment::Key(index.to_string()),
                at.get(index.to_string().as_str()),
            ),
            Segment::Key(name) => (segment.clone(), at.get(name)),
        };
        let wanted = FieldPath(found.0.iter().cloned().chain([segment]).collect());
        match value {
            Some(value) => at = value,
            None => {
                return Err(TargetError::Field {
                    help: there(&key, &found, at, &wanted),
                    key,
                    path: wanted,
                });
            }
        }
        found = wanted;
    }
    Ok(Target { key, path: found })
}

/// The position of an item of a list by what identifies it.
fn position(list: &str, items: &Value, wanted: &str) -> Option<usize> {
    let fields = merge_keys::merge_key(list).unwrap_or(&["name"]);
    items
        .as_array()?
        .iter()
        .position(|item| merge_keys::item_key(item, fields).is_some_and(|(_, key)| key == wanted))
}

/// What to type in place of a field that is not there.
fn there(key: &ObjectKey, parent: &FieldPath, value: &Value, wanted: &FieldPath) -> String {
    if let Some(Segment::Key(_)) = wanted.0.last()
        && schema::of(key.kind).is_some_and(|schema| schema.at(wanted).is_some())
    {
        return "the field exists, and nobody sets it here".to_owned();
    }
    let names: Vec<String> = match value {
        Value::Object(map) => map.keys().cloned().collect(),
        Value::Array(items) => {
            let list = match parent.0.last() {
                Some(Segment::Key(list)) => list.as_str(),
                _ => "",
            };
            let fields = merge_keys::merge_key(list).unwrap_or(&["name"]);
            let keys = items.iter().map(|item| merge_keys::item_key(item, fields));
            let keys: Option<Vec<String>> = keys.map(|key| Some(key?.1)).collect();
            keys.unwrap_or_else(|| (0..items.len()).map(|at| at.to_string()).collect())
        }
        _ => return format!("`{parent}` is a single value"),
    };
    let word = match wanted.0.last() {
        Some(Segment::Key(word)) => word.clone(),
        Some(Segment::Index(index)) => index.to_string(),
        None => String::new(),
    };
    match nearest(&word, names.iter().map(String::as_str)) {
        Some(meant) if value.is_array() => did_you_mean(&format!("{parent}[{meant}]")),
        Some(meant) => did_you_mean(&parent.key(meant).to_string()),
        None if names.is_empty() => format!("`{parent}` is empty"),
        None => format!("it has: {}", names.join(", ")),
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
