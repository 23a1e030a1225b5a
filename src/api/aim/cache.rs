//! AIMTemplateCache: the weights that a template needs, kept on volumes.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Condition, ModelSource, ObjectStatus, ResolutionScope, ResolvedReference, markers};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// The weights that a template needs, kept on volumes of the namespace. Made by AIM Engine for services and
    /// templates.
    AimTemplateCache, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMTemplateCache", "aimtemplatecaches", AimTemplateCacheSpec, AimTemplateCacheStatus
);

/// Which weights, and how they are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimTemplateCacheSpec {
    /// The template whose weights are kept.
    #[schemars(length(min = 1))]
    pub template_name: String,
    /// Whether that is an AIMServiceTemplate (`Namespace`) or an AIMClusterServiceTemplate (`Cluster`).
    #[schemars(extend("enum" = ["Namespace", "Cluster", "Unknown"]))]
    pub template_scope: ResolutionScope,
    /// For every service of the template, or for its owner alone. Default: `Shared`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Shared"))]
    pub mode: Option<CacheMode>,
    /// Variables for the downloads; a source's own win.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
    /// Ignored by AIM Engine 0.2.1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// The storage class of the volumes. Absent: the runtime config's, else the cluster's default class; then artifacts
    /// of any class are shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// Ignored by AIM Engine 0.2.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_image: Option<String>,
    /// Not used by AIM Engine 0.2.1: the weights are those in the template's status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// The AIMRuntimeConfig, or AIMClusterRuntimeConfig, that gives defaults; both are merged where both exist.
    /// Default: `default`, which need not exist; any other name must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
}

/// Who uses the weights.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum CacheMode {
    /// The owner alone; deleted with it.
    Dedicated,
    /// Everybody in the namespace.
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

/// What AIM Engine last saw of the cache.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimTemplateCacheStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far it has come. Default: `Pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["Pending", "Progressing", "Ready", "Failed", "Degraded", "NotAvailable"], "default" = "Pending"))]
    pub status: Option<ObjectStatus>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// The runtime config in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// The template's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_template_kind: Option<String>,
    /// The downloaded sources, by the artifact's name. The pods mount those that are Ready.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, CachedArtifact>,
}

/// One downloaded source of a cache.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CachedArtifact {
    /// The AIMArtifact's UID.
    pub uid: String,
    /// The AIMArtifact's name.
    pub name: String,
    /// The model ID.
    pub model: String,
    /// How far it has come.
    pub status: String,
    /// The claim that holds the weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_volume_claim: Option<String>,
    /// Where the pods mount it. Absent: `/workspace/cache/` and the model ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mount_point: Option<String>,
}
