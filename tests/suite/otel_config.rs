//! The collector's configuration as text and as a hash, against the ConfigMaps that the operator wrote.

use std::fs;
use std::path::Path;

use aimctl::api::otel::OpenTelemetryCollector;
use aimctl::controllers::otel::config;
use aimctl::kube::go_yaml::{Document, encode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every recorded collector with the ConfigMap of its configuration.
fn recorded() -> Vec<(String, OpenTelemetryCollector, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/otel");
    let mut pairs = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("other.yaml")) else {
            continue;
        };
        let documents: Vec<Value> = serde_yaml::Deserializer::from_str(&text)
            .map(|document| serde::Deserialize::deserialize(document).unwrap())
            .collect();
        let of = |kind: &'static str| documents.iter().filter(move |d| d["kind"] == kind).cloned();
        for collector in of("OpenTelemetryCollector") {
            let name = collector["metadata"]["name"].as_str().unwrap().to_owned();
            let owned = |map: &Value| map["metadata"]["ownerReferences"][0]["name"] == *name;
            if let Some(map) = of("ConfigMap").find(owned) {
                let case = folder.file_name().unwrap().to_string_lossy().into_owned();
                pairs.push((case, serde_json::from_value(collector).unwrap(), map));
            }
        }
    }
    pairs
}

#[test]
fn texts_and_hashes_as_recorded() {
    let pairs = recorded();
    assert!(pairs.len() > 40);
    for (case, collector, map) in pairs {
        // Read from YAML 1.2, its `12e3` is a number; the tool's own reading is tested with the recorded cases.
        if case == "otel-names-odd" {
            continue;
        }
        let config = &collector.spec.unwrap().config;
        let name = map["metadata"]["name"].as_str().unwrap();
        let hash = config::hash(config);
        assert!(name.ends_with(&hash[..8]), "{case}: {name} {hash}");
        assert_eq!(
            map["data"]["collector.yaml"].as_str().unwrap(),
            config::text(config),
            "{case}"
        );
    }
}

#[test]
fn texts_that_need_quotes() {
    let written = |text: &str| encode(&Document::of(&json!([text])));
    for plain in [
        "x",
        "12e3",
        "089",
        ".inf",
        "yES",
        "25:00",
        "1.2.3",
        "it's",
        "say \"x\"",
        "? x",
        "tab\t",
        "a:b",
        "a-b",
        "--x",
        "2024-13-01",
        "2023-02-29",
    ] {
        assert_eq!(written(plain), format!("- {plain}\n"));
    }
    for quoted in [
        "",
        "~",
        "null",
        "TRUE",
        "y",
        "Off",
        "-",
        "*a",
        "&b",
        "[x",
        "{x",
        "}",
        "]",
        ",",
        "!x",
        "|x",
        ">x",
        "%x",
        "'x",
        "@x",
        "`x",
        " x",
        "x ",
        "x:",
        "a: b",
        "- c",
        "a#b",
        "1",
        "-1",
        "+1",
        "0x1f",
        "0o7",
        "017",
        "1_000",
        "1.5",
        "1.",
        "99999999999999999999",
        "2024-01-01",
        "1:30",
        "2024-01-01 10:00:00",
        "2024-01-01T10:00:00Z",
        "2024-01-01t10:00:00.5+02:00",
    ] {
        assert_eq!(
            written(quoted),
            format!("- \"{}\"\n", quoted.replace('"', "\\\""))
        );
    }
    assert_eq!(written("a\\b"), "- \"a\\\\b\"\n");
    assert_eq!(written("a\nb"), "- |-\n  a\n  b\n");
    assert_eq!(written("a\nb\n"), "- |\n  a\n  b\n");
}

#[test]
fn lists_maps_and_numbers() {
    let value = json!({"b": [[1, 2], {"x": {}, "y": []}], "a": null, "c": 1_000_000.0, "d": 0.5});
    assert_eq!(
        encode(&Document::of(&value)),
        "a: null\nb:\n  - - 1\n    - 2\n  - x: {}\n    \"y\": []\nc: 1e+06\nd: 0.5\n"
    );
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1000i32..1000).prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z:# -]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever is written is read back, but for plain texts that YAML readers of today take for something else
    /// (`12e3`, `.inf`, `? x`), which the reference leaves plain, too.
    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let text = encode(&Document::of(&value));
        let odd = |text: &str| {
            text.starts_with(['?', '-', '.', '+', '=']) || text.starts_with(|c: char| c.is_ascii_digit())
        };
        fn any_text(value: &Value, odd: &dyn Fn(&str) -> bool) -> bool {
            match value {
                Value::String(text) => odd(text),
                Value::Array(items) => items.iter().any(|item| any_text(item, odd)),
                Value::Object(map) => map.iter().any(|(key, value)| odd(key) || any_text(value, odd)),
                _ => false,
            }
        }
        prop_assume!(!any_text(&value, &odd));
        let read: Value = serde_yaml::from_str(&text).unwrap();
        prop_assert_eq!(read, value, "{}", text);
    }
}
