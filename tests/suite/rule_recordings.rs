//! Findings against the recordings: what failed there draws an error, and what went well there draws none.

use std::fs;
use std::path::{Path, PathBuf};

use aimctl::diag::Level;
use aimctl::engine;
use aimctl::inventory::{Facts, Installed};
use aimctl::source::{FileContent, Sources};
use rayon::prelude::*;
use serde_json::Value;

/// Errors that a recording cannot confirm, since what they foretell was not played there.
const BEYOND: &[(&str, &str)] = &[
    (
        "O402",
        "no metric flowed: that the query finds nothing shows nowhere",
    ),
    (
        "O405",
        "no metric flowed: the pod without sidecar was set Ready all the same",
    ),
    (
        "O406",
        "no metric flowed: that the sidecar drops it shows nowhere",
    ),
    ("O410", "no metric flowed, so no rate was ever negative"),
    ("O412", "no second namespace sent the metric"),
    (
        "O415",
        "the pod without its sidecar is there; that nothing measures it shows nowhere",
    ),
    ("D303", "no load ever fell, so nothing scaled to zero"),
    (
        "M126",
        "the recording shows the take-over itself, which nothing refuses",
    ),
];

/// Cases in which no error is found although something failed, each with the reason.
const UNKNOWABLE: &[(&str, &str)] = &[
    (
        "aim/model-image-new-pull-secret-missing",
        "a Secret that is not given is taken as present",
    ),
    (
        "aim/model-image-unauthorized",
        "the registry's answer is not known offline (M136 says so)",
    ),
    (
        "aim/model-image-unknown",
        "the registry's answer is not known offline (M136 says so)",
    ),
    (
        "aim/model-image-no-tag",
        "what the image holds is not known offline (M136 says so)",
    ),
    (
        "aim/cache-existing-progressing",
        "a given status that says Progressing: it may still get ready",
    ),
    (
        "aim/route-rejected",
        "the gateway did not answer in time; offline it is taken as accepting",
    ),
    (
        "aim/static-zero",
        "nothing was refused: replicas 0 is what was asked for (M142 says so)",
    ),
    ("faults/cache-pvc-pending", "the storage was made to fail"),
    (
        "faults/template-discovery-fails",
        "the discovery Job was made to fail",
    ),
    (
        "faults/template-discovery-pending",
        "the discovery Job was made to wait",
    ),
];

/// Cases in which an error is found although nothing failed, each with the codes and the reason.
const STRICTER: &[(&str, &str, &str)] = &[
    (
        "aim/config-named",
        "S001",
        "was applied by a client that reads `Y` as text; kubectl reads a boolean (spec 6.1)",
    ),
    (
        "aim/metric-value-exp",
        "S001",
        "was applied by a client that reads `1e1` as text; kubectl reads a number (spec 6.1)",
    ),
    (
        "kserve/kserve-cfg-resources-partial",
        "K219",
        "KServe alone takes the ConfigMap; AIM Engine's services would get defaults they must not have",
    ),
    (
        "kserve/kserve-cfg-security-absent",
        "K219",
        "KServe alone takes the ConfigMap, with a key missing that AIM's install has",
    ),
    (
        "kserve/kserve-mode-raw-legacy-keda-bad",
        "D306",
        "recorded without KEDA: nobody made the HPA that is refused",
    ),
    (
        "otel/otel-already-there",
        "S001",
        "was applied by a client that reads `y` as text; kubectl reads a boolean (spec 6.1)",
    ),
    (
        "otel/otel-pod-labels-many",
        "S001",
        "was applied by a client that reads `y` as text; kubectl reads a boolean (spec 6.1)",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

struct Case {
    name: String,
    folder: PathBuf,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for group in ["aim", "faults", "kserve", "keda", "otel"] {
            for entry in fs::read_dir(root().join(group)).unwrap() {
                let folder = entry.unwrap().path();
                let name = folder.file_name().unwrap().to_str().unwrap();
                cases.push(Self {
                    name: format!("{group}/{name}"),
                    folder,
                });
            }
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }

    /// The documents of a file; those of a list one by one.
    fn documents(&self, file: &str) -> Vec<Value> {
        let Ok(bytes) = fs::read(self.folder.join(file)) else {
            return Vec::new();
        };
        let all = |_: &str| true;
        let content = FileContent::read(file.to_owned(), bytes, false, &all);
        let values = Sources::new([content]).documents.into_iter();
        values
            .flat_map(|document| match document.value {
                Value::Array(items) => items,
                value => vec![value],
            })
            .collect()
    }

    /// What is recorded is not what `in.yaml` alone gives.
    fn is_edited(&self) -> bool {
        ["after.yaml", "update.yaml", "steps.yaml"]
            .iter()
            .any(|file| self.folder.join(file).exists())
    }

    fn namespace(&self) -> String {
        let case = self.documents("case.yaml");
        let namespace = case.first().and_then(|case| case["namespace"].as_str());
        namespace.unwrap_or("default").to_owned()
    }

    /// The codes of the errors found.
    fn errors(&self) -> Vec<&'static str> {
        let bytes = fs::read(self.folder.join("in.yaml")).unwrap();
        let all = |_: &str| true;
        let mut sources =
            Sources::new([FileContent::read("in.yaml".to_owned(), bytes, false, &all)]);
        let loaded = engine::load(&mut sources, &self.namespace());
        let facts = Facts {
            installed: Installed::AimEngine,
            catalog: true,
            gpus: Some(Vec::new()),
            add_on_policy: self.name.contains("/keda-vap-"),
            ..Facts::default()
        };
        let plan = engine::plan(loaded.given, facts).unwrap();
        let findings = [sources.findings, loaded.findings, plan.findings].concat();
        let mut codes: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| finding.rule.code)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// What went wrong in the recording for good, in a few words each.
    fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let refused = self.documents("refused.yaml");
        for entry in &refused {
            let by = entry["by"].as_str().unwrap();
            let message = entry["message"].as_str().unwrap_or_default();
            // Until the first value arrives; every healthy case has it, too.
            let passing = message.contains("code = Unknown desc = not found");
            if !passing
                && (matches!(by, "kube-apiserver" | "keda" | "event:keda-operator")
                    || by.starts_with("log:"))
            {
                failures.push(format!("{by}: {message}"));
            }
        }
        let statuses = self.documents("status.yaml");
        let hpas: Vec<Value> = ["keda.yaml", "others.yaml"]
            .iter()
            .flat_map(|file| self.documents(file))
            .filter(|object| object["kind"] == "HorizontalPodAutoscaler")
            .collect();
        for object in self.documents("in.yaml") {
            if object["kind"] == "AIMService" {
                failures.extend(service_failure(&object, &statuses, hpas.is_empty()));
            }
        }
        for verdict in self.documents("verdict.yaml") {
            for door in ["create", "apply"] {
                if verdict[door]["accepted"] == false {
                    failures.push(format!("{door}: {}", verdict[door]["message"]));
                }
            }
            for event in verdict["events"].as_array().into_iter().flatten() {
                if event["type"] == "Warning" && event["reason"] != "KEDAScalerFailed" {
                    failures.push(event["message"].to_string());
                }
            }
        }
        // Kubernetes' own default where KEDA wrote no metric.
        for hpa in &hpas {
            let metrics = hpa["spec"]["metrics"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let filled_in = |metric: &Value| {
                metric["resource"]["target"]["averageUtilization"] == 80
                    && metric["resource"]["name"] == "cpu"
            };
            if metrics.iter().all(filled_in) {
                failures.push("the HPA scales on CPU".to_owned());
            }
        }
        failures
    }
}

/// Why a service does not run, unless that is only a matter of time.
fn service_failure(service: &Value, statuses: &[Value], no_hpa: bool) -> Option<String> {
    let name = &service["metadata"]["name"];
    let status = statuses
        .iter()
        .find(|status| status["kind"] == "AIMService" && status["name"] == *name)
        .map(|found| &found["status"]);
    let Some(state) = status.and_then(|status| status["status"].as_str()) else {
        return Some(format!("{name} has no status"));
    };
    // What depends on when the autoscaler acts.
    let timing = ["HPAReady", "Ready"];
    let conditions = status?["conditions"].as_array()?;
    let wrong: Vec<String> = conditions
        .iter()
        .filter(|condition| condition["status"] != "True")
        .filter(|condition| !timing.iter().any(|kind| condition["type"] == *kind))
        .map(|condition| format!("{} {}", condition["reason"], condition["message"]))
        .collect();
    let spec = &service["spec"];
    let scaled = ["minReplicas", "maxReplicas", "autoScaling"]
        .iter()
        .any(|field| !spec[field].is_null());
    (state != "Running" && (!wrong.is_empty() || scaled && no_hpa))
        .then(|| format!("{name} is {state}: {}", wrong.join("; ")))
}

#[test]
fn errors_are_what_failed_in_the_recordings() {
    let wrong: Vec<String> = Case::all()
        .par_iter()
        .filter(|case| !case.is_edited())
        .flat_map_iter(|case| {
            let failures = case.failures();
            let errors = case.errors();
            let allowed = |code: &str| {
                BEYOND.iter().any(|(beyond, _)| *beyond == code)
                    || STRICTER
                        .iter()
                        .any(|(name, stricter, _)| *name == case.name && *stricter == code)
            };
            let unknowable = UNKNOWABLE.iter().any(|(name, _)| *name == case.name);
            let mut wrong = Vec::new();
            if failures.is_empty() {
                let cried: Vec<_> = errors.iter().filter(|code| !allowed(code)).collect();
                if !cried.is_empty() {
                    wrong.push(format!("{}: {cried:?}, and nothing failed", case.name));
                }
            } else if errors.is_empty() && !unknowable {
                wrong.push(format!("{}: no error, and {failures:?}", case.name));
            }
            // An exception that is none any more is not left standing.
            let stricter = STRICTER.iter().filter(|(name, ..)| *name == case.name);
            for (_, code, _) in stricter.filter(|(_, code, _)| !errors.contains(code)) {
                wrong.push(format!("{}: {code} is listed and not found", case.name));
            }
            if unknowable && !errors.is_empty() {
                wrong.push(format!(
                    "{}: listed as unknowable, and {errors:?}",
                    case.name
                ));
            }
            wrong
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
