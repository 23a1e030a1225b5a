//! AIMService: one model, served.

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, Precision, ResolvedReference, Resources, Routing,
    Storage, cel, markers,
};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// One model, served over HTTP as an OpenAI-compatible API. AIM Engine makes everything that it takes: model and
    /// template where they are missing, the cache of the weights, the KServe InferenceService, the route.
    AimService, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMService", "aimservices", AimServiceSpec, AimServiceStatus
);

/// What is to be served, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceSpec {
    /// The model: exactly one of `name`, `image`, `custom`. It cannot be changed later; make another service instead.
    #[schemars(transform = cel::immutable("model selection is immutable after creation"))]
    pub model: ServiceModel,
    /// Which template runs the model. Absent: the best Ready one of the model for the GPUs of the cluster. It cannot be
    /// changed once set; and since the operator itself writes an empty one, it cannot be added either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = cel::immutable("template selection is immutable after creation"))]
    pub template: Option<TemplateSelection>,
    /// Where the weights are kept. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = cel::immutable("caching mode is immutable after creation"))]
    pub caching: Option<ServiceCaching>,
    /// Deprecated, and ignored: weights are always cached. Use `caching.mode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_model: Option<bool>,
    /// A fixed number of replicas. Default: 1. Ignored as soon as `minReplicas`, `maxReplicas` or `autoScaling` is set.
    /// 0 leaves the service in Starting; a negative number is refused by KServe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = 1))]
    pub replicas: Option<i32>,
    /// The fewest replicas of an autoscaled service, from 1. Setting it switches autoscaling on. Default then: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub min_replicas: Option<i32>,
    /// The most replicas of an autoscaled service, from 1, not below `minReplicas`. Setting it switches autoscaling on.
    /// Default then: `minReplicas`, so that nothing ever scales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_replicas: Option<i32>,
    /// What to scale on. Setting it switches autoscaling on. KEDA needs at least one metric: without, its ScaledObject
    /// is refused and the service ends Failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<AutoScaling>,
    /// The AIMRuntimeConfig, or AIMClusterRuntimeConfig, that gives defaults; both are merged where both exist. Default:
    /// `default`, which need not exist; any other name must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
    /// The volumes of the cache. Counts only when the cache is first made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// The HTTPRoute to the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// Requests and limits of the container, over the template's and AIM Engine's own, key by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Asks for another variant of the model. They filter which template is selected; over a namespaced template a
    /// derived template is made as well, which this service does not use. Not together with an explicit namespaced
    /// template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<ServiceOverrides>,
    /// Variables of the container, over those of runtime config and template. `AIM_ENGINE_ARGS` is a JSON object and is
    /// merged deeply with theirs. They reach the download of the weights, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
    /// Secrets to pull the image with; the template's and model's are not used for the pods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// The ServiceAccount of the pods; it must exist. Absent: the namespace's `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
}

/// Which model: exactly one of the fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = cel::service_model)]
pub struct ServiceModel {
    /// The name of an AIMModel of the namespace, else of an AIMClusterModel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An AIM container image. The one model with exactly this image is used; an AIMModel is made where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Own weights in a base image. An AIMModel is made, or shared with services that describe the same. Its template
    /// is unoptimized, so `template.allowUnoptimized` is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomModel>,
}

/// Own weights, and what runs them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = cel::custom_model)]
pub struct CustomModel {
    /// The image that serves the weights.
    pub base_image: String,
    /// The weights: exactly one source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::required, length(min = 1, max = 1))]
    pub model_sources: Vec<ModelSource>,
    /// The hardware that one replica needs.
    pub hardware: Hardware,
}

/// Which template runs the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSelection {
    /// The name of an AIMServiceTemplate of the namespace, else of an AIMClusterServiceTemplate. Any type is taken, of
    /// any model. Absent: selected by the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Also select templates that are unoptimized, preview or of no type. Default: false. Of no use beside a `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_unoptimized: Option<bool>,
}

/// Where the weights are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCaching {
    /// One cache for all services of a template, or one for this service alone. Default: `Shared`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Shared"))]
    pub mode: Option<CachingMode>,
}

/// Whose cache it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum CachingMode {
    /// A cache of this service's own, deleted with it.
    Dedicated,
    /// The cache of the template, which outlives the service.
    Shared,
    /// Old name of `Shared`.
    Auto,
    /// Old name of `Shared`.
    Always,
    /// Old name of `Dedicated`.
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

/// Another variant of the model. An empty block is a trap: the service then takes the user's own template over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceOverrides {
    /// What the profile is tuned for. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled, transform = cel::immutable("metric is immutable"))]
    pub metric: Option<Metric>,
    /// The number format. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled, transform = cel::immutable("precision is immutable"))]
    pub precision: Option<Precision>,
    /// The hardware, in place of all of the template's: a GPU model alone drops the count, and no GPU is requested. It
    /// cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = cel::immutable("hardware is immutable"))]
    pub hardware: Option<Hardware>,
}

/// What to scale on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoScaling {
    /// The metrics; the one that asks for the most replicas decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricsSpec>,
}

/// One metric to scale on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsSpec {
    /// The kind of metric; there is only `PodMetric`.
    pub r#type: MetricSourceType,
    /// The metric of the pods. KServe refuses the service without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub podmetric: Option<PodMetricSource>,
}

/// A kind of metric.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum MetricSourceType {
    /// A metric that the pods themselves expose.
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

/// A metric of the pods, and what it should be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodMetricSource {
    /// Which metric, and how it is collected.
    pub metric: PodMetric,
    /// What it should be, per pod.
    pub target: MetricTarget,
}

/// Which metric, and how it is collected: a sidecar in each pod sends it to KEDA's OpenTelemetry add-on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodMetric {
    /// Where the metric is kept. Default, and the only one: `opentelemetry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "opentelemetry"))]
    pub backend: Option<MetricBackend>,
    /// Host and port of the add-on's scaler: `keda-otel-scaler.keda.svc:4318`. Best left out: KServe knows it. Port 4317,
    /// which its documents name, is the receiver: KEDA then scales on CPU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_address: Option<String>,
    /// The metrics that the sidecar sends on, such as `vllm:num_requests_running`. Without any there is no sidecar and
    /// no metric ever arrives; the query's must be among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_names: Vec<String>,
    /// The name of the metric to scale on, bare: KServe adds the filter on the service itself, so sums, labels and
    /// arithmetic fail. KServe refuses the service without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// How values of the last minutes become one: `last_one` (also for everything unknown), `avg`, `max`, `min`, `rate`,
    /// `count`. Use `rate` for counters only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_over_time: Option<String>,
}

/// Where a metric is kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum MetricBackend {
    /// KEDA's OpenTelemetry add-on.
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

/// What the metric should be. Only `value` counts, and always as an average per pod.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricTarget {
    /// Required, and ignored: the autoscaler always compares the average per pod.
    pub r#type: MetricTargetType,
    /// The wanted average per pod: a positive integer in quotes. Anything else is refused (nothing, 0), or makes KEDA
    /// scale on CPU (`0.5`, `100m`, `1k`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Ignored; write `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_value: Option<String>,
    /// Ignored; write `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
}

/// How a target is meant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum MetricTargetType {
    /// The metric itself.
    Value,
    /// The metric divided by the pods.
    AverageValue,
    /// A share of what was requested.
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

/// What AIM Engine last saw of the service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceStatus {
    /// The generation of the service that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far the service has come. Default: `Pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Pending"))]
    pub status: Option<ServiceStatus>,
    /// Its aspects, one entry a type. None is ever taken away: one keeps its last value when its case is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// The model in use; set once it was Ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_model: Option<ResolvedReference>,
    /// The template in use; set once it was Ready, and kept as long as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_template: Option<ResolvedReference>,
    /// The runtime config in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// The cache in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<ServiceCacheStatus>,
    /// The route; empty, but there, once an HTTPRoute exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<ServiceRoutingStatus>,
    /// Its replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<RuntimeStatus>,
}

/// How far a service has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ServiceStatus {
    /// Waits for something that is not there yet, such as its model or template.
    Pending,
    /// Its objects are made; weights are downloaded, pods start.
    Starting,
    /// It answers.
    Running,
    /// Something that is retried went wrong.
    Degraded,
    /// An error that does not heal by itself.
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

/// The cache in use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCacheStatus {
    /// The AIMTemplateCache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_cache_ref: Option<ResolvedReference>,
    /// How often making it was tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::plain)]
    pub retry_attempts: Option<i64>,
}

/// The route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRoutingStatus {
    /// Its path; never filled by AIM Engine 0.2.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// The replicas of a service; zeros are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeStatus {
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_replicas: Option<i32>,
    /// How many the autoscaler wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_replicas: Option<i32>,
    /// The fewest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<i32>,
    /// All of it for people: `2`, or `2/3 (1-8)` for current, desired, fewest and most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<String>,
}
