//! A fix changes what it says and nothing else: the text reads back as the value with that change, and every comment
//! outside of what goes is still there.

use aimctl::diag::fix::{self, apply};
use aimctl::diag::{FieldPath, Fix, Locator, Place, Segment};
use aimctl::source::{DocumentId, FileContent, FileId, Sources};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read(text: &str) -> Sources {
    Sources::new([FileContent::read(
        "x.yaml".to_owned(),
        text.as_bytes().to_vec(),
        false,
        &|_: &str| true,
    )])
}

fn fixed(text: &str, fix: &Fix) -> Option<String> {
    let sources = read(text);
    let mut locator = Locator::new(&sources);
    let edits = fix::edits(fix, &mut locator)?;
    let edits: Vec<_> = edits.edits.iter().collect();
    Some(apply(text, FileId(0), &edits))
}

fn at(path: &str) -> Place {
    Place::document(DocumentId(0), FieldPath::parse(path))
}

#[track_caller]
fn check(text: &str, fix: Fix, expected: &str) {
    let actual = fixed(text, &fix).expect("an edit");
    assert_eq!(actual, expected);
}

const SERVICE: &str = "\
# a service
kind: AIMService
spec:
  model:   # which
    image: x:1 # pinned
  replicas: 3   # how many
  autoScaling: {}
  env:
    - name: A   # first
      value: \"1\"
    - {name: B, value: 'two'}
";

#[test]
fn renames_a_key_in_its_quotes() {
    let fix = |path: &str, to: &str| Fix::RenameKey {
        place: at(path),
        to: to.to_owned(),
    };
    check(
        SERVICE,
        fix("spec.replicas", "minReplicas"),
        &SERVICE.replace(
            "  replicas: 3   # how many",
            "  minReplicas: 3   # how many",
        ),
    );
    check(
        "{\"a\": {\"b\": 1}}",
        fix("a.b", "c"),
        "{\"a\": {\"c\": 1}}",
    );
}

#[test]
fn replaces_a_value_in_its_quotes() {
    let fix = |path: &str, value: Value| Fix::Replace {
        place: at(path),
        value,
    };
    check(
        SERVICE,
        fix("spec.env[0].value", json!("2")),
        &SERVICE.replace("\"1\"", "\"2\""),
    );
    check(
        SERVICE,
        fix("spec.env[1].value", json!("it's")),
        &SERVICE.replace("'two'", "'it''s'"),
    );
    check(
        SERVICE,
        fix("spec.replicas", json!("on")),
        &SERVICE.replace("3   #", "\"on\"   #"),
    );
    check("a:\nb: 1\n", fix("a", json!("x")), "a: x\nb: 1\n");
}

#[test]
fn inserts_where_the_map_ends_with_its_indentation() {
    let fix = |path: &str, key: &str, value: Value| Fix::Insert {
        place: at(path),
        key: key.to_owned(),
        value,
    };
    check(
        SERVICE,
        fix("spec.model", "name", json!("m")),
        &SERVICE.replace(
            "    image: x:1 # pinned\n",
            "    image: x:1 # pinned\n    name: m\n",
        ),
    );
    check(
        SERVICE,
        fix("spec.autoScaling", "metrics", json!([{"type": "PodMetric", "target": {"value": "10"}}])),
        &SERVICE.replace(
            "  autoScaling: {}\n",
            "  autoScaling:\n    metrics:\n      - type: PodMetric\n        target:\n          value: \"10\"\n",
        ),
    );
    check(
        SERVICE,
        fix("spec.env[1]", "more", json!([1, "a,b"])),
        &SERVICE.replace("value: 'two'}", "value: 'two', more: [1, \"a,b\"]}"),
    );
    check(
        "spec:\n    a: 1",
        fix("spec", "b", json!({"c": true})),
        "spec:\n    a: 1\n    b:\n        c: true\n",
    );
    check(
        "{\n  \"spec\": {\n    \"a\": 1\n  }\n}\n",
        fix("spec", "b", json!("x")),
        "{\n  \"spec\": {\n    \"a\": 1,\n    \"b\": \"x\"\n  }\n}\n",
    );
}

#[test]
fn appends_to_lists() {
    let fix = |path: &str, value: Value| Fix::Append {
        place: at(path),
        value,
    };
    check(
        "names: [\"a\"] # two\n",
        fix("names", json!("b")),
        "names: [\"a\", b] # two\n",
    );
    check(
        "names:\n- a # x\nother: 1\n",
        fix("names", json!("b")),
        "names:\n- a # x\n- b\nother: 1\n",
    );
    check(
        "names:\n  - a\n\nother: 1\n",
        fix("names", json!("b")),
        "names:\n  - a\n  - b\n\nother: 1\n",
    );
}

#[test]
fn removes_an_entry_with_its_line() {
    let fix = |path: &str| Fix::Remove { place: at(path) };
    check(
        SERVICE,
        fix("spec.replicas"),
        &SERVICE.replace("  replicas: 3   # how many\n", ""),
    );
    check(
        SERVICE,
        fix("spec.env[0].name"),
        &SERVICE.replace(
            "    - name: A   # first\n      value: \"1\"\n",
            "    - value: \"1\"\n",
        ),
    );
    check(
        SERVICE,
        fix("spec.env[1].name"),
        &SERVICE.replace("{name: B, value", "{value"),
    );
    check(
        SERVICE,
        fix("spec.env[1].value"),
        &SERVICE.replace(", value: 'two'}", "}"),
    );
    check(
        SERVICE,
        fix("spec.model.image"),
        &SERVICE.replace(
            "  model:   # which\n    image: x:1 # pinned\n",
            "  model: {} # pinned\n",
        ),
    );
    check(
        SERVICE,
        fix("spec.env[1]"),
        &SERVICE.replace("    - {name: B, value: 'two'}\n", ""),
    );
}

#[test]
fn what_an_anchor_brings_in_is_left_alone() {
    let text = "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n";
    assert_eq!(fixed(text, &Fix::Remove { place: at("c.b") }), None);
}

// ---- the property ----

/// Choices of a layout, taken one after another.
struct Layout {
    choices: Vec<u8>,
    next: usize,
    step: usize,
    flush: bool,
}

impl Layout {
    fn choose(&mut self, of: u8) -> bool {
        let choice = self.choices[self.next % self.choices.len()];
        self.next += 1;
        choice.is_multiple_of(of)
    }

    fn comment(&mut self, out: &mut String) {
        if self.choose(3) {
            out.push_str(&format!(" # c{}", self.next));
        }
        out.push('\n');
    }

    fn own_line(&mut self, indent: usize, out: &mut String) {
        if self.choose(5) {
            out.push_str(&format!("{:indent$}# o{}\n", "", self.next));
        }
    }

    fn scalar(&mut self, value: &Value) -> String {
        match value {
            Value::String(text) if self.choose(2) => format!("'{text}'"),
            other => other.to_string(),
        }
    }

    fn key(&mut self, key: &str) -> String {
        if self.choose(4) {
            format!("\"{key}\"")
        } else {
            key.to_owned()
        }
    }

    fn flow(&mut self, value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let entries: Vec<String> = map
                    .iter()
                    .map(|(k, v)| format!("{}: {}", self.key(k), self.flow(v)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Value::Array(list) => {
                let items: Vec<String> = list.iter().map(|v| self.flow(v)).collect();
                format!("[{}]", items.join(", "))
            }
            scalar => self.scalar(scalar),
        }
    }

    /// The value after `key:` or `-`, with the line's end.
    fn value(&mut self, value: &Value, indent: usize, after_dash: bool, out: &mut String) {
        let empty = match value {
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => true,
        };
        if empty || self.choose(3) {
            out.push(' ');
            out.push_str(&self.flow(value));
            self.comment(out);
            return;
        }
        match value {
            Value::Object(map) if after_dash => {
                let mut block = String::new();
                self.map(map, indent + 2, &mut block, true);
                out.push(' ');
                out.push_str(&block[indent + 2..]);
            }
            Value::Object(map) => {
                self.comment(out);
                self.map(map, indent + self.step, out, false);
            }
            Value::Array(list) => {
                self.comment(out);
                let indent = indent + if self.flush && !after_dash { 0 } else { 2 };
                for item in list {
                    self.own_line(indent, out);
                    out.push_str(&format!("{:indent$}-", ""));
                    self.value(item, indent, true, out);
                }
            }
            _ => unreachable!("scalars are written in flow form"),
        }
    }

    fn map(&mut self, map: &Map<String, Value>, indent: usize, out: &mut String, first_bare: bool) {
        for (index, (key, value)) in map.iter().enumerate() {
            if !(first_bare && index == 0) {
                self.own_line(indent, out);
            }
            let key = self.key(key);
            out.push_str(&format!("{:indent$}{key}:", ""));
            self.value(value, indent, false, out);
        }
    }
}

fn arb_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0..100i32).prop_map(|n| json!(n)),
        "[a-z]{1,6}( [a-z]{1,4})?".prop_map(|s| json!(s)),
        any::<bool>().prop_map(|b| json!(b)),
    ];
    let tree = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[b-k]{1,3}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("[b-k]{1,3}", tree, 1..4)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

fn paths(value: &Value, at: &FieldPath, found: &mut Vec<FieldPath>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            let at = at.key(key);
            found.push(at.clone());
            paths(value, &at, found);
        }),
        Value::Array(list) => list.iter().enumerate().for_each(|(index, value)| {
            let at = at.index(index);
            found.push(at.clone());
            paths(value, &at, found);
        }),
        _ => {}
    }
}

/// A fix that can be made at a path, and what it makes of the value.
fn change(value: &Value, path: &FieldPath, kind: u8) -> Option<(Fix, Value)> {
    let place = Place::document(DocumentId(0), path.clone());
    let mut expected = value.clone();
    let parent = path.parent()?;
    match kind % 5 {
        0 => {
            let Some(Segment::Key(key)) = path.0.last() else {
                return None;
            };
            let map = expected.pointer_mut(&parent.pointer())?.as_object_mut()?;
            let old = map.remove(key)?;
            map.insert("renamed".to_owned(), old);
            Some((
                Fix::RenameKey {
                    place,
                    to: "renamed".to_owned(),
                },
                expected,
            ))
        }
        1 => {
            *expected.pointer_mut(&path.pointer())? = json!("yes");
            Some((
                Fix::Replace {
                    place,
                    value: json!("yes"),
                },
                expected,
            ))
        }
        2 => {
            let new = json!({"x": [1, {"y": "z"}]});
            expected
                .pointer_mut(&path.pointer())?
                .as_object_mut()?
                .insert("added".to_owned(), new.clone());
            Some((
                Fix::Insert {
                    place,
                    key: "added".to_owned(),
                    value: new,
                },
                expected,
            ))
        }
        3 => {
            let list = expected.pointer_mut(&path.pointer())?.as_array_mut()?;
            if list.is_empty() {
                return None;
            }
            list.push(json!("vllm:x"));
            Some((
                Fix::Append {
                    place,
                    value: json!("vllm:x"),
                },
                expected,
            ))
        }
        _ => {
            match (expected.pointer_mut(&parent.pointer())?, path.0.last()?) {
                (Value::Object(map), Segment::Key(key)) => {
                    map.remove(key);
                }
                (Value::Array(list), Segment::Index(index)) => {
                    list.remove(*index);
                }
                _ => return None,
            }
            Some((Fix::Remove { place }, expected))
        }
    }
}

fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.find("# ").map(|at| &line[at..]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn only_what_is_meant_changes(
        value in arb_value(),
        choices in prop::collection::vec(any::<u8>(), 8..64),
        step in 2usize..5,
        flush in any::<bool>(),
        kind in any::<u8>(),
        pick in any::<prop::sample::Index>(),
    ) {
        let mut layout = Layout { choices, next: 0, step, flush };
        let mut text = String::new();
        layout.map(value.as_object().unwrap(), 0, &mut text, false);
        let sources = read(&text);
        prop_assert!(sources.findings.is_empty(), "{:?}\n{text}", sources.findings);
        prop_assert_eq!(&sources.documents[0].value, &value, "the layout writes something else:\n{}", text);

        let mut all = Vec::new();
        paths(&value, &FieldPath::root(), &mut all);
        let path = pick.get(&all);
        let Some((fix, expected)) = change(&value, path, kind) else { return Ok(()) };
        let Some(after) = fixed(&text, &fix) else { return Ok(()) };
        let again = read(&after);
        prop_assert!(again.findings.is_empty(), "{:?}\n{fix:?}\n{text}\n=>\n{after}", again.findings);
        prop_assert_eq!(&again.documents[0].value, &expected, "{:?}\n{}\n=>\n{}", fix, text, after);
        let gone = matches!(fix, Fix::Remove { .. } | Fix::Replace { .. });
        if !gone {
            prop_assert_eq!(comments(&text), comments(&after), "{:?}\n{}\n=>\n{}", fix, text, after);
        }
    }
}
