//! Health of a service's components, in the order in which AIM Engine lists them (AIM Engine 0.2.1, spec 2.16).

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerCondition;

use super::super::health::{Category, Health, Problem, Side, observed};
use super::super::view::{Model, Template};
use super::observe::{ModelOutcome, Observation, TemplateOutcome};
use super::{cache, route};
use crate::api::aim::{ObjectStatus, ResolvedReference};
use crate::api::kserve::InferenceService;

/// Every component of a service.
pub(super) fn of(observation: &Observation<'_>) -> Vec<Health> {
    let config = &observation.config;
    let mut components = vec![model(observation), template(observation)];
    // Only a config that was found, or is missing, is worth a word.
    if config.is_missing() {
        components.push(config.health(Side::Upstream));
    } else if config.spec.is_some() {
        components.push(Health::new(
            "RuntimeConfig",
            Side::Upstream,
            ObjectStatus::Ready,
            "RuntimeConfigResolved",
            "",
        ));
    }
    components.push(inference_service(observation));
    if observation.isvc.is_some() {
        components.push(pods(observation));
    }
    components.push(cache_health(observation));
    components.extend(http_route(observation));
    components.extend(autoscaler(observation));
    components
}

/// The pods that serve: those of a dump, else as many as the Deployment has ready.
fn pods(observation: &Observation<'_>) -> Health {
    const COMPONENT: &str = "InferenceServicePods";
    let pods = observation.pods();
    if pods.clone().next().is_none() && observation.has_ready_pods() {
        return Health::new(
            COMPONENT,
            Side::Downstream,
            ObjectStatus::Ready,
            "PodsReady",
            "Pods are ready",
        );
    }
    observed::pods(COMPONENT, pods)
}

fn model(observation: &Observation<'_>) -> Health {
    let pending = |side, reason: &str, message: String| {
        Health::new("Model", side, ObjectStatus::Pending, reason, message)
    };
    match &observation.model {
        ModelOutcome::ToCreate(_) => {
            let wanted = &observation.spec.model;
            let message = match &wanted.custom {
                Some(custom) => {
                    let first = custom.model_sources.first();
                    let id = first.map_or("", |source| source.model_id.as_str());
                    format!("Custom model will be created for {id}")
                }
                None => format!(
                    "Model will be created for image {}",
                    wanted.image.as_deref().unwrap_or_default().trim()
                ),
            };
            pending(Side::Downstream, "CreatingModel", message)
        }
        ModelOutcome::Failed(problem) => {
            Health::failing("Model", Side::Upstream, problem.clone()).state(ObjectStatus::Failed)
        }
        ModelOutcome::Found(found) => of_model(found),
        ModelOutcome::Unasked => pending(
            Side::Upstream,
            "ModelNotFound",
            "No model found for service".to_owned(),
        ),
    }
}

fn of_model(model: &Model<'_>) -> Health {
    let who = format!("{} {}", model.scope.model_kind(), model.name());
    let (state, reason, message) = match model.state() {
        Some(ObjectStatus::Ready) => (
            ObjectStatus::Ready,
            "ModelResolved",
            format!("{who} is ready"),
        ),
        Some(ObjectStatus::Pending | ObjectStatus::Progressing) => (
            ObjectStatus::Progressing,
            "ModelNotReady",
            format!("{who} is not ready yet"),
        ),
        Some(ObjectStatus::Failed | ObjectStatus::Degraded) => (
            ObjectStatus::Failed,
            "ModelNotReady",
            format!("{who} is in failed state"),
        ),
        other => (
            ObjectStatus::Progressing,
            "ModelNotReady",
            format!("{who} status: {}", other.map_or("", |state| state.as_str())),
        ),
    };
    Health::new("Model", Side::Upstream, state, reason, message)
}

fn template(observation: &Observation<'_>) -> Health {
    let health = |state, reason: &str, message: String| {
        Health::new("Template", Side::Upstream, state, reason, message)
    };
    match &observation.template {
        TemplateOutcome::Failed(problem) => {
            Health::failing("Template", Side::Upstream, problem.clone()).state(ObjectStatus::Failed)
        }
        TemplateOutcome::Found(found) => of_template(found),
        TemplateOutcome::NotReady => health(
            ObjectStatus::Progressing,
            "TemplateNotReady",
            "Templates exist but are not ready yet".to_owned(),
        ),
        TemplateOutcome::None => match remembered(observation) {
            Some(reference) => health(
                ObjectStatus::Ready,
                "Resolved",
                format!(
                    "{} {} is ready",
                    reference.scope.map_or("", |scope| scope.as_str()),
                    reference.name.as_deref().unwrap_or_default()
                ),
            ),
            None => health(
                ObjectStatus::Pending,
                "TemplateNotFound",
                "No template found for service".to_owned(),
            ),
        },
    }
}

/// A service that already runs trusts the template that it once had.
fn remembered<'o>(observation: &'o Observation<'_>) -> Option<&'o ResolvedReference> {
    observation.isvc?;
    observation.status()?.resolved_template.as_ref()
}

fn of_template(template: &Template<'_>) -> Health {
    let who = format!("{} {}", template.scope.template_kind(), template.name());
    let (state, reason, message) = match template.state() {
        Some(ObjectStatus::Ready) => (ObjectStatus::Ready, "Resolved", format!("{who} is ready")),
        Some(ObjectStatus::Pending | ObjectStatus::Progressing) => (
            ObjectStatus::Progressing,
            "TemplateNotReady",
            format!("{who} is not ready yet"),
        ),
        Some(ObjectStatus::NotAvailable) => (
            ObjectStatus::NotAvailable,
            "TemplateNotReady",
            format!("{who} is not available (no matching GPUs)"),
        ),
        Some(ObjectStatus::Failed | ObjectStatus::Degraded) => (
            ObjectStatus::Failed,
            "TemplateNotReady",
            format!("{who} is in failed state"),
        ),
        None => (
            ObjectStatus::Progressing,
            "TemplateNotReady",
            format!("{who} status: "),
        ),
    };
    Health::new("Template", Side::Upstream, state, reason, message)
}

fn inference_service(observation: &Observation<'_>) -> Health {
    let health = |state, reason: &str, message: String| {
        Health::new("InferenceService", Side::Downstream, state, reason, message)
    };
    if let Err(error) = &observation.isvc_name {
        let mut health = health(ObjectStatus::Failed, "FetchError", error.to_string());
        health.problem = Some(Problem::unknown(error.to_string()));
        return health;
    }
    let Some(isvc) = observation.isvc else {
        return health(
            ObjectStatus::Progressing,
            "CreatingRuntime",
            "InferenceService not found".to_owned(),
        );
    };
    let events = observation.isvc_key().into_iter();
    for event in events.flat_map(|key| observation.world.events(&key).cloned().collect::<Vec<_>>())
    {
        if event.reason == "ServerlessModeRejected" {
            return health(
                ObjectStatus::Failed,
                "ServerlessModeRejected",
                "Knative is not available. Configure KServe to use RawDeployment mode.".to_owned(),
            );
        }
        let passing = [
            "the object has been modified",
            "Operation cannot be fulfilled",
        ]
        .iter()
        .any(|words| event.message.contains(words));
        if event.reason == "InternalError" && event.warning && !passing {
            return health(ObjectStatus::Failed, "InternalError", event.message);
        }
    }
    if is_ready(isvc) {
        health(
            ObjectStatus::Ready,
            "RuntimeReady",
            "InferenceService is ready".to_owned(),
        )
    } else {
        health(
            ObjectStatus::Progressing,
            "CreatingRuntime",
            "InferenceService is not ready".to_owned(),
        )
    }
}

fn is_ready(isvc: &InferenceService) -> bool {
    let conditions = isvc.status.iter().flat_map(|status| &status.conditions);
    conditions
        .into_iter()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn cache_health(observation: &Observation<'_>) -> Health {
    let (state, reason, message) = match observation.cache {
        Some(found) => match cache::state(found) {
            Some(ObjectStatus::Ready) => (
                ObjectStatus::Ready,
                "CacheReady",
                "Template cache is ready".to_owned(),
            ),
            Some(ObjectStatus::Progressing) => (
                ObjectStatus::Progressing,
                "CacheNotReady",
                "Template cache is progressing".to_owned(),
            ),
            Some(ObjectStatus::Failed) => (
                ObjectStatus::Failed,
                "CacheFailed",
                "Template cache failed".to_owned(),
            ),
            other => (
                ObjectStatus::Progressing,
                "CacheCreating",
                format!(
                    "Template cache status: {}",
                    other.map_or("", |state| state.as_str())
                ),
            ),
        },
        None if has_cache_volumes(observation) && observation.is_dedicated() => (
            ObjectStatus::Degraded,
            "CacheCreating",
            "Dedicated template cache is being recreated".to_owned(),
        ),
        None if has_cache_volumes(observation) => (
            ObjectStatus::Degraded,
            "CacheLost",
            "Shared template cache was deleted but InferenceService still references cached storage volumes"
                .to_owned(),
        ),
        None => (
            ObjectStatus::Progressing,
            "CacheCreating",
            "Creating template cache".to_owned(),
        ),
    };
    Health::new("Cache", Side::Downstream, state, reason, message)
}

fn has_cache_volumes(observation: &Observation<'_>) -> bool {
    observation
        .isvc
        .and_then(|isvc| isvc.spec.as_ref()?.predictor.pod.volumes.as_ref())
        .is_some_and(|volumes| {
            volumes
                .iter()
                .any(|volume| volume.name != "dshm" && volume.persistent_volume_claim.is_some())
        })
}

/// Only with routing enabled.
fn http_route(observation: &Observation<'_>) -> Option<Health> {
    const COMPONENT: &str = "HTTPRoute";
    if !route::is_enabled(observation) {
        return None;
    }
    let health = |state, reason: &str, message: &str| {
        Health::new(COMPONENT, Side::Downstream, state, reason, message)
    };
    if route::gateway(observation).is_none() {
        let mut health = health(
            ObjectStatus::Failed,
            "GatewayNotConfigured",
            "Routing is enabled but no gatewayRef is configured in service or runtime config",
        );
        health.problem = Some(Problem::new(
            Category::InvalidSpec,
            "GatewayNotConfigured",
            "Routing is enabled but no gatewayRef is configured. Set spec.routing.gatewayRef on the service or \
             runtimeConfig.routing.gatewayRef on the runtime config.",
        ));
        return Some(health);
    }
    let Some(found) = observation.route else {
        return Some(health(
            ObjectStatus::Progressing,
            "HTTPRouteCreating",
            "HTTPRoute is being created",
        ));
    };
    // The first word of any gateway decides.
    let parents = found.status.iter().flat_map(|status| &status.parents);
    for condition in parents.flat_map(|parent| &parent.conditions) {
        let failing = |category, words: &str| {
            let message = format!("{words}: {}", condition.message);
            let problem = Problem::new(category, condition.reason.clone(), message);
            Some(Health::failing(COMPONENT, Side::Downstream, problem))
        };
        match (condition.type_.as_str(), condition.status.as_str()) {
            ("Accepted", "True") => {
                return Some(health(
                    ObjectStatus::Ready,
                    "HTTPRouteAccepted",
                    "HTTPRoute is accepted by gateway",
                ));
            }
            ("Accepted", _) => return failing(Category::InvalidSpec, "HTTPRoute rejected"),
            ("ResolvedRefs", "False") => {
                return failing(
                    Category::MissingDownstream,
                    "HTTPRoute backend not resolved",
                );
            }
            _ => {}
        }
    }
    Some(health(
        ObjectStatus::Progressing,
        "HTTPRoutePending",
        "HTTPRoute is waiting for gateway acceptance",
    ))
}

/// Only with autoscaling.
fn autoscaler(observation: &Observation<'_>) -> Option<Health> {
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
