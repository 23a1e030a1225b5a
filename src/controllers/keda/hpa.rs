//! The HorizontalPodAutoscaler that KEDA 2.18.1 writes (spec 4.2), and when it writes it again.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, ExternalMetricSource, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricIdentifier, MetricSpec,
    MetricTarget,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference};
use serde_json::Value;

use super::pause::Pause;
use super::{NAME_LABEL, ScaleTargetKind, checks};
use crate::api::keda::{ScaledObject, ScaledObjectSpec};
use crate::kube::quantity;

/// KEDA's version, as its objects carry it.
const VERSION: &str = "2.18.1";
/// Labels of the ScaledObject that the HPA does not get, split at commas and not trimmed.
const EXCLUDED_LABELS: &str = "scaledobject.keda.sh/hpa-excluded-labels";
/// The name of a formula's metric.
pub(super) const COMPOSITE_METRIC: &str = "composite-metric";
/// Longest label value.
const MAX_LABEL: usize = 63;

/// The HPA as KEDA sends it, before the API server's defaults.
pub(super) fn build(
    object: &ScaledObject,
    spec: &ScaledObjectSpec,
    kind: &ScaleTargetKind,
    metrics: Vec<MetricSpec>,
    pause: &Pause,
    owner: OwnerReference,
) -> HorizontalPodAutoscaler {
    let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let (min, max) = match pause.replicas {
        Some(replicas) => {
            let replicas = if replicas == 0 { 1 } else { replicas };
            (replicas, replicas)
        }
        None => (count(checks::hpa_min(spec)), count(checks::hpa_max(spec))),
    };
    HorizontalPodAutoscaler {
        metadata: ObjectMeta {
            name: Some(checks::hpa_name(object)),
            namespace: object.metadata.namespace.clone(),
            labels: Some(labels(object)),
            annotations: object.metadata.annotations.clone(),
            owner_references: Some(vec![owner]),
            ..ObjectMeta::default()
        },
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some(kind.api_version()),
                kind: kind.kind().to_owned(),
                name: spec.scale_target_ref.name.clone(),
            },
            min_replicas: Some(min),
            max_replicas: max,
            metrics: Some(metrics).filter(|metrics| !metrics.is_empty()),
            behavior: behavior(spec, pause),
        }),
        status: None,
    }
}

fn labels(object: &ScaledObject) -> BTreeMap<String, String> {
    let name = object.metadata.name.clone().unwrap_or_default();
    let mut labels: BTreeMap<String, String> = [
        (
            "app.kubernetes.io/name",
            label_name(&checks::hpa_name(object)),
        ),
        ("app.kubernetes.io/version", VERSION.to_owned()),
        ("app.kubernetes.io/part-of", name),
        ("app.kubernetes.io/managed-by", "keda-operator".to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let excluded: BTreeSet<&str> = object
        .metadata
        .annotations
        .as_ref()
        .and_then(|annotations| annotations.get(EXCLUDED_LABELS))
        .map(|list| list.split(',').collect())
        .unwrap_or_default();
    let own = object.metadata.labels.iter().flatten();
    labels.extend(
        own.filter(|(key, _)| !excluded.contains(key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    labels
}

/// The HPA's name as a label value: its first 63 bytes, without what is no letter or number at the end.
fn label_name(name: &str) -> String {
    match name.get(..MAX_LABEL) {
        Some(cut) if name.len() > MAX_LABEL => cut
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_owned(),
        _ => name.to_owned(),
    }
}

fn behavior(spec: &ScaledObjectSpec, pause: &Pause) -> Option<HorizontalPodAutoscalerBehavior> {
    let mut behavior = spec
        .advanced
        .as_ref()
        .and_then(|advanced| advanced.horizontal_pod_autoscaler_config.as_ref())
        .and_then(|config| config.behavior.clone());
    let disable = |rules: &mut Option<HPAScalingRules>| {
        rules.get_or_insert_default().select_policy = Some("Disabled".to_owned());
    };
    if pause.scale_in {
        disable(&mut behavior.get_or_insert_default().scale_down);
    }
    if pause.scale_out {
        disable(&mut behavior.get_or_insert_default().scale_up);
    }
    behavior
}

/// With a formula, its one metric stands for all that are no resources.
pub(super) fn with_formula(
    object: &ScaledObject,
    spec: &ScaledObjectSpec,
    metrics: Vec<MetricSpec>,
) -> Vec<MetricSpec> {
    let modifiers = spec
        .advanced
        .as_ref()
        .and_then(|advanced| advanced.scaling_modifiers.clone())
        .unwrap_or_default();
    let target: f64 = modifiers
        .target
        .as_deref()
        .and_then(|target| target.parse().ok())
        .unwrap_or_default();
    if !checks::uses_modifiers(spec) || target <= 0.0 {
        return metrics;
    }
    let thousandths = (target * 1000.0) as i64;
    let size = Some(Quantity(quantity::canonical(&format!("{thousandths}m"))));
    let type_ = modifiers
        .metric_type
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "AverageValue".to_owned());
    let (value, average_value) = if type_ == "Value" {
        (size, None)
    } else {
        (None, size)
    };
    let name = object.metadata.name.clone().unwrap_or_default();
    let mut kept: Vec<MetricSpec> = metrics
        .into_iter()
        .filter(|metric| metric.resource.is_some())
        .collect();
    kept.push(MetricSpec {
        type_: "External".to_owned(),
        external: Some(ExternalMetricSource {
            metric: MetricIdentifier {
                name: COMPOSITE_METRIC.to_owned(),
                selector: Some(LabelSelector {
                    match_labels: Some(BTreeMap::from([(NAME_LABEL.to_owned(), name)])),
                    ..LabelSelector::default()
                }),
            },
            target: MetricTarget {
                type_,
                value,
                average_value,
                average_utilization: None,
            },
        }),
        ..MetricSpec::default()
    });
    kept
}

/// Whether KEDA writes an HPA again: something that its own version sets is different. Fields and map keys that its
/// version lacks are no difference, zeros and empty texts among them.
///
/// KEDA is not told of a change of a ScaledObject's labels or annotations alone, so on an HPA of its own they follow
/// only together with something of the spec [keda-edit-label-changed, keda-edit-annotation-added].
pub(super) fn differs(wanted: &HorizontalPodAutoscaler, found: &HorizontalPodAutoscaler) -> bool {
    let count = |hpa: &HorizontalPodAutoscaler| {
        hpa.spec
            .as_ref()
            .and_then(|spec| spec.metrics.as_ref())
            .map_or(0, Vec::len)
    };
    // Without metrics KEDA writes each time, and the API server fills in the same one each time.
    if count(wanted).max(1) != count(found) || !derives(&json(&wanted.spec), &json(&found.spec)) {
        return true;
    }
    let owners = |hpa: &HorizontalPodAutoscaler| hpa.metadata.owner_references.clone();
    let (new, old) = (&wanted.metadata, &found.metadata);
    owners(wanted) != owners(found)
        && (!derives(&json(&new.labels), &json(&old.labels))
            || new.annotations.is_none() && old.annotations.is_some()
            || !derives(&json(&new.annotations), &json(&old.annotations)))
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Go's `equality.Semantic.DeepDerivative`: whatever is set in `wanted` is the same in `found`.
fn derives(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Null | Value::Bool(false), _) => true,
        (Value::Number(number), found) => number.as_f64() == Some(0.0) || wanted == found,
        (Value::String(text), found) => text.is_empty() || wanted == found,
        (Value::Array(items), _) if items.is_empty() => true,
        (Value::Array(items), Value::Array(others)) => {
            items.len() <= others.len() && items.iter().zip(others).all(|(a, b)| derives(a, b))
        }
        (Value::Object(map), _) if map.is_empty() => true,
        (Value::Object(map), Value::Object(other)) => map
            .iter()
            .all(|(key, value)| derives(value, other.get(key).unwrap_or(&Value::Null))),
        (wanted, found) => wanted == found,
    }
}
