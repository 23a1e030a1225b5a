//! What `diff` says of recorded clusters: nothing of a dump against its own input, of an edit what it did.

use std::collections::BTreeSet;

use aimctl::diff::{Change, compare_plans};
use aimctl::inventory::{Kind, ObjectKey, Origin};
use aimctl::kube::unknown::KNOWN_AFTER_APPLY;
use serde_json::Value;

use super::case::Case;
use super::compare;

/// The stages whose objects are compared; Pods are made anew on every change.
const STAGES: [&str; 4] = ["aim.yaml", "kserve.yaml", "keda.yaml", "otel.yaml"];

/// Whether the API server refused what was applied last.
fn is_refused(case: &Case) -> bool {
    case.documents("refused.yaml")
        .iter()
        .any(|refusal| refusal["by"] == "kube-apiserver" && refusal["kind"] == "AIMService")
}

#[test]
fn a_dump_of_a_cluster_against_its_own_input_shows_nothing() {
    let mut bad = Vec::new();
    let mut count = 0;
    for case in Case::all("aim") {
        if !case.has("snapshot.yaml") {
            continue;
        }
        count += 1;
        let input = if case.has("after.yaml") && !is_refused(&case) {
            "after.yaml"
        } else {
            "in.yaml"
        };
        let (before, after) = case.plans_of_change("snapshot.yaml", input);
        for object in compare_plans(&before, &after).objects {
            bad.push(format!(
                "{}: {}: {:?}",
                case.name, object.key, object.change
            ));
        }
    }
    assert!(count > 200, "only {count} snapshots");
    assert!(
        bad.is_empty(),
        "{} differences:\n{}",
        bad.len(),
        bad.join("\n")
    );
}

#[test]
fn a_recorded_edit_changes_what_it_changed_and_nothing_else() {
    let mut count = 0;
    for case in Case::all("aim") {
        if !case.name.starts_with("edit-") {
            continue;
        }
        count += 1;
        let (before, after) = case.plans_of_change("in.yaml", "after.yaml");
        let shown: BTreeSet<ObjectKey> = compare_plans(&before, &after)
            .objects
            .into_iter()
            .filter(|object| object.key.kind != Kind::Pod)
            .filter(|object| object.change == Change::Deleted || is_made(&after, &object.key))
            .map(|object| object.key)
            .collect();
        let recorded: Vec<Value> = STAGES
            .iter()
            .flat_map(|file| case.documents(file))
            .filter(|document| document["kind"] != "Pod")
            .collect();
        let made: Vec<(&ObjectKey, Value)> = before
            .world
            .iter()
            .filter(|(key, _)| is_made(&before, key) && is_compared(key.kind))
            .map(|(key, entry)| (key, entry.object.to_value()))
            .collect();
        let mut changed = BTreeSet::new();
        let mut same = 0;
        for (key, object) in &made {
            let now = recorded.iter().find(|document| is(document, key));
            let outcome = now.map(|now| {
                compare::documents(std::slice::from_ref(now), std::slice::from_ref(object))
            });
            if outcome.is_some_and(|outcome| outcome.different.is_empty()) {
                same += 1;
            } else {
                changed.insert((*key).clone());
            }
        }
        for document in &recorded {
            if !made.iter().any(|(key, _)| is(document, key)) {
                let key = key_of(document);
                changed.insert(key);
            }
        }
        let shown: BTreeSet<ObjectKey> = shown
            .into_iter()
            .filter(|key| is_compared(key.kind))
            .collect();
        assert_eq!(shown, changed, "{}", case.name);
        assert!(
            same + changed.len() > 0,
            "{}: nothing was recorded",
            case.name
        );
    }
    assert!(count >= 9, "only {count} edits");
}

fn is_made(plan: &aimctl::engine::Plan, key: &ObjectKey) -> bool {
    let entry = plan.world.entry(key);
    entry.is_some_and(|entry| matches!(entry.origin, Origin::Made { .. }))
}

/// Kinds that the recordings keep in these files.
fn is_compared(kind: Kind) -> bool {
    kind != Kind::Pod
}

fn key_of(document: &Value) -> ObjectKey {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let kind = Kind::ALL
        .iter()
        .copied()
        .find(|kind| Some(kind.as_str()) == text("/kind"))
        .unwrap();
    ObjectKey::new(
        kind,
        text("/metadata/namespace").unwrap_or("default"),
        &text("/metadata/name")
            .unwrap()
            .replace("<*>", KNOWN_AFTER_APPLY),
    )
}

fn is(document: &Value, key: &ObjectKey) -> bool {
    key_of(document) == *key
}
