//! Every field of what is rendered counts in a comparison, and counts once.

use std::path::Path;

use aimctl::diff::{Edit, Step, compare, normal};
use aimctl::engine::{self, Plan};
use aimctl::inventory::{Facts, Kind};
use aimctl::source::{FileContent, Sources};
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
