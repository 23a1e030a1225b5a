//! Reading: every recorded row of what kubectl reads, places, suppressions.

use std::fs;
use std::path::Path;

use aimctl::diag::{FieldPath, Target};
use aimctl::source::{DocumentId, FileContent, FileId, Sources};
use proptest::prelude::*;
use serde_json::Value;

fn read_bytes(bytes: &[u8]) -> Sources {
    let everything = |_: &str| true;
    Sources::new([FileContent::read(
        "x.yaml".into(),
        bytes.to_vec(),
        false,
        &everything,
    )])
}

fn read(text: &str) -> Sources {
    read_bytes(text.as_bytes())
}

fn codes(sources: &Sources) -> Vec<&str> {
    sources
        .findings
        .iter()
        .map(|finding| finding.rule.code)
        .collect()
}

fn values(sources: &Sources) -> Vec<&Value> {
    sources
        .documents
        .iter()
        .map(|document| &document.value)
        .collect()
}

/// Numbers as kubectl has them once it read its own JSON again.
fn settled(value: &Value) -> Value {
    match value {
        Value::Number(number) if !number.is_i64() => Value::from(number.as_f64()),
        Value::Array(items) => items.iter().map(settled).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), settled(value)))
            .collect(),
        other => other.clone(),
    }
}

fn data(path: &str) -> String {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(path),
    )
    .unwrap()
}

#[test]
fn documents_and_scalars_are_read_as_kubectl_reads_them() {
    let vectors: Value = serde_json::from_str(&data("vectors/yaml-as-kubectl.json")).unwrap();
    let mut rows = 0;
    for row in vectors["scalars"]
        .as_array()
        .unwrap()
        .iter()
        .chain(vectors["documents"].as_array().unwrap())
    {
        let text = row["in"].as_str().unwrap();
        // Recorded below kubectl's decoder with a byte that is no UTF-8; with it, the byte is a character.
        if text.contains('\u{FFFD}') {
            continue;
        }
        rows += 1;
        let sources = read(text);
        // The splitter, which the recording of single documents leaves out, refuses these.
        let cut = text.starts_with("--- ") || text.starts_with('%');
        if cut || row.get("error").is_some() {
            assert_eq!(codes(&sources), ["Y001"], "{text:?}: {row}");
            assert!(sources.documents.is_empty(), "{text:?}");
            continue;
        }
        assert!(
            !codes(&sources).contains(&"Y001"),
            "{text:?}: {:?}",
            sources.findings
        );
        let expected = settled(&row["json"]);
        let found = sources
            .documents
            .first()
            .map_or(Value::Null, |document| settled(&document.value));
        assert_eq!(found, expected, "{text:?}");
        let repeated = row["strictError"]
            .as_str()
            .is_some_and(|error| error.contains("already set"));
        if repeated && !text.contains("<<") {
            assert!(codes(&sources).contains(&"Y003"), "{text:?}");
        }
    }
    assert_eq!(rows, 254);
}

#[test]
fn streams_are_split_as_kubectl_splits_them() {
    let vectors: Value = serde_json::from_str(&data("vectors/yaml-as-kubectl.json")).unwrap();
    for row in vectors["streams"].as_array().unwrap() {
        let text = row["in"].as_str().unwrap();
        let sources = read(text);
        assert_eq!(
            row.get("error").is_some(),
            codes(&sources).contains(&"Y001"),
            "{row}"
        );
        let documents = row["docs"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|document| !document.is_null());
        assert_eq!(values(&sources), documents.collect::<Vec<_>>(), "{row}");
    }
}

#[test]
fn what_kubectl_cannot_parse_is_y001_and_nothing_else_is() {
    for line in data("verdicts/public.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let Some(text) = row["input"]["text"].as_str() else {
            continue;
        };
        let refused = row["reason"] == "ParseError";
        assert_eq!(
            codes(&read(text)).contains(&"Y001"),
            refused,
            "{}: {text}",
            row["id"]
        );
    }
}

#[test]
fn a_list_is_unrolled_whatever_its_kind() {
    let sources =
        read("kind: AIMServiceList\napiVersion: v\nitems:\n- metadata: {name: a}\n- {kind: B}\n");
    assert_eq!(sources.documents.len(), 2);
    assert_eq!(sources.documents[0].value["kind"], "AIMService");
    assert_eq!(sources.documents[0].value["apiVersion"], "v");
    assert_eq!(sources.documents[1].value["kind"], "B");
    assert_eq!(sources.documents[1].prefix.to_string(), "items[1]");
    let path = FieldPath::parse("metadata.name");
    let range = sources.span(DocumentId(0), &path, Target::Value).unwrap();
    assert_eq!(&sources.files[0].text[range.start..range.end], "a");
    assert_eq!(codes(&read("items: x\n")), ["Y001"]);
}

fn place<'t>(sources: &'t Sources, path: &str, target: Target) -> &'t str {
    let range = sources
        .span(DocumentId(0), &FieldPath::parse(path), target)
        .unwrap();
    &sources.files[0].text[range.start..range.end]
}

#[test]
fn places_are_exact_to_the_byte() {
    let text = "# é\nspec: # c\n  'model':\n    name: \"q\\u0041\"  # x\n  env:\n  - name: A\n    value: |-\n      two\n      lines\n\n  - {name: B, value: [1,  2]}\n  empty:\n  base: &b {k: v}\n  alias: *b\n  merged:\n    <<: *b\n    own: 1\n";
    let sources = read(text);
    use Target::{Entry, Key, Value};
    for (path, target, expected) in [
        ("spec.model", Key, "'model'"),
        ("spec.model.name", Entry, "name: \"q\\u0041\""),
        ("spec.model.name", Value, "\"q\\u0041\""),
        ("spec.env[0].name", Value, "A"),
        ("spec.env[0].value", Value, "|-\n      two\n      lines"),
        ("spec.env[1].value", Entry, "value: [1,  2]"),
        ("spec.env[1].value[1]", Value, "2"),
        ("spec.env[1]", Entry, "{name: B, value: [1,  2]}"),
        ("spec.empty", Entry, "empty"),
        ("spec.empty", Value, "empty"),
        ("spec.alias", Entry, "alias: *b"),
        ("spec.alias.k", Value, "v"),
        ("spec.merged.k", Key, "k"),
        ("spec.merged.own", Value, "1"),
        // What is not there is shown where it would be.
        ("spec.model.image", Entry, "'model'"),
        ("spec.env[0].valueFrom", Entry, "name: A"),
        ("metadata.name", Entry, "spec: # c"),
    ] {
        let found = place(&sources, path, target);
        // A whole map is shown from its key on.
        assert!(
            found == expected || (path == "metadata.name" && found.starts_with(expected)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn a_repeated_key_shows_both_places() {
    let sources = read("a: 1\nb:\n  c: 1\n  c: 2\n");
    let finding = &sources.findings[0];
    assert_eq!(finding.rule.code, "Y003");
    let shown = |place: &aimctl::diag::Place| place.range.map(|range| (range.start, range.end));
    assert_eq!(shown(&finding.place), Some((17, 18)));
    assert_eq!(shown(&finding.related[0].place), Some((10, 11)));
    // In JSON too, and not where a merged key is replaced.
    assert_eq!(codes(&read(r#"{"a": {"b": 1, "b": 1}}"#)), ["Y003"]);
    assert!(codes(&read("a: &a {b: 1}\nc: {<<: *a, b: 2}\n")).is_empty());
}

#[test]
fn scalars_that_are_not_what_they_look_like() {
    for (text, surprising) in [
        ("on", true),
        ("yes", true),
        ("012", true),
        ("08", true),
        ("1_000", true),
        ("1e3", true),
        ("0x10", true),
        ("true", false),
        ("10", false),
        ("-1", false),
        ("0.5", false),
        ("\"on\"", false),
        ("10:30", false),
        ("null", false),
        ("!!str on", false),
    ] {
        let found = codes(&read(&format!("a: [{text}]\n"))) == ["Y002"];
        assert_eq!(found, surprising, "{text}");
    }
    assert_eq!(codes(&read("on: 1\n")), ["Y002"]);
    assert!(codes(&read("1: a\ntrue: b\n")).is_empty());
}

#[test]
fn ignored_text_and_invalid_bytes_are_warned_of() {
    let sources = read("a: 1\n...\nb: 2\n---\nc: 3\n");
    assert_eq!(codes(&sources), ["Y004"]);
    assert_eq!(
        sources.findings[0].place.range.map(|range| range.start),
        Some(9)
    );
    assert_eq!(codes(&read(" a: 1\nb: 2\n")), ["Y004"]);
    assert!(codes(&read("a: 1\n# c\n...\n# d\n")).is_empty());
    let sources = read_bytes(b"a: caf\xE9\n");
    assert_eq!(codes(&sources), ["Y005"]);
    assert_eq!(sources.documents[0].value["a"], "caf\u{FFFD}");
}

#[test]
fn bombs_are_refused_quickly() {
    let mut aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        aliases.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert_eq!(codes(&read(&aliases)), ["Y001"]);
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        vec!["*a"; 100].join(", ")
    );
    assert_eq!(codes(&read(&long)), ["Y001"]);
    for deep in [
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        "? ".repeat(20_000),
    ] {
        assert_eq!(codes(&read(&deep)), ["Y001"]);
    }
    let json = format!("{{\"a\": {}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(codes(&read(&json)), ["Y001"]);
    assert_eq!(codes(&read("a: &a [*a]\n")), ["Y001"]);
}

#[test]
fn suppressions_cover_the_node_they_stand_at() {
    let text = "# aimctl:ignore L501 -- all of it\n---\n# about the file\n# aimctl:ignore-file K204,L503 -- known\nspec:\n  # aimctl:ignore M109\n  replicas: 1\n  model: # aimctl:ignore L505, L504 -- later\n    image: x\n  env: [a] # not a mark: aimctl:ignore\n  # aimctl:ignored is another word\n  x: '# aimctl:ignore O401'\n---\na: 1\n";
    let sources = read(text);
    let found = sources.suppressions(FileId(0));
    let shown: Vec<_> = found
        .iter()
        .map(|suppression| {
            let covers = &text[suppression.covers.start..suppression.covers.end];
            (
                suppression.rules.join("+"),
                suppression.reason.as_deref(),
                covers.lines().next().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("L501".to_owned(), Some("all of it"), "spec:".to_owned()),
            (
                "K204+L503".to_owned(),
                Some("known"),
                "# aimctl:ignore L501 -- all of it".to_owned()
            ),
            ("M109".to_owned(), None, "replicas: 1".to_owned()),
            (
                "L505+L504".to_owned(),
                Some("later"),
                "model: # aimctl:ignore L505, L504 -- later".to_owned()
            ),
        ]
    );
    assert!(text[found[3].covers.start..found[3].covers.end].ends_with("image: x"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the bytes: no panic, places inside the text, and the same result twice.
    #[test]
    fn reading_never_breaks(text in "[a-c:\\-?\\[\\]{},#&*!|>'\"%@`\\\\~<0-9 \t\r\n\u{85}\u{2028}é\u{FEFF}\u{0}]{0,60}") {
        let sources = read(&text);
        for finding in &sources.findings {
            if let Some(range) = finding.place.range {
                prop_assert!(sources.files[0].text.get(range.start..range.end).is_some());
            }
        }
        for document in &sources.documents {
            let range = sources.span(document.id, &FieldPath::parse("a.b"), Target::Entry);
            prop_assert!(range.is_none_or(|range| sources.files[0].text.get(range.start..range.end).is_some()));
        }
        let _ = sources.suppressions(FileId(0));
        let again = read(&text);
        prop_assert_eq!(values(&sources), values(&again));
    }

    /// JSON is YAML: a value written as JSON inside a YAML stream reads back.
    #[test]
    fn json_values_read_back(value in json()) {
        let text = format!("# not JSON first\n{value}\n");
        let sources = read(&text);
        let found = sources.documents.first().map_or(Value::Null, |document| document.value.clone());
        prop_assert_eq!(settled(&found), settled(&value), "{}", text);
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -.0-~é]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            // Not `items`, which would make a list of it.
            prop::collection::btree_map("[a-h]{1,6}", inner, 0..5).prop_map(Value::from_iter),
        ]
    })
}
