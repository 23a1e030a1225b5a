//! An AIMService as the operator holds it in Go, for the JSONPath of path templates (AIM Engine 0.2.1, spec 2.13).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::api::aim::{
    AimService, AimServiceSpec, AimServiceStatus, AutoScaling, CustomModel, Hardware,
    ResolvedReference, Resources, Routing,
};
use crate::kube::jsonpath::{Field, GoValue};
use crate::kube::unknown::Uid;

/// The finalizer that the operator adds before it does anything else (spec 2.17).
pub(super) const FINALIZER: &str = "aim.eai.amd.com/template-cache-cleanup";

/// The service as Go value. Fields of types that print as an address or a time are opaque.
pub(super) fn service(service: &AimService, uid: &Uid) -> GoValue {
    let kind = GoValue::Struct(vec![
        Field::new("Kind", "kind", "AIMService"),
        Field::new("APIVersion", "apiVersion", "aim.eai.amd.com/v1alpha1"),
    ]);
    let spec = service.spec.clone().unwrap_or_default();
    let status = service.status.clone().unwrap_or_default();
    GoValue::Struct(vec![
        Field::inline("TypeMeta", kind),
        Field::new("ObjectMeta", "metadata", metadata(&service.metadata, uid)),
        Field::new("Spec", "spec", self::spec(&spec)),
        Field::new("Status", "status", self::status(&status)),
    ])
}

fn metadata(metadata: &ObjectMeta, uid: &Uid) -> GoValue {
    let mut finalizers = metadata.finalizers.clone().unwrap_or_default();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    let resource_version = metadata.resource_version.clone();
    GoValue::Struct(vec![
        Field::new("Name", "name", text(metadata.name.as_deref())),
        Field::new(
            "GenerateName",
            "generateName",
            text(metadata.generate_name.as_deref()),
        ),
        Field::new(
            "Namespace",
            "namespace",
            text(metadata.namespace.as_deref()),
        ),
        Field::new("SelfLink", "selfLink", text(metadata.self_link.as_deref())),
        Field::new("UID", "uid", uid.display()),
        Field::new(
            "ResourceVersion",
            "resourceVersion",
            resource_version.map_or(GoValue::Opaque, GoValue::Text),
        ),
        Field::new(
            "Generation",
            "generation",
            metadata.generation.map_or(GoValue::Opaque, GoValue::Int),
        ),
        Field::new("CreationTimestamp", "creationTimestamp", GoValue::Opaque),
        Field::new(
            "DeletionTimestamp",
            "deletionTimestamp",
            GoValue::Pointer(None),
        ),
        Field::new(
            "DeletionGracePeriodSeconds",
            "deletionGracePeriodSeconds",
            GoValue::Pointer(None),
        ),
        Field::new("Labels", "labels", map(metadata.labels.as_ref())),
        Field::new(
            "Annotations",
            "annotations",
            map(metadata.annotations.as_ref()),
        ),
        Field::new(
            "OwnerReferences",
            "ownerReferences",
            GoValue::Slice(Vec::new()),
        ),
        Field::new("Finalizers", "finalizers", texts(&finalizers)),
        Field::new(
            "ManagedFields",
            "managedFields",
            GoValue::Slice(vec![GoValue::Opaque]),
        ),
    ])
}

fn spec(spec: &AimServiceSpec) -> GoValue {
    let template = spec.template.clone().unwrap_or_default();
    let caching = spec.caching.as_ref().map(|caching| {
        let mode = caching.mode.map_or("", |mode| mode.as_str());
        GoValue::Struct(vec![Field::new("Mode", "mode", mode)])
    });
    let storage = spec.storage.as_ref().map(|storage| {
        let class = storage.default_storage_class_name.as_deref();
        GoValue::Struct(vec![
            Field::new(
                "DefaultStorageClassName",
                "defaultStorageClassName",
                GoValue::pointer(class),
            ),
            Field::new(
                "PVCHeadroomPercent",
                "pvcHeadroomPercent",
                GoValue::pointer(storage.pvc_headroom_percent),
            ),
        ])
    });
    let overrides = spec.overrides.as_ref().map(|overrides| {
        let metric = overrides.metric.map(|metric| metric.as_str());
        let precision = overrides.precision.map(|precision| precision.as_str());
        let parameters = GoValue::Struct(vec![
            Field::new("Metric", "metric", GoValue::pointer(metric)),
            Field::new("Precision", "precision", GoValue::pointer(precision)),
            Field::new(
                "Hardware",
                "hardware",
                GoValue::pointer(overrides.hardware.as_ref().map(hardware)),
            ),
        ]);
        GoValue::Struct(vec![Field::inline("AIMRuntimeParameters", parameters)])
    });
    let runtime_config = GoValue::Struct(vec![Field::new(
        "Name",
        "runtimeConfigName",
        text(spec.runtime_config_name.as_deref()),
    )]);
    let inlined = GoValue::Struct(vec![
        Field::new("Storage", "storage", GoValue::pointer(storage)),
        Field::new(
            "Routing",
            "routing",
            GoValue::pointer(spec.routing.as_ref().map(routing)),
        ),
        Field::new("Env", "env", env(&spec.env)),
    ]);
    GoValue::Struct(vec![
        Field::new("Model", "model", model(spec)),
        Field::new(
            "Template",
            "template",
            GoValue::Struct(vec![
                Field::new("Name", "name", text(template.name.as_deref())),
                Field::new(
                    "AllowUnoptimized",
                    "allowUnoptimized",
                    template.allow_unoptimized.unwrap_or_default(),
                ),
            ]),
        ),
        Field::new("Caching", "caching", GoValue::pointer(caching)),
        Field::new(
            "CacheModel",
            "cacheModel",
            GoValue::pointer(spec.cache_model),
        ),
        Field::new("Replicas", "replicas", GoValue::pointer(spec.replicas)),
        Field::new(
            "MinReplicas",
            "minReplicas",
            GoValue::pointer(spec.min_replicas),
        ),
        Field::new(
            "MaxReplicas",
            "maxReplicas",
            GoValue::pointer(spec.max_replicas),
        ),
        Field::new(
            "AutoScaling",
            "autoScaling",
            GoValue::pointer(spec.auto_scaling.as_ref().map(auto_scaling)),
        ),
        Field::inline("RuntimeConfigRef", runtime_config),
        Field::inline("AIMServiceRuntimeConfig", inlined),
        Field::new(
            "Resources",
            "resources",
            GoValue::Generated(spec.resources.as_ref().map(resources).map(Box::new)),
        ),
        Field::new("Overrides", "overrides", GoValue::pointer(overrides)),
        Field::new(
            "ImagePullSecrets",
            "imagePullSecrets",
            pull_secrets(&spec.image_pull_secrets),
        ),
        Field::new(
            "ServiceAccountName",
            "serviceAccountName",
            text(spec.service_account_name.as_deref()),
        ),
    ])
}

fn model(spec: &AimServiceSpec) -> GoValue {
    let model = &spec.model;
    GoValue::Struct(vec![
        Field::new("Name", "name", GoValue::pointer(model.name.as_deref())),
        Field::new("Image", "image", GoValue::pointer(model.image.as_deref())),
        Field::new(
            "Custom",
            "custom",
            GoValue::pointer(model.custom.as_ref().map(custom_model)),
        ),
    ])
}

fn custom_model(custom: &CustomModel) -> GoValue {
    let sources = custom.model_sources.iter().map(|source| {
        GoValue::Struct(vec![
            Field::new("ModelID", "modelId", source.model_id.as_str()),
            Field::new("SourceURI", "sourceUri", source.source_uri.as_str()),
            Field::new(
                "Size",
                "size",
                GoValue::pointer(source.size.as_ref().map(|_| GoValue::Opaque)),
            ),
            Field::new("Env", "env", env(&source.env)),
        ])
    });
    GoValue::Struct(vec![
        Field::new("BaseImage", "baseImage", custom.base_image.as_str()),
        Field::new(
            "ModelSources",
            "modelSources",
            GoValue::Slice(sources.collect()),
        ),
        Field::new("Hardware", "hardware", hardware(&custom.hardware)),
    ])
}

fn hardware(hardware: &Hardware) -> GoValue {
    let gpu = hardware.gpu.as_ref().map(|gpu| {
        GoValue::Struct(vec![
            Field::new("Requests", "requests", gpu.requests.unwrap_or_default()),
            Field::new("Model", "model", text(gpu.model.as_deref())),
            Field::new(
                "MinVRAM",
                "minVram",
                GoValue::pointer(gpu.min_vram.as_ref().map(|_| GoValue::Opaque)),
            ),
            Field::new(
                "ResourceName",
                "resourceName",
                text(gpu.resource_name.as_deref()),
            ),
        ])
    });
    let cpu = hardware.cpu.as_ref().map(|cpu| {
        GoValue::Struct(vec![
            Field::new("Requests", "requests", GoValue::Opaque),
            Field::new(
                "Limits",
                "limits",
                GoValue::pointer(cpu.limits.as_ref().map(|_| GoValue::Opaque)),
            ),
        ])
    });
    GoValue::Struct(vec![
        Field::new("GPU", "gpu", GoValue::pointer(gpu)),
        Field::new("CPU", "cpu", GoValue::pointer(cpu)),
    ])
}

fn auto_scaling(auto_scaling: &AutoScaling) -> GoValue {
    let metrics = auto_scaling.metrics.iter().map(|metric| {
        let source = metric.podmetric.as_ref().map(|source| {
            let metric = GoValue::Struct(vec![
                Field::new(
                    "Backend",
                    "backend",
                    source.metric.backend.map_or("", |backend| backend.as_str()),
                ),
                Field::new(
                    "ServerAddress",
                    "serverAddress",
                    text(source.metric.server_address.as_deref()),
                ),
                Field::new(
                    "MetricNames",
                    "metricNames",
                    texts(&source.metric.metric_names),
                ),
                Field::new("Query", "query", text(source.metric.query.as_deref())),
                Field::new(
                    "OperationOverTime",
                    "operationOverTime",
                    text(source.metric.operation_over_time.as_deref()),
                ),
            ]);
            let target = GoValue::Struct(vec![
                Field::new("Type", "type", source.target.r#type.as_str()),
                Field::new("Value", "value", text(source.target.value.as_deref())),
                Field::new(
                    "AverageValue",
                    "averageValue",
                    text(source.target.average_value.as_deref()),
                ),
                Field::new(
                    "AverageUtilization",
                    "averageUtilization",
                    GoValue::pointer(source.target.average_utilization),
                ),
            ]);
            GoValue::Struct(vec![
                Field::new("Metric", "metric", GoValue::pointer(Some(metric))),
                Field::new("Target", "target", GoValue::pointer(Some(target))),
            ])
        });
        GoValue::Struct(vec![
            Field::new("Type", "type", metric.r#type.as_str()),
            Field::new("PodMetric", "podmetric", GoValue::pointer(source)),
        ])
    });
    GoValue::Struct(vec![Field::new(
        "Metrics",
        "metrics",
        GoValue::Slice(metrics.collect()),
    )])
}

fn routing(routing: &Routing) -> GoValue {
    let gateway = routing.gateway_ref.as_ref().map(|gateway| {
        GoValue::Struct(vec![
            Field::new("Group", "group", GoValue::pointer(gateway.group.as_deref())),
            Field::new("Kind", "kind", GoValue::pointer(gateway.kind.as_deref())),
            Field::new(
                "Namespace",
                "namespace",
                GoValue::pointer(gateway.namespace.as_deref()),
            ),
            Field::new("Name", "name", gateway.name.as_str()),
            Field::new(
                "SectionName",
                "sectionName",
                GoValue::pointer(gateway.section_name.as_deref()),
            ),
            Field::new("Port", "port", GoValue::pointer(gateway.port)),
        ])
    });
    let timeout = routing.request_timeout.as_ref().map(|_| GoValue::Opaque);
    GoValue::Struct(vec![
        Field::new("Enabled", "enabled", GoValue::pointer(routing.enabled)),
        Field::new("GatewayRef", "gatewayRef", GoValue::pointer(gateway)),
        Field::new(
            "PathTemplate",
            "pathTemplate",
            GoValue::pointer(routing.path_template.as_deref()),
        ),
        Field::new(
            "RequestTimeout",
            "requestTimeout",
            GoValue::pointer(timeout),
        ),
        Field::new(
            "Annotations",
            "annotations",
            map(Some(&routing.annotations)),
        ),
    ])
}

fn resources(resources: &Resources) -> GoValue {
    let quantities = |list: &BTreeMap<String, crate::api::Quantity>| {
        GoValue::Map(
            list.keys()
                .map(|key| (key.clone(), GoValue::Opaque))
                .collect(),
        )
    };
    let claims = resources.claims.iter().map(|claim| {
        GoValue::Struct(vec![
            Field::new("Name", "name", claim.name.as_str()),
            Field::new("Request", "request", text(claim.request.as_deref())),
        ])
    });
    GoValue::Struct(vec![
        Field::new("Limits", "limits", quantities(&resources.limits)),
        Field::new("Requests", "requests", quantities(&resources.requests)),
        Field::new("Claims", "claims", GoValue::Slice(claims.collect())),
    ])
}

fn env(env: &[EnvVar]) -> GoValue {
    let variables = env.iter().map(|variable| {
        let source = variable.value_from.as_ref().map(|_| GoValue::Opaque);
        GoValue::Struct(vec![
            Field::new("Name", "name", variable.name.as_str()),
            Field::new("Value", "value", text(variable.value.as_deref())),
            Field::new(
                "ValueFrom",
                "valueFrom",
                GoValue::Generated(source.map(Box::new)),
            ),
        ])
    });
    GoValue::Slice(variables.collect())
}

fn pull_secrets(secrets: &[LocalObjectReference]) -> GoValue {
    let secrets = secrets
        .iter()
        .map(|secret| GoValue::Struct(vec![Field::new("Name", "name", secret.name.as_str())]));
    GoValue::Slice(secrets.collect())
}

fn status(status: &AimServiceStatus) -> GoValue {
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

fn text(text: Option<&str>) -> GoValue {
    GoValue::text(text)
}

fn texts(texts: &[String]) -> GoValue {
    GoValue::Slice(
        texts
            .iter()
            .map(|text| GoValue::Text(text.clone()))
            .collect(),
    )
}

fn map(map: Option<&BTreeMap<String, String>>) -> GoValue {
    let entries = map.into_iter().flatten();
    GoValue::Map(
        entries
            .map(|(key, value)| (key.clone(), GoValue::Text(value.clone())))
            .collect(),
    )
}
