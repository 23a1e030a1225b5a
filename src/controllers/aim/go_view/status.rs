//! What the operator said of an AIMService, as Go value.

use super::text;
use crate::api::aim::{AimServiceStatus, ResolvedReference};
use crate::kube::jsonpath::{Field, GoValue};

/// `status`.
pub(super) fn of(status: &AimServiceStatus) -> GoValue {
    let reference =
        |reference: &Option<ResolvedReference>| GoValue::pointer(reference.as_ref().map(resolved));
    let conditions = status.conditions.iter().map(|condition| {
        GoValue::Struct(vec![
            Field::new("Type", "type", condition.r#type.as_str()),
            Field::new("Status", "status", condition.status.as_str()),
            Field::new("ObservedGeneration", "observedGeneration", 0),
            Field::new("LastTransitionTime", "lastTransitionTime", GoValue::Opaque),
            Field::new("Reason", "reason", condition.reason.as_str()),
            Field::new("Message", "message", condition.message.as_str()),
        ])
    });
    let routing = status.routing.as_ref().map(|routing| {
        GoValue::Struct(vec![Field::new(
            "Path",
            "path",
            text(routing.path.as_deref()),
        )])
    });
    let cache = status.cache.as_ref().map(|cache| {
        GoValue::Struct(vec![
            Field::new(
                "TemplateCacheRef",
                "templateCacheRef",
                reference(&cache.template_cache_ref),
            ),
            Field::new(
                "RetryAttempts",
                "retryAttempts",
                cache.retry_attempts.unwrap_or_default(),
            ),
        ])
    });
    let runtime = status.runtime.as_ref().map(|runtime| {
        let number = |field: Option<i32>| field.unwrap_or_default();
        GoValue::Struct(vec![
            Field::new(
                "CurrentReplicas",
                "currentReplicas",
                number(runtime.current_replicas),
            ),
            Field::new(
                "DesiredReplicas",
                "desiredReplicas",
                number(runtime.desired_replicas),
            ),
            Field::new("MinReplicas", "minReplicas", number(runtime.min_replicas)),
            Field::new("MaxReplicas", "maxReplicas", number(runtime.max_replicas)),
            Field::new("Replicas", "replicas", text(runtime.replicas.as_deref())),
        ])
    });
    GoValue::Struct(vec![
        Field::new(
            "ObservedGeneration",
            "observedGeneration",
            status.observed_generation.unwrap_or_default(),
        ),
        Field::new(
            "Conditions",
            "conditions",
            GoValue::Slice(conditions.collect()),
        ),
        Field::new(
            "ResolvedRuntimeConfig",
            "resolvedRuntimeConfig",
            reference(&status.resolved_runtime_config),
        ),
        Field::new(
            "ResolvedModel",
            "resolvedModel",
            reference(&status.resolved_model),
        ),
        Field::new(
            "Status",
            "status",
            status.status.map_or("", |status| status.as_str()),
        ),
        Field::new("Routing", "routing", GoValue::pointer(routing)),
        Field::new(
            "ResolvedTemplate",
            "resolvedTemplate",
            reference(&status.resolved_template),
        ),
        Field::new("Cache", "cache", GoValue::pointer(cache)),
        Field::new("Runtime", "runtime", GoValue::pointer(runtime)),
    ])
}

fn resolved(reference: &ResolvedReference) -> GoValue {
    GoValue::Struct(vec![
        Field::new("Name", "name", text(reference.name.as_deref())),
        Field::new(
            "Namespace",
            "namespace",
            text(reference.namespace.as_deref()),
        ),
        Field::new(
            "Scope",
            "scope",
            reference.scope.map_or("", |scope| scope.as_str()),
        ),
        Field::new("Kind", "kind", text(reference.kind.as_deref())),
        Field::new("UID", "uid", text(reference.uid.as_deref())),
    ])
}
