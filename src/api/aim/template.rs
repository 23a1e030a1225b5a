//! AIMServiceTemplate and AIMClusterServiceTemplate: one way to run a model.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::NodeAffinity;
use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, ObjectStatus, Precision, ProfileType,
    ResolvedReference, Resources,
};
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimServiceTemplate, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMServiceTemplate", "aimservicetemplates", AimServiceTemplateSpec, AimServiceTemplateStatus
);

custom_resource!(
    /// TODO-DOC
    AimClusterServiceTemplate, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterServiceTemplate", "aimclusterservicetemplates", AimServiceTemplateSpec, AimServiceTemplateStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceTemplateSpec {
    /// TODO-DOC
    pub model_name: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ProfileType>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caching: Option<TemplateCaching>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateCaching {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceTemplateStatus {
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
    pub resolved_model: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_cache: Option<ResolvedReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_hardware: Option<Hardware>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_node_affinity: Option<NodeAffinity>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware_summary: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<DiscoveryState>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery_job: Option<ResolvedReference>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// TODO-DOC
    #[serde(
        rename = "engine_args",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub engine_args: Option<serde_json::Value>,
    /// TODO-DOC
    #[serde(
        rename = "env_vars",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub env_vars: BTreeMap<String, String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ProfileMetadata>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_discovery_output: Option<serde_json::Value>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileMetadata {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_count: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ProfileType>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryState {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i32>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attempt_time: Option<Time>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure_reason: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_hash: Option<String>,
}
