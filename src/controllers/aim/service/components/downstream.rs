//! Health of what a service makes: InferenceService, pods, cache, route.

use super::super::super::health::{Category, Health, Problem, Side, observed};
use super::super::observe::Observation;
use super::super::{cache, route};
use crate::api::aim::ObjectStatus;
use crate::api::kserve::InferenceService;

/// The InferenceService, by its Ready condition and its warnings.
pub(super) fn inference_service(observation: &Observation<'_>) -> Health {
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

/// Whether KServe says that it is ready.
pub(super) fn is_ready(isvc: &InferenceService) -> bool {
    let conditions = isvc.status.iter().flat_map(|status| &status.conditions);
    conditions
        .into_iter()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// The pods that serve: those of a dump, else as many as the Deployment has ready.
pub(super) fn pods(observation: &Observation<'_>) -> Health {
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

/// The template cache.
pub(super) fn cache(observation: &Observation<'_>) -> Health {
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
pub(super) fn http_route(observation: &Observation<'_>) -> Option<Health> {
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
