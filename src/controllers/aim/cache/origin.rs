//! Where the fields of a cache's artifacts come from.

use super::super::child::aim_label;
use super::observe::Observation;
use crate::controllers::FieldOrigin;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, Object, World};
use crate::kube::names::label;

/// Where a field of an artifact came from: the template's model source, else the cache.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let Object::AimArtifact(artifact) = made else {
        return Vec::new();
    };
    let namespace = artifact.metadata.namespace.as_deref().unwrap_or_default();
    let source = artifact
        .spec
        .as_ref()
        .map_or("", |spec| spec.source_uri.as_str());
    let Some(cache) = world
        .entries(Kind::AimTemplateCache, namespace)
        .filter_map(|(key, _)| Observation::of(key, world))
        .find(|observation| {
            let name = label(&observation.key.name);
            name.is_some() && name.as_deref() == made.label(&aim_label("template-cache.name"))
        })
    else {
        return Vec::new();
    };
    let text = path.to_string();
    let from_cache = |field: &str| FieldOrigin {
        object: cache.key.clone(),
        path: FieldPath::parse(field),
        note: "AIM Engine 0.2.1 makes the artifact from the cache (spec 2.12)".to_owned(),
    };
    let in_template = cache.template.and_then(|template| {
        let status = template.status?;
        let index = status
            .model_sources
            .iter()
            .position(|own| own.source_uri == source)?;
        template.spec.model_sources.get(index)?;
        let base = FieldPath::parse("spec.modelSources").index(index);
        let field = match text.as_str() {
            "spec.sourceUri" => base.key("sourceUri"),
            "spec.modelId" => base.key("modelId"),
            "spec.size" => base.key("size"),
            _ => return None,
        };
        Some(FieldOrigin {
            object: template.key(),
            path: field,
            note: "AIM Engine 0.2.1 makes one artifact for each model source (spec 2.12)"
                .to_owned(),
        })
    });
    if let Some(origin) = in_template {
        return vec![origin];
    }
    if let Some(rest) = path.strip_prefix(&FieldPath::parse("spec.env")) {
        let index = rest.0.first().and_then(|segment| match segment {
            Segment::Index(index) => Some(*index),
            Segment::Key(_) => None,
        });
        let name = artifact
            .spec
            .as_ref()
            .zip(index)
            .and_then(|(spec, index)| spec.env.get(index))
            .map(|variable| variable.name.as_str());
        let own = cache
            .spec
            .env
            .iter()
            .position(|env| Some(env.name.as_str()) == name);
        return vec![from_cache(
            &own.map_or("spec.env".to_owned(), |own| format!("spec.env[{own}]")),
        )];
    }
    vec![from_cache(match text.as_str() {
        "spec.storageClassName" => "spec.storageClassName",
        "spec.runtimeConfigName" => "spec.runtimeConfigName",
        text if text.contains("template.name") => "spec.templateName",
        _ => "",
    })]
}
