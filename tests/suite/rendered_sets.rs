//! What `render --expected none` prints can be applied as it is: every reference within the set leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use aimctl::kube::unknown::KNOWN_AFTER_APPLY;
use serde_json::Value;

use crate::invariants::Set;

/// Inputs that render: the seed examples with metrics or without autoscaling, and cases with routes and caches.
fn inputs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs: Vec<PathBuf> = [
        "examples/seed/custom-metrics.yaml",
        "examples/seed/static.yaml",
        "examples/custom-model",
        "examples/namespaces",
        "examples/routing",
    ]
    .iter()
    .map(|path| root.join(path))
    .collect();
    let cases = [
        "cache-two-artifacts",
        "config-on-model-and-template",
        "metric-three",
        "multi-shared-dedicated",
        "route-gateway-full",
        "seed-a",
        "seed-a-kit",
        "seed-c",
        "seed-c-kit",
        "select-override-precision",
    ];
    inputs.extend(cases.map(|case| root.join("tests/golden/aim").join(case).join("in.yaml")));
    inputs
}

fn render(input: &Path, cluster: &str) -> (Vec<Value>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args([
            "render",
            "--cluster",
            cluster,
            "--expected",
            "none",
            "-o",
            "json",
        ])
        .arg(input)
        .env_clear()
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{}: {errors}", input.display());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut list: Value = serde_json::from_str(&text).unwrap();
    let items = list["items"].as_array_mut().unwrap();
    (std::mem::take(items), text)
}

#[test]
fn every_reference_leads_somewhere() {
    let mut kinds = BTreeSet::new();
    for cluster in ["keda", "kserve"] {
        for input in inputs() {
            let (objects, printed) = render(&input, cluster);
            let given = std::fs::read_to_string(&input).unwrap_or_default();
            let input = input.display();
            assert!(!objects.is_empty(), "{input}");
            assert!(
                !printed.contains(KNOWN_AFTER_APPLY),
                "{input} {cluster}: {printed}"
            );
            kinds.extend(
                objects
                    .iter()
                    .map(|object| object["kind"].as_str().unwrap().to_owned()),
            );
            let faults = Set {
                objects,
                input: given,
            }
            .faults();
            assert!(faults.is_empty(), "{input} {cluster}: {faults:#?}");
        }
    }
    for kind in [
        "Deployment",
        "HTTPRoute",
        "InferenceService",
        "Job",
        "OpenTelemetryCollector",
        "PersistentVolumeClaim",
        "ScaledObject",
        "Service",
    ] {
        assert!(kinds.contains(kind), "no {kind} was looked at");
    }
}

#[test]
fn what_leads_nowhere_is_noticed() {
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seed/custom-metrics.yaml");
    let (objects, _) = render(&input, "keda");
    for kind in ["Deployment", "OpenTelemetryCollector", "ScaledObject"] {
        let rest = objects
            .iter()
            .filter(|object| object["kind"] != *kind)
            .cloned();
        let faults = Set {
            objects: rest.collect(),
            input: String::new(),
        }
        .faults();
        assert!(!faults.is_empty(), "without {kind}");
    }
}

mod order {
    //! Neither the order of the documents nor the number of threads changes a byte.

    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    const CASES: [&str; 6] = [
        "metric-three",
        "multi-shared-dedicated",
        "multi-two-templates-one-source",
        "select-override-precision",
        "seed-c-kit",
        "seed-both-gpus",
    ];

    fn documents(case: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden/aim")
            .join(case)
            .join("in.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        text.split("\n---\n").map(str::to_owned).collect()
    }

    fn is_service(document: &str) -> bool {
        document.contains("kind: AIMService\n")
    }

    fn render(documents: &[String], threads: usize) -> Vec<u8> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aimctl"))
            .args([
                "render",
                "-",
                "--cluster",
                "aim-engine",
                "--expected",
                "docs",
            ])
            .args(["--keep-going", "--threads", &threads.to_string()])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let text = documents.join("\n---\n");
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap().stdout
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn changes_no_byte(
            case in prop::sample::select(CASES.to_vec()),
            keys in prop::collection::vec(any::<u32>(), 40),
            threads in 1_usize..5,
        ) {
            let written = documents(case);
            let mut shuffled: Vec<(u32, String)> = keys.into_iter().zip(written.clone()).collect();
            shuffled.sort();
            let mut shuffled: Vec<String> = shuffled.into_iter().map(|(_, document)| document).collect();
            // Of services that write one cache the last one wins, so theirs is an order that says something.
            let mut services = written.iter().filter(|document| is_service(document)).cloned();
            for document in shuffled.iter_mut().filter(|document| is_service(document)) {
                *document = services.next().unwrap();
            }
            let plain = render(&written, 1);
            prop_assert!(!plain.is_empty());
            let other = render(&shuffled, threads);
            prop_assert!(plain == other, "{case}: {shuffled:#?}");
        }
    }
}
