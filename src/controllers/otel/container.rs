//! The collector's container (spec 5.3).

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, Container, ContainerPort, EnvVar, EnvVarSource, HTTPGetAction,
    ObjectFieldSelector, Probe, ResourceFieldSelector, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::components::{self, Of};
use super::{naming, telemetry};
use crate::api::otel::{CollectorPort, CollectorSpec, ProbeNumbers};

/// The container's name in every pod.
pub(crate) const NAME: &str = "otc-container";
/// The collector's image unless the collector names one (operator 0.140.0, chart 0.101.0 with AIM Engine's values).
pub(super) const DEFAULT_IMAGE: &str = "otel/opentelemetry-collector-k8s:0.140.1";
/// The volume that holds the ConfigMap where the configuration is mounted.
pub(super) const CONFIG_VOLUME: &str = "otc-internal";

/// The container; `mounted` when the configuration comes from the ConfigMap and not from the environment.
pub(super) fn build(spec: &CollectorSpec, mounted: bool) -> Container {
    let mut args = Vec::new();
    let mut mounts = Vec::new();
    if mounted {
        args.push("--config=/conf/collector.yaml".to_owned());
        mounts.push(VolumeMount {
            name: CONFIG_VOLUME.to_owned(),
            mount_path: "/conf".to_owned(),
            ..VolumeMount::default()
        });
    }
    let mut given: Vec<String> = spec
        .args
        .iter()
        .flatten()
        .filter(|(key, _)| !(mounted && *key == "config"))
        .map(|(key, value)| format!("--{key}={value}"))
        .collect();
    given.sort();
    args.extend(given);
    mounts.extend(spec.volume_mounts.iter().flatten().cloned());
    for mounted in spec.configmaps.iter().flatten() {
        let name = naming::config_map_volume(&mounted.name);
        let folder = mounted.mountpath.trim_matches('/');
        let mount_path = if folder.is_empty() {
            format!("/var/conf/{name}")
        } else {
            format!("/var/conf/{folder}/{name}")
        };
        mounts.push(VolumeMount {
            name,
            mount_path,
            ..VolumeMount::default()
        });
    }
    let image = spec.image.as_deref().filter(|image| !image.is_empty());
    let probe = |numbers: &Option<ProbeNumbers>| {
        components::health_check(&spec.config)
            .map(|(path, port)| health_probe(&path, port, numbers.as_ref()))
    };
    Container {
        name: NAME.to_owned(),
        image: Some(image.unwrap_or(DEFAULT_IMAGE).to_owned()),
        image_pull_policy: spec
            .image_pull_policy
            .clone()
            .filter(|policy| !policy.is_empty()),
        args: Some(args),
        ports: Some(ports(spec)),
        volume_mounts: Some(mounts).filter(|mounts| !mounts.is_empty()),
        env: Some(env(spec)),
        env_from: spec.env_from.clone(),
        resources: Some(spec.resources.clone()),
        security_context: spec.security_context.clone(),
        liveness_probe: probe(&spec.liveness_probe),
        readiness_probe: probe(&spec.readiness_probe),
        startup_probe: probe(&spec.startup_probe),
        lifecycle: spec.lifecycle.clone(),
        ..Container::default()
    }
}

/// The collector's volumes, and one for each ConfigMap that it mounts.
pub(super) fn volumes(spec: &CollectorSpec) -> Vec<Volume> {
    let mut volumes = spec.volumes.clone().unwrap_or_default();
    volumes.extend(spec.configmaps.iter().flatten().map(|mounted| Volume {
        name: naming::config_map_volume(&mounted.name),
        config_map: Some(ConfigMapVolumeSource {
            name: mounted.name.clone(),
            ..ConfigMapVolumeSource::default()
        }),
        ..Volume::default()
    }));
    volumes
}

fn health_probe(path: &str, port: i32, numbers: Option<&ProbeNumbers>) -> Probe {
    let numbers = numbers.cloned().unwrap_or_default();
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.to_owned()),
            port: IntOrString::Int(port),
            ..HTTPGetAction::default()
        }),
        initial_delay_seconds: numbers.initial_delay_seconds,
        timeout_seconds: numbers.timeout_seconds,
        period_seconds: numbers.period_seconds,
        success_threshold: numbers.success_threshold,
        failure_threshold: numbers.failure_threshold,
        termination_grace_period_seconds: numbers.termination_grace_period_seconds,
        ..Probe::default()
    }
}

/// An environment variable that Kubernetes fills from a field of the pod.
pub(super) fn field_env(name: &str, path: &str) -> EnvVar {
    EnvVar {
        name: name.to_owned(),
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                field_path: path.to_owned(),
                ..ObjectFieldSelector::default()
            }),
            ..EnvVarSource::default()
        }),
        ..EnvVar::default()
    }
}

fn env(spec: &CollectorSpec) -> Vec<EnvVar> {
    let limit = |name: &str, resource: &str| EnvVar {
        name: name.to_owned(),
        value_from: Some(EnvVarSource {
            resource_field_ref: Some(ResourceFieldSelector {
                container_name: Some(NAME.to_owned()),
                resource: resource.to_owned(),
                ..ResourceFieldSelector::default()
            }),
            ..EnvVarSource::default()
        }),
        ..EnvVar::default()
    };
    let mut inferred = vec![field_env("POD_NAME", "metadata.name")];
    if spec.target_allocator.enabled == Some(true) {
        inferred.push(EnvVar {
            name: "SHARD".to_owned(),
            value: Some("0".to_owned()),
            ..EnvVar::default()
        });
    }
    inferred.push(limit("GOMEMLIMIT", "limits.memory"));
    inferred.push(limit("GOMAXPROCS", "limits.cpu"));
    let mut env: Vec<EnvVar> = spec.env.clone().unwrap_or_default();
    let given: BTreeSet<String> = env.iter().map(|var| var.name.clone()).collect();
    env.extend(
        inferred
            .into_iter()
            .filter(|var| !given.contains(&var.name)),
    );
    env
}

/// The container's ports: those that the configuration opens and `metrics`, and over them the collector's own.
fn ports(spec: &CollectorSpec) -> Vec<ContainerPort> {
    let mut inferred: Vec<ContainerPort> = components::ports(&spec.config, Of::All)
        .unwrap_or_default()
        .into_iter()
        .map(|port| ContainerPort {
            name: Some(naming::container_port(&port.name)),
            container_port: port.number,
            protocol: Some(port.protocol.to_owned()).filter(|protocol| !protocol.is_empty()),
            ..ContainerPort::default()
        })
        .collect();
    inferred.push(ContainerPort {
        name: Some("metrics".to_owned()),
        container_port: telemetry::port(&spec.config.service).unwrap_or(8888),
        protocol: Some("TCP".to_owned()),
        ..ContainerPort::default()
    });
    let own = spec.ports.as_deref().unwrap_or_default();
    let mut ports = own_ports(own);
    ports.extend(inferred.into_iter().filter_map(|mut port| {
        let name = port.name.unwrap_or_default();
        port.name = Some(free_name(
            own,
            name,
            port.container_port,
            port.protocol.as_deref(),
        )?);
        Some(port)
    }));
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    ports
}

/// The name that an inferred port gets beside the collector's own ports; `None` when it has to go.
pub(super) fn free_name(
    own: &[CollectorPort],
    name: String,
    number: i32,
    protocol: Option<&str>,
) -> Option<String> {
    fn or_tcp(protocol: Option<&str>) -> &str {
        protocol.filter(|text| !text.is_empty()).unwrap_or("TCP")
    }
    let taken = |name: &str| own.iter().any(|port| port.name.as_deref() == Some(name));
    let number_taken = own
        .iter()
        .any(|port| port.port == number && or_tcp(port.protocol.as_deref()) == or_tcp(protocol));
    if number_taken {
        return None;
    }
    if !taken(&name) {
        return Some(name);
    }
    let fallback = format!("port-{number}");
    (!taken(&fallback)).then_some(fallback)
}

fn own_ports(own: &[CollectorPort]) -> Vec<ContainerPort> {
    let mut seen = BTreeSet::new();
    let mut ports = Vec::new();
    for port in own {
        let mut name = port.name.clone().unwrap_or_default();
        if seen.contains(&name) {
            name = format!("port-{}", port.port);
            if seen.contains(&name) {
                continue;
            }
        }
        seen.insert(name.clone());
        ports.push(ContainerPort {
            name: Some(name).filter(|name| !name.is_empty()),
            container_port: port.port,
            protocol: port.protocol.clone(),
            host_port: port.host_port.filter(|port| *port != 0),
            ..ContainerPort::default()
        });
    }
    ports
}
