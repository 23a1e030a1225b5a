//! Where the fields of a service's objects come from.

mod inference_service;
mod route;

use super::super::runtime_config;
use crate::api::aim::{
    AimClusterRuntimeConfig, AimClusterServiceTemplate, AimRuntimeConfig, AimRuntimeConfigSpec,
    AimService, AimServiceSpec, AimServiceTemplate, AimServiceTemplateSpec, GROUP, ResolutionScope,
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

fn origin(object: ObjectKey, path: FieldPath, note: &str) -> FieldOrigin {
    FieldOrigin {
        object,
        path,
        note: format!("AIM Engine 0.2.1 {note}"),
    }
}
