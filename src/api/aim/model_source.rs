//! AIMClusterModelSource: models found by listing a registry.

use k8s_openapi::api::core::v1::LocalObjectReference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Condition, markers};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// Models found by listing a registry: an AIMClusterModel for each image that passes the filters.
    AimClusterModelSource, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterModelSource", "aimclustermodelsources", AimClusterModelSourceSpec, AimClusterModelSourceStatus
);

/// Which registry, and which of its images.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimClusterModelSourceSpec {
    /// The registry. Default: `docker.io`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "docker.io"))]
    pub registry: Option<String>,
    /// Which images; 1 to 100 filters, an image that passes any of them counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::required, length(min = 1, max = 100))]
    pub filters: Vec<ModelSourceFilter>,
    /// Secrets to list the registry with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// How often the registry is listed, as Go writes durations: `1h`, the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "1h"))]
    pub sync_interval: Option<String>,
    /// How many models are made at most, 1 to 10000. Default: 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::plain, range(min = 1, max = 10000), extend("default" = 100))]
    pub max_models: Option<i64>,
    /// Which versions count, for filters that do not say it themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// Images that count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelSourceFilter {
    /// A pattern of image names, of at most 512 characters.
    #[schemars(length(max = 512))]
    pub image: String,
    /// Images that do not count all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Which versions count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// What AIM Engine last saw of the registry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimClusterModelSourceStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ModelSourceStatus>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// When the registry was last listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sync_time: Option<Time>,
    /// How many images pass the filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::plain)]
    pub available_models: Option<i64>,
    /// How many models were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::plain)]
    pub discovered_models: Option<i64>,
    /// More images pass than `maxModels` allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models_limit_reached: Option<bool>,
}

/// How far it has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ModelSourceStatus {
    /// Waits.
    Pending,
    /// Begins.
    Starting,
    /// Lists the registry.
    Progressing,
    /// Models are made.
    Ready,
    /// Models are made and kept up to date.
    Running,
    /// Something that is retried went wrong.
    Degraded,
    /// The registry cannot be reached.
    NotAvailable,
    /// An error that does not heal by itself.
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
