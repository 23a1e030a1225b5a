//! AIMModel and AIMClusterModel: a container image that serves a model.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Condition, Hardware, Metric, ModelSource, ObjectStatus, Precision, ProfileType,
    ResolvedReference, Resources, cel, markers,
};
use crate::api::{custom_resource, overlay};

custom_resource!(
    /// A container image that serves a model, known in one namespace. AIM Engine reads what the image says of itself
    /// and makes a template for each way to run it.
    AimModel, NamespaceResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMModel", "aimmodels", AimModelSpec, AimModelStatus
);

custom_resource!(
    /// A container image that serves a model, known in all namespaces. Like an AIMModel, but its templates are
    /// cluster-scoped and carry no variables.
    AimClusterModel, ClusterResourceScope, "aim.eai.amd.com", "v1alpha1", "AIMClusterModel", "aimclustermodels", AimModelSpec, AimModelStatus
);

/// The image, and how to run it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = cel::model)]
pub struct AimModelSpec {
    /// The image that serves the model, such as `amdenterpriseai/aim-qwen-qwen3-32b:0.8.5`. Services that name an image
    /// find the model by exactly this text.
    #[schemars(length(min = 1))]
    pub image: String,
    /// What to find out by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<ModelDiscovery>,
    /// Ignored by AIM Engine 0.2.1; services name their template themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_service_template: Option<String>,
    /// What all templates of a model with its own `modelSources` share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomModelSpec>,
    /// Ways to run the model beside those that the image recommends; at most 16. With `modelSources` they are the only
    /// ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub custom_templates: Vec<CustomTemplate>,
    /// The AIMRuntimeConfig, or AIMClusterRuntimeConfig, that gives defaults; both are merged where both exist.
    /// Default: `default`, which need not exist; any other name must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_config_name: Option<String>,
    /// Secrets to read the image's labels with, and for discovery and templates; not for the pods of services. An
    /// AIMClusterModel's are looked for in the operator's namespace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::secrets")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    /// The ServiceAccount of discovery Jobs; passed on to the templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// Ignored by AIM Engine 0.2.1; set resources on template or service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// What the image says of itself, given here instead of read from the registry. It settles which templates there
    /// are without the registry being asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_metadata: Option<ImageMetadata>,
    /// Own weights for the image, at most one source. Then no deployments are recommended: there is one template for
    /// each of `customTemplates`, or a single one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1))]
    pub model_sources: Vec<ModelSource>,
    /// Variables of the templates that come of `modelSources`, below each template's own. An AIMClusterModel's are
    /// dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env")]
    pub env: Vec<EnvVar>,
}

/// What AIM Engine finds out of a model by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelDiscovery {
    /// Read the image's labels. Default: true. False without `imageMetadata` leaves the model waiting for ever, unless
    /// `createServiceTemplates` is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = true))]
    pub extract_metadata: Option<bool>,
    /// Make templates. Default: true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = true))]
    pub create_service_templates: Option<bool>,
}

/// What all templates of a model with its own weights share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomModelSpec {
    /// The hardware of every template; a template's own is merged over it, but CPU requests stay these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
    /// The type of the single template that is made without `customTemplates`. Default: unoptimized. Custom templates
    /// have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled)]
    pub r#type: Option<ProfileType>,
}

/// One more way to run the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomTemplate {
    /// An alias, which becomes part of the template's name and a label; so it must be a label value, of at most 63
    /// characters. Otherwise this template and all later ones are not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub name: Option<String>,
    /// How well it has been tuned. Default: `unoptimized`, so services select it only with `template.allowUnoptimized`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled, extend("default" = "unoptimized"))]
    pub r#type: Option<ProfileType>,
    /// Variables of the container, over the model's; at most 64. An AIMClusterModel's are dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "overlay::env", length(max = 64))]
    pub env: Vec<EnvVar>,
    /// The hardware of one replica, over `custom.hardware`. One of the two is needed when the model has `modelSources`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
    /// What it is tuned for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<CustomTemplateProfile>,
}

/// What a custom template is tuned for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomTemplateProfile {
    /// Latency or throughput.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled)]
    pub metric: Option<Metric>,
    /// The number format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = markers::doubled)]
    pub precision: Option<Precision>,
}

/// What an image says of itself in its labels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageMetadata {
    /// The model inside, and how to run it (`com.amd.aim.…` labels).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelMetadata>,
    /// The usual labels of an image (`org.opencontainers.image.…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oci: Option<OciMetadata>,
    /// All labels as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub original_labels: BTreeMap<String, String>,
}

/// The model inside an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelMetadata {
    /// Its name as the hub writes it: `Qwen/Qwen3-32B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_name: Option<String>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it can do: `text-generation`, `chat` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Versions of the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its variants, as model IDs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// The weights can only be downloaded with a token of Hugging Face (`HF_TOKEN`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hf_token_required: Option<bool>,
    /// Ways to run it that were tested; one template each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommended_deployments: Vec<RecommendedDeployment>,
    /// A long description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_full: Option<String>,
    /// What is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_notes: Option<String>,
}

/// A way to run the model that was tested.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendedDeployment {
    /// The GPU model, such as `MI300X`. Hardware is set only when `gpuCount` is there, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_model: Option<String>,
    /// How many GPUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_count: Option<i32>,
    /// The number format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// Latency or throughput.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The profile in the image; no part of the template's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<String>,
    /// What it is good for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The usual labels of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OciMetadata {
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its licences, as an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<String>,
    /// Who distributes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authors: Option<String>,
    /// Where its source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where its documentation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// When it was built, as RFC 3339 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The revision of its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What AIM Engine last saw of the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimModelStatus {
    /// The generation of the object that this was said of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// How far it has come. Services start only while it is Ready: one failed template holds all of them back. Default:
    /// `Pending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = "Pending"))]
    pub status: Option<ObjectStatus>,
    /// Its aspects, one entry a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = markers::by_type)]
    pub conditions: Vec<Condition>,
    /// The runtime config in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_runtime_config: Option<ResolvedReference>,
    /// What the image says of itself; read once, then kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_metadata: Option<ImageMetadata>,
    /// Whether the weights are in the image's own profiles, or given by `modelSources`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<ModelSourceType>,
}

/// Where the weights come from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum ModelSourceType {
    /// What the image recommends.
    Image,
    /// `modelSources`.
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
