//! The defaulting webhook (KServe 0.16.0, `inference_service_defaults.go`; spec 3.1.2).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{PodSpec, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Text;

use super::{defaulter, storage};
use crate::admission::pod_spec;
use crate::api::kserve::{AutoScaling, InferenceService, Predictor};
use crate::diag::{FieldPath, Refusal};
use crate::inventory::KserveConfig;
use crate::inventory::kserve_config::{ConfigError, ResourceDefaults};
use crate::kube::quantity::{self, Quantity};
use crate::rules::{K210, K219};

/// Annotation that says how KServe serves: `Standard`, `Knative`, `ModelMesh`.
pub(super) const MODE: &str = "serving.kserve.io/deploymentMode";

/// Whether Go can read the object: every quantity in it.
///
/// # Errors
/// The first that it cannot read, as HTTP 400.
pub(super) fn decode(isvc: &InferenceService) -> Result<(), Box<Refusal>> {
    let Some(spec) = &isvc.spec else {
        return Ok(());
    };
    let path = FieldPath::parse("spec.predictor");
    let metrics = spec.predictor.auto_scaling.iter().flat_map(|a| &a.metrics);
    for (index, metric) in metrics.enumerate() {
        let path = path.key("autoScaling").key("metrics").index(index);
        let targets = [
            ("external", metric.external.as_ref().map(|m| &m.target)),
            ("podmetric", metric.podmetric.as_ref().map(|m| &m.target)),
            ("resource", metric.resource.as_ref().map(|m| &m.target)),
        ];
        for (source, target) in targets {
            let Some(target) = target else { continue };
            let path = path.key(source).key("target");
            for (key, value) in [
                ("averageValue", &target.average_value),
                ("value", &target.value),
            ] {
                let Some(text) = value.as_ref().map(|value| value.as_str()) else {
                    continue;
                };
                if let Err(error) = Quantity::parse(text.trim()) {
                    let cause = format!("failed to parse quantity \"{text}\": {error}");
                    return Err(unreadable(&cause, text, &path.key(key)));
                }
            }
        }
    }
    pod_quantities(&spec.predictor.pod, &path)
}

fn unreadable(cause: &str, text: &str, path: &FieldPath) -> Box<Refusal> {
    Box::new(
        defaulter(&K210, 400, "BadRequest", cause)
            .at(path)
            .summary(format!("`{text}` is no quantity"))
            .help("write a number with an optional suffix, such as `500m`, `10` or `64Gi`"),
    )
}

fn pod_quantities(spec: &PodSpec, path: &FieldPath) -> Result<(), Box<Refusal>> {
    let check = |text: &Text, path: &FieldPath| match Quantity::parse(text.0.trim()) {
        Ok(_) => Ok(()),
        Err(error) => Err(unreadable(&error.to_string(), &text.0, path)),
    };
    let lists = [
        ("containers", Some(&spec.containers)),
        ("initContainers", spec.init_containers.as_ref()),
    ];
    for (list, containers) in lists {
        for (index, container) in containers.into_iter().flatten().enumerate() {
            let path = path.key(list).index(index);
            let resources = container.resources.as_ref();
            for (key, amounts) in [
                ("limits", resources.and_then(|r| r.limits.as_ref())),
                ("requests", resources.and_then(|r| r.requests.as_ref())),
            ] {
                let path = path.key("resources").key(key);
                for (name, amount) in amounts.into_iter().flatten() {
                    check(amount, &path.key(name))?;
                }
            }
        }
    }
    for (index, volume) in spec.volumes.iter().flatten().enumerate() {
        if let Some(limit) = volume
            .empty_dir
            .as_ref()
            .and_then(|e| e.size_limit.as_ref())
        {
            let path = path.key("volumes").index(index);
            check(limit, &path.key("emptyDir").key("sizeLimit"))?;
        }
    }
    Ok(())
}

/// Fills in what the configuration says and what comes of passing through Go's types.
///
/// # Errors
/// The configuration cannot be read.
pub(super) fn apply(
    isvc: &mut InferenceService,
    config: &KserveConfig,
) -> Result<(), Box<Refusal>> {
    let unusable = |error: ConfigError| {
        let mut refusal = defaulter(&K219, 403, "Forbidden", &error.to_string());
        refusal.advice.summary = Some(format!(
            "key `{}` of the ConfigMap inferenceservice-config cannot be read",
            error.key
        ));
        Box::new(refusal)
    };
    let section = config.inference_service().map_err(unusable)?;
    let deploy = config.deploy().map_err(unusable)?;
    config.local_model().map_err(unusable)?;
    let security = config.security().map_err(unusable)?;

    let mode = deploy.default_deployment_mode;
    if matches!(mode.as_str(), "Standard" | "ModelMesh") {
        isvc.metadata
            .annotations
            .get_or_insert_with(BTreeMap::new)
            .entry(MODE.to_owned())
            .or_insert(mode);
    }
    let Some(spec) = &mut isvc.spec else {
        return Ok(());
    };
    let predictor = &mut spec.predictor;
    pod_spec::as_go_writes(&mut predictor.pod);
    server(&mut predictor.pod, &section.resource);
    if !security.auto_mount_service_account_token {
        predictor
            .pod
            .automount_service_account_token
            .get_or_insert(false);
    }
    extension_as_go_writes(predictor);
    Ok(())
}

/// The container that serves: its name, its resources.
fn server(spec: &mut PodSpec, defaults: &ResourceDefaults) {
    // The CRD's default, before any webhook.
    for port in spec
        .containers
        .iter_mut()
        .chain(spec.init_containers.iter_mut().flatten())
        .flat_map(|container| container.ports.iter_mut().flatten())
    {
        port.protocol.get_or_insert_with(|| "TCP".to_owned());
    }
    let only = spec.containers.len() == 1;
    let Some(container) = spec.containers.first_mut() else {
        return;
    };
    if only || container.name.is_empty() {
        storage::SERVER.clone_into(&mut container.name);
    }
    let resources = container
        .resources
        .get_or_insert_with(ResourceRequirements::default);
    default_amount(&mut resources.requests, "cpu", &defaults.cpu_request);
    default_amount(&mut resources.limits, "cpu", &defaults.cpu_limit);
    default_amount(&mut resources.requests, "memory", &defaults.memory_request);
    default_amount(&mut resources.limits, "memory", &defaults.memory_limit);
}

fn default_amount(list: &mut Option<BTreeMap<String, Text>>, key: &str, default: &str) {
    if !default.is_empty() {
        list.get_or_insert_with(BTreeMap::new)
            .entry(key.to_owned())
            .or_insert_with(|| Text(quantity::canonical(default)));
    }
}

/// KServe's own fields after a passage through Go's types: no empty texts, no `maxReplicas: 0`.
fn extension_as_go_writes(predictor: &mut Predictor) {
    let drop_empty = |text: &mut Option<String>| {
        if text.as_deref() == Some("") {
            *text = None;
        }
    };
    if predictor.max_replicas == Some(0) {
        predictor.max_replicas = None;
    }
    let Some(AutoScaling { metrics, .. }) = &mut predictor.auto_scaling else {
        return;
    };
    for metric in metrics {
        if let Some(source) = &mut metric.podmetric {
            drop_empty(&mut source.metric.server_address);
            drop_empty(&mut source.metric.query);
            drop_empty(&mut source.metric.operation_over_time);
        }
        if let Some(source) = &mut metric.external {
            drop_empty(&mut source.metric.server_address);
            drop_empty(&mut source.metric.query);
            drop_empty(&mut source.metric.namespace);
        }
    }
}
