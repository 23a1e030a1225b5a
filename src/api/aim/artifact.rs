//! AIMArtifact: one downloaded source of weights.

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CacheMode, Condition, MODEL_ID, ObjectStatus, SOURCE_URI, cel, markers};
use crate::api::Quantity;
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// One source of weights, downloaded to a volume. Made by AIM Engine for caches; what shares a source shares the
    /// artifact.
    AimArtifact, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMArtifact", "aimartifacts", AimArtifactSpec, AimArtifactStatus
);

/// What to download, and where to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimArtifactSpec {
    /// Where the weights are: `hf://organisation/name` or `s3://bucket/path`. It cannot be changed.
    #[schemars(length(min = 1), regex(pattern = SOURCE_URI), transform = cel::immutable("sourceUri is immutable"))]
    pub source_uri: String,
    /// The model's name as its hub writes it: `organisation/name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = MODEL_ID))]
    pub model_id: Option<String>,
    /// The storage class of the volume; it must offer ReadWriteMany. Absent: the runtime config's, else the cluster's
    /// default class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// How big the weights are, as a quantity. Absent or 0: a Job asks the source first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Quantity>,
    /// Variables of the download, over the runtime config's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
    /// The image that downloads. Default: `ghcr.io/silogen/aim-artifact-downloader:0.2.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "ghcr.io/silogen/aim-artifact-downloader:0.2.0"))]
    pub model_download_image: Option<String>,
    /// Secrets to pull that image with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// The AIMRuntimeConfig, or AIMClusterRuntimeConfig, that gives defaults; both are merged where both exist.
    /// Default: `default`, which need not exist; any other name must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
}

/// What AIM Engine last saw of the artifact.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimArtifactStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far it has come. Ready: the volume is bound and the download has ended well. Default: `Pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Pending"))]
    pub status: Option<ObjectStatus>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<CacheMode>,
    /// The claim of the volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_volume_claim: Option<String>,
    /// How far the download is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<DownloadProgress>,
    /// The size for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_size: Option<String>,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Time>,
    /// The size that the source named, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovered_size_bytes: Option<i64>,
    /// The size that the volume asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocated_size: Option<Quantity>,
    /// The head room of the volume, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headroom_percent: Option<i32>,
    /// How the download is going.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<DownloadState>,
}

/// How far a download is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DownloadProgress {
    /// The size, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_bytes: Option<i64>,
    /// What is there, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downloaded_bytes: Option<i64>,
    /// What is there, in percent, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub percentage: Option<i32>,
    /// The same for people: `42 %`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_percentage: Option<String>,
}

/// How a download is going.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DownloadState {
    /// The protocol in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Which attempt it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i32>,
    /// How many there will be at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_attempts: Option<i32>,
    /// The protocols, in the order they are tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol_sequence: Option<String>,
    /// What it last said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
