//! AIMRuntimeConfig and AIMClusterRuntimeConfig: defaults of a namespace and of the cluster.

use k8s_openapi::api::core::v1::EnvVar;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Condition, Routing, Storage, markers};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// Defaults for the services, models, templates and caches of a namespace that name it; `default` counts for those
    /// that name none.
    AimRuntimeConfig, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMRuntimeConfig", "aimruntimeconfigs", AimRuntimeConfigSpec, AimRuntimeConfigStatus
);

custom_resource!(
    /// Defaults for all namespaces. A namespaced config of the same name is merged over it, where its values are not
    /// empty, 0 or false.
    AimClusterRuntimeConfig, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterRuntimeConfig", "aimclusterruntimeconfigs", AimRuntimeConfigSpec, AimRuntimeConfigStatus
);

/// Defaults.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimRuntimeConfigSpec {
    /// The volumes of caches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// The HTTPRoutes of services; a service's own values win.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// Variables of all containers and downloads, below all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
    /// Defaults for models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelDefaults>,
    /// Labels that are passed on to what is made of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_propagation: Option<LabelPropagation>,
    /// Deprecated: use `storage.defaultStorageClassName`, which wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_storage_class_name: Option<String>,
    /// Deprecated: use `storage.pvcHeadroomPercent`. Ignored as soon as there is a `storage` block, which has a default
    /// of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pvc_headroom_percent: Option<i32>,
}

/// Defaults for models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelDefaults {
    /// Read what images say of themselves, unless a model's own `discovery` says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_discovery: Option<bool>,
}

/// Which labels are passed on, beside those of `aim.eai.amd.com/`, which always are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LabelPropagation {
    /// Pass labels on. Default: false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = false))]
    pub enabled: Option<bool>,
    /// Patterns for whole keys, as Go's `filepath.Match` reads them: `team`, `example.com/*`. A star does not cross a
    /// slash. A namespaced config's list replaces the cluster's.
    #[serde(rename = "match", default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
}

/// What AIM Engine last saw of the config.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimRuntimeConfigStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
}
