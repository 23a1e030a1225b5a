//! AIMRuntimeConfig and AIMClusterRuntimeConfig: defaults of a namespace and of the cluster.

use k8s_openapi::api::core::v1::EnvVar;
use serde::{Deserialize, Serialize};

use super::{Condition, Routing, Storage};
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimRuntimeConfig, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMRuntimeConfig", "aimruntimeconfigs", AimRuntimeConfigSpec, AimRuntimeConfigStatus
);

custom_resource!(
    /// TODO-DOC
    AimClusterRuntimeConfig, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterRuntimeConfig", "aimclusterruntimeconfigs", AimRuntimeConfigSpec, AimRuntimeConfigStatus
);

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimRuntimeConfigSpec {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelDefaults>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_propagation: Option<LabelPropagation>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_storage_class_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pvc_headroom_percent: Option<i32>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelDefaults {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_discovery: Option<bool>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelPropagation {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// TODO-DOC
    #[serde(rename = "match", default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimRuntimeConfigStatus {
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}
