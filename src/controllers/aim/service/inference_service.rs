//! The InferenceService of a service (AIM Engine 0.2.1, spec 2.10 to 2.12).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Container, ContainerPort, EmptyDirVolumeSource, PersistentVolumeClaimVolumeSource,
    PodSpec, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::go_form;
use super::super::view::Template;
use super::env::Environment;
use super::observe::Observation;
use super::{cache, resources};
use crate::api::aim::{AutoScaling, CachedArtifact, MetricTarget, MetricsSpec, ObjectStatus};
use crate::api::kserve::{
    self, InferenceService, InferenceServiceSpec, PodMetricSource, PodMetrics, Predictor,
};
use crate::inventory::Object;
use crate::kube::names::{dns, label};
use crate::kube::quantity;

/// The container that serves.
const CONTAINER: &str = "kserve-container";
/// The volume for shared memory; every other volume holds weights.
const SHARED_MEMORY: &str = "dshm";
/// Where weights are mounted.
const CACHE_PATH: &str = "/workspace/cache";

/// Whether it may be written: always once it exists, else only with a ready model and a ready cache.
pub(super) fn is_due(observation: &Observation<'_>) -> bool {
    let model = observation.found_model();
    observation.isvc.is_some()
        || model.is_some_and(|model| model.state() == Some(ObjectStatus::Ready))
            && observation.cache.is_some_and(cache::is_ready)
}

/// Builds it for a ready template; `None` when there is no name for it or the operator panics over its environment.
pub(super) fn build(observation: &Observation<'_>, template: &Template<'_>) -> Option<Object> {
    let name = observation.isvc_name.as_ref().ok()?;
    let environment = Environment::of(observation, template);
    let (volumes, mounts) = match observation.isvc {
        Some(existing) => existing_storage(existing),
        None => cache_storage(observation),
    };
    let mut container = Container {
        name: CONTAINER.to_owned(),
        image: Some(
            observation
                .found_model()
                .map_or_else(String::new, |model| model.spec.image.clone()),
        ),
        env: Some(environment.variables?).filter(|env| !env.is_empty()),
        resources: Some(resources::of(template, observation.spec.resources.as_ref())),
        ports: Some(vec![ContainerPort {
            container_port: 8000,
            name: Some("http".to_owned()),
            protocol: Some("TCP".to_owned()),
            ..ContainerPort::default()
        }]),
        volume_mounts: Some(vec![VolumeMount {
            name: SHARED_MEMORY.to_owned(),
            mount_path: "/dev/shm".to_owned(),
            ..VolumeMount::default()
        }]),
        ..Container::default()
    };
    container.image = container.image.filter(|image| !image.is_empty());
    container
        .volume_mounts
        .get_or_insert_default()
        .extend(mounts);
    let affinity = template
        .status
        .and_then(|status| status.resolved_node_affinity.clone());
    let mut all_volumes = vec![shared_memory()];
    all_volumes.extend(volumes);
    let secrets = &observation.spec.image_pull_secrets;
    let mut predictor = Predictor {
        pod: PodSpec {
            image_pull_secrets: (!secrets.is_empty()).then(|| secrets.clone()),
            service_account_name: go_form::text(&observation.spec.service_account_name),
            containers: vec![container],
            volumes: Some(all_volumes),
            affinity: affinity.map(|affinity| Affinity {
                node_affinity: Some(affinity),
                ..Affinity::default()
            }),
            ..PodSpec::default()
        },
        ..Predictor::default()
    };
    let annotations = scale(observation, name, &mut predictor);
    Some(Object::InferenceService(InferenceService {
        metadata: ObjectMeta {
            name: Some(name.clone()),
            namespace: Some(observation.namespace().to_owned()),
            labels: Some(labels(observation, template)),
            annotations: Some(annotations),
            ..ObjectMeta::default()
        },
        spec: Some(InferenceServiceSpec {
            predictor,
            ..InferenceServiceSpec::default()
        }),
        status: None,
    }))
}

fn labels(observation: &Observation<'_>, template: &Template<'_>) -> BTreeMap<String, String> {
    let profile = template
        .status
        .and_then(|status| status.profile.as_ref()?.metadata.as_ref());
    let metric = profile.and_then(|profile| profile.metric);
    let precision = profile.and_then(|profile| profile.precision);
    let own = [
        ("template", Some(template.name())),
        ("service", Some(observation.name())),
        ("model", Some(template.spec.model_name.as_str())),
        ("metric", metric.map(|metric| metric.as_str())),
        ("precision", precision.map(|precision| precision.as_str())),
    ];
    let fixed = [
        ("app.kubernetes.io/component", "inference"),
        ("app.kubernetes.io/managed-by", "aim-engine"),
    ];
    own.into_iter()
        .filter_map(|(key, value)| Some((aim_label(key), label(value?)?)))
        .chain(fixed.map(|(key, value)| (key.to_owned(), value.to_owned())))
        .collect()
}

fn shared_memory() -> Volume {
    Volume {
        name: SHARED_MEMORY.to_owned(),
        empty_dir: Some(EmptyDirVolumeSource {
            medium: Some("Memory".to_owned()),
            size_limit: Some(Quantity("8Gi".to_owned())),
        }),
        ..Volume::default()
    }
}

/// Volumes and mounts that the existing InferenceService has; they are never resolved anew.
fn existing_storage(existing: &InferenceService) -> (Vec<Volume>, Vec<VolumeMount>) {
    let pod = existing.spec.as_ref().map(|spec| &spec.predictor.pod);
    let volumes = pod
        .and_then(|pod| pod.volumes.as_ref())
        .into_iter()
        .flatten();
    let mounts = pod
        .and_then(|pod| pod.containers.first()?.volume_mounts.as_ref())
        .into_iter()
        .flatten();
    (
        volumes
            .filter(|volume| volume.name != SHARED_MEMORY)
            .cloned()
            .collect(),
        mounts
            .filter(|mount| mount.name != SHARED_MEMORY)
            .cloned()
            .collect(),
    )
}

/// One volume for each ready artifact of a ready cache. The reference's order is random, the tool's by artifact.
fn cache_storage(observation: &Observation<'_>) -> (Vec<Volume>, Vec<VolumeMount>) {
    let ready = observation.cache.filter(|cache| cache::is_ready(cache));
    let artifacts = ready
        .and_then(|cache| cache.status.as_ref())
        .map(|status| &status.artifacts);
    artifacts
        .into_iter()
        .flatten()
        .filter(|(_, artifact)| artifact.status == "Ready")
        .filter_map(|(_, artifact)| {
            let claim = go_form::text(&artifact.persistent_volume_claim)?;
            let name = dns(&artifact.name);
            let mount = VolumeMount {
                mount_path: mount_path(artifact, &name),
                name: name.clone(),
                ..VolumeMount::default()
            };
            let volume = Volume {
                name,
                persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                    claim_name: claim,
                    read_only: None,
                }),
                ..Volume::default()
            };
            Some((volume, mount))
        })
        .unzip()
}

/// The artifact's own mount point, else a path made of its model's ID without any `..`.
fn mount_path(artifact: &CachedArtifact, volume: &str) -> String {
    if let Some(path) = go_form::text(&artifact.mount_point) {
        return path;
    }
    let model = artifact.model.replace("..", "");
    let model = match model.as_str() {
        "" | "." => volume,
        model => model,
    };
    cleaned(&format!("{CACHE_PATH}/{model}"))
}

/// Go's `path.Clean` of an absolute path.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Sets replicas and what to scale on; gives the annotations that go with it.
fn scale(
    observation: &Observation<'_>,
    isvc: &str,
    predictor: &mut Predictor,
) -> BTreeMap<String, String> {
    let spec = observation.spec;
    let class = "serving.kserve.io/autoscalerClass".to_owned();
    if !observation.is_autoscaled() {
        let replicas = spec.replicas.unwrap_or(1);
        predictor.min_replicas = Some(replicas);
        // A plain number in KServe's type: 0 is left out.
        predictor.max_replicas = Some(replicas).filter(|replicas| *replicas != 0);
        return BTreeMap::from([(class, "none".to_owned())]);
    }
    predictor.min_replicas = Some(spec.min_replicas.unwrap_or(1));
    predictor.max_replicas = Some(spec.max_replicas.or(spec.min_replicas).unwrap_or(1));
    predictor.auto_scaling = spec.auto_scaling.as_ref().map(auto_scaling);
    BTreeMap::from([
        (class, "keda".to_owned()),
        (
            "sidecar.opentelemetry.io/inject".to_owned(),
            format!("{isvc}-predictor"),
        ),
        ("prometheus.kserve.io/port".to_owned(), "8000".to_owned()),
    ])
}

fn auto_scaling(own: &AutoScaling) -> kserve::AutoScaling {
    kserve::AutoScaling {
        metrics: own.metrics.iter().map(metric).collect(),
        behavior: None,
    }
}

fn metric(own: &MetricsSpec) -> kserve::MetricsSpec {
    let podmetric = own.podmetric.as_ref().map(|source| PodMetricSource {
        metric: PodMetrics {
            backend: source
                .metric
                .backend
                .map_or_else(String::new, |backend| backend.as_str().to_owned()),
            server_address: go_form::text(&source.metric.server_address),
            metric_names: source.metric.metric_names.clone(),
            query: go_form::text(&source.metric.query),
            operation_over_time: go_form::text(&source.metric.operation_over_time),
        },
        target: target(&source.target),
    });
    kserve::MetricsSpec {
        type_: own.r#type.as_str().to_owned(),
        podmetric,
        ..kserve::MetricsSpec::default()
    }
}

/// A text that is no quantity is dropped without a word.
fn target(own: &MetricTarget) -> kserve::MetricTarget {
    let amount = |text: &Option<String>| {
        let text = text
            .as_deref()
            .filter(|text| quantity::Quantity::parse(text).is_ok())?;
        Some(crate::api::Quantity(text.to_owned()))
    };
    kserve::MetricTarget {
        type_: own.r#type.as_str().to_owned(),
        value: amount(&own.value),
        average_value: amount(&own.average_value),
        average_utilization: own.average_utilization,
    }
}
