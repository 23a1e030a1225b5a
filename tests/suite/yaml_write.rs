//! What is printed reads back to the same values, by our reader and by others.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use aimctl::render::yaml;
use aimctl::source::{FileContent, Sources};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// Texts that some reader of YAML 1.1 or 1.2 takes for something else, or that are hard to write.
const TEXTS: &[&str] = &[
    "",
    " ",
    "~",
    "null",
    "Null",
    "y",
    "Y",
    "yes",
    "on",
    "On",
    "OFF",
    "n",
    "no",
    "true",
    "False",
    "=",
    "<<",
    "!",
    "&a",
    "*a",
    "-",
    "- a",
    "?",
    "? a",
    ":",
    "a: b",
    "a:",
    ": a",
    "#",
    " #",
    "a #b",
    "a#b",
    "@a",
    "`a",
    "%a",
    "%YAML 1.1",
    "---",
    "--- a",
    "...",
    "{",
    "}",
    "[",
    "]",
    "{a}",
    "[a]",
    ",",
    "a, b",
    "|",
    ">",
    "|-",
    "'",
    "\"",
    "''",
    "\"a\"",
    "it's",
    "\\",
    "\\n",
    "0",
    "-0",
    "00",
    "012",
    "0o14",
    "0x10",
    "0b1",
    "08",
    "1_000",
    "_1",
    "1e3",
    "1E3",
    "1e+3",
    "1.",
    ".5",
    "-.5",
    "+1",
    "1.0",
    "1.10",
    ".inf",
    "-.INF",
    ".nan",
    "inf",
    "NaN",
    "1:30",
    "10:30",
    "190:20:30",
    "10:30.5",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2001-12-14 21:59:43.10 -5",
    "9223372036854775808",
    "1e400",
    "100m",
    "1Gi",
    "a\nb",
    "a\nb\n",
    "a\n\nb\n\n",
    "\n",
    "\n\n",
    "\na",
    " a\nb",
    "a \nb",
    "a\n b",
    "a\t",
    "\ta",
    "a\tb",
    "a\n\tb",
    "a\rb",
    "a\r\nb",
    "\u{85}",
    "a\u{2028}b",
    "\u{FEFF}a",
    "a\u{FEFF}",
    "\u{A0}",
    "\u{7F}",
    "\u{1B}[31m",
    "\u{0}",
    "é",
    "😀",
    "a ",
    " a",
    "a\n# b\n",
    "# a\nb",
    "- a\n- b\n",
    "key: |\n  x\n",
    "\u{E000}",
    "\u{FFFD}",
    "trailing\n ",
    "  two\n one",
    "  \n a",
    "a\n  ",
    "vllm:num_requests_running",
    "a: b: c",
    "-a",
    "--a",
    "?a",
    ":a",
    "(known after apply)",
    "a long text that goes on well beyond eighty characters, so that a writer that likes to fold would surely fold it here",
];

fn document(texts: impl IntoIterator<Item = String>) -> Value {
    let mut spec = Map::new();
    let list: Vec<Value> = texts.into_iter().map(Value::String).collect();
    for (index, text) in list.iter().enumerate() {
        spec.insert(format!("k{index}"), text.clone());
    }
    for text in &list {
        spec.insert(
            text.as_str().unwrap_or_default().to_owned(),
            json!({"nested": [text, [text], {"a": text}]}),
        );
    }
    spec.insert("list".into(), Value::Array(list));
    spec.insert(
        "empty".into(),
        json!([
            {},
            [],
            null,
            true,
            1,
            -1,
            0.5,
            1e21,
            1e-7,
            u64::MAX,
            i64::MIN
        ]),
    );
    json!({"apiVersion": "example.com/v1", "kind": "Example", "metadata": {"name": "a"}, "spec": spec, "alpha": 1})
}

fn fixed() -> Value {
    document(TEXTS.iter().map(|text| (*text).to_owned()))
}

fn read(text: &str) -> Sources {
    let everything = |_: &str| true;
    Sources::new([FileContent::read(
        "x".into(),
        text.as_bytes().to_vec(),
        false,
        &everything,
    )])
}

/// What our reader makes of our text, about which it has nothing to say.
fn ours(text: &str) -> Vec<Value> {
    let sources = read(text);
    assert!(
        sources.findings.is_empty(),
        "{:?}\n{text}",
        sources.findings
    );
    sources
        .documents
        .into_iter()
        .map(|document| document.value)
        .collect()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof![
        prop::sample::select(TEXTS).prop_map(str::to_owned),
        "[a-c0-9:_.,eExXoOyYnN+~=<>|#&*!%@`'\"?{}\\[\\]\\\\ \t\n-]{0,12}",
        "[0-9_.:eExobTZ+-]{1,12}",
        "([ -~é]{0,20}\n){0,4}[ -~]{0,8}",
        any::<String>(),
    ];
    prop::collection::vec(text, 1..8)
}

#[test]
fn the_order_is_api_version_kind_metadata_spec_and_then_sorted() {
    let text = yaml::document(
        &json!({"spec": {"b": 1, "a": 2}, "data": 1, "metadata": {}, "kind": "K", "apiVersion": "v1", "alpha": 1}),
    );
    assert_eq!(
        text,
        "apiVersion: v1\nkind: K\nmetadata: {}\nspec:\n  a: 2\n  b: 1\nalpha: 1\ndata: 1\n"
    );
}

#[test]
fn texts_of_several_lines_are_literal_blocks() {
    let text = yaml::document(&json!({"a": "x: 1\ny: 2\n", "b": ["1\n2", "1\n\n\n"]}));
    assert_eq!(
        text,
        "a: |\n  x: 1\n  y: 2\nb:\n- |-\n  1\n  2\n- |+\n  1\n\n\n"
    );
}

#[test]
fn comments_hide_every_line() {
    let text = yaml::commented(&yaml::document(&fixed()));
    assert!(
        text.split_inclusive('\n').all(|line| line.starts_with('#')),
        "{text}"
    );
    assert!(ours(&text).is_empty());
}

#[test]
fn every_fixed_text_reads_back() {
    for text in TEXTS {
        let value = document([(*text).to_owned()]);
        let printed = yaml::document(&value);
        assert_eq!(
            ours(&printed),
            std::slice::from_ref(&value),
            "{text:?}\n{printed}"
        );
        let other: Value = serde_yaml::from_str(&printed)
            .unwrap_or_else(|error| panic!("{text:?}: {error}\n{printed}"));
        assert_eq!(other, value, "{text:?}\n{printed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_reads_back(texts in texts()) {
        let value = document(texts);
        let printed = yaml::document(&value);
        prop_assert_eq!(&ours(&printed), std::slice::from_ref(&value), "{}", printed);
        let other: Value = serde_yaml::from_str(&printed).map_err(|error| TestCaseError::fail(format!("{error}\n{printed}")))?;
        prop_assert_eq!(&other, &value, "{}", printed);
    }
}

/// Many documents for readers that are slow to start.
fn corpus() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let generated = (0..150).map(|_| document(texts().new_tree(&mut runner).unwrap().current()));
    std::iter::once(fixed()).chain(generated).collect()
}

/// Runs a program with a text on standard input; `None` where it is not installed.
fn run(program: &str, arguments: &[&str], input: &str) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take().unwrap();
    let text = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if error.contains("No module named") {
        return None;
    }
    assert!(output.status.success(), "{program}: {error}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn pyyaml_reads_the_same() {
    const SCRIPT: &str = "import json, sys, yaml\nloader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)\njson.dump(list(yaml.load_all(sys.stdin.buffer.read(), loader)), sys.stdout)";
    let corpus = corpus();
    let printed: String = corpus
        .iter()
        .map(|value| format!("---\n{}", yaml::document(value)))
        .collect();
    let Some(read) = run("python3", &["-c", SCRIPT], &printed) else {
        eprintln!("skipped: no python3 with PyYAML");
        return;
    };
    let read: Vec<Value> = serde_json::from_str(&read).unwrap();
    for (read, value) in read.iter().zip(&corpus) {
        assert_eq!(read, value, "{}", yaml::document(value));
    }
    assert_eq!(read.len(), corpus.len());
}

/// The texts as values alone, and without controls and old line breaks: kustomize cannot write those itself.
fn for_kustomize(value: &Value) -> Value {
    let writable = |text: &Value| {
        let control = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\t')
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
        };
        !text.as_str().is_some_and(|text| text.contains(control))
    };
    let list = value["spec"]["list"].as_array().unwrap();
    let list: Vec<&Value> = list.iter().filter(|text| writable(text)).collect();
    let named: Map<String, Value> = list
        .iter()
        .enumerate()
        .map(|(index, text)| (format!("k{index}"), (*text).clone()))
        .collect();
    json!({"list": list, "named": named, "empty": value["spec"]["empty"]})
}

#[test]
fn kustomize_reads_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let corpus = corpus();
    let mut printed = String::new();
    for (index, value) in corpus.iter().enumerate() {
        let mut value = value.clone();
        value["metadata"]["name"] = json!(format!("n{index:04}"));
        value["spec"] = for_kustomize(&value);
        printed.push_str("---\n");
        printed.push_str(&yaml::document(&value));
    }
    fs::write(directory.path().join("all.yaml"), &printed).unwrap();
    fs::write(
        directory.path().join("kustomization.yaml"),
        "resources: [all.yaml]\n",
    )
    .unwrap();
    let path = directory.path().to_str().unwrap();
    let Some(built) = run("kubectl", &["kustomize", path], "") else {
        eprintln!("skipped: no kubectl");
        return;
    };
    let built: Vec<Value> = read(&built)
        .documents
        .into_iter()
        .map(|document| document.value)
        .collect();
    assert_eq!(built.len(), corpus.len());
    for (index, value) in corpus.iter().enumerate() {
        let name = format!("n{index:04}");
        let found = built
            .iter()
            .find(|built| built["metadata"]["name"] == name.as_str())
            .unwrap();
        assert_eq!(
            found["spec"],
            for_kustomize(value),
            "{}",
            yaml::document(value)
        );
    }
}
