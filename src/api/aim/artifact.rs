//! AIMArtifact: one downloaded source of weights.

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::{CacheMode, Condition, ObjectStatus};
use crate::api::Quantity;
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimArtifact, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMArtifact", "aimartifacts", AimArtifactSpec, AimArtifactStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimArtifactSpec {
    /// TODO-DOC
    pub source_uri: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_download_image: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimArtifactStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ObjectStatus>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<CacheMode>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_volume_claim: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<DownloadProgress>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_size: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Time>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovered_size_bytes: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocated_size: Option<Quantity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headroom_percent: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<DownloadState>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadProgress {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_bytes: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downloaded_bytes: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentage: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_percentage: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DownloadState {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_attempts: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol_sequence: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
