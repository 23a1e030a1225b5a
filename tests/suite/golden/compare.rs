//! Comparing planned objects with recorded ones (the golden README's rules).

use aimctl::kube::unknown::KNOWN_AFTER_APPLY;
use serde_json::{Map, Value};

/// Fields compared.
#[derive(Default)]
pub(super) struct Outcome {
    pub equal: usize,
    /// Recorded values that the input does not give; the tool prints "known after apply".
    pub unknown: usize,
    pub different: Vec<String>,
}

impl Outcome {
    pub(super) fn add(&mut self, other: Self) {
        self.equal += other.equal;
        self.unknown += other.unknown;
        self.different.extend(other.different);
    }
}

/// Documents form a set; names with marks match by pattern.
pub(super) fn documents(expected: &[Value], actual: &[Value]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut rest: Vec<&Value> = actual.iter().collect();
    // Whole names first: a pattern would take what belongs to them.
    let marked = |document: &&Value| text(document, "/metadata/name").contains("<*>");
    let (mut patterns, whole): (Vec<&Value>, Vec<&Value>) = expected.iter().partition(marked);
    // Then the patterns that say most.
    patterns.sort_by_key(|document| text(document, "/metadata/name").matches("<*>").count());
    for document in whole.into_iter().chain(patterns) {
        let found = rest.iter().position(|candidate| {
            ["/apiVersion", "/kind"]
                .iter()
                .all(|p| document.pointer(p) == candidate.pointer(p))
                && text(document, "/metadata/namespace") == text(candidate, "/metadata/namespace")
                && matches(
                    text(document, "/metadata/name"),
                    text(candidate, "/metadata/name"),
                )
        });
        match found {
            Some(index) => {
                let actual = rest.remove(index);
                values(
                    &identity(document),
                    &normal(document),
                    &normal(actual),
                    &mut outcome,
                );
            }
            None => outcome
                .different
                .push(format!("{}: missing", identity(document))),
        }
    }
    for document in rest {
        outcome
            .different
            .push(format!("{}: not recorded", identity(document)));
    }
    outcome
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn identity(value: &Value) -> String {
    format!("{} {}", text(value, "/kind"), text(value, "/metadata/name"))
}

/// Without what only the cluster assigns.
fn normal(value: &Value) -> Value {
    let mut value = value.clone();
    if value.get("kind").and_then(Value::as_str) == Some("Service")
        && let Some(spec) = value.get_mut("spec").and_then(Value::as_object_mut)
    {
        for field in ["ipFamilies", "ipFamilyPolicy", "clusterIP", "clusterIPs"] {
            let headless = spec
                .get(field)
                .is_some_and(|v| *v == "None" || *v == serde_json::json!(["None"]));
            if !headless {
                spec.remove(field);
            }
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            for field in [
                "finalizers",
                "uid",
                "resourceVersion",
                "generation",
                "creationTimestamp",
                "managedFields",
                // Of pods; the recordings of two groups have it, those of two have not.
                "generateName",
            ] {
                metadata.remove(field);
            }
            if metadata.get("annotations") == Some(&Value::Object(Map::new())) {
                metadata.remove("annotations");
            }
        }
    }
    value
}

/// Compares two values field by field.
pub(super) fn values(path: &str, expected: &Value, actual: &Value, outcome: &mut Outcome) {
    match (expected, actual) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            if keys.is_empty() {
                outcome.equal += 1;
            }
            for key in keys {
                let path = format!("{path}.{key}");
                let null = Value::Null;
                values(
                    &path,
                    a.get(key).unwrap_or(&null),
                    b.get(key).unwrap_or(&null),
                    outcome,
                );
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            outcome.equal += usize::from(a.is_empty());
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                values(&format!("{path}[{index}]"), a, b, outcome);
            }
        }
        (Value::String(a), Value::String(b)) if matches(a, b) => {
            if a.contains("<*>") || a.contains("<uid>") {
                outcome.unknown += 1
            } else {
                outcome.equal += 1
            }
        }
        (a, Value::String(b)) if b == KNOWN_AFTER_APPLY && size(path) && !a.is_null() => {
            outcome.unknown += 1
        }
        (a, b) if a == b => outcome.equal += usize::from(!a.is_null()),
        (a, b) => outcome
            .different
            .push(format!("{path}: recorded {a}, planned {b}")),
    }
}

/// The fields that hold the size of a download (golden README): a number that the input may not give.
fn size(path: &str) -> bool {
    path.ends_with(".spec.size")
        || path.contains("Template ") && path.contains(".modelSources[")
        || path.ends_with(".resources.requests.storage")
        || path.starts_with("Job ") && path.ends_with(".value")
}

/// Whether a recorded text, with its marks, stands for a planned one.
pub(super) fn matches(recorded: &str, planned: &str) -> bool {
    if recorded == planned {
        return true;
    }
    if recorded == "*" {
        return !planned.is_empty();
    }
    let recorded = recorded.replace("<uid>", "<*>");
    if !recorded.contains("<*>") {
        return false;
    }
    let mut rest = planned;
    let pieces: Vec<&str> = recorded.split("<*>").collect();
    let last = pieces.len() - 1;
    for (index, piece) in pieces.iter().enumerate() {
        if index == 0 {
            let Some(after) = rest.strip_prefix(piece) else {
                return false;
            };
            rest = after;
        } else if index == last {
            return rest.len() > piece.len() && rest.ends_with(piece);
        } else {
            let Some(at) = rest
                .char_indices()
                .skip(1)
                .find_map(|(at, _)| rest[at..].starts_with(piece).then_some(at))
            else {
                return false;
            };
            rest = &rest[at + piece.len()..];
        }
    }
    rest.is_empty()
}
