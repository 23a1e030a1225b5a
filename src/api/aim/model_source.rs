//! AIMClusterModelSource: models found by listing a registry.

use k8s_openapi::api::core::v1::LocalObjectReference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::Condition;
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimClusterModelSource, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterModelSource", "aimclustermodelsources", AimClusterModelSourceSpec, AimClusterModelSourceStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimClusterModelSourceSpec {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<ModelSourceFilter>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_interval: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_models: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelSourceFilter {
    /// TODO-DOC
    pub image: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimClusterModelSourceStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ModelSourceStatus>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sync_time: Option<Time>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_models: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovered_models: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models_limit_reached: Option<bool>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelSourceStatus {
    /// TODO-DOC
    Pending,
    /// TODO-DOC
    Starting,
    /// TODO-DOC
    Progressing,
    /// TODO-DOC
    Ready,
    /// TODO-DOC
    Running,
    /// TODO-DOC
    Degraded,
    /// TODO-DOC
    NotAvailable,
    /// TODO-DOC
    Failed,
}

impl ModelSourceStatus {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Starting => "Starting",
            Self::Progressing => "Progressing",
            Self::Ready => "Ready",
            Self::Running => "Running",
            Self::Degraded => "Degraded",
            Self::NotAvailable => "NotAvailable",
            Self::Failed => "Failed",
        }
    }
}
