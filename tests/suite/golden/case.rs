//! One recorded case: its folder, its plan, its documents by file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aimctl::controllers::{Creator, Stage};
use aimctl::diag::Finding;
use aimctl::engine::{self, Change, Given, Loaded, Plan};
use aimctl::inventory::{Facts, Installed, Kind, ObjectKey, Origin};
use aimctl::source::{DocumentId, FileContent, Sources};
use serde_json::Value;

use super::compare::{self, Outcome};
use super::status;

/// `status.yaml`, but of models and templates.
pub(super) const MODEL_STATUS: &str = "status.yaml of models and templates";

pub(super) struct Case {
    pub group: String,
    pub name: String,
    folder: PathBuf,
}

impl Case {
    pub(super) fn named(group: &str, name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        Self {
            group: group.to_owned(),
            name: name.to_owned(),
            folder: root.join(group).join(name),
        }
    }

    pub(super) fn all(group: &str) -> Vec<Self> {
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
    pub(super) fn documents(&self, file: &str) -> Vec<Value> {
        documents(&self.folder.join(file))
    }

    /// Steps that this model of the programs does not play: metrics that are pushed while it runs.
    fn unplayable(&self) -> bool {
        self.documents("steps.yaml")
            .iter()
            .any(|step| step.get("push").is_some())
    }

    /// Whether the recorded state came of more than the input.
    pub(super) fn is_edited(&self) -> bool {
        !self.rounds().is_empty()
    }

    /// The namespace of documents that name none.
    fn namespace(&self) -> String {
        self.documents("case.yaml")
            .first()
            .and_then(|case| case.get("namespace")?.as_str().map(str::to_owned))
            .unwrap_or_else(|| "default".to_owned())
    }

    /// What the tool makes of its input.
    pub(super) fn plan_of_input(&self) -> Plan {
        self.plan_of_file("in.yaml")
    }

    /// What the tool makes of one of its files.
    pub(super) fn plan_of_file(&self, file: &str) -> Plan {
        let given = load(&self.folder.join(file), &self.namespace(), &[]).given;
        let facts = Facts {
            // These were recorded with the add-on chart's policy on (spec 4).
            add_on_policy: self.name.starts_with("keda-vap-"),
            ..facts()
        };
        engine::plan(given, facts).unwrap()
    }

    /// What the tool makes of a text, in the world of the recordings.
    pub(super) fn plan_of(text: &str) -> Plan {
        let given = read("in.yaml", text.as_bytes().to_vec(), "default", &[]).given;
        engine::plan(given, facts()).unwrap()
    }

    /// The two plans that `diff` compares: what one file leads to, and what applying another over it does.
    pub(super) fn plans_of_change(&self, old: &str, new: &str) -> (Plan, Plan) {
        let before = self.plan_of_file(old);
        let namespace = self.namespace();
        let stored = load(&self.folder.join(old), &namespace, &[]).given;
        let given = load(&self.folder.join(new), &namespace, &stored).given;
        let after = engine::plan_after(&before, given).unwrap();
        (before, after)
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.folder.join(file).exists()
    }

    /// What the doors say of the input's documents.
    pub(super) fn door_findings(&self) -> Vec<Finding> {
        load(&self.folder.join("in.yaml"), &self.namespace(), &[]).findings
    }

    /// Whether one object is given twice: deleted and made again in between.
    pub(super) fn is_given_twice(&self) -> bool {
        let mut seen = BTreeSet::new();
        self.documents("in.yaml").iter().any(|document| {
            let name = &document["metadata"]["name"];
            !seen.insert(format!("{} {name}", document["kind"]))
        })
    }

    /// The same after each round of edits.
    fn edited(&self, mut plan: Plan) -> Plan {
        let namespace = self.namespace();
        for round in self.rounds() {
            let changes = round
                .iter()
                .filter_map(|edit| change(edit, &plan, &namespace))
                .collect();
            plan = engine::change(&plan, changes).unwrap();
        }
        plan
    }

    /// What the tool makes of its input, and then of each round of edits.
    pub(super) fn plan(&self) -> Plan {
        self.edited(self.plan_of_input())
    }

    /// The edits, round by round.
    fn rounds(&self) -> Vec<Vec<Value>> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        if let Some(edits) = self
            .documents("case.yaml")
            .first()
            .and_then(|case| case.get("edits"))
        {
            return list(edits).iter().map(list).collect();
        }
        let steps = self.documents("steps.yaml").into_iter();
        let edits =
            steps.filter(|step| step.get("patch").is_some() || step.get("delete").is_some());
        let edits: Vec<Vec<Value>> = edits
            .map(|mut step| match step.get_mut("patch").map(Value::take) {
                Some(patch) => vec![patch],
                None => vec![step],
            })
            .collect();
        if edits.is_empty() {
            self.update()
        } else {
            edits
        }
    }

    /// `update.yaml` of the `kserve/` cases: the same object applied again, changed.
    fn update(&self) -> Vec<Vec<Value>> {
        let applied = |value: Value| serde_json::json!({"apply": value});
        let round: Vec<Value> = self
            .documents("update.yaml")
            .into_iter()
            .map(applied)
            .collect();
        if round.is_empty() {
            Vec::new()
        } else {
            vec![round]
        }
    }

    pub(super) fn outcome(&self, files: &[&str]) -> Outcome {
        let mut outcome = Outcome::default();
        if self.unplayable() {
            return outcome;
        }
        let before = self.plan_of_input();
        let after = self.edited(before.clone());
        // Only here both states are kept: the names without `-update` are the state before.
        let both = self.folder.join("update.yaml").exists();
        for file in files.iter().filter(|file| self.was_recorded(file)) {
            self.compare(file, if both { &before } else { &after }, &mut outcome);
            let updated = file.replace(".yaml", "-update.yaml");
            if self.folder.join(&updated).exists() {
                self.compare(&updated, &after, &mut outcome);
            }
        }
        outcome
    }

    /// Without the whole chain only KServe's own objects are comparable.
    fn was_recorded(&self, file: &str) -> bool {
        !self.kserve_alone() || matches!(file, "kserve.yaml" | "stored.yaml")
    }

    /// Whether KServe ran without KEDA and the rest of the chain.
    fn kserve_alone(&self) -> bool {
        self.documents("case.yaml")
            .first()
            .is_some_and(|case| case.get("chain") == Some(&Value::Bool(false)))
    }

    pub(super) fn compare(&self, file: &str, plan: &Plan, outcome: &mut Outcome) {
        let expected = self.documents(file);
        if file == MODEL_STATUS {
            let expected = self.documents("status.yaml");
            outcome.add(status::models_and_templates(&expected, plan));
            return;
        }
        if file == "status.yaml" {
            outcome.add(status::compare(&expected, plan));
            return;
        }
        let kinds = kinds_of(&self.group, file, &expected);
        let alone = self.kserve_alone();
        let actual: Vec<Value> = plan
            .objects
            .iter()
            .filter(|planned| kinds(&planned.key, &planned.origin))
            .map(|planned| {
                let mut value = planned.object.to_value();
                if alone && let Some(labels) = value.pointer_mut("/metadata/labels") {
                    // KEDA's label.
                    let labels = labels.as_object_mut().unwrap();
                    labels.remove("scaledobject.keda.sh/name");
                }
                value
            })
            .collect();
        outcome.add(compare::documents(&expected, &actual));
    }
}

/// Whether a recorded file would hold a planned object.
type Selection = Box<dyn Fn(&ObjectKey, &Origin) -> bool>;

/// The recordings' cluster: everything is installed, and there are no GPUs but those of Nodes.
fn facts() -> Facts {
    Facts {
        installed: Installed::AimEngine,
        catalog: true,
        gpus: Some(Vec::new()),
        ..Facts::default()
    }
}

/// Which planned objects a recorded file would hold.
fn kinds_of(group: &str, file: &str, expected: &[Value]) -> Selection {
    let stage = match file.replace("-update", "").as_str() {
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
        // A pod of the input is recorded as it is after injection.
        (made_by(origin).is_some_and(|by| by.stage() == stage) || pods_only)
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

/// One edit of a case.
fn change(edit: &Value, plan: &Plan, namespace: &str) -> Option<Change> {
    if let Some(value) = edit.get("apply") {
        return given(DocumentId(1000), value.clone(), namespace).map(Change::give);
    }
    let target = edit.get("delete").unwrap_or(edit);
    let text = |field: &str| target.get(field).and_then(Value::as_str);
    let kind = Kind::ALL
        .iter()
        .copied()
        .find(|kind| Some(kind.as_str()) == text("kind"))?;
    let key = ObjectKey::new(kind, text("namespace").unwrap_or(namespace), text("name")?);
    let key = plan
        .world
        .iter()
        .map(|(key, _)| key)
        .find(|k| k.kind == kind && k.name == key.name)
        .unwrap_or(&key)
        .clone();
    if edit.get("delete").is_some() {
        return Some(Change::Delete(key));
    }
    let mut value = plan.world.object(&key)?.to_value();
    merge(&mut value, edit.get("patch")?);
    // A patch does not touch the status, and what the controllers put there is not given.
    value.as_object_mut()?.remove("status");
    given(DocumentId(1000), value, &key.namespace).map(Change::give)
}

/// JSON merge patch (RFC 7386).
fn merge(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = serde_json::json!({});
    }
    let object = target.as_object_mut().unwrap();
    for (key, value) in patch {
        if value.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// An object of an edit, through the API server's door.
fn given(document: DocumentId, value: Value, namespace: &str) -> Option<Given> {
    let text = serde_json::to_vec(&value).unwrap();
    let object = read("edit.json", text, namespace, &[]).given.pop()?.object;
    Some(Given {
        document,
        object,
        fact: false,
    })
}

/// The objects of a file, as the tool reads them.
fn load(path: &Path, namespace: &str, stored: &[Given]) -> Loaded {
    let text = fs::read_to_string(path).unwrap();
    let mut text: String = text.lines().map(python_text).collect();
    // The recorder made namespaces itself, from documents without apiVersion.
    text = text.replace("\nkind: Namespace\n", "\napiVersion: v1\nkind: Namespace\n");
    read("in.yaml", text.into_bytes(), namespace, stored)
}

fn read(name: &str, bytes: Vec<u8>, namespace: &str, stored: &[Given]) -> Loaded {
    let content = FileContent::read(name.to_owned(), bytes, false, &|_: &str| true);
    engine::load_over(&mut Sources::new([content]), namespace, stored)
}

fn documents(path: &Path) -> Vec<Value> {
    let Ok(text) = fs::read_to_string(path) else {
        return Vec::new();
    };
    let text: String = text.lines().map(python_text).collect();
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

/// The recordings were written by a program for which `1e3` and `y` are texts, so they stand there without quotes.
fn python_text(line: &str) -> String {
    let start = line.rfind([' ', '\n']).map_or(0, |at| at + 1);
    let (head, scalar) = line.split_at(start);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match scalar.split_once(['e', 'E']) {
        Some((number, power)) if digits(number) && digits(power) => format!("{head}'{scalar}'\n"),
        _ if ["y", "Y", "n", "N"].contains(&scalar) => format!("{head}'{scalar}'\n"),
        _ => format!("{line}\n"),
    }
}
