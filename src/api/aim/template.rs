//! AIMServiceTemplate and AIMClusterServiceTemplate: one way to run a model.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::NodeAffinity;
use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, ObjectStatus, Precision, ProfileType,
    ResolvedReference, Resources, cel, markers,
};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// One way to run a model, usable in its namespace: image profile, hardware, variables. Mostly made by AIM Engine
    /// from a model; services select one.
    AimServiceTemplate, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMServiceTemplate", "aimservicetemplates", AimServiceTemplateSpec, AimServiceTemplateStatus
);

custom_resource!(
    /// One way to run a model, usable in all namespaces. Services prefer a namespaced template, even a worse one.
    AimClusterServiceTemplate, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterServiceTemplate", "aimclusterservicetemplates", AimServiceTemplateSpec, AimServiceTemplateStatus
);

/// Which model, and how it is run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceTemplateSpec {
    /// The AIMModel of the namespace that it runs; for an AIMClusterServiceTemplate the AIMClusterModel. It cannot be
    /// changed.
    #[schemars(length(min = 1), transform = cel::immutable("model name is immutable"))]
    pub model_name: String,
    /// What the profile is tuned for; `AIM_METRIC` in the container. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled, transform = cel::immutable("metric is immutable"))]
    pub metric: Option<Metric>,
    /// The number format; `AIM_PRECISION` in the container. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled, transform = cel::immutable("precision is immutable"))]
    pub precision: Option<Precision>,
    /// The hardware of one replica. The pods are bound to nodes with the named GPU. It cannot be changed once set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = cel::immutable("hardware is immutable"))]
    pub hardware: Option<Hardware>,
    /// The AIMRuntimeConfig, or AIMClusterRuntimeConfig, that gives defaults; both are merged where both exist.
    /// Default: `default`, which need not exist; any other name must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
    /// Passed on to derived templates; the pods use the service's, discovery the model's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// Not used for pods (the service's is), nor for discovery (the model's is).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Requests and limits of the container, over AIM Engine's own, below the service's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// The weights. With them the template is ready without discovery; the first one's model ID is `AIM_MODEL_ID`.
    /// Absent: a discovery Job asks the image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// The profile in the image; `AIM_PROFILE_ID` in the container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<String>,
    /// How well it has been tuned. Counts only together with `modelSources`; discovery's answer wins otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled)]
    pub r#type: Option<ProfileType>,
    /// Variables of the container, over the runtime config's, below the service's; also for discovery. An
    /// AIMClusterServiceTemplate's are not used by discovery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
    /// A cache that is filled before any service asks for it. Namespaced templates only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caching: Option<TemplateCaching>,
}

/// A cache of the template's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateCaching {
    /// Make the cache as soon as the weights are known. Default: false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = false))]
    pub enabled: Option<bool>,
    /// Variables for its downloads; they also reach the caches that services make of this template, whether `enabled`
    /// or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
}

/// What AIM Engine last saw of the template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimServiceTemplateStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far it has come. NotAvailable: no node has its GPU. Default: `Pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Pending"))]
    pub status: Option<ObjectStatus>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// The model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_model: Option<ResolvedReference>,
    /// The runtime config in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// Its own cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_cache: Option<ResolvedReference>,
    /// The hardware of one replica: of the spec, or as discovery found it. GPU count and resource of the pods come from
    /// here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_hardware: Option<Hardware>,
    /// The nodes that have the GPU, by device ID; copied to the pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "overlay::node_affinity")]
    pub resolved_node_affinity: Option<NodeAffinity>,
    /// The hardware for people: `1 x MI300X`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware_summary: Option<String>,
    /// The weights: of the spec, or as discovery found them. Without any there is no cache and no pod, ever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_sources: Vec<ModelSource>,
    /// The profile that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// How discovery is going.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<DiscoveryState>,
    /// The Job that asks the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery_job: Option<ResolvedReference>,
}

/// A profile of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Arguments of the engine, as the image knows them; they do not reach the container from here.
    #[serde(
        rename = "engine_args",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(schema_with = "markers::anything")]
    pub engine_args: Option<serde_json::Value>,
    /// Variables of the image; they do not reach the container from here.
    #[serde(
        rename = "env_vars",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub env_vars: BTreeMap<String, String>,
    /// What the profile is for; services select by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ProfileMetadata>,
    /// All that discovery answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "markers::anything")]
    pub original_discovery_output: Option<serde_json::Value>,
}

/// What a profile is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileMetadata {
    /// What runs the model: `vllm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The GPU model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    /// How many GPUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_count: Option<i32>,
    /// Latency or throughput.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// The number format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// How well it has been tuned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ProfileType>,
}

/// How discovery is going.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryState {
    /// How often it was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i32>,
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attempt_time: Option<Time>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure_reason: Option<String>,
    /// A hash over what it asked for; another one starts it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_hash: Option<String>,
}
