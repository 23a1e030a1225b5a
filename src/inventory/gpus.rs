//! Which GPUs the cluster has (AIM Engine 0.2.1, spec 2.4).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Node;

use super::World;
use crate::kube::gpu_model;

/// The cluster's GPU models with the memory of one GPU in bytes, 0 when it is not known; `Unknown` when neither a Node
/// document nor a flag says anything about GPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gpus {
    /// What Nodes and flags say.
    Known(BTreeMap<String, i64>),
    /// Nothing is said: what the documents need is taken to be there, as an assumption.
    Unknown,
}

impl Gpus {
    /// The inventory of a World.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let flags = &world.facts().gpus;
        let mut nodes = world.list::<Node>("").peekable();
        if flags.is_none() && nodes.peek().is_none() {
            return Self::Unknown;
        }
        let mut models = BTreeMap::new();
        for node in nodes {
            let Some(labels) = &node.metadata.labels else {
                continue;
            };
            if let Some(model) = gpu_of_labels(labels) {
                let vram = vram_of_labels(labels);
                models
                    .entry(model)
                    .or_insert_with_key(|model| vram.unwrap_or_else(|| table_vram(model)));
            }
        }
        for flag in flags.iter().flatten() {
            let vram = flag.vram.as_deref().map(gpu_model::parse_vram);
            models
                .entry(gpu_model::normalize(&flag.model))
                .or_insert_with_key(|model| vram.unwrap_or_else(|| table_vram(model)));
        }
        Self::Known(models)
    }

    /// The models, sorted; none when they are not known.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        match self {
            Self::Known(models) => models.keys().map(String::as_str).collect(),
            Self::Unknown => Vec::new(),
        }
    }

    /// Whether a model (normalised first) is there, or may be.
    #[must_use]
    pub fn may_have(&self, model: &str) -> bool {
        match self {
            Self::Known(models) => models.contains_key(&gpu_model::normalize(model)),
            Self::Unknown => true,
        }
    }
}

fn table_vram(model: &str) -> i64 {
    gpu_model::vram_bytes(model).unwrap_or_default()
}

const DEVICE_ID: [&str; 2] = ["amd.com/gpu.device-id", "beta.amd.com/gpu.device-id"];
const FAMILY: [&str; 2] = ["amd.com/gpu.family", "beta.amd.com/gpu.family"];
const VRAM: [&str; 2] = ["amd.com/gpu.vram", "beta.amd.com/gpu.vram"];

/// The GPU model that a Node's labels name. Capacity and product-name labels play no part.
///
/// Where several keys carry a device ID or family, the reference takes one at random, this the first by name.
#[must_use]
pub fn gpu_of_labels(labels: &BTreeMap<String, String>) -> Option<String> {
    if let Some(id) = value_of(labels, DEVICE_ID).or_else(|| suffix_of(labels, DEVICE_ID)) {
        return Some(gpu_model::of_device_id(id));
    }
    value_of(labels, FAMILY)
        .or_else(|| suffix_of(labels, FAMILY))
        .map(gpu_model::normalize)
}

fn vram_of_labels(labels: &BTreeMap<String, String>) -> Option<i64> {
    VRAM.iter()
        .filter_map(|key| labels.get(*key))
        .find(|text| !text.is_empty())
        .map(|text| gpu_model::parse_vram(text))
}

/// The first of these labels whose value is not blank.
fn value_of<'a>(labels: &'a BTreeMap<String, String>, keys: [&str; 2]) -> Option<&'a str> {
    keys.iter()
        .filter_map(|key| labels.get(*key))
        .map(|value| value.trim())
        .find(|value| !value.is_empty())
}

/// What follows `<key>.` in the first label of that form that counts at least one GPU.
fn suffix_of<'a>(labels: &'a BTreeMap<String, String>, keys: [&str; 2]) -> Option<&'a str> {
    keys.iter().find_map(|key| {
        labels.iter().find_map(|(label, value)| {
            let suffix = label.strip_prefix(key)?.strip_prefix('.')?;
            let counts = !matches!(value.trim(), "" | "0");
            (counts && !suffix.is_empty()).then_some(suffix)
        })
    })
}
