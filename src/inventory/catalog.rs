//! The built-in catalog of AIM images: what their labels say, and the profiles that discovery finds in them.
//!
//! `catalog.jsonl` holds one image a line, sorted. A line is parsed when its image is first looked up.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::aim::{
    ImageMetadata, Metric, ModelMetadata, OciMetadata, Precision, ProfileType,
    RecommendedDeployment,
};
use crate::kube::go_json;

/// One image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogImage {
    /// The reference, with tag.
    pub image: String,
    /// The model's name (`Qwen/Qwen3-32B`).
    pub canonical_name: String,
    /// Names of the weights that it can serve.
    pub variants: Vec<String>,
    /// Tags of the model.
    pub tags: Vec<String>,
    /// Where the model comes from.
    pub source: String,
    /// Title of the model.
    pub title: String,
    /// The weights are gated: a Hugging Face token is needed.
    pub hf_token_required: bool,
    /// The deployments that AIM Engine makes templates from.
    pub recommended_deployments: Vec<RecommendedDeployment>,
    /// All profiles, in the image's order.
    pub profiles: Vec<CatalogProfile>,
}

/// One way to run an image's model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogProfile {
    /// Its ID (`vllm-mi300x-fp16-tp1-latency`).
    pub profile_id: String,
    /// The weights (`Qwen/Qwen3-32B-FP8`).
    pub model_id: String,
    /// The inference engine.
    pub engine: String,
    /// GPU model.
    pub gpu_model: String,
    /// Number of GPUs.
    pub gpu_count: i32,
    /// What it is made for.
    pub metric: Metric,
    /// Precision of the weights.
    pub precision: Precision,
    /// How well it is tuned.
    pub r#type: ProfileType,
    /// Only taken when it is asked for by ID.
    pub manual_selection_only: bool,
    /// Arguments of the engine.
    pub engine_args: serde_json::Value,
    /// Environment of the engine.
    pub env_vars: BTreeMap<String, String>,
}

/// What a discovery Job asks for; absent fields do not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// A profile by its ID; then nothing else counts.
    pub profile_id: Option<String>,
    /// GPU model.
    pub gpu_model: Option<String>,
    /// Number of GPUs.
    pub gpu_count: Option<String>,
    /// Metric.
    pub metric: Option<String>,
    /// Precision.
    pub precision: Option<String>,
}

type Lines = BTreeMap<&'static str, (&'static str, OnceLock<Option<CatalogImage>>)>;

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    include_str!("catalog.jsonl")
        .lines()
        .filter_map(|line| {
            let (image, _) = line.strip_prefix("{\"image\":\"")?.split_once('"')?;
            Some((image, (line, OnceLock::new())))
        })
        .collect()
});

/// The image of a reference; Docker Hub's registry may be written out.
#[must_use]
pub fn find(reference: &str) -> Option<&'static CatalogImage> {
    let name = ["docker.io/", "index.docker.io/"]
        .iter()
        .find_map(|registry| reference.strip_prefix(registry))
        .unwrap_or(reference);
    let (line, parsed) = LINES.get(name)?;
    parsed
        .get_or_init(|| serde_json::from_str(line).ok())
        .as_ref()
}

/// The references of all images, sorted.
pub fn images() -> impl Iterator<Item = &'static str> {
    LINES.keys().copied()
}

impl CatalogImage {
    /// What AIM Engine reads from the image's labels. The labels themselves are not known.
    #[must_use]
    pub fn metadata(&self) -> ImageMetadata {
        ImageMetadata {
            model: Some(ModelMetadata {
                canonical_name: Some(self.canonical_name.clone()),
                source: Some(self.source.clone()),
                tags: self.tags.clone(),
                title: Some(self.title.clone()),
                variants: self.variants.clone(),
                hf_token_required: self.hf_token_required.then_some(true),
                recommended_deployments: self.recommended_deployments.clone(),
                ..ModelMetadata::default()
            }),
            oci: Some(OciMetadata {
                title: Some(self.title.clone()),
                ..OciMetadata::default()
            }),
            original_labels: BTreeMap::new(),
        }
    }

    /// The profile that a discovery Job finds (spec 2.19): the one of that ID, else the first that is not for manual
    /// selection only and agrees with all that is asked for.
    #[must_use]
    pub fn discover(&self, wanted: &Wanted) -> Option<&CatalogProfile> {
        if let Some(id) = &wanted.profile_id {
            return self
                .profiles
                .iter()
                .find(|profile| profile.profile_id == *id);
        }
        let agrees = |wanted: &Option<String>, actual: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == actual)
        };
        self.profiles.iter().find(|profile| {
            !profile.manual_selection_only
                && agrees(&wanted.gpu_model, &profile.gpu_model)
                && agrees(&wanted.gpu_count, &profile.gpu_count.to_string())
                && agrees(&wanted.metric, profile.metric.as_str())
                && agrees(&wanted.precision, profile.precision.as_str())
        })
    }
}

/// The label `model.recommendedDeployments`: a JSON array, or objects joined by commas; `'` counts as `"`.
///
/// # Errors
/// Not JSON of that shape, in AIM Engine's words.
pub fn recommended_deployments(label: &str) -> Result<Vec<RecommendedDeployment>, String> {
    let text = label.trim().replace('\'', "\"");
    let text = if text.starts_with('[') {
        text
    } else {
        format!("[{text}]")
    };
    let items = go_json::parse(&text).map_err(|error| unreadable(&error))?;
    // Only the types that Go checks can still be wrong; it names the first.
    items
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| deployment(item).map_err(|error| unreadable(&error)))
        .collect()
}

fn unreadable(error: &dyn std::fmt::Display) -> String {
    format!("failed to unmarshal deployments as JSON array: {error}")
}

fn deployment(item: &Value) -> Result<RecommendedDeployment, String> {
    let cannot = |value: &Value, target: &str| {
        let what = match value {
            Value::Bool(_) => "bool".to_owned(),
            Value::Number(number) => format!("number {}", go_json::value(&number.clone().into())),
            Value::String(_) => "string".to_owned(),
            Value::Array(_) => "array".to_owned(),
            _ => "object".to_owned(),
        };
        // Go names a number's digits only where an integer is wanted.
        let what = match value {
            Value::Number(_) if !target.ends_with("int32") => "number".to_owned(),
            _ => what,
        };
        format!("json: cannot unmarshal {what} into Go {target}")
    };
    if !(item.is_object() || item.is_null()) {
        return Err(cannot(item, "value of type v1alpha1.RecommendedDeployment"));
    }
    let field = |key: &str| item.get(key).filter(|value| !value.is_null());
    let text = |key: &str| match field(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(value) => Err(cannot(
            value,
            &format!("struct field RecommendedDeployment.{key} of type string"),
        )),
    };
    let count = match field("gpuCount") {
        None => None,
        Some(value) => Some(
            value
                .as_f64()
                .filter(|number| number.fract() == 0.0)
                .and_then(|number| i32::try_from(number as i64).ok())
                .ok_or_else(|| {
                    let target = "struct field RecommendedDeployment.gpuCount of type int32";
                    cannot(value, target)
                })?,
        ),
    };
    Ok(RecommendedDeployment {
        gpu_model: text("gpuModel")?,
        gpu_count: count,
        precision: text("precision")?,
        metric: text("metric")?,
        profile_id: text("profileId")?,
        description: text("description")?,
    })
}
