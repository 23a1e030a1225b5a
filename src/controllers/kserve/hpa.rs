//! The HorizontalPodAutoscaler of class `hpa`, and its removal in classes `external` and `none` (spec 3.6).

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior,
    HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::component::{CLASS, Component};
use super::scaled_object::{DEFAULT_CPU, put_when_spec_differs};
use super::{Write, is_ours, owned};
use crate::inventory::{Kind, ObjectKey, World};
use crate::kube::quantity;

/// What a class other than `keda` does.
pub(super) fn write(component: &Component, isvc: &ObjectKey, world: &World) -> Option<Write> {
    let key = ObjectKey::new(
        Kind::HorizontalPodAutoscaler,
        &isvc.namespace,
        component.name(),
    );
    match component.class() {
        "hpa" => {
            let mut wanted = desired(component);
            wanted.metadata = owned(wanted.metadata, isvc, world);
            put_when_spec_differs(wanted.into(), world, |object| {
                let class = object.annotation(CLASS).map(str::to_owned);
                let hpa = object.typed::<HorizontalPodAutoscaler>();
                (hpa.and_then(|hpa| hpa.spec.clone()), class)
            })
        }
        "external" | "none" => world
            .object(&key)
            .filter(|object| is_ours(object, isvc))
            .map(|_| Write::Delete(key)),
        _ => None,
    }
}

fn desired(component: &Component) -> HorizontalPodAutoscaler {
    let min = component.predictor.min_replicas.unwrap_or(1).max(1);
    let max = component.predictor.max_replicas.unwrap_or(0).max(min);
    HorizontalPodAutoscaler {
        metadata: component.meta.clone(),
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: "Deployment".to_owned(),
                name: component.name().to_owned(),
            },
            min_replicas: Some(min),
            max_replicas: max,
            metrics: Some(metrics(component)).filter(|metrics| !metrics.is_empty()),
            behavior: Some(HorizontalPodAutoscalerBehavior::default()),
        }),
        status: None,
    }
}

fn utilization(name: &str, percent: Option<i32>) -> MetricSpec {
    resource(
        name,
        MetricTarget {
            type_: "Utilization".to_owned(),
            average_utilization: percent,
            ..MetricTarget::default()
        },
    )
}

fn resource(name: &str, target: MetricTarget) -> MetricSpec {
    MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(ResourceMetricSource {
            name: name.to_owned(),
            target,
        }),
        ..MetricSpec::default()
    }
}

fn metrics(component: &Component) -> Vec<MetricSpec> {
    let predictor = component.predictor;
    let Some(scaling) = &predictor.auto_scaling else {
        return match predictor.scale_metric.as_deref().unwrap_or("cpu") {
            "cpu" => {
                let percent = predictor.scale_target.unwrap_or(DEFAULT_CPU);
                vec![utilization("cpu", Some(percent))]
            }
            "memory" => predictor
                .scale_target
                .map(|percent| utilization("memory", Some(percent)))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
    };
    let sources = scaling.metrics.iter().filter_map(|m| m.resource.as_ref());
    sources
        .filter_map(|source| {
            let target = &source.target;
            match (source.name.as_str(), target.type_.as_str()) {
                ("cpu", _) => {
                    let percent = target.average_utilization.unwrap_or(DEFAULT_CPU);
                    Some(utilization("cpu", Some(percent)))
                }
                ("memory", "Utilization") => {
                    Some(utilization("memory", target.average_utilization))
                }
                ("memory", "AverageValue") => {
                    let amount = target.average_value.as_ref();
                    Some(resource(
                        "memory",
                        MetricTarget {
                            type_: "AverageValue".to_owned(),
                            average_value: amount
                                .map(|a| Quantity(quantity::canonical(a.as_str()))),
                            ..MetricTarget::default()
                        },
                    ))
                }
                ("memory", _) => Some(resource("memory", MetricTarget::default())),
                _ => None,
            }
        })
        .collect()
}
