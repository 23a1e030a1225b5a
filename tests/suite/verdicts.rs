//! The recorded verdicts of kube-apiserver 1.34.4 and kubectl 1.34.4 (spec 6).

use std::collections::BTreeSet;

use aimctl::admission::apiserver::{self, Gvk, Request, Verdict};
use aimctl::diag::{Level, Moment, Refuser};
use aimctl::source::DocumentId;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Row {
    id: String,
    input: Input,
    old: Option<Input>,
    accepted: bool,
    reason: Option<String>,
    #[serde(default)]
    causes: Vec<Cause>,
    object: Option<Value>,
    #[serde(default)]
    docs: Vec<Doc>,
}

#[derive(Deserialize)]
struct Input {
    text: Option<String>,
}

#[derive(Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Cause {
    field: Option<String>,
    reason: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Doc {
    accepted: bool,
    message: Option<String>,
    object: Option<Value>,
}

fn rows() -> Vec<Row> {
    let path = format!("{}/tests/verdicts/public.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Rows that need YAML as kubectl reads it.
const NEEDS_READER: &[&str] = &[
    "gvk/023-kind-bool",
    "gvk/035-list-typed",
    "gvk/036-list-typed-items-without-kind",
    "gvk/039-items-filled-in-aimservice",
    "metadata/032-name-yes",
    "quantity/033-limits-cpu-32-010",
    "quantity/035-limits-cpu-34-1-000",
    "quantity/046-limits-cpu-45-nan",
];

/// What no tool without a cluster can know, and why.
const UNMATCHED: &[(&str, &str)] = &[(
    "update/051-uid-changed",
    "the stored object's UID, which differs from the one given, is only known in the cluster",
)];

fn read(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

/// What comes of a document, kubectl's own checks included.
fn judge(document: Value, old: Option<Value>, file: &str) -> Option<Verdict> {
    let kind = match apiserver::kind_of(&document, file) {
        Gvk::Known(kind) => kind,
        Gvk::PassedOver => return None,
        Gvk::Refused(mistake) => {
            return Some(Verdict {
                key: aimctl::inventory::ObjectKey::new(aimctl::inventory::Kind::AimService, "", ""),
                outcome: Err(Box::new(mistake.refusal.clone())),
                status: None,
                findings: vec![mistake.finding(DocumentId(0))],
            });
        }
    };
    let request = Request {
        document: DocumentId(0),
        kind,
        namespace: "default",
    };
    match old {
        None => Some(apiserver::create(request, document)),
        Some(old) => {
            let old = apiserver::create(request, old).outcome.unwrap();
            Some(apiserver::update(request, document, &old))
        }
    }
}

/// What the recordings leave out of stored objects.
fn stripped(mut object: Value, update: bool) -> Value {
    if let Some(meta) = object["metadata"].as_object_mut() {
        if update {
            meta.remove("namespace");
        }
        for key in [
            "uid",
            "generation",
            "creationTimestamp",
            "resourceVersion",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
        ] {
            meta.remove(key);
        }
    }
    object
}

#[test]
fn verdicts_agree() {
    let mut wrong = Vec::new();
    let (mut judged, mut same_messages, mut with_causes) = (0, 0, 0);
    for row in rows() {
        let group = row.id.split('/').next().unwrap();
        if matches!(group, "yaml" | "json" | "docs") || NEEDS_READER.contains(&row.id.as_str()) {
            continue;
        }
        if UNMATCHED.iter().any(|(id, _)| *id == row.id) {
            continue;
        }
        let Some(document) = row.input.text.as_deref().and_then(read) else {
            continue;
        };
        let old = row
            .old
            .as_ref()
            .map(|old| read(old.text.as_deref().unwrap()).unwrap());
        let file = format!("{}.yaml", row.id.rsplit('/').next().unwrap());
        judged += 1;
        let is_update = old.is_some();
        let Some(verdict) = judge(document, old, &file) else {
            continue;
        };
        let errors: Vec<_> = verdict
            .findings
            .iter()
            .filter(|finding| {
                finding.level == Level::Error
                    && matches!(finding.refuser, Refuser::Kubectl | Refuser::KubeApiserver)
                    && matches!(
                        finding.moment,
                        Moment::Reading | Moment::Create | Moment::Update
                    )
            })
            .collect();
        match verdict.outcome {
            Ok(object) => {
                if !row.accepted {
                    wrong.push(format!(
                        "{}: accepted, and not by the API server: {:?}",
                        row.id, row.causes
                    ));
                } else if row
                    .object
                    .as_ref()
                    .is_some_and(|theirs| stripped(object.clone(), is_update) != *theirs)
                {
                    wrong.push(format!(
                        "{}: stored {}\n   not {}",
                        row.id,
                        stripped(object, is_update),
                        row.object.unwrap()
                    ));
                } else if !errors.is_empty() {
                    wrong.push(format!("{}: accepted with errors {errors:?}", row.id));
                }
            }
            Err(refusal) => {
                let ours: BTreeSet<Option<String>> = if refusal.causes.is_empty() {
                    [None].into()
                } else {
                    refusal
                        .causes
                        .iter()
                        .map(|cause| Some(cause.field.clone()))
                        .collect()
                };
                let theirs: BTreeSet<Option<String>> =
                    row.causes.iter().map(|cause| cause.field.clone()).collect();
                if row.accepted {
                    wrong.push(format!(
                        "{}: refused, and not by the API server: {}",
                        row.id, refusal.message
                    ));
                } else if ours != theirs {
                    wrong.push(format!("{}: fields {ours:?}\n   not {theirs:?}", row.id));
                } else if row.reason.as_deref().unwrap_or_default() != refusal.reason {
                    wrong.push(format!(
                        "{}: reason {} not {:?}",
                        row.id, refusal.reason, row.reason
                    ));
                } else if errors.is_empty() {
                    wrong.push(format!("{}: refused without a finding", row.id));
                } else {
                    with_causes += 1;
                    let ours: BTreeSet<Cause> = if refusal.causes.is_empty() {
                        [Cause {
                            field: None,
                            reason: None,
                            message: Some(refusal.message.clone()),
                        }]
                        .into()
                    } else {
                        let causes = refusal.causes.iter();
                        causes
                            .map(|cause| Cause {
                                field: Some(cause.field.clone()),
                                reason: Some(cause.reason.to_owned()),
                                message: Some(cause.message.clone()),
                            })
                            .collect()
                    };
                    let theirs: BTreeSet<Cause> = row.causes.into_iter().collect();
                    if ours == theirs {
                        same_messages += 1;
                    } else {
                        println!(
                            "{}: messages\n   {:?}\n   {:?}",
                            row.id,
                            ours.difference(&theirs).collect::<Vec<_>>(),
                            theirs.difference(&ours).collect::<Vec<_>>()
                        );
                    }
                }
            }
        }
    }
    println!("{judged} judged, {with_causes} refused alike, {same_messages} in the same words");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
