//! What `diff` says of recorded clusters: nothing of a dump against its own input, of an edit what it did.

use std::collections::BTreeSet;

use aimctl::diag::Segment;
use aimctl::diff::{Change, Edit, FieldChange, ObjectChange, compare_plans};
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
    let mut fields = 0;
    for case in Case::all("aim") {
        if !case.name.starts_with("edit-") {
            continue;
        }
        count += 1;
        let (before, after) = case.plans_of_change("in.yaml", "after.yaml");
        let changes: Vec<ObjectChange> = compare_plans(&before, &after)
            .objects
            .into_iter()
            // A pod's name is the cluster's; what it is made from is compared.
            .filter(|object| object.key.kind != Kind::Pod)
            .filter(|object| object.change == Change::Deleted || is_made(&after, &object.key))
            .collect();
        let shown: BTreeSet<ObjectKey> = changes.iter().map(|change| change.key.clone()).collect();
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
        for change in &changes {
            let recorded = recorded.iter().find(|document| is(document, &change.key));
            let old = before.world.object(&change.key).map(|o| o.to_value());
            if let (Change::Changed(edits), Some(recorded), Some(old)) =
                (&change.change, recorded, old)
            {
                let new = after.world.object(&change.key).unwrap().to_value();
                let edits: Vec<&FieldChange> = edits.iter().map(|(edit, _)| edit).collect();
                fields += edits.len();
                exactly_these(&case.name, &change.key, &edits, &old, &new, recorded);
            }
        }
        assert!(
            same + changed.len() > 0,
            "{}: nothing was recorded",
            case.name
        );
    }
    assert!(count >= 9, "only {count} edits");
    assert!(fields >= 20, "only {fields} fields");
}

/// The object before with the shown changes is the recorded one, and with one of them less it is not.
fn exactly_these(
    case: &str,
    key: &ObjectKey,
    edits: &[&FieldChange],
    old: &Value,
    new: &Value,
    recorded: &Value,
) {
    let differences = |without: Option<usize>| {
        let mut object = old.clone();
        let kept = edits.iter().enumerate();
        for (_, edit) in kept.filter(|(index, _)| Some(*index) != without) {
            carry_out(edit, &mut object, new);
        }
        let recorded = std::slice::from_ref(recorded);
        compare::documents(recorded, std::slice::from_ref(&object)).different
    };
    assert_eq!(differences(None), Vec::<String>::new(), "{case}: {key}");
    for (index, edit) in edits.iter().enumerate() {
        assert!(
            !differences(Some(index)).is_empty(),
            "{case}: {key}: {} was not recorded",
            edit.at
        );
    }
}

/// Does to the object before what a change says.
fn carry_out(edit: &FieldChange, object: &mut Value, new: &Value) {
    let (value, place) = match &edit.edit {
        Edit::Added(value) | Edit::Changed { new: value, .. } => {
            (Some(value.clone()), edit.at.path(new))
        }
        Edit::Removed(_) => (None, edit.at.path(object)),
        Edit::Reordered { .. } => panic!("no recorded edit changes an order: {}", edit.at),
    };
    let parent = place.parent().unwrap();
    let parent = object.pointer_mut(&parent.pointer()).unwrap();
    match (parent, place.0.last().unwrap(), value) {
        (Value::Object(map), Segment::Key(key), Some(value)) => {
            map.insert(key.clone(), value);
        }
        (Value::Object(map), Segment::Key(key), None) => {
            map.remove(key).unwrap();
        }
        (Value::Array(items), Segment::Index(index), Some(value)) => match &edit.edit {
            Edit::Added(_) => items.insert((*index).min(items.len()), value),
            _ => items[*index] = value,
        },
        (Value::Array(items), Segment::Index(index), None) => {
            items.remove(*index);
        }
        (parent, ..) => panic!("{} does not fit {parent}", edit.at),
    }
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
