//! Where the fields of a service's objects come from.

use k8s_openapi::api::core::v1::EnvVar;

use super::super::runtime_config;
use crate::api::aim::{
    AimClusterModel, AimClusterRuntimeConfig, AimClusterServiceTemplate, AimModel,
    AimRuntimeConfig, AimRuntimeConfigSpec, AimService, AimServiceSpec, AimServiceTemplate,
    AimServiceTemplateSpec, GROUP, ResolutionScope, Resources, Routing,
};
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, Object, ObjectKey, World};

/// The label of everything that a service makes with the service's name, as it is.
pub(super) const SERVICE_NAME: &str = "aim.eai.amd.com/service.name";

/// The field of the service, or of what it resolved to, that a field of an object was made from.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let Some(key) = service(made) else {
        return Vec::new();
    };
    let Some(service) = world.get::<AimService>(&key.namespace, &key.name) else {
        return Vec::new();
    };
    let Some(spec) = service.spec.as_ref() else {
        return Vec::new();
    };
    let keys: Vec<&str> = path
        .0
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => key.as_str(),
            Segment::Index(_) => "",
        })
        .collect();
    let trace = Trace {
        key,
        service,
        spec,
        world,
        made,
    };
    if matches!(keys.as_slice(), ["metadata", "labels", label] if *label == SERVICE_NAME) {
        return trace.at(
            "metadata.name",
            "labels what it makes with its name as it is (spec 2.1)",
        );
    }
    match made.kind() {
        Kind::InferenceService => trace.inference_service(path, &keys),
        Kind::HttpRoute => trace.route(&keys),
        Kind::AimModel => trace.model(path, &keys),
        Kind::AimTemplateCache => trace.cache(path, &keys),
        Kind::AimServiceTemplate => trace.derived_template(path, &keys),
        _ => Vec::new(),
    }
}

/// The service that made an object: its owner, or, of shared objects, the one that it is labelled with.
fn service(made: &Object) -> Option<ObjectKey> {
    let metadata = made.metadata();
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let owner = metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == Kind::AimService.as_str());
    let name = owner
        .map(|owner| owner.name.as_str())
        .or_else(|| made.label(&format!("{GROUP}/service.name")))?;
    Some(ObjectKey::new(Kind::AimService, namespace, name))
}

struct Trace<'a> {
    key: ObjectKey,
    service: &'a AimService,
    spec: &'a AimServiceSpec,
    world: &'a World,
    made: &'a Object,
}

impl Trace<'_> {
    fn at(&self, path: &str, note: &str) -> Vec<FieldOrigin> {
        self.field(FieldPath::parse(path), note)
    }

    fn field(&self, path: FieldPath, note: &str) -> Vec<FieldOrigin> {
        vec![origin(self.key.clone(), path, note)]
    }

    /// AIM Engine 0.2.1: the service's metadata (spec 2.14), replicas and metrics (2.11), env (2.8), resources (2.9).
    fn inference_service(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
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

    fn image(&self) -> Vec<FieldOrigin> {
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

    /// The layer that decided a variable: the service's env, then the template's, then what AIM Engine appends.
    fn env(&self, path: &FieldPath, field: Option<&str>) -> Vec<FieldOrigin> {
        let at = path.0.iter().rev().find_map(|segment| match segment {
            Segment::Index(index) => Some(*index),
            Segment::Key(_) => None,
        });
        let Some((name, copy, copies)) = at.and_then(|at| self.variable(at)) else {
            return Vec::new();
        };
        let tail = |path: FieldPath| field.map_or_else(|| path.clone(), |field| path.key(field));
        let note = "merges the layers of variables (spec 2.8)";
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

    /// The runtime configs that take part, the namespaced one first.
    fn configs(&self) -> Vec<(ObjectKey, &AimRuntimeConfigSpec)> {
        let name = self.spec.runtime_config_name.as_deref();
        let resolved = runtime_config::resolve(name, &self.key.namespace, self.world);
        let namespaced = resolved.namespaced.and_then(|key| {
            let config: &AimRuntimeConfig = self.world.get(&key.namespace, &key.name)?;
            Some((key, config.spec.as_ref()?))
        });
        let cluster = resolved.cluster.and_then(|key| {
            let config: &AimClusterRuntimeConfig = self.world.get("", &key.name)?;
            Some((key, config.spec.as_ref()?))
        });
        namespaced.into_iter().chain(cluster).collect()
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

    /// AIM Engine 0.2.1: routing (spec 2.13), the service's over the runtime config's.
    fn route(&self, keys: &[&str]) -> Vec<FieldOrigin> {
        const NOTE: &str = "makes the route (spec 2.13)";
        let (field, is_set): (&str, fn(&Routing) -> bool) = match keys {
            ["spec", "parentRefs", ..] => ("gatewayRef", |routing| routing.gateway_ref.is_some()),
            ["spec", "rules", _, "matches", ..] => {
                ("pathTemplate", |routing| routing.path_template.is_some())
            }
            ["spec", "rules", _, "timeouts", ..] => ("requestTimeout", |routing| {
                routing.request_timeout.is_some()
            }),
            ["metadata", "name", ..] => return self.at("metadata.name", NOTE),
            ["metadata", "annotations", ..] => {
                ("annotations", |routing| !routing.annotations.is_empty())
            }
            _ => ("enabled", |routing| routing.enabled.is_some()),
        };
        let path = FieldPath::parse("spec.routing").key(field);
        if self.spec.routing.as_ref().is_some_and(is_set) && field != "annotations" {
            return self.field(path, NOTE);
        }
        self.configs()
            .into_iter()
            .find(|(_, spec)| spec.routing.as_ref().is_some_and(is_set))
            .map(|(config, _)| origin(config, path, NOTE))
            .into_iter()
            .collect()
    }

    fn model(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
        let note = "makes a model of the service's image or sources (spec 2.2)";
        match keys {
            ["spec", "image", ..] => self.image(),
            ["spec", "modelSources", ..] => {
                let tail = FieldPath(path.0.iter().skip(1).cloned().collect());
                self.field(FieldPath::parse("spec.model.custom").join(&tail), note)
            }
            [
                "spec",
                "env" | "imagePullSecrets" | "serviceAccountName" | "runtimeConfigName",
                ..,
            ] => self.field(path.clone(), note),
            _ => self.at("spec.model", note),
        }
    }

    fn cache(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
        let note = "writes the cache of the service's template (spec 2.12)";
        match keys {
            ["spec", "mode", ..] => self.at("spec.caching.mode", note),
            ["spec", "storageClassName", ..] => {
                self.at("spec.storage.defaultStorageClassName", note)
            }
            ["spec", "runtimeConfigName", ..] => self.field(path.clone(), note),
            ["spec", "env", ..] => self.at("spec.env", note),
            ["spec", "templateName" | "templateScope", ..] => {
                self.template_field("metadata.name", note)
            }
            _ => Vec::new(),
        }
    }

    fn derived_template(&self, path: &FieldPath, keys: &[&str]) -> Vec<FieldOrigin> {
        let note = "copies the base template with the service's overrides (spec 2.6)";
        match keys {
            ["spec", "metric" | "precision" | "hardware", ..] => {
                let tail = FieldPath(path.0.iter().skip(1).cloned().collect());
                self.field(FieldPath::parse("spec.overrides").join(&tail), note)
            }
            ["spec", "imagePullSecrets" | "resources", ..] => self.field(path.clone(), note),
            _ => self.at("spec.overrides", note),
        }
    }

    /// The field that turned autoscaling on, else the number of replicas.
    fn scaling_field(&self) -> &'static str {
        let spec = self.spec;
        if spec.auto_scaling.is_some() {
            "spec.autoScaling"
        } else if spec.min_replicas.is_some() {
            "spec.minReplicas"
        } else if spec.max_replicas.is_some() {
            "spec.maxReplicas"
        } else {
            "spec.replicas"
        }
    }

    fn bound(&self, which: &str) -> &'static str {
        let spec = self.spec;
        match which {
            "minReplicas" if spec.min_replicas.is_some() => "spec.minReplicas",
            "maxReplicas" if spec.max_replicas.is_some() => "spec.maxReplicas",
            _ => self.scaling_field(),
        }
    }

    fn template_field(&self, path: &str, note: &str) -> Vec<FieldOrigin> {
        match self.template() {
            Some((template, _)) => vec![origin(template, FieldPath::parse(path), note)],
            None => Vec::new(),
        }
    }

    /// The template that the service settled on.
    fn template(&self) -> Option<(ObjectKey, &AimServiceTemplateSpec)> {
        let resolved = self.service.status.as_ref()?.resolved_template.as_ref()?;
        let name = resolved.name.as_deref()?;
        if resolved.scope == Some(ResolutionScope::Cluster) {
            let template = self.world.get::<AimClusterServiceTemplate>("", name)?;
            return Some((
                ObjectKey::new(Kind::AimClusterServiceTemplate, "", name),
                template.spec.as_ref()?,
            ));
        }
        let template = self
            .world
            .get::<AimServiceTemplate>(&self.key.namespace, name)?;
        Some((
            ObjectKey::new(Kind::AimServiceTemplate, &self.key.namespace, name),
            template.spec.as_ref()?,
        ))
    }
}

fn position(env: &[EnvVar], name: &str) -> Option<usize> {
    env.iter().position(|variable| variable.name == name)
}

fn origin(object: ObjectKey, path: FieldPath, note: &str) -> FieldOrigin {
    FieldOrigin {
        object,
        path,
        note: format!("AIM Engine 0.2.1 {note}"),
    }
}
