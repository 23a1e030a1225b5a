//! AIMTemplateCache: the weights that a template needs, kept on volumes.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use serde::{Deserialize, Serialize};

use super::{Condition, ModelSource, ObjectStatus, ResolutionScope, ResolvedReference};
use crate::api::custom_resource;

custom_resource!(
    /// TODO-DOC
    AimTemplateCache, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMTemplateCache", "aimtemplatecaches", AimTemplateCacheSpec, AimTemplateCacheStatus
);

/// TODO-DOC
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimTemplateCacheSpec {
    /// TODO-DOC
    pub template_name: String,
    /// TODO-DOC
    pub template_scope: ResolutionScope,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<CacheMode>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_image: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
}

/// TODO-DOC
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CacheMode {
    /// TODO-DOC
    Dedicated,
    /// TODO-DOC
    Shared,
}

impl CacheMode {
    /// The value as it is written in YAML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dedicated => "Dedicated",
            Self::Shared => "Shared",
        }
    }
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AimTemplateCacheStatus {
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
    pub resolved_template_kind: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, CachedArtifact>,
}

/// TODO-DOC
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CachedArtifact {
    /// TODO-DOC
    pub uid: String,
    /// TODO-DOC
    pub name: String,
    /// TODO-DOC
    pub model: String,
    /// TODO-DOC
    pub status: String,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_volume_claim: Option<String>,
    /// TODO-DOC
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mount_point: Option<String>,
}
