//! Pieces that several AIM kinds share.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::EnvVar;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{cel, markers};
use crate::api::{Quantity, overlay};

/// Model IDs as hubs write them: `organisation/name`.
pub const MODEL_ID: &str = "^[a-zA-Z0-9_-]+/[a-zA-Z0-9._-]+$";
/// Where weights are downloaded from.
pub const SOURCE_URI: &str = r"^(hf|s3)://[^ \t\r\n]+$";

/// What a profile is tuned for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Metric {
    /// Quick answers: short time to the first and between tokens.
    #[serde(rename = "latency")]
    Latency,
    /// Many tokens a second over all requests.
    #[serde(rename = "throughput")]
    Throughput,
}

impl Metric {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Throughput => "throughput",
        }
    }
}

/// The number format that a model computes in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Precision {
    /// Left to the image.
    #[serde(rename = "auto")]
    Auto,
    /// 4-bit floating point.
    #[serde(rename = "fp4")]
    Fp4,
    /// 8-bit floating point.
    #[serde(rename = "fp8")]
    Fp8,
    /// 16-bit floating point.
    #[serde(rename = "fp16")]
    Fp16,
    /// 32-bit floating point.
    #[serde(rename = "fp32")]
    Fp32,
    /// 16-bit brain floating point.
    #[serde(rename = "bf16")]
    Bf16,
    /// 4-bit integers.
    #[serde(rename = "int4")]
    Int4,
    /// 8-bit integers.
    #[serde(rename = "int8")]
    Int8,
}

impl Precision {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Fp4 => "fp4",
            Self::Fp8 => "fp8",
            Self::Fp16 => "fp16",
            Self::Fp32 => "fp32",
            Self::Bf16 => "bf16",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
        }
    }
}

/// How well a profile has been tuned and tested.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ProfileType {
    /// Tuned for this GPU and tested; the only type that services select by themselves.
    #[serde(rename = "optimized")]
    Optimized,
    /// On its way to optimized. Selected only with `template.allowUnoptimized`.
    #[serde(rename = "preview")]
    Preview,
    /// Not tuned. Selected only with `template.allowUnoptimized`.
    #[serde(rename = "unoptimized")]
    Unoptimized,
}

impl ProfileType {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimized => "optimized",
            Self::Preview => "preview",
            Self::Unoptimized => "unoptimized",
        }
    }
}

/// How far an object has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ObjectStatus {
    /// Waits for something that is not there yet.
    Pending,
    /// Work is under way.
    Progressing,
    /// Usable.
    Ready,
    /// Usable in part, or retried after an error.
    Degraded,
    /// An error that does not heal by itself.
    Failed,
    /// The cluster lacks the hardware for it.
    NotAvailable,
}

impl ObjectStatus {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Progressing => "Progressing",
            Self::Ready => "Ready",
            Self::Degraded => "Degraded",
            Self::Failed => "Failed",
            Self::NotAvailable => "NotAvailable",
        }
    }
}

/// Where a referenced object was found.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ResolutionScope {
    /// In the namespace.
    Namespace,
    /// Among the cluster-scoped objects.
    Cluster,
    /// Put together from both.
    Merged,
    /// Not known.
    Unknown,
}

impl ResolutionScope {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Namespace => "Namespace",
            Self::Cluster => "Cluster",
            Self::Merged => "Merged",
            Self::Unknown => "Unknown",
        }
    }
}

/// The hardware that a model needs: `gpu`, `cpu`, or both; at least one of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = cel::hardware)]
pub struct Hardware {
    /// The GPUs of one replica. Without it no GPU is requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<GpuRequirements>,
    /// The CPU of one replica.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuRequirements>,
}

/// GPUs: how many, and which. `model` and `minVram` exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = cel::gpu)]
pub struct GpuRequirements {
    /// How many GPUs one replica gets, from 0. Absent or 0: no GPU is requested, so AIM Engine sets no CPU and memory
    /// either (it gives each GPU 4 CPUs and 32 Gi of memory).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub requests: Option<i32>,
    /// The GPU model, such as `MI300X`; vendor words, case and dashes do not matter where it is looked for in the
    /// cluster. The template is NotAvailable while no node has it. At most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub model: Option<String>,
    /// Memory that a GPU must have at least, as a quantity such as `192Gi`; any model that has it will do. Counts only
    /// when a GPU is asked for (`requests` over 0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_vram: Option<Quantity>,
    /// The resource that stands for a GPU in a container's requests. Default: `amd.com/gpu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "amd.com/gpu"))]
    pub resource_name: Option<String>,
}

/// CPU: what is requested, and the limit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CpuRequirements {
    /// The CPU request of one replica, in cores: `4`, `500m`. Write it in the form that Kubernetes prints, in quotes:
    /// where hardware is immutable another form blocks the operator's first write.
    pub requests: Quantity,
    /// The CPU limit of one replica; not below the request. Absent: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Quantity>,
}

/// Weights to download.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelSource {
    /// The model's name as its hub writes it: `organisation/name`. It becomes `AIM_MODEL_ID` in the container and the
    /// path of the weights below `/workspace/cache`.
    #[schemars(regex(pattern = MODEL_ID))]
    pub model_id: String,
    /// Where the weights are: `hf://organisation/name` (Hugging Face) or `s3://bucket/path`.
    #[schemars(regex(pattern = SOURCE_URI))]
    pub source_uri: String,
    /// How big the weights are, as a quantity such as `61Gi`. Absent: a Job asks the source first. The volume is this
    /// plus the head room of the runtime config, in whole Gi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Quantity>,
    /// Variables for the download alone, such as `HF_TOKEN` or `AWS_ENDPOINT_URL`; they win over the cache's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
}

/// Requests and limits of the container that serves the model, by resource name.
///
/// AIM Engine fills in 4 CPUs and 32 Gi for each GPU (48 Gi as the limit), then the template's values, then the
/// service's, key by key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resources {
    /// The most it may use: `memory: 64Gi`. No resource may have a limit below its request; a GPU's limit equals it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Quantity>,
    /// What it is sure to get: `cpu: "8"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: BTreeMap<String, Quantity>,
    /// Claims of dynamic resource allocation. AIM Engine drops them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_name)]
    pub claims: Vec<ResourceClaim>,
}

/// A claim of dynamic resource allocation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceClaim {
    /// The claim's name in the pod.
    pub name: String,
    /// One request of the claim; absent: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// One aspect of an object's state, as the operator last saw it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Which aspect: `Ready`, `ModelReady`, `CacheReady` …
    #[schemars(
        length(max = 316),
        regex(
            pattern = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
        )
    )]
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    #[schemars(extend("enum" = ["True", "False", "Unknown"]))]
    pub status: String,
    /// Why, in one word for programs.
    #[schemars(
        length(min = 1, max = 1024),
        regex(pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
    )]
    pub reason: String,
    /// Why, in words for people.
    #[schemars(length(max = 32768))]
    pub message: String,
    /// When `status` last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::required)]
    pub last_transition_time: Option<Time>,
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub observed_generation: Option<i64>,
}

/// An object that the operator decided on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedReference {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its namespace; absent for cluster-scoped objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Where it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ResolutionScope>,
    /// Its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

/// How a service is reached from outside, through an HTTPRoute of the Gateway API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// Make an HTTPRoute. A service's value wins over its runtime config's; without any: false. Needs a `gatewayRef`,
    /// here or in the runtime config: else nothing at all is made of the service. Switching it off again leaves the
    /// HTTPRoute in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The Gateway that the route hangs on. A service's replaces the runtime config's as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_ref: Option<GatewayReference>,
    /// The path prefix, with JSONPath in braces: `/models/{.metadata.namespace}/{.metadata.labels['team']}`. Each part
    /// becomes a DNS label. Absent, or when it cannot be filled in: `/<namespace>/<UID of the service>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_template: Option<String>,
    /// The longest a request may take, as Go writes durations: `30s`, `2m`. It must come out in whole units of h, m, s
    /// or ms. **A text that Go cannot read, such as `5 minutes` or `1d`, stops the operator for the whole cluster.**
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<String>,
    /// Annotations of the HTTPRoute. Only the runtime config's are used; a service's are ignored.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// Which Gateway, and which of its listeners.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GatewayReference {
    /// The API group of the parent. Default: `gateway.networking.k8s.io`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253), regex(pattern = r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"), extend("default" = "gateway.networking.k8s.io"))]
    pub group: Option<String>,
    /// The kind of the parent. Default: `Gateway`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 63), regex(pattern = "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$"), extend("default" = "Gateway"))]
    pub kind: Option<String>,
    /// The Gateway's namespace. Absent: the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 63),
        regex(pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
    )]
    pub namespace: Option<String>,
    /// The Gateway's name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// One listener of the Gateway, by name; absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
    )]
    pub section_name: Option<String>,
    /// One listener of the Gateway, by port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<i32>,
}

/// The volumes that weights are kept on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// The storage class; it must offer ReadWriteMany. A service's wins over its runtime config's. Absent: the
    /// cluster's default class. Another class than a cache has already means another download.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_storage_class_name: Option<String>,
    /// Room that a volume gets beyond the size of the weights, in percent, from 0. Default: 10, also wherever a
    /// `storage` block leaves it out (which then hides another config's value). Only the runtime config's counts; a
    /// service's is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0), extend("default" = 10))]
    pub pvc_headroom_percent: Option<i32>,
}
