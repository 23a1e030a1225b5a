//! The artifact that a cache makes for a model source.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::EnvVar;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::{self, aim_label};
use super::super::{go_form, names};
use super::observe::Observation;
use crate::api::Quantity;
use crate::api::aim::{AimArtifact, AimArtifactSpec, ModelSource};
use crate::inventory::Object;
use crate::kube::names::label;
use crate::kube::{env, quantity, unknown};

/// The artifact to make for the `index`-th missing source.
pub(super) fn build(cache: &Observation<'_>, index: usize, source: &ModelSource) -> Object {
    let env = go_form::env(&env::merge(&cache.spec.env, &source.env));
    let scope = cache.spec.template_scope.as_str();
    let mut labels = BTreeMap::from([
        ("template-created".to_owned(), "true".to_owned()),
        (aim_label("template.name"), cache.spec.template_name.clone()),
        (aim_label("template.scope"), scope.to_owned()),
        (aim_label("template.index"), index.to_string()),
    ]);
    labels.insert(
        aim_label("template-cache.name"),
        label(&cache.key.name).unwrap_or_default(),
    );
    let size = source.size.as_ref().map_or("0", Quantity::as_str);
    Object::AimArtifact(AimArtifact {
        metadata: ObjectMeta {
            name: Some(artifact_name(cache, source, &env)),
            namespace: Some(cache.key.namespace.clone()),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(AimArtifactSpec {
            source_uri: source.source_uri.clone(),
            model_id: Some(source.model_id.clone()).filter(|id| !id.is_empty()),
            storage_class_name: go_form::text(&cache.spec.storage_class_name),
            size: Some(Quantity(quantity::canonical(size))),
            env,
            model_download_image: None,
            image_pull_secrets: Vec::new(),
            runtime_config_name: go_form::text(&cache.spec.runtime_config_name),
        }),
        status: None,
    })
}

/// Two Dedicated caches make artifacts of different names, of which nobody knows the difference: a number stands
/// for it.
fn artifact_name(cache: &Observation<'_>, source: &ModelSource, env: &[EnvVar]) -> String {
    let dedicated_to = cache.is_dedicated().then_some(cache.key.name.as_str());
    let name = names::artifact(&source.source_uri, env, cache.storage_class(), dedicated_to);
    if !unknown::is_unknown(&name) {
        return name;
    }
    let is_free = |name: &String| {
        let taken: Option<&AimArtifact> = cache.world.get(&cache.key.namespace, name);
        taken.is_none_or(|taken| child::is_owned_by(&taken.metadata, &cache.key, cache.world))
    };
    std::iter::once(name.clone())
        .chain((2..).map(|number| format!("{name}-{number}")))
        .find(is_free)
        .unwrap_or(name)
}
