//! One recorded case: its folder, its plan, its documents by file.

use std::fs;
use std::path::{Path, PathBuf};

use aimctl::controllers::{Creator, Stage};
use aimctl::engine::{self, Given, Plan};
use aimctl::inventory::{Facts, Installed, Kind, Object, ObjectKey, Origin};
use aimctl::source::DocumentId;
use serde_json::Value;

use super::compare::{self, Outcome};
use super::status;

pub struct Case {
    pub group: String,
    pub name: String,
    folder: PathBuf,
}

impl Case {
    pub fn all(group: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(group);
        let mut names: Vec<String> = fs::read_dir(&root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
            .into_iter()
            .map(|name| Self {
                group: group.to_owned(),
                folder: root.join(&name),
                name,
            })
            .collect()
    }

    /// The documents of one of its files; none when it is absent.
    pub fn documents(&self, file: &str) -> Vec<Value> {
        documents(&self.folder.join(file))
    }

    /// Whether the recording is of an edited input.
    fn edited(&self) -> bool {
        ["after.yaml", "update.yaml", "round-before.yaml"]
            .iter()
            .any(|file| self.folder.join(file).exists())
            || self.documents("steps.yaml").iter().any(|step| {
                ["patch", "delete", "push", "record"]
                    .iter()
                    .any(|key| step.get(key).is_some())
            })
    }

    /// The namespace of documents that name none.
    fn namespace(&self) -> String {
        self.documents("case.yaml")
            .first()
            .and_then(|case| case.get("namespace")?.as_str().map(str::to_owned))
            .unwrap_or_else(|| "default".to_owned())
    }

    /// What the tool makes of its input.
    pub fn plan(&self) -> Plan {
        let namespace = self.namespace();
        let given = self
            .documents("in.yaml")
            .into_iter()
            .enumerate()
            .filter_map(|(index, value)| given(DocumentId(index), value, &namespace))
            .collect();
        let facts = Facts {
            installed: Installed::AimEngine,
            catalog: true,
            ..Facts::default()
        };
        engine::plan(given, facts).unwrap()
    }

    pub fn outcome(&self, files: &[&str]) -> Outcome {
        let mut outcome = Outcome::default();
        if self.edited() {
            return outcome;
        }
        let plan = self.plan();
        for file in files {
            let expected = self.documents(file);
            if *file == "status.yaml" {
                outcome.add(status::compare(&expected, &plan));
                continue;
            }
            let kinds = kinds_of(&self.group, file, &expected, &plan);
            let actual: Vec<Value> = plan
                .objects
                .iter()
                .filter(|planned| kinds(&planned.key, &planned.origin))
                .map(|planned| planned.object.to_value())
                .collect();
            outcome.add(compare::documents(&expected, &actual));
        }
        outcome
    }
}

/// Which planned objects a recorded file would hold.
fn kinds_of(
    group: &str,
    file: &str,
    expected: &[Value],
    _plan: &Plan,
) -> Box<dyn Fn(&ObjectKey, &Origin) -> bool> {
    let stage = match file {
        "aim.yaml" => Stage::Aim,
        "kserve.yaml" => Stage::Kserve,
        "keda.yaml" => Stage::Keda,
        "stored.yaml" => return Box::new(|key, _| key.kind == Kind::InferenceService),
        "others.yaml" => {
            return Box::new(|key, origin| {
                made_by(origin)
                    .is_some_and(|by| matches!(by, Creator::Keda | Creator::OtelOperator))
                    && key.kind != Kind::Pod
            });
        }
        "other.yaml" => {
            return Box::new(|key, origin| {
                key.kind == Kind::OpenTelemetryCollector
                    || made_by(origin).is_some() && key.kind != Kind::Pod
            });
        }
        _ => Stage::Otel,
    };
    let pods_only = group != "aim" && file == "otel.yaml";
    let recorded: Vec<String> = expected
        .iter()
        .filter_map(|value| value.get("kind")?.as_str().map(str::to_owned))
        .collect();
    // Without the whole chain only the kinds that occur were running (golden README).
    let only_recorded = group == "kserve";
    Box::new(move |key, origin| {
        made_by(origin).is_some_and(|by| by.stage() == stage)
            && (!pods_only || key.kind == Kind::Pod)
            && (!only_recorded || recorded.iter().any(|kind| kind == key.kind.as_str()))
    })
}

fn made_by(origin: &Origin) -> Option<Creator> {
    match origin {
        Origin::Made { by, .. } => Some(*by),
        Origin::Given(_) => None,
    }
}

fn given(document: DocumentId, mut value: Value, namespace: &str) -> Option<Given> {
    let kind = Kind::of(
        value.get("apiVersion")?.as_str()?,
        value.get("kind")?.as_str()?,
    )?;
    if kind.namespaced() {
        let metadata = value.get_mut("metadata")?.as_object_mut()?;
        metadata
            .entry("namespace")
            .or_insert_with(|| Value::String(namespace.to_owned()));
    }
    let object = Object::from_value(kind, value).ok()?;
    Some(Given {
        document,
        object,
        fact: false,
    })
}

fn documents(path: &Path) -> Vec<Value> {
    let Ok(text) = fs::read_to_string(path) else {
        return Vec::new();
    };
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let value: Value = serde::Deserialize::deserialize(document).unwrap();
        match value {
            Value::Array(items) => documents.extend(items),
            Value::Null => {}
            value => documents.push(value),
        }
    }
    documents
}
