//! OpenTelemetry operator, `opentelemetry.io/v1beta1`: the collector (operator 0.140.0, spec 5.1).

mod config;
mod target_allocator;

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    DaemonSetUpdateStrategy, DeploymentStrategy, StatefulSetPersistentVolumeClaimRetentionPolicy,
};
use k8s_openapi::api::autoscaling::v2::{HorizontalPodAutoscalerBehavior, PodsMetricSource};
use k8s_openapi::api::core::v1::{
    Affinity, Container, EnvFromSource, EnvVar, Lifecycle, PersistentVolumeClaim, PodDNSConfig,
    PodSecurityContext, ResourceRequirements, SecurityContext, Toleration,
    TopologySpreadConstraint, Volume, VolumeMount,
};
use k8s_openapi::api::networking::v1::IngressTLS;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use config::{CollectorConfig, CollectorService, Components, Pipeline};
pub use target_allocator::{PrometheusCr, TargetAllocator};

use super::{custom_resource, null_as_default};

custom_resource!(
    /// A collector. In mode `sidecar` the operator injects it into pods that ask for it; the other modes make workloads.
    OpenTelemetryCollector, NamespaceResourceScope, "opentelemetry.io", "v1beta1", "OpenTelemetryCollector", "opentelemetrycollectors", CollectorSpec, CollectorStatus
);

/// What the collector is and where it runs.
///
/// Fields that are plain structs in the operator's Go types (`ingress`, `resources` …) are never left out when it
/// writes the object, so they are not optional here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectorSpec {
    /// `sidecar`, `deployment` (absent), `daemonset` or `statefulset`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `automatic` (absent) or `none`: whether the operator migrates the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade_strategy: Option<String>,
    /// The collector's own configuration.
    pub config: CollectorConfig,
    /// Revisions of the ConfigMap to keep; absent: 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_versions: Option<i64>,
    /// `managed` (absent) or `unmanaged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_state: Option<String>,
    /// Requests and limits of the collector's container.
    #[serde(default, deserialize_with = "null_as_default")]
    pub resources: ResourceRequirements,
    /// Nodes to run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_selector: Option<BTreeMap<String, String>>,
    /// Command line flags, without their dashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<BTreeMap<String, String>>,
    /// Replicas, where the mode has them; absent: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// How many may be away at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_disruption_budget: Option<DisruptionBudget>,
    /// Privileges of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_context: Option<SecurityContext>,
    /// Privileges of the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_security_context: Option<PodSecurityContext>,
    /// Annotations for the pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_annotations: Option<BTreeMap<String, String>>,
    /// A ServiceAccount instead of the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// The collector's image instead of the operator's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// When to pull it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_pull_policy: Option<String>,
    /// Mounts of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_mounts: Option<Vec<VolumeMount>>,
    /// Ports beside those that the configuration opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ports: Option<Vec<CollectorPort>>,
    /// Environment of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<EnvVar>>,
    /// Environment taken from ConfigMaps and Secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env_from: Option<Vec<EnvFromSource>>,
    /// Taints to bear. Refused in mode `sidecar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerations: Option<Vec<Toleration>>,
    /// Volumes of the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<Vec<Volume>>,
    /// Where to run. Refused in mode `sidecar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// Hooks of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Seconds to end gracefully.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// How to spread the pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topology_spread_constraints: Option<Vec<TopologySpreadConstraint>>,
    /// Use the node's network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_network: Option<bool>,
    /// How names are looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_policy: Option<String>,
    /// Share processes within the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_process_namespace: Option<bool>,
    /// The pods' priority. Refused in mode `sidecar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<String>,
    /// Containers to run first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init_containers: Option<Vec<Container>>,
    /// More containers. Refused in mode `sidecar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_containers: Option<Vec<Container>>,
    /// Name servers of the pods.
    #[serde(default, deserialize_with = "null_as_default")]
    pub pod_dns_config: PodDNSConfig,
    /// IP families of the Services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_families: Option<Vec<String>>,
    /// IP family policy of the Services; absent: `SingleStack`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_family_policy: Option<String>,
    /// How the Services spread their traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic_distribution: Option<String>,
    /// Claims of the StatefulSet. Refused in the other modes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_claim_templates: Option<Vec<PersistentVolumeClaim>>,
    /// What becomes of those claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_volume_claim_retention_policy:
        Option<StatefulSetPersistentVolumeClaimRetentionPolicy>,
    /// The StatefulSet's Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Scales the collector itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaler: Option<CollectorAutoscaler>,
    /// Spreads scrape targets over collectors.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target_allocator: TargetAllocator,
    /// Opens the collector to the outside.
    #[serde(default, deserialize_with = "null_as_default")]
    pub ingress: CollectorIngress,
    /// Closes the collector's network.
    #[serde(default, deserialize_with = "null_as_default")]
    pub network_policy: CollectorNetworkPolicy,
    /// Numbers of the liveness probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<ProbeNumbers>,
    /// Numbers of the readiness probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<ProbeNumbers>,
    /// Numbers of the startup probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub startup_probe: Option<ProbeNumbers>,
    /// Metrics about the collector.
    #[serde(default, deserialize_with = "null_as_default")]
    pub observability: Observability,
    /// ConfigMaps to mount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configmaps: Option<Vec<MountedConfigMap>>,
    /// How the DaemonSet is rolled.
    #[serde(default, deserialize_with = "null_as_default")]
    pub daemon_set_update_strategy: DaemonSetUpdateStrategy,
    /// How the Deployment is rolled.
    #[serde(default, deserialize_with = "null_as_default")]
    pub deployment_update_strategy: DeploymentStrategy,
}

/// One port of the collector: a Service's port, and the node's port for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectorPort {
    /// The node's port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 65535))]
    pub host_port: Option<i32>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `TCP` (absent), `UDP` or `SCTP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The protocol spoken over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_protocol: Option<String>,
    /// Its number.
    pub port: i32,
    /// The container's port behind the Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_port: Option<IntOrString>,
    /// The port on every node of a Service of type NodePort. Go writes 0 never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_port: Option<i32>,
}

/// How many pods may be away at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DisruptionBudget {
    /// Fewest that stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_available: Option<IntOrString>,
    /// Most that may be away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<IntOrString>,
}

/// Scales the collector itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectorAutoscaler {
    /// Fewest replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub min_replicas: Option<i32>,
    /// Most replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_replicas: Option<i32>,
    /// How fast it may scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<HorizontalPodAutoscalerBehavior>,
    /// Metrics of its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Vec<CollectorMetric>>,
    /// CPU in per cent of the request.
    #[serde(
        default,
        rename = "targetCPUUtilization",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(range(min = 1))]
    pub target_cpu_utilization: Option<i32>,
    /// Memory in per cent of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub target_memory_utilization: Option<i32>,
}

/// A metric of the collector's pods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorMetric {
    /// `Pods`.
    #[serde(rename = "type")]
    pub type_: String,
    /// The metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods: Option<PodsMetricSource>,
}

/// Opens the collector to the outside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectorIngress {
    /// `ingress` or `route`; absent: none is made.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    /// `path` or `subdomain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_type: Option<String>,
    /// The host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Annotations of the Ingress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
    /// Its certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Vec<IngressTLS>>,
    /// Its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingress_class_name: Option<String>,
    /// Settings of an OpenShift Route.
    #[serde(default, deserialize_with = "null_as_default")]
    pub route: CollectorRoute,
}

/// Settings of an OpenShift Route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorRoute {
    /// `insecure`, `edge`, `passthrough` or `reencrypt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination: Option<String>,
}

/// Closes the collector's network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorNetworkPolicy {
    /// Whether a NetworkPolicy is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The numbers of a probe; where it asks is the health check's own business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProbeNumbers {
    /// Seconds before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub initial_delay_seconds: Option<i32>,
    /// Seconds until it counts as failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub timeout_seconds: Option<i32>,
    /// Seconds between two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub period_seconds: Option<i32>,
    /// Successes in a row until it counts as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub success_threshold: Option<i32>,
    /// Failures in a row until it counts as broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub failure_threshold: Option<i32>,
    /// Seconds to end gracefully after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub termination_grace_period_seconds: Option<i64>,
}

/// Metrics about the collector or target allocator itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observability {
    /// Which monitors are made.
    #[serde(default, deserialize_with = "null_as_default")]
    pub metrics: ObservabilityMetrics,
}

/// Which monitors are made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObservabilityMetrics {
    /// Make a ServiceMonitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_metrics: Option<bool>,
    /// Labels of the ServiceMonitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_labels: Option<BTreeMap<String, String>>,
    /// Leave the pods without Prometheus annotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_prometheus_annotations: Option<bool>,
}

/// A ConfigMap to mount.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MountedConfigMap {
    /// Its name.
    pub name: String,
    /// Where.
    pub mountpath: String,
}

/// What the operator reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorStatus {
    /// Replicas of the collector's workload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<CollectorScale>,
    /// The version that the configuration was last migrated to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The image that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// Replicas of the collector's workload.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CollectorScale {
    /// How its pods are selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// How many are wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// Ready and wanted: `1/1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_replicas: Option<String>,
}
