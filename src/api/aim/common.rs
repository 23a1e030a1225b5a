//! Pieces that several AIM kinds share.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::EnvVar;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use crate::api::Quantity;

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Metric {
    /// TODO-DOC
    #[serde(rename = "latency")]
    Latency,
    /// TODO-DOC
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

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// TODO-DOC
    #[serde(rename = "auto")]
    Auto,
    /// TODO-DOC
    #[serde(rename = "fp4")]
    Fp4,
    /// TODO-DOC
    #[serde(rename = "fp8")]
    Fp8,
    /// TODO-DOC
    #[serde(rename = "fp16")]
    Fp16,
    /// TODO-DOC
    #[serde(rename = "fp32")]
    Fp32,
    /// TODO-DOC
    #[serde(rename = "bf16")]
    Bf16,
    /// TODO-DOC
    #[serde(rename = "int4")]
    Int4,
    /// TODO-DOC
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

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProfileType {
    /// TODO-DOC
    #[serde(rename = "optimized")]
    Optimized,
    /// TODO-DOC
    #[serde(rename = "preview")]
    Preview,
    /// TODO-DOC
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

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectStatus {
    /// TODO-DOC
    Pending,
    /// TODO-DOC
    Progressing,
    /// TODO-DOC
    Ready,
    /// TODO-DOC
    Degraded,
    /// TODO-DOC
    Failed,
    /// TODO-DOC
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

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResolutionScope {
    /// TODO-DOC
    Namespace,
    /// TODO-DOC
    Cluster,
    /// TODO-DOC
    Merged,
    /// TODO-DOC
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

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hardware {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<GpuRequirements>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuRequirements>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GpuRequirements {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_vram: Option<Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CpuRequirements {
    /// TODO-DOC
    pub requests: Quantity,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Quantity>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelSource {
    /// TODO-DOC
    pub model_id: String,
    /// TODO-DOC
    pub source_uri: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resources {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: BTreeMap<String, Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ResourceClaim>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceClaim {
    /// TODO-DOC
    pub name: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// TODO-DOC
    pub r#type: String,
    /// TODO-DOC
    pub status: String,
    /// TODO-DOC
    pub reason: String,
    /// TODO-DOC
    pub message: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Time>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedReference {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ResolutionScope>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_ref: Option<GatewayReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_template: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayReference {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// TODO-DOC
    pub name: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_storage_class_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pvc_headroom_percent: Option<i32>,
}
