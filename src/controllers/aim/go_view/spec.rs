//! What an AIMService asks for, as Go value.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};

use super::{map, text, texts};
use crate::api::Quantity;
use crate::api::aim::{AimServiceSpec, AutoScaling, CustomModel, Hardware, Resources, Routing};
use crate::kube::jsonpath::{Field, GoValue};

/// `spec`.
pub(super) fn of(spec: &AimServiceSpec) -> GoValue {
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
    let quantities = |list: &BTreeMap<String, Quantity>| {
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
