//! Where the fields of a service's InferenceService come from.

use k8s_openapi::api::core::v1::EnvVar;

use super::{Trace, origin};
use crate::api::aim::{AimClusterModel, AimModel, Resources};
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, Object, ObjectKey};
use crate::kube::env;

impl Trace<'_> {
    /// AIM Engine 0.2.1: the service's metadata (spec 2.14), replicas and metrics (2.11), env (2.8), resources (2.9).
    pub(super) fn inference_service(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
        match keys {
            ["metadata", "name", ..] => self.at(
                "metadata.name",
                "derives the name from the service's name and namespace (spec 2.1)",
            ),
            ["metadata", "labels", ..] => {
                self.at("metadata.labels", "labels what it makes (spec 2.10, 2.14)")
            }
            ["metadata", "annotations", ..] => self.at(
                self.scaling_field(),
                "annotates by the way the service scales (spec 2.11)",
            ),
            ["spec", "predictor", "minReplicas", ..] => {
                self.at(self.bound("minReplicas"), "sets the bounds (spec 2.11)")
            }
            ["spec", "predictor", "maxReplicas", ..] => {
                self.at(self.bound("maxReplicas"), "sets the bounds (spec 2.11)")
            }
            ["spec", "predictor", "autoScaling", ..] if self.spec.auto_scaling.is_some() => {
                let tail = FieldPath(path.0.iter().skip(2).cloned().collect());
                self.field(
                    FieldPath::parse("spec").join(&tail),
                    "copies the metrics as written (spec 2.11)",
                )
            }
            ["spec", "predictor", "autoScaling", ..] => {
                self.at(self.scaling_field(), "turns autoscaling on (spec 2.11)")
            }
            ["spec", "predictor", "imagePullSecrets", ..] => {
                self.at("spec.imagePullSecrets", "takes the service's (spec 2.10)")
            }
            ["spec", "predictor", "serviceAccountName", ..] => {
                self.at("spec.serviceAccountName", "takes the service's (spec 2.10)")
            }
            ["spec", "predictor", "containers", _, rest @ ..] => self.container(path, rest),
            ["spec", "predictor", "affinity", ..] => self.template_field(
                "spec.hardware.gpu.model",
                "pins to nodes with the template's GPU (spec 2.4, 2.10)",
            ),
            ["spec", "predictor", "volumes", ..] => {
                self.at("spec.caching", "mounts the cache's volumes (spec 2.12)")
            }
            _ => Vec::new(),
        }
    }

    fn container(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
        match keys {
            ["image", ..] => self.image(),
            ["env", _, rest @ ..] => self.env(path, rest.first().copied()),
            ["resources", side @ ("limits" | "requests"), name, ..] => self.resource(side, name),
            ["resources", ..] if self.spec.resources.is_some() => self.at(
                "spec.resources",
                "merges the service's over the template's (spec 2.9)",
            ),
            ["resources", ..] => self.template_field(
                "spec.hardware.gpu.requests",
                "sizes by the number of GPUs (spec 2.9)",
            ),
            ["volumeMounts", ..] => {
                self.at("spec.caching", "mounts the cache's volumes (spec 2.12)")
            }
            _ => Vec::new(),
        }
    }

    /// Of the model's image: the service that names it, else the model.
    pub(super) fn image(&self) -> Vec<FieldOrigin> {
        let model = self.spec.model.image.as_ref().map(|_| "spec.model.image");
        let custom = self
            .spec
            .model
            .custom
            .as_ref()
            .map(|_| "spec.model.custom.baseImage");
        if let Some(field) = model.or(custom) {
            return self.at(field, "runs the model's image (spec 2.10)");
        }
        let name = self.spec.model.name.as_deref().unwrap_or_default().trim();
        let namespaced = self
            .world
            .get::<AimModel>(&self.key.namespace, name)
            .map(|_| Kind::AimModel);
        let cluster = self
            .world
            .get::<AimClusterModel>("", name)
            .map(|_| Kind::AimClusterModel);
        match namespaced.or(cluster) {
            Some(kind) => {
                let model = ObjectKey::new(kind, &self.key.namespace, name);
                vec![origin(
                    model,
                    FieldPath::parse("spec.image"),
                    "runs the model's image (spec 2.10)",
                )]
            }
            None => self.at("spec.model", "resolves the model (spec 2.2)"),
        }
    }

    /// The layer that decided a variable, then those below it that have it, too: the service's env, the template's, the
    /// runtime configs'; what AIM Engine appends counts where none of them has it.
    fn env(&self, path: &FieldPath, field: Option<&str>) -> Vec<FieldOrigin> {
        let at = path.0.iter().rev().find_map(|segment| match segment {
            Segment::Index(index) => Some(*index),
            Segment::Key(_) => None,
        });
        let Some((name, copy, copies)) = at.and_then(|at| self.variable(at)) else {
            return Vec::new();
        };
        let tail = |path: FieldPath| field.map_or_else(|| path.clone(), |field| path.key(field));
        let note = if name == env::ENGINE_ARGS {
            "merges the layers of AIM_ENGINE_ARGS as JSON, a higher one winning (spec 2.8)"
        } else {
            "takes a variable from the highest layer that has it (spec 2.8)"
        };
        let template = self.template();
        let mut merged = Vec::new();
        let mut layer = |object: ObjectKey, env: &[EnvVar]| {
            let at = position(env, &name)
                .map(|at| origin(object, tail(FieldPath::parse("spec.env").index(at)), note));
            merged.extend(at);
        };
        layer(self.key.clone(), &self.spec.env);
        if let Some((template, spec)) = &template {
            layer(template.clone(), &spec.env);
        }
        for (config, spec) in self.configs() {
            layer(config, &spec.env);
        }
        // Of two copies the first is the merged one; that the name stands twice is the lowest layer's doing.
        if copies > 1 {
            merged.reverse();
            merged.truncate(1);
        }
        if copy == 0 && !merged.is_empty() {
            return merged;
        }
        let Some((template, _)) = template else {
            return Vec::new();
        };
        let own = match name.as_str() {
            "AIM_METRIC" => "spec.metric",
            "AIM_PRECISION" => "spec.precision",
            "AIM_PROFILE_ID" => "spec.profileId",
            "AIM_MODEL_ID" => "spec.modelSources[0].modelId",
            _ => return Vec::new(),
        };
        vec![origin(
            template,
            FieldPath::parse(own),
            "appends what the template says (spec 2.8)",
        )]
    }

    /// A variable's name, how many of that name stand before it, and how many there are.
    fn variable(&self, index: usize) -> Option<(String, usize, usize)> {
        let Object::InferenceService(isvc) = self.made else {
            return None;
        };
        let containers = &isvc.spec.as_ref()?.predictor.pod.containers;
        let env = containers.first()?.env.as_ref()?;
        let name = env.get(index)?.name.clone();
        let same = |variable: &&EnvVar| variable.name == name;
        let (before, all) = (
            env.iter().take(index).filter(same).count(),
            env.iter().filter(same).count(),
        );
        Some((name, before, all))
    }

    fn resource(&self, side: &str, name: &str) -> Vec<FieldOrigin> {
        let has = |resources: &Option<Resources>| {
            resources.as_ref().is_some_and(|resources| match side {
                "limits" => resources.limits.contains_key(name),
                _ => resources.requests.contains_key(name),
            })
        };
        let path = FieldPath::parse("spec.resources").key(side).key(name);
        let note = "merges service over template over a size by GPUs (spec 2.9)";
        if has(&self.spec.resources) {
            return self.field(path, note);
        }
        match self.template() {
            Some((template, spec)) if has(&spec.resources) => vec![origin(template, path, note)],
            _ => self.template_field("spec.hardware.gpu.requests", note),
        }
    }
}

fn position(env: &[EnvVar], name: &str) -> Option<usize> {
    env.iter().position(|variable| variable.name == name)
}
