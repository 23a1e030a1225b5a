//! The ScaledObject of class `keda` (spec 3.6, 3.10).

use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::{HPAScalingRules, HorizontalPodAutoscalerBehavior};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::component::{Component, OPENTELEMETRY};
use super::{Write, not_begun, owned, replacing};
use crate::admission::{self, Operation};
use crate::api::Quantity;
use crate::api::keda::{
    Advanced, AuthenticationRef, HorizontalPodAutoscalerConfig, ScaleTarget, ScaledObject,
    ScaledObjectSpec, ScalingModifiers, Trigger,
};
use crate::api::kserve::{
    EXTERNAL, ExternalMetricSource, MetricsSpec, POD_METRIC, PodMetricSource, RESOURCE,
    ResourceMetricSource,
};
use crate::diag::Refusal;
use crate::inventory::kserve_config::Autoscaler;
use crate::inventory::{KserveConfig, Object, ObjectKey, World};
use crate::rules::K219;

/// Utilisation of cpu that is aimed at unless one is given, in per cent.
pub(super) const DEFAULT_CPU: i32 = 80;

/// What KServe sends; nothing for other classes.
pub(super) fn desired(
    component: &Component,
    config: &KserveConfig,
) -> Result<Option<ScaledObject>, Box<Refusal>> {
    if component.class() != "keda" {
        return Ok(None);
    }
    let unusable =
        |error: crate::inventory::kserve_config::ConfigError| not_begun(&K219, &error.to_string());
    let windows = Windows::of(component, &config.autoscaler().map_err(unusable)?);
    let endpoint = config.collector().map_err(unusable)?.metric_scaler_endpoint;
    let min = component.predictor.min_replicas.unwrap_or(1);
    let max = component.predictor.max_replicas.unwrap_or(0).max(min);
    let triggers: Vec<Trigger> = component
        .metrics()
        .iter()
        .filter_map(|metric| trigger(metric, component, &endpoint))
        .collect();
    Ok(Some(ScaledObject {
        metadata: ObjectMeta {
            name: component.meta.name.clone(),
            namespace: component.meta.namespace.clone(),
            labels: component.meta.labels.clone(),
            annotations: component.meta.annotations.clone(),
            ..ObjectMeta::default()
        },
        spec: Some(ScaledObjectSpec {
            scale_target_ref: ScaleTarget {
                name: component.name().to_owned(),
                ..ScaleTarget::default()
            },
            min_replica_count: Some(i64::from(min)),
            max_replica_count: Some(i64::from(max)),
            advanced: windows.advanced(),
            // Go sends an empty list as null.
            triggers: (!triggers.is_empty()).then_some(triggers),
            ..ScaledObjectSpec::default()
        }),
        status: None,
    }))
}

/// Stabilisation windows in seconds.
struct Windows {
    up: Option<i32>,
    down: Option<i32>,
}

impl Windows {
    /// The InferenceService's, else the configuration's where that is a number.
    fn of(component: &Component, config: &Autoscaler) -> Self {
        let behavior = component
            .predictor
            .auto_scaling
            .as_ref()
            .and_then(|scaling| scaling.behavior.as_ref());
        let window = |rules: Option<&HPAScalingRules>, text: &str| {
            rules
                .and_then(|rules| rules.stabilization_window_seconds)
                .or_else(|| text.parse().ok())
        };
        Self {
            up: window(
                behavior.and_then(|b| b.scale_up.as_ref()),
                &config.scale_up_stabilization_window_seconds,
            ),
            down: window(
                behavior.and_then(|b| b.scale_down.as_ref()),
                &config.scale_down_stabilization_window_seconds,
            ),
        }
    }

    /// Without any window nothing is said of the HorizontalPodAutoscaler at all.
    fn advanced(&self) -> Option<Advanced> {
        if self.up.is_none() && self.down.is_none() {
            return None;
        }
        let rules = |seconds: Option<i32>| {
            seconds.map(|seconds| HPAScalingRules {
                stabilization_window_seconds: Some(seconds),
                ..HPAScalingRules::default()
            })
        };
        Some(Advanced {
            horizontal_pod_autoscaler_config: Some(HorizontalPodAutoscalerConfig {
                behavior: Some(HorizontalPodAutoscalerBehavior {
                    scale_up: rules(self.up),
                    scale_down: rules(self.down),
                }),
                name: None,
            }),
            restore_to_original_replica_count: None,
            scaling_modifiers: Some(ScalingModifiers::default()),
        })
    }
}

fn trigger(metric: &MetricsSpec, component: &Component, endpoint: &str) -> Option<Trigger> {
    match metric.type_.as_str() {
        RESOURCE => metric.resource.as_ref().map(resource),
        EXTERNAL => metric.external.as_ref().map(external),
        POD_METRIC => metric
            .podmetric
            .as_ref()
            .map(|source| pod_metric(source, component, endpoint)),
        _ => None,
    }
}

fn or_zero(value: Option<&Quantity>) -> String {
    value.map_or_else(|| "0".to_owned(), |value| value.as_str().to_owned())
}

fn resource(source: &ResourceMetricSource) -> Trigger {
    let target = &source.target;
    let value = match target.type_.as_str() {
        "Utilization" => target
            .average_utilization
            .or((source.name == "cpu").then_some(DEFAULT_CPU))
            .unwrap_or_default()
            .to_string(),
        "AverageValue" => or_zero(target.average_value.as_ref()),
        "Value" => or_zero(target.value.as_ref()),
        _ => "0".to_owned(),
    };
    Trigger {
        type_: source.name.clone(),
        metadata: BTreeMap::from([("value".to_owned(), value)]),
        metric_type: Some(target.type_.clone()).filter(|text| !text.is_empty()),
        ..Trigger::default()
    }
}

fn external(source: &ExternalMetricSource) -> Trigger {
    let metric = &source.metric;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut metadata = BTreeMap::from([
        ("serverAddress".to_owned(), text(&metric.server_address)),
        ("query".to_owned(), text(&metric.query)),
        (
            "threshold".to_owned(),
            or_zero(source.target.value.as_ref()),
        ),
    ]);
    if let Some(namespace) = metric
        .namespace
        .as_ref()
        .filter(|_| metric.backend == "prometheus")
    {
        metadata.insert("namespace".to_owned(), namespace.clone());
    }
    let login = source.authentication_ref.as_ref();
    if let Some(modes) = login
        .and_then(|login| login.auth_modes.as_ref())
        .filter(|modes| !modes.is_empty())
    {
        metadata.insert("authModes".to_owned(), modes.clone());
    }
    Trigger {
        type_: metric.backend.clone(),
        metadata,
        authentication_ref: login
            .map(|login| login.authentication_ref.name.clone())
            .filter(|name| !name.is_empty())
            .map(|name| AuthenticationRef { name, kind: None }),
        ..Trigger::default()
    }
}

fn pod_metric(source: &PodMetricSource, component: &Component, endpoint: &str) -> Trigger {
    let metric = &source.metric;
    if metric.backend != OPENTELEMETRY {
        return Trigger::default();
    }
    let query = format!(
        "sum({}{{namespace=\"{}\", deployment=\"{}\"}})",
        metric.query.as_deref().unwrap_or_default(),
        component.namespace(),
        component.name()
    );
    let address = metric
        .server_address
        .as_deref()
        .filter(|address| !address.is_empty())
        .unwrap_or(endpoint);
    let mut metadata = BTreeMap::from([
        ("metricQuery".to_owned(), query),
        (
            "targetValue".to_owned(),
            or_zero(source.target.value.as_ref()),
        ),
        ("scalerAddress".to_owned(), address.to_owned()),
    ]);
    if let Some(operation) = metric
        .operation_over_time
        .as_ref()
        .filter(|operation| !operation.is_empty())
    {
        metadata.insert("operationOverTime".to_owned(), operation.clone());
    }
    Trigger {
        type_: "external".to_owned(),
        metadata,
        ..Trigger::default()
    }
}

/// Creates the ScaledObject, or replaces it when its spec differs after the doors.
pub(super) fn write(mut wanted: ScaledObject, isvc: &ObjectKey, world: &World) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    put_when_spec_differs(wanted.into(), world, |object| {
        object.typed::<ScaledObject>().and_then(|o| o.spec.clone())
    })
}

/// Creates an object, or replaces the stored one when what `spec` takes of it differs after the doors.
pub(super) fn put_when_spec_differs<S: PartialEq>(
    wanted: Object,
    world: &World,
    spec: impl Fn(&Object) -> S,
) -> Option<Write> {
    let key = wanted.key();
    let Some(stored) = world.object(&key) else {
        return Some(replacing(wanted, None));
    };
    match admission::admit(wanted.clone(), Some(stored), Operation::Write, world) {
        Ok(after) if spec(&after) == spec(stored) => None,
        Ok(_) | Err(_) => Some(replacing(wanted, Some(stored))),
    }
}
