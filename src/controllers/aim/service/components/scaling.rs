//! Health of a service's autoscaler.

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerCondition;

use super::super::super::health::{Health, Side};
use super::super::observe::Observation;
use super::downstream::is_ready;
use crate::api::aim::ObjectStatus;

/// Only with autoscaling.
pub(super) fn autoscaler(observation: &Observation<'_>) -> Option<Health> {
    if !observation.is_autoscaled() {
        return None;
    }
    let health = |state, reason: &str, message: String| {
        Some(Health::new("HPA", Side::Downstream, state, reason, message))
    };
    let Some(hpa) = observation.hpa else {
        return health(
            ObjectStatus::Progressing,
            "HPANotFound",
            "Waiting for KEDA to create HorizontalPodAutoscaler".to_owned(),
        );
    };
    let conditions = hpa
        .status
        .iter()
        .flat_map(|status| status.conditions.iter().flatten());
    let find = |r#type: &str| {
        conditions
            .clone()
            .find(|condition| condition.type_ == r#type)
    };
    let is_true = |condition: &HorizontalPodAutoscalerCondition| condition.status == "True";
    let message = |condition: &HorizontalPodAutoscalerCondition| {
        condition.message.clone().unwrap_or_default()
    };
    let active = find("ScalingActive");
    if !active.is_some_and(is_true) {
        if !observation.isvc.is_some_and(is_ready) {
            return health(
                ObjectStatus::Progressing,
                "WaitingForMetrics",
                "Waiting for InferenceService to be ready before metrics are available".to_owned(),
            );
        }
        let message = active.map_or_else(
            || "HPA ScalingActive condition not found".to_owned(),
            |condition| format!("HPA cannot get metrics: {}", message(condition)),
        );
        return health(ObjectStatus::Failed, "MetricsFailed", message);
    }
    if let Some(able) = find("AbleToScale").filter(|condition| !is_true(condition)) {
        return health(
            ObjectStatus::Progressing,
            "ScaleTargetNotReady",
            format!("HPA cannot update scale target: {}", message(able)),
        );
    }
    health(
        ObjectStatus::Ready,
        "HPAOperational",
        "HorizontalPodAutoscaler is actively scaling".to_owned(),
    )
}
