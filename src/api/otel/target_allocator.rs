//! The target allocator inside a collector.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, EnvVar, PodSecurityContext, ResourceRequirements, SecurityContext, Toleration,
    TopologySpreadConstraint,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DisruptionBudget, Observability};
use crate::api::null_as_default;

/// Spreads scrape targets over several collectors. Refused in mode `sidecar` when enabled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetAllocator {
    /// Its replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// Nodes to run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_selector: Option<BTreeMap<String, String>>,
    /// Requests and limits.
    #[serde(default, deserialize_with = "null_as_default")]
    pub resources: ResourceRequirements,
    /// `consistent-hashing` (absent), `least-weighted` or `per-node`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation_strategy: Option<String>,
    /// `relabel-config` (absent) or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_strategy: Option<String>,
    /// A ServiceAccount instead of the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// Its image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whether it is there at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Where to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// Targets taken from the Prometheus operator's kinds.
    #[serde(default, rename = "prometheusCR", deserialize_with = "null_as_default")]
    pub prometheus_cr: PrometheusCr,
    /// Privileges of the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_context: Option<SecurityContext>,
    /// Privileges of the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_security_context: Option<PodSecurityContext>,
    /// How to spread its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topology_spread_constraints: Option<Vec<TopologySpreadConstraint>>,
    /// Taints to bear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerations: Option<Vec<Toleration>>,
    /// Environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<EnvVar>>,
    /// Metrics about itself.
    #[serde(default, deserialize_with = "null_as_default")]
    pub observability: Observability,
    /// How many may be away at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_disruption_budget: Option<DisruptionBudget>,
    /// How long it waits for a collector (a Go duration); absent: 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collector_not_ready_grace_period: Option<String>,
    /// How often collectors read their targets anew (a Go duration); absent: 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collector_target_reload_interval: Option<String>,
}

/// Targets taken from the Prometheus operator's kinds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusCr {
    /// Whether it looks at them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Namespaces to look in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_namespaces: Option<Vec<String>>,
    /// Namespaces to pass over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deny_namespaces: Option<Vec<String>>,
    /// How often targets are scraped (a Go duration); absent: 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrape_interval: Option<String>,
    /// Which PodMonitors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_monitor_selector: Option<LabelSelector>,
    /// Which ServiceMonitors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_monitor_selector: Option<LabelSelector>,
    /// Which ScrapeConfigs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrape_config_selector: Option<LabelSelector>,
    /// Which Probes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_selector: Option<LabelSelector>,
}
