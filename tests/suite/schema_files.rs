//! `schemas/`: up to date, and of one mind with the API server's door.

use std::collections::BTreeMap;

use aimctl::diag::Reason;
use aimctl::inventory::Kind;
use aimctl::schema::publish::{self, Flavour};
use serde_json::{Value, json};

const AIM: &str = "aim.eai.amd.com";

fn aim_kinds() -> impl Iterator<Item = Kind> {
    publish::kinds().filter(|kind| kind.group() == AIM)
}

#[test]
fn files_are_what_the_types_say() {
    let mut stale = Vec::new();
    for kind in aim_kinds() {
        let path = format!(
            "{}/schemas/{}",
            env!("CARGO_MANIFEST_DIR"),
            publish::file_name(kind)
        );
        let schema = publish::published(kind, Flavour::Editor).unwrap();
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if std::env::var_os("AIMCTL_BLESS").is_some() {
            std::fs::create_dir_all(format!("{}/schemas", env!("CARGO_MANIFEST_DIR"))).unwrap();
            std::fs::write(&path, text).unwrap();
        } else {
            stale.push(publish::file_name(kind));
        }
    }
    assert!(stale.is_empty(), "AIMCTL_BLESS=1 rewrites {stale:?}");
}

#[test]
fn the_program_holds_what_the_types_say() {
    let mut stale = Vec::new();
    for kind in aim_kinds() {
        let name = format!("src/schema/crds/{}.json", kind.plural());
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = format!("{}\n", publish::embedded(kind).unwrap());
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if std::env::var_os("AIMCTL_BLESS").is_some() {
            std::fs::write(&path, text).unwrap();
        } else {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "AIMCTL_BLESS=1 rewrites {stale:?}; then build again"
    );
}

#[test]
fn every_kind_has_a_schema_that_validators_take() {
    let mut kinds = 0;
    for kind in publish::kinds() {
        kinds += 1;
        for flavour in [Flavour::Editor, Flavour::Kubeconform] {
            let schema = publish::published(kind, flavour).unwrap();
            assert!(jsonschema::meta::is_valid(&schema), "{kind}");
            assert_eq!(schema["properties"]["kind"]["enum"], json!([kind.as_str()]));
        }
    }
    assert_eq!(kinds, 14);
}

/// What kubeconform would say with our schema is what the API server said, as far as a schema can say it.
#[test]
fn the_published_schema_agrees_with_the_recorded_verdicts() {
    let path = format!("{}/tests/verdicts/public.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut compared = 0;
    let mut validators = BTreeMap::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let Some(text) = row["input"]["text"].as_str() else {
            continue;
        };
        let file =
            aimctl::source::FileContent::read("x.yaml".into(), text.into(), false, &|_: &str| true);
        let sources = aimctl::source::Sources::new([file]);
        let [document] = sources.documents.as_slice() else {
            continue;
        };
        let kind = Kind::ALL.iter().copied().find(|kind| {
            document.value["kind"] == kind.as_str()
                && document.value["apiVersion"] == kind.api_version()
        });
        let Some(kind) = kind else { continue };
        let accepted = row["accepted"] == true;
        let causes = row["causes"].as_array().cloned().unwrap_or_default();
        let by_schema = causes.iter().any(|cause| {
            let says = |text: &str| cause["message"].as_str().unwrap_or_default().contains(text);
            says(" in body ")
                || says("unknown field")
                || cause["reason"] == Reason::NotSupported.code()
                || cause["reason"] == Reason::TooLong.code()
                || cause["reason"] == Reason::TooMany.code()
        });
        if !accepted && !by_schema {
            continue;
        }
        // The API server drops the status of a new object without a look at its types.
        if document.value.get("status").is_some() {
            continue;
        }
        // Numbers beyond 2^53 are integers to JSON Schema and floats to Kubernetes.
        if text.contains("9223372036854775808") || text.contains("overflow64") {
            continue;
        }
        compared += 1;
        let validator = validators.entry(kind).or_insert_with(|| {
            let schema = publish::published(kind, Flavour::Kubeconform).unwrap();
            jsonschema::options().build(&schema).unwrap()
        });
        let valid = validator.is_valid(&document.value);
        assert_eq!(
            valid,
            accepted,
            "{}: {:?}",
            row["id"],
            validator
                .iter_errors(&document.value)
                .map(|error| error.to_string())
                .collect::<Vec<_>>()
        );
    }
    assert!(compared > 800, "{compared}");
}
