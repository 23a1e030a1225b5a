//! The machine formats keep to the schemas of their readers.
//!
//! The official schemas are not ours to copy. What they ask of the parts that we write is put down here again, in a
//! few lines: SARIF 2.1.0 (OASIS), JUnit (the Ant task's XSD, the stricter of the two in use), Code Climate's issues as
//! GitLab reads them.

use serde_json::{Value, json};

fn report(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reports")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(instance)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn closed(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

#[test]
fn sarif() {
    let count = json!({"type": "integer", "minimum": 1});
    let text = closed(
        json!({"text": {"type": "string"}, "markdown": {"type": "string"}}),
        &["text"],
    );
    let region = closed(
        json!({"startLine": count, "startColumn": count, "endLine": count, "endColumn": count}),
        &["startLine"],
    );
    let artifact = closed(
        json!({"uri": {"type": "string", "pattern": "^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}}),
        &["uri"],
    );
    let location = closed(
        json!({
            "physicalLocation": closed(json!({"artifactLocation": artifact, "region": region}), &["artifactLocation"]),
            "message": text,
        }),
        &["physicalLocation"],
    );
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    let replacement = closed(
        json!({"deletedRegion": region, "insertedContent": closed(json!({"text": {"type": "string"}}), &[])}),
        &["deletedRegion"],
    );
    let change = closed(
        json!({"artifactLocation": artifact, "replacements": {"type": "array", "minItems": 1, "items": replacement}}),
        &["artifactLocation", "replacements"],
    );
    let result = closed(
        json!({
            "ruleId": {"type": "string"},
            "ruleIndex": {"type": "integer", "minimum": 0},
            "level": level,
            "message": text,
            "locations": {"type": "array", "items": location},
            "relatedLocations": {"type": "array", "uniqueItems": true, "items": location},
            "fixes": {
                "type": "array",
                "uniqueItems": true,
                "items": closed(
                    json!({"description": text, "artifactChanges": {"type": "array", "minItems": 1, "items": change}}),
                    &["artifactChanges"],
                ),
            },
        }),
        &["message"],
    );
    let rule = closed(
        json!({
            "id": {"type": "string"},
            "name": {"type": "string"},
            "shortDescription": text,
            "fullDescription": text,
            "help": text,
            "defaultConfiguration": closed(json!({"level": level}), &[]),
            "properties": {"type": "object"},
        }),
        &["id"],
    );
    let driver = closed(
        json!({
            "name": {"type": "string"},
            "version": {"type": "string"},
            "semanticVersion": {"type": "string"},
            "rules": {"type": "array", "uniqueItems": true, "items": rule},
        }),
        &["name"],
    );
    let run = closed(
        json!({
            "tool": closed(json!({"driver": driver}), &["driver"]),
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "results": {"type": "array", "items": result},
        }),
        &["tool"],
    );
    let log = closed(
        json!({"$schema": {"type": "string"}, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": run}}),
        &["version", "runs"],
    );
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    assert_valid(&log, &sarif);
    let rules = &sarif["runs"][0]["tool"]["driver"]["rules"];
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn gitlab() {
    let line = json!({"type": "integer", "minimum": 1});
    let issue = closed(
        json!({
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": closed(
                json!({"path": {"type": "string", "minLength": 1}, "lines": closed(json!({"begin": line, "end": line}), &["begin"])}),
                &["path", "lines"],
            ),
        }),
        &[
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        ],
    );
    let report: Value = serde_json::from_str(&report("gitlab")).unwrap();
    assert_valid(&json!({"type": "array", "items": issue}), &report);
    let mut prints: Vec<&str> = report
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), report.as_array().unwrap().len());
}

#[test]
fn json_and_ndjson_keep_to_the_published_schema() {
    let schema = schemars::schema_for!(aimctl::diag::render::json::ReportDocument);
    let schema = serde_json::to_value(schema).unwrap();
    let whole: Value = serde_json::from_str(&report("json")).unwrap();
    assert_valid(&schema, &whole);
    let lines: Vec<Value> = report("ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(whole["results"], Value::Array(lines));
}

/// An element as it opens: its name and its attributes' names.
fn elements(xml: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, rest) = part.split_once('>').expect("every tag ends");
        assert!(!rest.contains('>'), "a bare > in {rest:?}");
        if tag.starts_with(['?', '/']) {
            continue;
        }
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        // Values hold no quotes, so every second piece is one.
        let pieces: Vec<&str> = attributes.split('"').collect();
        let names = pieces
            .chunks(2)
            .map(|pair| pair[0].trim().trim_end_matches('=').to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        found.push((name.to_owned(), names));
    }
    found
}

#[test]
fn junit() {
    let xml = report("junit");
    for entity in xml.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;"];
        assert!(
            known.iter().any(|name| entity.starts_with(name)),
            "{entity:.20}"
        );
    }
    let elements = elements(&xml);
    assert_eq!(elements[0], ("testsuites".to_owned(), vec![]));
    let mut rest = &elements[1..];
    while let Some(((name, attributes), after)) = rest.split_first() {
        assert_eq!(name, "testsuite");
        for required in [
            "id",
            "name",
            "package",
            "tests",
            "failures",
            "errors",
            "time",
            "timestamp",
            "hostname",
        ] {
            assert!(attributes.iter().any(|name| name == required), "{required}");
        }
        let end = after
            .iter()
            .position(|(name, _)| name == "testsuite")
            .unwrap_or(after.len());
        let (children, later) = after.split_at(end);
        let names: Vec<&str> = children.iter().map(|(name, _)| name.as_str()).collect();
        // The schema wants this order.
        assert_eq!(names.first(), Some(&"properties"));
        assert_eq!(names[names.len() - 2..], ["system-out", "system-err"]);
        for (name, attributes) in &children[1..children.len() - 2] {
            let wanted: &[&str] = match name.as_str() {
                "testcase" => &["name", "classname", "time"],
                "failure" => &["type", "message"],
                other => panic!("unexpected {other}"),
            };
            assert_eq!(attributes, wanted);
        }
        rest = later;
    }
}
