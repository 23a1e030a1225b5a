//! The command as a user types it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn simulate(directory: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .arg("simulate")
        .args(words)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_replay_prints_its_contract() {
    let output = simulate(
        &root(),
        &[
            "--replay",
            "tests/vectors/hpa-steps.json",
            "--format",
            "json",
        ],
    );
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let scenarios = report["scenarios"].as_u64().unwrap();
    assert!(scenarios > 60);
    assert_eq!(report["equal"], scenarios);
    assert_eq!(report["differences"], Value::Array(Vec::new()));

    let other = simulate(
        &root(),
        &[
            "--replay",
            "tests/vectors/hpa-steps.json",
            "--set",
            "hpa-tolerance=0.2",
        ],
    );
    assert_eq!(other.status.code(), Some(1));
    assert!(
        stdout(&other).contains("tolerance-"),
        "a wider tolerance must differ there"
    );
}

#[test]
fn several_forms_in_one_run() {
    let directory = tempfile::tempdir().unwrap();
    let chat = root().join("tests/simulate/chat.yaml");
    let page = directory.path().join("page.html");
    let picture = directory.path().join("picture.svg");
    let trace = directory.path().join("trace.csv");
    std::fs::write(&trace, "time,requests\n0,0\n5m,60\n20m,0\n").unwrap();
    let output = simulate(
        directory.path(),
        &[
            chat.to_str().unwrap(),
            "chat-predictor",
            "--load",
            "trace.csv",
            "--start-delay",
            "1m",
            "-o",
            "json",
            "-o",
            &format!("html={}", page.display()),
            "-o",
            &format!("svg={}", picture.display()),
        ],
    );
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["length"], 1200.0);
    let service = &report["services"][0];
    assert_eq!(service["summary"]["mostReplicas"], 6);
    assert_eq!(service["samples"].as_array().unwrap().len(), 1201);
    assert!(
        std::fs::read_to_string(page)
            .unwrap()
            .starts_with("<!doctype html>")
    );
    assert!(
        std::fs::read_to_string(picture)
            .unwrap()
            .starts_with("<svg ")
    );
}

#[test]
fn the_sides_of_a_comparison_are_told_apart_in_the_picture() {
    let directory = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("tests/simulate/chat.yaml")).unwrap();
    let long = "a/folder/with/quite/a/long/name";
    for (folder, name) in [("old", "chat.yaml"), ("new", "chat.yaml")] {
        let folder = directory.path().join(long).join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), &text).unwrap();
    }
    let output = simulate(
        directory.path(),
        &[
            &format!("{long}/old/chat.yaml"),
            "--compare",
            &format!("{long}/new/chat.yaml"),
            "--for",
            "10m",
            "-o",
            "svg",
        ],
    );
    let picture = stdout(&output);
    for name in ["old/chat.yaml", "new/chat.yaml"] {
        assert!(picture.contains(&format!("</tspan> {name}")), "{picture}");
    }
}

/// Every target type with every operation and several triggers: played, and what the stack passes over is said.
#[test]
fn every_combination_of_metric_settings_is_played_or_told() {
    let given = std::fs::read_to_string(root().join("tests/golden/kserve/kserve-keda-one/in.yaml"));
    let given: Value = serde_yaml::from_str(&given.unwrap()).unwrap();
    let metrics = "/spec/predictor/autoScaling/metrics";
    let operations = [
        None,
        Some("last_one"),
        Some("avg"),
        Some("max"),
        Some("min"),
        Some("rate"),
        Some("count"),
        Some("median"),
        Some("MAX"),
    ];
    let mut documents = Vec::new();
    let mut expected = Vec::new();
    for kind in ["Value", "AverageValue", "Utilization"] {
        for operation in operations {
            for triggers in [
                "one",
                "two",
                "the same twice",
                "one unreadable",
                "no number",
            ] {
                let name = format!("s{}", documents.len());
                let mut document = given.clone();
                document["metadata"]["name"] = json!(name);
                document["metadata"]["annotations"]["sidecar.opentelemetry.io/inject"] =
                    json!(format!("{name}-predictor"));
                let mut first = document.pointer(metrics).unwrap()[0].clone();
                let source = &mut first["podmetric"];
                let value = if triggers == "no number" { "0.5" } else { "10" };
                source["target"] = json!({"type": kind, "value": value});
                match kind {
                    "AverageValue" => source["target"]["averageValue"] = json!("10"),
                    "Utilization" => source["target"]["averageUtilization"] = json!(10),
                    _ => {}
                }
                if let Some(operation) = operation {
                    source["metric"]["operationOverTime"] = json!(operation);
                }
                let mut second = first.clone();
                let query = match triggers {
                    "two" => "vllm:num_requests_waiting",
                    "one unreadable" => "vllm:num_requests_waiting{a=\"b\"}",
                    _ => "vllm:num_requests_running",
                };
                second["podmetric"]["metric"]["query"] = json!(query);
                second["podmetric"]["metric"]["metricNames"] = json!(["vllm:num_requests_waiting"]);
                let list = if matches!(triggers, "one" | "no number") {
                    vec![first]
                } else {
                    vec![first, second]
                };
                let count = list.len();
                *document.pointer_mut(metrics).unwrap() = json!(list);
                documents.push(serde_json::to_string(&document).unwrap());
                expected.push((kind, operation, triggers, count));
            }
        }
    }
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("all.yaml"), documents.join("\n---\n")).unwrap();
    let flags = [
        "all.yaml",
        "-o",
        "json",
        "--for",
        "10m",
        "--every",
        "1m",
        "--capacity",
        "20",
        "--start-delay",
        "1m",
    ];
    let output = simulate(directory.path(), &flags);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let services = report["services"].as_array().unwrap();
    assert_eq!(services.len(), expected.len());
    for service in services {
        let (_, index) = service["service"]
            .as_str()
            .unwrap()
            .rsplit_once('s')
            .unwrap();
        let case = expected[index.parse::<usize>().unwrap()];
        let (kind, operation, triggers, count) = case;
        let findings = service["findings"].as_array().unwrap();
        let says = |kind: &str, text: &str| {
            findings.iter().any(|finding| {
                finding["kind"] == kind && finding["message"].as_str().unwrap().contains(text)
            })
        };
        if triggers == "no number" {
            assert_eq!(service["scaling"]["kind"], "cpu", "{case:?}");
            assert!(says("cpu", "O401"), "{case:?}: {findings:?}");
            continue;
        }
        assert_eq!(service["scaling"]["kind"], "hpa", "{case:?}");
        let played = service["scaling"]["triggers"].as_array().unwrap();
        assert_eq!(played.len(), count, "{case:?}");
        let known = operation.filter(|known| !matches!(*known, "median" | "MAX"));
        assert_eq!(
            played[0]["operation"],
            known.unwrap_or("last_one"),
            "{case:?}"
        );
        let unknown = operation.is_some() && known.is_none();
        assert_eq!(says("ignored", "O404"), unknown, "{case:?}: {findings:?}");
        assert_eq!(
            says("ignored", "K204"),
            kind != "Value",
            "{case:?}: {findings:?}"
        );
        let unreadable = triggers == "one unreadable";
        assert_eq!(
            played.iter().any(|t| t["problem"] != ""),
            unreadable,
            "{case:?}"
        );
        let errs = findings.iter().any(|finding| finding["level"] == "error");
        assert!(errs || !unreadable, "{case:?}: {findings:?}");
    }
}

#[test]
fn two_paths_and_a_revision_are_compared() {
    let directory = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("tests/simulate/chat.yaml")).unwrap();
    let write = |name: &str, most: &str| {
        std::fs::write(
            directory.path().join(name),
            text.replace("maxReplicaCount: 8", most),
        )
        .unwrap();
    };
    write("chat.yaml", "maxReplicaCount: 4");
    write("more.yaml", "maxReplicaCount: 8");
    let flags = [
        "--to",
        "100",
        "--for",
        "20m",
        "--start-delay",
        "30s",
        "-o",
        "json",
    ];
    let sides = |words: &[&str]| {
        let output = simulate(directory.path(), &[words, &flags].concat());
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let services = report["services"].as_array().unwrap().clone();
        let side = |service: &Value| {
            (
                service["side"].as_str().unwrap().to_owned(),
                service["summary"]["mostReplicas"].as_i64().unwrap(),
            )
        };
        services.iter().map(side).collect::<Vec<_>>()
    };
    let pair = |old: &str, new: &str| vec![(old.to_owned(), 4), (new.to_owned(), 8)];
    assert_eq!(
        sides(&["chat.yaml", "--compare", "more.yaml"]),
        pair("chat.yaml", "more.yaml")
    );

    let git = |words: &[&str]| {
        let identity = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        let status = Command::new("git")
            .args(identity)
            .args(words)
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert!(
            status.status.success(),
            "{}",
            String::from_utf8_lossy(&status.stderr)
        );
    };
    git(&["init", "-q"]);
    git(&["add", "chat.yaml"]);
    git(&["commit", "-qm", "four"]);
    write("chat.yaml", "maxReplicaCount: 8");
    assert_eq!(
        sides(&["chat.yaml", "--compare", "HEAD"]),
        pair("HEAD", "working tree")
    );
}

#[test]
fn mistakes_are_told() {
    let told = |words: &[&str], code: i32, text: &str| {
        let output = simulate(&root(), words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(text), "{said}");
    };
    told(
        &["tests/simulate/chat.yaml", "nobody"],
        2,
        "there is no service `nobody`",
    );
    told(
        &["tests/simulate/chat.yaml", "--set", "tolerance=1"],
        2,
        "there is no constant \"tolerance\"",
    );
    told(
        &["tests/simulate/chat.yaml", "-o", "png"],
        2,
        "formats are text, csv, json, svg, html",
    );
    told(
        &["tests/simulate/chat.yaml", "--load", "absent.csv"],
        2,
        "absent.csv cannot be read",
    );
    told(
        &["tests/simulate/chat.yaml", "--for", "2000h"],
        2,
        "too long",
    );
    told(
        &["--replay", "tests/simulate/chat.yaml"],
        2,
        "is no recording",
    );
    told(
        &["tests/golden/kserve/kserve-keda-no-metrics/in.yaml"],
        1,
        "spec.triggers: Required value",
    );
}

/// What the stack accepts is simulated; what it refuses or ignores is told.
#[test]
fn every_recorded_way_to_autoscale_is_played_or_told() {
    let cases = std::fs::read_dir(root().join("tests/golden/kserve")).unwrap();
    let mut played = 0;
    let mut told = 0;
    for case in cases.map(|case| case.unwrap().path()) {
        if !case
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("kserve-keda-")
        {
            continue;
        }
        let output = simulate(
            &case,
            &[
                "in.yaml",
                "-o",
                "json",
                "--for",
                "10m",
                "--capacity",
                "20",
                "--start-delay",
                "1m",
            ],
        );
        let text = stdout(&output);
        let report: Value =
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {text}", case.display()));
        for service in report["services"].as_array().unwrap() {
            let scales = service["scaling"]["kind"] == "hpa";
            let refused = service["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|finding| finding["level"] == "error");
            assert!(
                scales || refused,
                "{}: {}",
                case.display(),
                service["findings"]
            );
            played += usize::from(scales);
            told += usize::from(refused);
        }
    }
    assert!(played >= 10 && told >= 10, "{played} played, {told} told");
}
