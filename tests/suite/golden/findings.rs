//! What the tool says of the recorded KServe cases: which rule, at which field of the InferenceService.

use aimctl::diag::{Finding, Level};
use aimctl::inventory::Kind;

use super::case::Case;

/// Case, rule, kind and field of the finding.
const EXPECTED: &[(&str, &str, Kind, &str)] = &[
    (
        "kserve-keda-minmax-and-metric-bad",
        "K201",
        Kind::InferenceService,
        "spec.predictor.minReplicas",
    ),
    (
        "kserve-keda-query-missing",
        "K202",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics[0].podmetric.metric",
    ),
    (
        "kserve-keda-second-bad",
        "K202",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics[1].podmetric.metric",
    ),
    (
        "kserve-keda-average-value",
        "K203",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics[0].podmetric.target",
    ),
    (
        "kserve-keda-target-type-missing",
        "K203",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics[0].podmetric.target.type",
    ),
    (
        "kserve-keda-utilization-and-value",
        "K204",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics[0].podmetric.target.type",
    ),
    (
        "kserve-none-name-digit",
        "K205",
        Kind::InferenceService,
        "metadata.name",
    ),
    (
        "kserve-none-protocol-grpc",
        "K206",
        Kind::InferenceService,
        "spec.predictor.containers[0].env[4].value",
    ),
    (
        "kserve-none-name-49",
        "K208",
        Kind::InferenceService,
        "metadata.name",
    ),
    (
        "kserve-none-gpu-limit-differs",
        "K209",
        Kind::InferenceService,
        "spec.predictor.containers[0].resources.requests",
    ),
    (
        "kserve-none-gpu-request-only",
        "K209",
        Kind::InferenceService,
        "spec.predictor.containers[0].resources.limits",
    ),
    (
        "kserve-none-resource-negative",
        "K209",
        Kind::InferenceService,
        "spec.predictor.containers[0].resources.requests.cpu",
    ),
    (
        "kserve-none-env-name-bad",
        "K209",
        Kind::InferenceService,
        "spec.predictor.containers[0].env[0].name",
    ),
    (
        "kserve-none-image-empty",
        "K209",
        Kind::InferenceService,
        "spec.predictor.containers[0].image",
    ),
    (
        "kserve-none-storage-uri",
        "K211",
        Kind::InferenceService,
        "spec.predictor.containers[0].env[4]",
    ),
    (
        "kserve-none-storage-uri-bad",
        "K211",
        Kind::InferenceService,
        "spec.predictor.containers[0].env[4]",
    ),
    (
        "kserve-none-duplicate-mountpath",
        "K212",
        Kind::InferenceService,
        "spec.predictor.containers[0].volumeMounts[2]",
    ),
    (
        "kserve-none-host-64",
        "K213",
        Kind::InferenceService,
        "metadata.name",
    ),
    (
        "kserve-change-drop-metrics",
        "K215",
        Kind::InferenceService,
        "spec.predictor.autoScaling",
    ),
    (
        "kserve-change-drop-names",
        "K216",
        Kind::InferenceService,
        "spec.predictor.autoScaling.metrics",
    ),
    (
        "kserve-keda-min-negative",
        "K220",
        Kind::InferenceService,
        "spec.predictor.minReplicas",
    ),
    (
        "kserve-keda-no-metrics",
        "D301",
        Kind::InferenceService,
        "spec.predictor.minReplicas",
    ),
    (
        "kserve-keda-empty-metrics",
        "D301",
        Kind::InferenceService,
        "spec.predictor.autoScaling",
    ),
    (
        "kserve-keda-max-only",
        "D301",
        Kind::InferenceService,
        "spec.predictor.minReplicas",
    ),
    ("kserve-cfg-deploy-absent", "K219", Kind::ConfigMap, "data"),
    (
        "kserve-cfg-security-absent",
        "K219",
        Kind::ConfigMap,
        "data",
    ),
    (
        "kserve-cfg-resources-partial",
        "K219",
        Kind::ConfigMap,
        "data.inferenceService",
    ),
    (
        "kserve-cfg-mode-knative-average",
        "K219",
        Kind::ConfigMap,
        "data.deploy",
    ),
];

fn tell(finding: &Finding) -> String {
    let object = finding.place.object.as_ref();
    format!(
        "{} {} {}",
        finding.rule.code,
        object.map_or_else(String::new, |key| key.kind.to_string()),
        finding.place.path
    )
}

#[test]
fn each_is_found_at_its_field() {
    let mut missed = Vec::new();
    for (name, code, kind, path) in EXPECTED {
        let plan = Case::named("kserve", name).plan();
        let wanted = format!("{code} {kind} {path}");
        let told: Vec<String> = plan.findings.iter().map(tell).collect();
        if !told.contains(&wanted) {
            missed.push(format!("{name}: wanted {wanted}, got {told:?}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn each_says_what_follows_and_what_to_write() {
    for (name, code, ..) in EXPECTED {
        let plan = Case::named("kserve", name).plan();
        let found: Vec<&Finding> = plan
            .findings
            .iter()
            .filter(|finding| finding.rule.code == *code)
            .collect();
        let full = |finding: &&Finding| finding.consequence.is_some() && finding.help.is_some();
        let apart = [
            "kserve-none-duplicate-mountpath",
            "kserve-keda-target-type-missing",
        ];
        if !apart.contains(name) {
            assert!(found.iter().any(full), "{name}: {found:#?}");
        }
    }
}

#[test]
fn a_sound_service_has_no_errors() {
    for name in [
        "kserve-none-default",
        "kserve-keda-one",
        "kserve-none-replicas-3",
        "kserve-keda-two",
    ] {
        let plan = Case::named("kserve", name).plan();
        let errors: Vec<String> = plan
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(tell)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}
