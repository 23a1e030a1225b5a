//! Which cache a service uses, and the one that it writes when it knows of none (AIM Engine 0.2.1, spec 2.12).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::{aim_label, is_owned_by};
use super::super::health::rank;
use super::super::view::{Scope, Template};
use super::super::{go_form, names};
use super::observe::Observation;
use crate::api::aim::{AimTemplateCache, AimTemplateCacheSpec, CacheMode, ObjectStatus};
use crate::inventory::{Index, Object};
use crate::kube::env;
use crate::kube::names::label;

/// The cache that a service uses, whatever its state: the one that it used before while that is ready, else the best.
///
/// The search goes by the template in the service's status, so the first pass knows no cache.
pub(super) fn find<'w>(observation: &Observation<'w>) -> Option<&'w AimTemplateCache> {
    let status = observation.status()?;
    let used = status.cache.as_ref().and_then(|cache| {
        let reference = cache.template_cache_ref.as_ref()?;
        let namespace = reference.namespace.as_deref().unwrap_or_default();
        observation.world.get(namespace, reference.name.as_deref()?)
    });
    if let Some(used) = used.filter(|cache| is_ready(cache) && is_usable(cache, observation)) {
        return Some(used);
    }
    let template = status.resolved_template.as_ref()?.name.as_deref()?;
    if observation.is_dedicated() {
        let name = names::dedicated_cache(template, observation.name(), &observation.uid);
        return observation
            .world
            .get(observation.namespace(), &name)
            .filter(|cache| is_usable(cache, observation));
    }
    // Of equals the reference takes a random one, the tool the first by name.
    observation
        .world
        .by_index::<AimTemplateCache>(observation.namespace(), Index::CacheTemplate, template)
        .into_iter()
        .filter(|cache| mode(cache) == CacheMode::Shared)
        .min_by_key(|cache| Reverse(state(cache).map_or(0, rank)))
}

fn is_usable(cache: &AimTemplateCache, observation: &Observation<'_>) -> bool {
    if observation.is_dedicated() {
        mode(cache) == CacheMode::Dedicated
            && is_owned_by(&cache.metadata, &observation.key, observation.world)
    } else {
        mode(cache) == CacheMode::Shared
    }
}

/// The CRD fills the mode in.
fn mode(cache: &AimTemplateCache) -> CacheMode {
    let mode = cache.spec.as_ref().and_then(|spec| spec.mode);
    mode.unwrap_or(CacheMode::Shared)
}

/// The cache's overall status.
pub(super) fn state(cache: &AimTemplateCache) -> Option<ObjectStatus> {
    cache.status.as_ref()?.status
}

/// Whether the cache is ready.
pub(super) fn is_ready(cache: &AimTemplateCache) -> bool {
    state(cache) == Some(ObjectStatus::Ready)
}

/// The cache to write: only when none is known and the template's status has model sources.
pub(super) fn build(observation: &Observation<'_>, template: &Template<'_>) -> Option<Object> {
    let sources = template.status.map(|status| &status.model_sources);
    if observation.cache.is_some() || sources.is_none_or(Vec::is_empty) {
        return None;
    }
    let name = if observation.is_dedicated() {
        names::dedicated_cache(template.name(), observation.name(), &observation.uid)
    } else {
        names::shared_cache(template.name(), observation.namespace())
    };
    let service = label(observation.name()).unwrap_or_default();
    Some(Object::AimTemplateCache(AimTemplateCache {
        metadata: ObjectMeta {
            name: Some(name),
            namespace: Some(observation.namespace().to_owned()),
            labels: Some(BTreeMap::from([(aim_label("service"), service)])),
            ..ObjectMeta::default()
        },
        spec: Some(spec(observation, template)),
        status: None,
    }))
}

/// What the service wants of its cache.
pub(super) fn spec(observation: &Observation<'_>, template: &Template<'_>) -> AimTemplateCacheSpec {
    AimTemplateCacheSpec {
        template_name: template.name().to_owned(),
        template_scope: template.scope.resolution(),
        mode: Some(if observation.is_dedicated() {
            CacheMode::Dedicated
        } else {
            CacheMode::Shared
        }),
        env: cache_env(observation, template),
        image_pull_secrets: Vec::new(),
        storage_class_name: storage_class(observation).filter(|class| !class.is_empty()),
        download_image: None,
        model_sources: Vec::new(),
        runtime_config_name: go_form::text(&observation.spec.runtime_config_name),
    }
}

/// Template env ⊕ the template's caching env ⊕ service env. Nothing is merged as JSON here.
fn cache_env(
    observation: &Observation<'_>,
    template: &Template<'_>,
) -> Vec<k8s_openapi::api::core::v1::EnvVar> {
    let caching = template
        .spec
        .caching
        .as_ref()
        .filter(|_| template.scope == Scope::Namespace)
        .map_or(&[][..], |caching| &caching.env);
    let merged = env::merge(&template.spec.env, caching);
    go_form::env(&env::merge(&merged, &observation.spec.env))
}

/// The service's storage class, else the runtime config's. An empty one of the service counts.
fn storage_class(observation: &Observation<'_>) -> Option<String> {
    let own = observation.spec.storage.as_ref();
    let config = observation.config.spec.as_ref();
    own.and_then(|storage| storage.default_storage_class_name.clone())
        .or_else(|| {
            let storage = config?.storage.as_ref()?;
            storage.default_storage_class_name.clone()
        })
}
