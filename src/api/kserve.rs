//! KServe, `serving.kserve.io/v1beta1`: the InferenceService as far as AIM Engine sets it and KServe reads it.
//!
//! Only the custom predictor (a pod of one's own, container `kserve-container`) is typed. What a predictor holds
//! besides (`model`, `workerSpec`, `transformer` …) is kept as it is and never computed with.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::DeploymentStrategy;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Quantity, custom_resource, null_as_default};

custom_resource!(
    /// A model server: KServe 0.16.0 makes a Deployment, a Service and an autoscaler of it.
    InferenceService, NamespaceResourceScope, "serving.kserve.io", "v1beta1", "InferenceService", "inferenceservices", InferenceServiceSpec, InferenceServiceStatus
);

/// What is to be served.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InferenceServiceSpec {
    /// The component that answers requests.
    pub predictor: Predictor,
    /// A component that changes requests; AIM Engine never writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transformer: Option<Value>,
    /// A component that explains answers; AIM Engine never writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explainer: Option<Value>,
}

/// A pod specification with the fields of KServe's component extension.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Predictor {
    /// The pod; the container that serves is named `kserve-container`.
    #[serde(flatten)]
    pub pod: PodSpec,
    /// Fewest replicas; absent: 1. 0 is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// Most replicas. KServe stores 0 as absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<i32>,
    /// What to scale on, with class `hpa`: the utilisation or average that `scaleMetric` should have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_target: Option<i32>,
    /// What to scale on, with class `hpa`: `cpu` or `memory` (`concurrency`, `rps`: Knative only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_metric: Option<String>,
    /// How `scaleTarget` is meant: `Utilization` or `AverageValue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_metric_type: Option<String>,
    /// What to scale on, with class `keda`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<AutoScaling>,
    /// Requests that one container may work on at a time; not negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container_concurrency: Option<i64>,
    /// Seconds that a request may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i64>,
    /// Labels for this component's objects, over those of the InferenceService.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub labels: BTreeMap<String, String>,
    /// Annotations for this component's objects, over those of the InferenceService.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: BTreeMap<String, String>,
    /// How the Deployment replaces its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_strategy: Option<DeploymentStrategy>,
    /// What AIM Engine never writes.
    #[serde(flatten)]
    pub others: OtherPredictorFields,
}

/// Fields of a predictor that are kept and never computed with: other model servers than a pod of one's own, and
/// what KServe adds to a server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherPredictorFields {
    /// A model, served by a runtime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Value>,
    /// A scikit-learn model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sklearn: Option<Value>,
    /// An XGBoost model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xgboost: Option<Value>,
    /// A TensorFlow model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tensorflow: Option<Value>,
    /// A PyTorch model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pytorch: Option<Value>,
    /// A model for Triton.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triton: Option<Value>,
    /// An ONNX model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onnx: Option<Value>,
    /// A Hugging Face model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub huggingface: Option<Value>,
    /// A PMML model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmml: Option<Value>,
    /// A LightGBM model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lightgbm: Option<Value>,
    /// A Paddle model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paddle: Option<Value>,
    /// Where several models come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_uris: Option<Value>,
    /// Further nodes of a server that spans several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_spec: Option<Value>,
    /// Logging of requests and answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logger: Option<Value>,
    /// Batching of requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batcher: Option<Value>,
    /// Share of the traffic for the newest revision, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_traffic_percent: Option<Value>,
}

/// What a component scales on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AutoScaling {
    /// One trigger each, in order.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub metrics: Vec<MetricsSpec>,
    /// How fast it may scale. Under class `keda` only the two stabilisation windows are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<HorizontalPodAutoscalerBehavior>,
}

/// One metric; `type` says which of the others is meant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricsSpec {
    /// `Resource`, `External` or `PodMetric`.
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub type_: String,
    /// The pods' own use of cpu or memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceMetricSource>,
    /// A metric of a server outside the pods (Prometheus, Graphite).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalMetricSource>,
    /// A metric that the pods export, taken through an OpenTelemetry collector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub podmetric: Option<PodMetricSource>,
}

/// `MetricsSpec.type` of a metric of a server outside the pods.
pub const EXTERNAL: &str = "External";
/// `MetricsSpec.type` of a metric that the pods export.
pub const POD_METRIC: &str = "PodMetric";
/// `MetricsSpec.type` of cpu and memory.
pub const RESOURCE: &str = "Resource";

/// The pods' own use of a resource.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceMetricSource {
    /// `cpu` or `memory`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// What it should be.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target: MetricTarget,
}

/// A metric of a server outside the pods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalMetricSource {
    /// Where it is asked for.
    #[serde(default, deserialize_with = "null_as_default")]
    pub metric: ExternalMetrics,
    /// How to log in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_ref: Option<ExternalAuthentication>,
    /// What it should be.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target: MetricTarget,
}

/// A query to a server of metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalMetrics {
    /// `prometheus` or `graphite`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub backend: String,
    /// The server's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_address: Option<String>,
    /// The query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Namespace of a namespaced query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// How KEDA logs in at a server of metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalAuthentication {
    /// The TriggerAuthentication.
    #[serde(default, deserialize_with = "null_as_default")]
    pub authentication_ref: AuthenticationName,
    /// `bearer`, `basic`, `tls`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_modes: Option<String>,
}

/// A TriggerAuthentication of the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticationName {
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
}

/// A metric that the pods export.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PodMetricSource {
    /// What is asked for.
    #[serde(default, deserialize_with = "null_as_default")]
    pub metric: PodMetrics,
    /// What it should be.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target: MetricTarget,
}

/// What the OpenTelemetry add-on is asked for, and what the collector lets through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodMetrics {
    /// Only `opentelemetry` can be stored.
    #[serde(default, deserialize_with = "null_as_default")]
    pub backend: String,
    /// The add-on's address as `host:port`, in place of the configured one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_address: Option<String>,
    /// The metrics that the sidecar collector lets through.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub metric_names: Vec<String>,
    /// A metric's name; KServe wraps it as `sum(<query>{namespace=…, deployment=…})`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// `last_one`, `avg`, `max`, `min`, `rate` or `count`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_over_time: Option<String>,
}

/// What a metric should be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricTarget {
    /// `Utilization`, `Value` or `AverageValue`; of a PodMetric only checked, never used.
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub type_: String,
    /// The target; KServe hands the text on as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<IntOrString>")]
    pub value: Option<Quantity>,
    /// The target as average over the pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<IntOrString>")]
    pub average_value: Option<Quantity>,
    /// The target in per cent of the pods' requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_utilization: Option<i32>,
}

/// What KServe reports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InferenceServiceStatus {
    /// Where the service is reached inside the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Addressable>,
    /// By component; of AIM Engine's services only `predictor`.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub components: BTreeMap<String, ComponentStatus>,
    /// By type: `IngressReady`, `PredictorReady`, `Ready`, `Stopped`.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub conditions: Vec<KserveCondition>,
    /// The mode that KServe works in (`Standard`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_mode: Option<String>,
    /// The generation that this status tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Where the service is reached from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How far the model itself is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_status: Option<ModelStatus>,
    /// What a dump may hold besides and nothing is computed with.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// How far the model itself is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelStatus {
    /// Pods that serve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<ModelCopies>,
    /// What it is in and what it is on the way to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<ModelStates>,
    /// `UpToDate`, `InProgress`, `BlockedByFailedLoad`, `InvalidSpec`, or empty before anything was done.
    #[serde(default, deserialize_with = "null_as_default")]
    pub transition_status: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure_info: Option<Value>,
}

/// Pods that serve a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelCopies {
    /// Pods that failed to load it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub failed_copies: i32,
    /// Ready pods; 0 is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_copies: Option<i32>,
}

/// States of a model: `Pending`, `Standby`, `Loading`, `Loaded`, `FailedToLoad`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelStates {
    /// What it is in.
    #[serde(default, deserialize_with = "null_as_default")]
    pub active_model_state: String,
    /// What it is on the way to.
    #[serde(default, deserialize_with = "null_as_default")]
    pub target_model_state: String,
}

/// An address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Addressable {
    /// A URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What KServe reports of a component.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentStatus {
    /// Where the component is reached from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is not computed with.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// A condition in Knative's form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KserveCondition {
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `Info`, or absent for an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub type_: String,
}
