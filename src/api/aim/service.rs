//! AIMService: one model, served.

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, Precision, ResolvedReference, Resources, Routing,
    Storage,
};
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimService, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMService", "aimservices", AimServiceSpec, AimServiceStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceSpec {
    /// TODO-DOC
    pub model: ServiceModel,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateSelection>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caching: Option<ServiceCaching>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_model: Option<bool>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<AutoScaling>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<ServiceOverrides>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceModel {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomModel>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomModel {
    /// TODO-DOC
    pub base_image: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// TODO-DOC
    pub hardware: Hardware,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSelection {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_unoptimized: Option<bool>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCaching {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<CachingMode>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CachingMode {
    /// TODO-DOC
    Dedicated,
    /// TODO-DOC
    Shared,
    /// TODO-DOC
    Auto,
    /// TODO-DOC
    Always,
    /// TODO-DOC
    Never,
}

impl CachingMode {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dedicated => "Dedicated",
            Self::Shared => "Shared",
            Self::Auto => "Auto",
            Self::Always => "Always",
            Self::Never => "Never",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceOverrides {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AutoScaling {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricsSpec>,
}

/// TODO-DOC
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricsSpec {
    /// TODO-DOC
    pub r#type: MetricSourceType,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub podmetric: Option<PodMetricSource>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MetricSourceType {
    /// TODO-DOC
    PodMetric,
}

impl MetricSourceType {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PodMetric => "PodMetric",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodMetricSource {
    /// TODO-DOC
    pub metric: PodMetric,
    /// TODO-DOC
    pub target: MetricTarget,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodMetric {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<MetricBackend>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_address: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_names: Vec<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_over_time: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MetricBackend {
    /// TODO-DOC
    #[serde(rename = "opentelemetry")]
    Opentelemetry,
}

impl MetricBackend {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opentelemetry => "opentelemetry",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricTarget {
    /// TODO-DOC
    pub r#type: MetricTargetType,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_value: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MetricTargetType {
    /// TODO-DOC
    Value,
    /// TODO-DOC
    AverageValue,
    /// TODO-DOC
    Utilization,
}

impl MetricTargetType {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "Value",
            Self::AverageValue => "AverageValue",
            Self::Utilization => "Utilization",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ServiceStatus>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_model: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_template: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<ServiceCacheStatus>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<ServiceRoutingStatus>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<RuntimeStatus>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ServiceStatus {
    /// TODO-DOC
    Pending,
    /// TODO-DOC
    Starting,
    /// TODO-DOC
    Running,
    /// TODO-DOC
    Degraded,
    /// TODO-DOC
    Failed,
}

impl ServiceStatus {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Starting => "Starting",
            Self::Running => "Running",
            Self::Degraded => "Degraded",
            Self::Failed => "Failed",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCacheStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_cache_ref: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_attempts: Option<i64>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRoutingStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<String>,
}
