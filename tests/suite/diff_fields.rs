//! Every field of what is rendered counts in a comparison, and counts once.

use std::path::Path;
use std::sync::LazyLock;

use aimctl::diff::{Edit, Step, compare, normal};
use aimctl::engine::{self, Plan};
use aimctl::inventory::{Facts, Kind};
use aimctl::source::{FileContent, Sources};
use proptest::prelude::*;
use proptest::sample::Index;
use serde::Deserialize as _;
use serde_json::{Value, json};

fn plan(example: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/seed")
        .join(example);
    let bytes = std::fs::read(path).unwrap();
    let content = FileContent::read(example.to_owned(), bytes, false, &|_: &str| true);
    let given = engine::load(&mut Sources::new([content]), "default").given;
    let facts = Facts {
        catalog: true,
        ..Facts::default()
    };
    engine::plan(given, facts).unwrap()
}

/// What the seed examples lead to, as it is compared.
fn rendered() -> Vec<(Kind, Value)> {
    ["static.yaml", "custom-metrics.yaml"]
        .into_iter()
        .flat_map(|example| {
            let plan = plan(example);
            let objects: Vec<(Kind, Value)> = plan
                .objects
                .iter()
                .map(|planned| (planned.key.kind, planned.object.to_value()))
                .collect();
            objects
        })
        .collect()
}

/// The ways to every scalar.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{at}/{index}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

fn other(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}~")),
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.5),
        Value::Bool(yes) => json!(!yes),
        _ => json!("x"),
    }
}

#[test]
fn every_changed_field_is_exactly_one_change() {
    let mut count = 0;
    for (kind, object) in rendered() {
        let object = normal(kind, object);
        let mut paths = Vec::new();
        leaves(&object, "", &mut paths);
        for path in paths {
            let mut changed = object.clone();
            let field = changed.pointer_mut(&path).unwrap();
            let (old, new) = (field.clone(), other(field));
            *field = new.clone();
            let changes = compare(&object, &normal(kind, changed));
            count += 1;
            match changes.as_slice() {
                [change] => {
                    assert_eq!(change.at.path(&object).pointer(), path, "{kind}");
                    assert_eq!(change.edit, Edit::Changed { old, new }, "{kind} {path}");
                }
                // What tells the items of a list apart is another item when it changes.
                [added, removed] => {
                    let item = |step: &Step| matches!(step, Step::Item { .. });
                    assert!(added.at.0.last().is_some_and(item), "{kind} {path}");
                    assert!(matches!(added.edit, Edit::Added(_)), "{kind} {path}");
                    assert!(matches!(removed.edit, Edit::Removed(_)), "{kind} {path}");
                }
                several => panic!("{kind} {path}: {several:?}"),
            }
        }
    }
    assert!(count > 300, "only {count} fields");
}

/// The recorded objects of every group, as they are compared: `(case and object, kind, object)`.
fn recorded() -> Vec<(String, Kind, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found = Vec::new();
    for group in ["aim", "kserve", "keda", "otel"] {
        let mut cases: Vec<_> = std::fs::read_dir(root.join(group))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        cases.sort();
        for case in cases {
            for file in ["aim.yaml", "kserve.yaml", "keda.yaml", "otel.yaml"] {
                let Ok(text) = std::fs::read_to_string(case.join(file)) else {
                    continue;
                };
                for document in serde_yaml::Deserializer::from_str(&text) {
                    let value = Value::deserialize(document).unwrap();
                    let kind = Kind::ALL.iter().find(|kind| value["kind"] == kind.as_str());
                    if let Some(kind) = kind {
                        let name =
                            format!("{}/{file} {}", case.display(), value["metadata"]["name"]);
                        found.push((name, *kind, normal(*kind, value)));
                    }
                }
            }
        }
    }
    found
}

/// What happens to a field of a recorded object.
#[derive(Debug, Clone, Copy)]
enum Mutation {
    Changed,
    Removed,
    Added,
    OtherType,
}

/// The ways to every map.
fn maps(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.push(at.to_owned());
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                maps(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                maps(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Whether a field tells the items of its list apart: then it is another item that changes.
fn identifies(object: &Value, pointer: &str) -> bool {
    let (item, field) = pointer.rsplit_once('/').unwrap();
    let in_list = item
        .rsplit_once('/')
        .and_then(|(list, _)| object.pointer(list))
        .is_some_and(Value::is_array);
    let keys = [
        "name",
        "containerPort",
        "port",
        "mountPath",
        "devicePath",
        "type",
        "kind",
    ];
    in_list && keys.contains(&field)
}

/// Fields that are compared with others of their object in mind: an address that only counts when it is `None`, ids in any
/// order, and a map of labels that is gone with its last one.
fn is_weighed(kind: Kind, path: &str) -> bool {
    (kind == Kind::Service && path.starts_with("/spec/clusterIP"))
        || path.contains("/nodeAffinity/")
        || path.starts_with("/metadata/labels/")
        || path.starts_with("/metadata/annotations/")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Whatever field of whatever recorded object is changed, removed, added or made another type: that is the only change.
    #[test]
    fn a_mutation_of_one_field_of_a_recorded_object_is_exactly_that_change(
        object in any::<Index>(),
        field in any::<Index>(),
        mutation in prop::sample::select(vec![
            Mutation::Changed, Mutation::Removed, Mutation::Added, Mutation::OtherType,
        ]),
    ) {
        static RECORDED: LazyLock<Vec<(String, Kind, Value)>> = LazyLock::new(recorded);
        prop_assert!(RECORDED.len() > 1_000, "only {} objects", RECORDED.len());
        let (name, kind, old) = object.get(&RECORDED);
        let mut paths = Vec::new();
        match mutation {
            Mutation::Added => maps(old, "", &mut paths),
            _ => leaves(old, "", &mut paths),
        }
        paths.retain(|path| !path.is_empty() && !identifies(old, path) && !old.pointer(path).unwrap().is_null());
        paths.retain(|path| !is_weighed(*kind, path));
        prop_assume!(!paths.is_empty());
        let path = field.get(&paths);
        let mut new = old.clone();
        let mut at = path.clone();
        match mutation {
            Mutation::Changed => *new.pointer_mut(path).unwrap() = other(old.pointer(path).unwrap()),
            Mutation::OtherType => *new.pointer_mut(path).unwrap() = json!({"other": ["type"]}),
            Mutation::Added => {
                at = format!("{path}/somethingNew");
                new.pointer_mut(path).unwrap()["somethingNew"] = json!("x");
            }
            Mutation::Removed => {
                let (parent, last) = path.rsplit_once('/').unwrap();
                let last = last.replace("~1", "/").replace("~0", "~");
                match new.pointer_mut(parent).unwrap() {
                    Value::Object(map) => map.remove(&last).unwrap(),
                    // An item that goes moves those behind it; only the last one is one change.
                    Value::Array(items) => {
                        prop_assume!(last.parse::<usize>().unwrap() + 1 == items.len());
                        items.pop().unwrap()
                    }
                    _ => unreachable!(),
                };
            }
        }
        let new = normal(*kind, new);
        // Of metadata some fields are the cluster's alone.
        prop_assume!(*old != new);
        let expected = match (old.pointer(&at), new.pointer(&at)) {
            (None, Some(new)) => Edit::Added(new.clone()),
            (Some(old), None) => Edit::Removed(old.clone()),
            (Some(old), Some(new)) => Edit::Changed { old: old.clone(), new: new.clone() },
            (None, None) => unreachable!(),
        };
        let changes = compare(old, &new);
        prop_assert_eq!(changes.len(), 1, "{} {}: {:?}", name, at, &changes);
        let place = if matches!(mutation, Mutation::Added) { &new } else { old };
        prop_assert_eq!(changes[0].at.path(place).pointer(), at, "{}", name);
        prop_assert_eq!(&changes[0].edit, &expected, "{}", name);
    }
}

#[test]
fn every_removed_field_is_exactly_one_change() {
    for (kind, object) in rendered() {
        let object = normal(kind, object);
        let mut paths = Vec::new();
        leaves(&object, "", &mut paths);
        for path in paths {
            let (parent, last) = path.rsplit_once('/').unwrap();
            let mut changed = object.clone();
            let Some(Value::Object(map)) = changed.pointer_mut(parent) else {
                continue;
            };
            let is_key = matches!(
                last,
                "name" | "containerPort" | "port" | "mountPath" | "type"
            );
            if is_key {
                continue;
            }
            map.remove(&last.replace("~1", "/").replace("~0", "~"));
            if map.is_empty() && matches!(parent, "/metadata/labels" | "/metadata/annotations") {
                continue;
            }
            let changes = compare(&object, &changed);
            assert_eq!(changes.len(), 1, "{kind} {path}: {changes:?}");
            assert!(matches!(changes[0].edit, Edit::Removed(_)), "{kind} {path}");
        }
    }
}

/// The rendered set given again passes the doors of its kinds, which fill in what is not said.
#[test]
fn a_set_and_its_stored_form_are_the_same() {
    for example in ["static.yaml", "custom-metrics.yaml"] {
        let plan = plan(example);
        let items: Vec<Value> = plan
            .objects
            .iter()
            .filter(|planned| planned.key.kind != Kind::Pod)
            .map(|planned| planned.object.to_value())
            .collect();
        let count = items.len();
        let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
        let content = FileContent::read(
            "set.json".to_owned(),
            list.into_bytes(),
            false,
            &|_: &str| true,
        );
        let given = engine::load(&mut Sources::new([content]), "default").given;
        let stored = engine::plan_of_documents(given, Facts::default());
        let mut compared = 0;
        for planned in &stored.objects {
            let before = plan.world.object(&planned.key).unwrap().to_value();
            let kind = planned.key.kind;
            let changes = compare(
                &normal(kind, before),
                &normal(kind, planned.object.to_value()),
            );
            assert!(changes.is_empty(), "{}: {changes:?}", planned.key);
            compared += 1;
        }
        assert!(
            compared >= 5 && compared + 5 >= count,
            "{compared} of {count}"
        );
    }
}
