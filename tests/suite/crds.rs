//! The schemas that are made from the types say the same as the recorded CRDs, property by property.

use std::collections::BTreeSet;

use aimctl::inventory::Kind;
use aimctl::schema::{self, publish};
use serde_json::Value;

/// Places where the two differ, and why that is meant.
const DIFFERENCES: &[(&str, &str)] = &[];

const AIM: &str = "aim.eai.amd.com";

fn recorded(kind: Kind) -> Value {
    let path = format!(
        "{}/tests/crds/{AIM}_{}.json",
        env!("CARGO_MANIFEST_DIR"),
        kind.plural()
    );
    let crd: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(crd["names"]["kind"], kind.as_str());
    assert_eq!(crd["scope"] == "Namespaced", kind.namespaced());
    crd["versions"][0]["schema"].clone()
}

/// Documentation is our own; the order of required fields and of rules means nothing.
fn normal(keyword: &str, value: &Value) -> Value {
    match (keyword, value) {
        ("required" | "x-kubernetes-validations", Value::Array(items)) => {
            let mut items = items.clone();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        _ => value.clone(),
    }
}

fn compare(ours: &Value, theirs: &Value, path: &str, found: &mut BTreeSet<String>) {
    let empty = serde_json::Map::new();
    let map = |value: &'_ Value| value.as_object().cloned().unwrap_or_else(|| empty.clone());
    let (ours, theirs) = (map(ours), map(theirs));
    let keywords: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for keyword in keywords {
        match keyword.as_str() {
            "description" | "enumDescriptions" => {}
            "properties" => {
                let (ours, theirs) = (
                    map(&ours["properties"]),
                    map(theirs.get("properties").unwrap_or(&Value::Null)),
                );
                for name in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
                    let path = format!("{path}.{name}");
                    match (ours.get(name), theirs.get(name)) {
                        (Some(ours), Some(theirs)) => compare(ours, theirs, &path, found),
                        (ours, _) => {
                            found.insert(format!(
                                "{path}: only in {}",
                                if ours.is_some() { "ours" } else { "theirs" }
                            ));
                        }
                    }
                }
            }
            "items" | "additionalProperties"
                if ours.contains_key(keyword) && theirs.contains_key(keyword) =>
            {
                compare(
                    &ours[keyword],
                    &theirs[keyword],
                    &format!("{path}[]"),
                    found,
                );
            }
            _ => {
                let one = ours.get(keyword).map(|value| normal(keyword, value));
                let other = theirs.get(keyword).map(|value| normal(keyword, value));
                if one != other {
                    let text = |value: Option<Value>| {
                        value.map_or("-".to_owned(), |value| value.to_string())
                    };
                    found.insert(format!(
                        "{path}: {keyword} {} against {}",
                        text(one),
                        text(other)
                    ));
                }
            }
        }
    }
}

#[test]
fn schemas_have_the_structure_of_the_crds() {
    let mut found = BTreeSet::new();
    let mut kinds = 0;
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.group() == AIM) {
        kinds += 1;
        compare(
            schema::of(kind).unwrap().source(),
            &recorded(kind),
            kind.as_str(),
            &mut found,
        );
    }
    assert_eq!(kinds, 10);
    let known: BTreeSet<String> = DIFFERENCES
        .iter()
        .map(|(text, _)| (*text).to_owned())
        .collect();
    let new: Vec<&String> = found.difference(&known).collect();
    let gone: Vec<&String> = known.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}\ngone: {gone:#?}"
    );
}

#[test]
fn every_field_is_documented() {
    fn walk(schema: &Value, path: &str, missing: &mut Vec<String>) {
        if schema["description"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            missing.push(path.to_owned());
        }
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            walk(schema, &format!("{path}.{name}"), missing);
        }
        if schema["items"].get("properties").is_some() {
            walk(&schema["items"], &format!("{path}[]"), missing);
        }
    }
    let mut missing = Vec::new();
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.group() == AIM) {
        for part in ["spec", "status"] {
            walk(
                &publish::documented(kind).unwrap()["properties"][part],
                &format!("{kind}.{part}"),
                &mut missing,
            );
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_rule_of_the_crds_is_one_that_we_check() {
    use aimctl::api::aim::cel;
    let known = [
        cel::UNCHANGED,
        cel::ONE_MODEL,
        cel::ANY_SOURCE,
        cel::GPU_OR_CPU,
        cel::MODEL_OR_VRAM,
        cel::TEMPLATES_WITH_HARDWARE,
    ];
    fn rules(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(map) => {
                for rule in map
                    .get("x-kubernetes-validations")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    found.insert(rule["rule"].as_str().unwrap().to_owned());
                }
                map.values().for_each(|child| rules(child, found));
            }
            Value::Array(items) => items.iter().for_each(|child| rules(child, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.group() == AIM) {
        rules(&recorded(kind), &mut found);
    }
    assert_eq!(found, known.iter().map(|rule| (*rule).to_owned()).collect());
}
