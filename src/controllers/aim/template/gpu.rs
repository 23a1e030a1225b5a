//! Whether a template's GPU is there, and where its pods may run (AIM Engine 0.2.1, spec 2.4).

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{
    NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm,
};

use super::super::health::{Health, Side};
use super::super::view::{Model, Template};
use super::super::{model, select};
use super::discovery;
use crate::api::aim::{AimServiceTemplateSpec, GpuRequirements, ObjectStatus};
use crate::controllers::Assumption;
use crate::inventory::{Gpus, ObjectKey, Origin, World};
use crate::kube::gpu_model;
use crate::kube::quantity::Quantity;

/// The model assumed where any GPU will do and nothing is known of the cluster.
const COMMON: &str = "MI300X";

/// A template's need for GPUs against what the cluster has.
pub(super) struct Need<'a> {
    gpu: &'a GpuRequirements,
    /// The normalised model; empty when any will do.
    model: String,
    /// Smallest memory of one GPU in bytes, 0 for any.
    min_vram: i64,
    inventory: BTreeMap<String, i64>,
    /// What is taken for granted when nothing is known of the cluster.
    pub(super) assumption: Option<Assumption>,
}

/// The GPU block of a template that needs a GPU: it asks for at least one, or names a model.
fn requirements(spec: &AimServiceTemplateSpec) -> Option<&GpuRequirements> {
    let gpu = spec.hardware.as_ref()?.gpu.as_ref()?;
    let counted = gpu.requests.is_some_and(|requests| requests > 0);
    let named = gpu
        .model
        .as_deref()
        .is_some_and(|model| !model.trim().is_empty());
    (counted || named).then_some(gpu)
}

impl<'a> Need<'a> {
    /// The need of a template; `None` when it needs no GPU.
    pub(super) fn of(template: &Template<'a>, world: &World) -> Option<Self> {
        let gpu = requirements(template.spec)?;
        let min_vram = gpu
            .min_vram
            .as_ref()
            .and_then(|text| Quantity::parse(text.as_str()).ok())
            .map_or(0, |quantity| quantity.value());
        let mut need = Self {
            gpu,
            model: gpu_model::normalize(gpu.model.as_deref().unwrap_or_default()),
            min_vram,
            inventory: BTreeMap::new(),
            assumption: None,
        };
        match Gpus::of(world) {
            Gpus::Known(models) => need.inventory = models,
            Gpus::Unknown => need.assume(template, world),
        }
        Some(need)
    }

    /// Nothing is known of the cluster: what a user's template names is there; of the GPUs that a model recommends, the
    /// one of its best profile is.
    fn assume(&mut self, template: &Template<'_>, world: &World) {
        let recommended = maker(template, world).and_then(|(key, maker)| {
            let recommended = world.derived(key, || Recommended::of(&maker, world));
            let own = recommended.templates.contains(template.name());
            recommended.gpu.clone().filter(|_| own)
        });
        let (assumed, why) = match recommended {
            Some(best) => (best, "as the image's best profile wants"),
            None if !self.model.is_empty() => (self.model.clone(), "as a template asks for"),
            None => match self.common() {
                Some(model) => (model.to_owned(), "a template takes any"),
                None => return,
            },
        };
        self.assumption = Some(Assumption {
            text: format!("the cluster has {assumed} GPUs, {why}"),
            settle: Some("say otherwise with --gpu MODEL or a Node".to_owned()),
        });
        let vram = gpu_model::vram_bytes(&assumed).unwrap_or_default();
        self.inventory.insert(assumed, vram);
    }

    /// The usual model, else the smallest one, that has the memory.
    fn common(&self) -> Option<&'static str> {
        let vram = |model: &str| gpu_model::vram_bytes(model).unwrap_or_default();
        let enough = |model: &&str| vram(model) >= self.min_vram;
        Some(COMMON)
            .filter(enough)
            .or_else(|| gpu_model::known().filter(enough).min_by_key(|m| vram(m)))
    }

    /// Whether the named model, or any, is there; the memory does not count.
    pub(super) fn is_available(&self) -> bool {
        if self.model.is_empty() {
            !self.inventory.is_empty()
        } else {
            self.inventory.contains_key(&self.model)
        }
    }

    /// The component that the template's status speaks of.
    pub(super) fn health(&self) -> Health {
        let state = |state, reason: &str, message: String| {
            Health::new("GPU", Side::Downstream, state, reason, message)
        };
        let missing = |reason, message| state(ObjectStatus::NotAvailable, reason, message);
        let models: Vec<&str> = self.inventory.keys().map(String::as_str).collect();
        if self.min_vram != 0 && self.with_enough_memory().next().is_none() {
            let message = format!(
                "Required minimum VRAM ({}) exceeds available GPUs. Highest available: {}",
                gibibytes(self.min_vram),
                self.largest()
            );
            return missing("VRAMNotAvailable", message);
        }
        match (self.is_available(), self.model.as_str()) {
            (true, "") => {
                let message = format!("GPU available (any model accepted): {}", models.join(", "));
                state(ObjectStatus::Ready, "GPUAvailable", message)
            }
            (true, model) => {
                let message = format!("GPU model '{model}' is available");
                state(ObjectStatus::Ready, "GPUAvailable", message)
            }
            (false, "") => missing("GPUNotAvailable", "No GPUs available in cluster".to_owned()),
            (false, _) => {
                let written = self.gpu.model.as_deref().unwrap_or_default();
                let available = if models.is_empty() {
                    "none".to_owned()
                } else {
                    models.join(", ")
                };
                let message = format!(
                    "Required GPU model '{written}' not available in cluster. Available: {available}"
                );
                missing("GPUNotAvailable", message)
            }
        }
    }

    fn with_enough_memory(&self) -> impl Iterator<Item = &str> {
        self.inventory
            .iter()
            .filter(|(_, vram)| **vram >= self.min_vram)
            .map(|(model, _)| model.as_str())
    }

    fn largest(&self) -> String {
        self.inventory
            .iter()
            .filter(|(_, vram)| **vram > 0)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map_or_else(
                || "none detected".to_owned(),
                |(model, vram)| format!("{model} ({})", gibibytes(*vram)),
            )
    }

    /// Nodes by device ID: all IDs of the named model, or of every model with the memory. The reference's order is
    /// random, this is sorted.
    pub(super) fn affinity(&self) -> Option<NodeAffinity> {
        let named = self.gpu.model.as_deref().unwrap_or_default();
        let mut ids: Vec<String> = if !named.is_empty() {
            owned(gpu_model::device_ids(named)).collect()
        } else if self.min_vram != 0 {
            self.with_enough_memory()
                .flat_map(|model| owned(gpu_model::device_ids(model)))
                .collect()
        } else {
            Vec::new()
        };
        if ids.is_empty() {
            return None;
        }
        ids.sort();
        let requirement = NodeSelectorRequirement {
            key: "amd.com/gpu.device-id".to_owned(),
            operator: "In".to_owned(),
            values: Some(ids),
        };
        let term = NodeSelectorTerm {
            match_expressions: Some(vec![requirement]),
            match_fields: None,
        };
        Some(NodeAffinity {
            required_during_scheduling_ignored_during_execution: Some(NodeSelector {
                node_selector_terms: vec![term],
            }),
            preferred_during_scheduling_ignored_during_execution: None,
        })
    }
}

fn owned(ids: &'static [&'static str]) -> impl Iterator<Item = String> {
    ids.iter().map(|id| (*id).to_owned())
}

fn gibibytes(bytes: i64) -> String {
    match bytes {
        0 => "0".to_owned(),
        bytes => format!("{}Gi", bytes / (1 << 30)),
    }
}

/// What a model recommends.
struct Recommended {
    /// The names of its templates.
    templates: BTreeSet<String>,
    /// The GPU of its best profile.
    gpu: Option<String>,
}

impl Recommended {
    fn of(model: &Model<'_>, world: &World) -> Self {
        let (names, specs): (BTreeSet<String>, Vec<AimServiceTemplateSpec>) =
            model::recommended(model).into_iter().unzip();
        Self {
            templates: names,
            gpu: best_gpu(&model.spec.image, &specs, world),
        }
    }
}

/// The model that made a template.
fn maker<'w>(template: &Template<'_>, world: &'w World) -> Option<(&'w ObjectKey, Model<'w>)> {
    match &world.entry(&template.key())?.origin {
        Origin::Made { from, .. } => Some((from, Model::of(world.object(from)?)?)),
        Origin::Given(_) => None,
    }
}

/// The GPU of the best profile among those that a model recommends.
fn best_gpu(image: &str, recommended: &[AimServiceTemplateSpec], world: &World) -> Option<String> {
    recommended
        .iter()
        .filter_map(|spec| {
            let gpu = requirements(spec)?.model.as_deref()?;
            let profile = discovery::profile(image, &discovery::env(spec, &[]), world);
            let rank = match profile {
                Some(profile) => select::rank(
                    profile.r#type.as_str(),
                    gpu,
                    profile.metric.as_str(),
                    profile.precision.as_str(),
                ),
                None => select::rank("", gpu, "", ""),
            };
            Some((rank, gpu_model::normalize(gpu)))
        })
        .min()
        .map(|(_, gpu)| gpu)
}
