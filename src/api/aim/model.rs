//! AIMModel and AIMClusterModel: a container image that serves a model.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, ObjectStatus, Precision, ProfileType,
    ResolvedReference, Resources,
};
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimModel, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMModel", "aimmodels", AimModelSpec, AimModelStatus
);

custom_resource!(
    /// TODO-DOC
    AimClusterModel, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterModel", "aimclustermodels", AimModelSpec, AimModelStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimModelSpec {
    /// TODO-DOC
    pub image: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<ModelDiscovery>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_service_template: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomModelSpec>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_templates: Vec<CustomTemplate>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_metadata: Option<ImageMetadata>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelDiscovery {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract_metadata: Option<bool>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_service_templates: Option<bool>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomModelSpec {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ProfileType>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomTemplate {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ProfileType>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<CustomTemplateProfile>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomTemplateProfile {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageMetadata {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelMetadata>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oci: Option<OciMetadata>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub original_labels: BTreeMap<String, String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelMetadata {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hf_token_required: Option<bool>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommended_deployments: Vec<RecommendedDeployment>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_full: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_notes: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecommendedDeployment {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_model: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_count: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OciMetadata {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authors: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimModelStatus {
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
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_metadata: Option<ImageMetadata>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<ModelSourceType>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelSourceType {
    /// TODO-DOC
    Image,
    /// TODO-DOC
    Custom,
}

impl ModelSourceType {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::Custom => "Custom",
        }
    }
}
