//! The operator's pod webhook: which pod gets which sidecar, and what it looks like (spec 5.2, 5.3).

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Container, EnvVar, Namespace, Pod};

use super::{config, container, naming};
use crate::api::otel::{CollectorSpec, OpenTelemetryCollector};
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, ObjectKey, Origin, World};
use crate::kube::unknown::{KNOWN_AFTER_APPLY, is_unknown};

/// Annotation on pods and namespaces that asks for a sidecar.
pub const INJECT: &str = "sidecar.opentelemetry.io/inject";
/// The sidecar's container.
pub const CONTAINER: &str = container::NAME;
/// Label on a pod that got one.
const INJECTED: &str = "sidecar.opentelemetry.io/injected";
/// The variable that holds the collector's configuration.
pub(super) const CONFIG: &str = "OTEL_CONFIG";
const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";

/// What the webhook does with a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Nobody asks for a sidecar.
    None,
    /// The pod is not to have one.
    Unwanted,
    /// It has one already.
    Present,
    /// The collector of that key is injected.
    Collector(ObjectKey),
    /// The named collector does not exist: no event, no log line.
    Missing(ObjectKey),
    /// The named collector is in another mode.
    NoSidecar(ObjectKey),
    /// `true`, but the namespace has none in mode sidecar.
    NoneAvailable,
    /// `true`, but the namespace has several in mode sidecar.
    Several(Vec<ObjectKey>),
}

/// Which sidecar a pod gets.
#[must_use]
pub fn choose(pod: &Pod, namespace: &str, world: &World) -> Choice {
    let value = wanted(pod, namespace, world);
    if value.is_empty() {
        return Choice::None;
    }
    if value.eq_ignore_ascii_case("false") {
        return Choice::Unwanted;
    }
    if containers(pod).any(|container| container.name == container::NAME) {
        return Choice::Present;
    }
    let workload = workload(pod, namespace, world);
    let there = |key: &ObjectKey| !comes_later(key, workload.as_ref(), world);
    if value.eq_ignore_ascii_case("true") {
        let mut sidecars: Vec<ObjectKey> = world
            .list::<OpenTelemetryCollector>(namespace)
            .filter(|collector| is_sidecar(collector))
            .filter_map(|collector| collector.metadata.name.as_deref())
            .map(|name| collector_key(namespace, name))
            .filter(there)
            .collect();
        return match sidecars.len() {
            0 => Choice::NoneAvailable,
            1 => sidecars
                .pop()
                .map_or(Choice::NoneAvailable, Choice::Collector),
            _ => Choice::Several(sidecars),
        };
    }
    let (namespace, name) = value.split_once('/').unwrap_or((namespace, &value));
    let key = collector_key(namespace, name);
    match world.get::<OpenTelemetryCollector>(namespace, name) {
        Some(_) if !there(&key) => Choice::Missing(key),
        Some(collector) if is_sidecar(collector) => Choice::Collector(key),
        Some(_) => Choice::NoSidecar(key),
        None => Choice::Missing(key),
    }
}

/// The Deployment or StatefulSet that a planned pod belongs to.
fn workload(pod: &Pod, namespace: &str, world: &World) -> Option<ObjectKey> {
    let owner = pod
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.controller == Some(true))?;
    match owner.kind.as_str() {
        "StatefulSet" => Some(ObjectKey::new(Kind::StatefulSet, namespace, &owner.name)),
        "ReplicaSet" => {
            let name = deployment_of(&owner.name, namespace, world)?;
            Some(ObjectKey::new(Kind::Deployment, namespace, &name))
        }
        _ => None,
    }
}

/// Whether a document brings the collector after the workload: its pods are there by then. The objects of a dump were
/// all there before.
fn comes_later(collector: &ObjectKey, workload: Option<&ObjectKey>, world: &World) -> bool {
    let entry = |key: &ObjectKey| world.entry(key);
    let (Some(collector), Some(workload)) = (entry(collector), workload.and_then(entry)) else {
        return false;
    };
    match (&collector.origin, &workload.origin) {
        (Origin::Given(collector), Origin::Given(pods)) => {
            collector > pods && !workload.status_given
        }
        _ => false,
    }
}

/// The Deployment of a ReplicaSet. A planned pod's ReplicaSet is not in the World: it is named after its Deployment,
/// and the hash is the cluster's.
fn deployment_of(replica_set: &str, namespace: &str, world: &World) -> Option<String> {
    match world.get::<ReplicaSet>(namespace, replica_set) {
        Some(set) => set
            .metadata
            .owner_references
            .iter()
            .flatten()
            .find(|owner| owner.kind == "Deployment")
            .map(|owner| owner.name.clone()),
        None => replica_set
            .strip_suffix(KNOWN_AFTER_APPLY)
            .and_then(|name| name.strip_suffix('-'))
            .map(str::to_owned),
    }
}

fn collector_key(namespace: &str, name: &str) -> ObjectKey {
    ObjectKey::new(Kind::OpenTelemetryCollector, namespace, name)
}

fn is_sidecar(collector: &OpenTelemetryCollector) -> bool {
    let mode = collector
        .spec
        .as_ref()
        .and_then(|spec| spec.mode.as_deref());
    mode == Some("sidecar")
}

/// The annotation in force: the pod's, unless it is empty or `true` and the namespace says more.
fn wanted(pod: &Pod, namespace: &str, world: &World) -> String {
    let of_pod = pod
        .metadata
        .annotations
        .as_ref()
        .and_then(|map| map.get(INJECT));
    let of_namespace = world
        .get::<Namespace>("", namespace)
        .and_then(|namespace| namespace.metadata.annotations.as_ref()?.get(INJECT));
    let of_pod = of_pod.map(String::as_str).unwrap_or_default();
    let of_namespace = of_namespace.map(String::as_str).unwrap_or_default();
    let value = if of_namespace.is_empty() {
        of_pod
    } else if of_pod.is_empty() {
        of_namespace
    } else if !of_pod.eq_ignore_ascii_case("true") || of_namespace.eq_ignore_ascii_case("false") {
        of_pod
    } else {
        of_namespace
    };
    value.to_owned()
}

fn containers(pod: &Pod) -> impl Iterator<Item = &Container> {
    let spec = pod.spec.as_ref();
    spec.into_iter().flat_map(|spec| {
        spec.init_containers
            .iter()
            .flatten()
            .chain(&spec.containers)
    })
}

/// Gives a new pod its sidecar, or takes it away. The webhook never refuses a pod.
pub fn mutate(pod: &mut Pod, world: &World) {
    let namespace = pod.metadata.namespace.clone().unwrap_or_default();
    match choose(pod, &namespace, world) {
        Choice::Collector(key) => {
            let spec = world
                .get::<OpenTelemetryCollector>(&key.namespace, &key.name)
                .and_then(|collector| collector.spec.as_ref());
            if let Some(spec) = spec {
                let attributes = attributes(pod, &namespace, world);
                inject(pod, &key, spec, attributes);
            }
        }
        Choice::Unwanted => {
            if let Some(spec) = &mut pod.spec {
                let stays = |container: &Container| container.name != container::NAME;
                spec.containers.retain(stays);
                if let Some(init) = &mut spec.init_containers {
                    init.retain(stays);
                }
            }
        }
        _ => {}
    }
}

/// Where a field of the sidecar's container came from.
#[must_use]
pub fn origin(pod: &Pod, namespace: &str, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let injected = pod
        .metadata
        .labels
        .as_ref()
        .and_then(|labels| labels.get(INJECTED));
    let name = pod
        .metadata
        .annotations
        .as_ref()
        .and_then(|map| map.get(INJECT));
    let mut candidates: Vec<ObjectKey> = world
        .entries(Kind::OpenTelemetryCollector, namespace)
        .map(|(key, _)| key.clone())
        .collect();
    if let Some((namespace, name)) = name.and_then(|name| name.split_once('/')) {
        candidates.push(collector_key(namespace, name));
    }
    let key = candidates
        .into_iter()
        .find(|key| Some(&naming::instance(&key.namespace, &key.name)) == injected);
    let Some(key) = key else {
        return Vec::new();
    };
    let first = match path.0.first() {
        Some(Segment::Key(key)) => key.as_str(),
        _ => "",
    };
    let path = match first {
        "env" | "args" => FieldPath::parse("spec.config"),
        "image" | "resources" | "securityContext" | "volumeMounts" | "ports" | "envFrom"
        | "lifecycle" => FieldPath::parse("spec").join(path),
        _ => FieldPath::parse("spec"),
    };
    vec![FieldOrigin {
        object: key,
        path,
        note: "OpenTelemetry operator 0.140.0 injects the collector into the pod".to_owned(),
    }]
}

fn inject(pod: &mut Pod, key: &ObjectKey, spec: &CollectorSpec, attributes: Vec<EnvVar>) {
    let mut container = container::build(spec, false);
    container
        .args
        .get_or_insert_default()
        .push(format!("--config=env:{CONFIG}"));
    let env = container.env.get_or_insert_default();
    env.push(EnvVar {
        name: CONFIG.to_owned(),
        value: Some(config::text(&spec.config)),
        ..EnvVar::default()
    });
    if !env.iter().any(|var| var.name == ATTRIBUTES) {
        env.extend(attributes);
    }
    container.restart_policy = Some("Always".to_owned());
    if container.startup_probe.is_none() {
        container
            .startup_probe
            .clone_from(&container.readiness_probe);
    }
    let pod_spec = pod.spec.get_or_insert_default();
    let init = pod_spec.init_containers.get_or_insert_default();
    init.extend(spec.init_containers.iter().flatten().cloned());
    init.push(container);
    let volumes = container::volumes(spec);
    if !volumes.is_empty() {
        pod_spec.volumes.get_or_insert_default().extend(volumes);
    }
    pod.metadata.labels.get_or_insert_default().insert(
        INJECTED.to_owned(),
        naming::instance(&key.namespace, &key.name),
    );
}

/// The variables by which the collector knows its pod; workloads that are not known are left out.
fn attributes(pod: &Pod, namespace: &str, world: &World) -> Vec<EnvVar> {
    let variable = |suffix: &str| format!("{ATTRIBUTES}_{suffix}");
    let reference = |suffix: &str| format!("$({})", variable(suffix));
    let mut pairs = vec![
        ("k8s.namespace.name", namespace.to_owned()),
        ("k8s.node.name", reference("NODE_NAME")),
        ("k8s.pod.name", reference("POD_NAME")),
        ("k8s.pod.uid", reference("POD_UID")),
    ];
    if let Some(workload) = Workload::of(pod, namespace, world) {
        pairs.push(("k8s.replicaset.name", workload.replica_set.0));
        pairs.push(("k8s.replicaset.uid", workload.replica_set.1));
        if let Some((name, uid)) = workload.deployment {
            pairs.push(("k8s.deployment.name", name));
            pairs.push(("k8s.deployment.uid", uid));
        }
    }
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    vec![
        container::field_env(&variable("POD_NAME"), "metadata.name"),
        container::field_env(&variable("POD_UID"), "metadata.uid"),
        container::field_env(&variable("NODE_NAME"), "spec.nodeName"),
        EnvVar {
            name: ATTRIBUTES.to_owned(),
            value: Some(pairs.join(",")),
            ..EnvVar::default()
        },
    ]
}

/// Name and UID of a pod's ReplicaSet, and of that one's Deployment.
struct Workload {
    replica_set: (String, String),
    deployment: Option<(String, String)>,
}

impl Workload {
    fn of(pod: &Pod, namespace: &str, world: &World) -> Option<Self> {
        let owner = pod
            .metadata
            .owner_references
            .iter()
            .flatten()
            .find(|owner| owner.kind == "ReplicaSet")?;
        if !is_unknown(&owner.name) && world.get::<ReplicaSet>(namespace, &owner.name).is_none() {
            return None;
        }
        let uid = |key: &ObjectKey| world.uid(key).display().to_owned();
        let deployment = deployment_of(&owner.name, namespace, world)
            .filter(|name| world.get::<Deployment>(namespace, name).is_some())
            .map(|name| {
                let uid = uid(&ObjectKey::new(Kind::Deployment, namespace, &name));
                (name, uid)
            });
        Some(Self {
            replica_set: (
                owner.name.clone(),
                uid(&ObjectKey::new(Kind::ReplicaSet, namespace, &owner.name)),
            ),
            deployment,
        })
    }
}
