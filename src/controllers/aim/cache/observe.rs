//! What a pass over a cache sees, and what it says of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::child;
use super::super::go_form;
use super::super::health::{Category, Conditions, Health, Problem, Side, judge, rank};
use super::super::runtime_config::{self, Resolved};
use super::super::view::{Scope, Template};
use crate::api::aim::{
    AimArtifact, AimTemplateCache, AimTemplateCacheSpec, AimTemplateCacheStatus, CacheMode,
    CachedArtifact, ModelSource, ObjectStatus, ResolutionScope,
};
use crate::inventory::{Index, Kind, ObjectKey, World};

/// What one pass over a cache sees.
pub(super) struct Observation<'w> {
    pub(super) world: &'w World,
    pub(super) key: ObjectKey,
    pub(super) spec: &'w AimTemplateCacheSpec,
    pub(super) status: AimTemplateCacheStatus,
    pub(super) config: Resolved,
    pub(super) template: Option<Template<'w>>,
    /// By model ID, the best artifact of each source that has one.
    pub(super) best: BTreeMap<&'w str, &'w AimArtifact>,
    /// Sources without an artifact that has a status.
    pub(super) missing: Vec<&'w ModelSource>,
}

impl<'w> Observation<'w> {
    pub(super) fn of(key: &ObjectKey, world: &'w World) -> Option<Self> {
        let cache: &AimTemplateCache = world.get(&key.namespace, &key.name)?;
        let spec = cache.spec.as_ref()?;
        let config_name = spec.runtime_config_name.as_deref();
        let mut observation = Self {
            world,
            key: key.clone(),
            spec,
            status: cache.status.clone().unwrap_or_default(),
            config: runtime_config::resolve(config_name, &key.namespace, world),
            template: template(spec, &key.namespace, world),
            best: BTreeMap::new(),
            missing: Vec::new(),
        };
        let status = observation.template.and_then(|template| template.status);
        for source in status
            .map(|status| &status.model_sources)
            .into_iter()
            .flatten()
        {
            match observation.best_artifact(source) {
                Some(artifact) => {
                    observation.best.insert(&source.model_id, artifact);
                }
                None => observation.missing.push(source),
            }
        }
        Some(observation)
    }

    /// The artifact of a source in the best state. Shared caches take those without owners, Dedicated ones their own.
    fn best_artifact(&self, source: &ModelSource) -> Option<&'w AimArtifact> {
        let class = self.storage_class();
        self.world
            .by_index::<AimArtifact>(
                &self.key.namespace,
                Index::ArtifactSource,
                &source.source_uri,
            )
            .into_iter()
            .filter(|artifact| state(artifact).is_some())
            .filter(|artifact| match self.spec.mode {
                Some(CacheMode::Dedicated) => {
                    child::is_owned_by(&artifact.metadata, &self.key, self.world)
                }
                _ => artifact
                    .metadata
                    .owner_references
                    .iter()
                    .flatten()
                    .next()
                    .is_none(),
            })
            .filter(|artifact| {
                let spec = artifact.spec.as_ref();
                let theirs = spec.and_then(|spec| spec.storage_class_name.as_deref());
                class.is_empty() || theirs.unwrap_or_default() == class
            })
            .min_by_key(|artifact| Reverse(state(artifact).map(rank)))
    }

    pub(super) fn storage_class(&self) -> &'w str {
        self.spec.storage_class_name.as_deref().unwrap_or_default()
    }

    pub(super) fn is_dedicated(&self) -> bool {
        self.spec.mode == Some(CacheMode::Dedicated)
    }

    fn components(&self) -> Vec<Health> {
        let mut components = vec![self.config.health(Side::Upstream), self.template_health()];
        let artifacts = |state| Health::new("Artifacts", Side::Downstream, state, "Ready", "");
        if let Some(worst) = self.worst() {
            components.push(artifacts(worst));
        } else if !self.missing.is_empty() {
            components.push(artifacts(ObjectStatus::Progressing));
        }
        components
    }

    /// The template's own Ready condition.
    fn template_health(&self) -> Health {
        const COMPONENT: &str = "ServiceTemplate";
        let Some(template) = self.template else {
            let problem = Problem::new(
                Category::MissingUpstream,
                "ReferenceNotFound",
                "Upstream dependency not found",
            );
            return Health::failing(COMPONENT, Side::Upstream, problem);
        };
        let conditions = template.status.iter().flat_map(|status| &status.conditions);
        let ready = conditions
            .into_iter()
            .find(|condition| condition.r#type == "Ready");
        let Some(ready) = ready else {
            return Health::new(
                COMPONENT,
                Side::Upstream,
                template.state().unwrap_or(ObjectStatus::Ready),
                "ResourceFound",
                "Resource found but no Ready condition present",
            );
        };
        let state = match ready.status.as_str() {
            "True" => ObjectStatus::Ready,
            "False" => template.state().unwrap_or(ObjectStatus::Failed),
            _ => ObjectStatus::Progressing,
        };
        Health::new(
            COMPONENT,
            Side::Upstream,
            state,
            &*ready.reason,
            &*ready.message,
        )
    }

    fn worst(&self) -> Option<ObjectStatus> {
        let states = self.best.values().filter_map(|artifact| state(artifact));
        states.min_by_key(|state| rank(*state))
    }

    /// The condition about the artifacts, in the words of the worst of them.
    fn set_artifacts_ready(&self, conditions: &mut Conditions) {
        const TYPE: &str = "ArtifactsReady";
        if !self.missing.is_empty() {
            let message = "Waiting for the AIM artifacts to be created";
            conditions.set(TYPE, false, "CreatingCaches", message);
            return;
        }
        match self.worst() {
            None => conditions.set(TYPE, false, "NoCaches", "No artifacts to track"),
            Some(ObjectStatus::Ready) => {
                conditions.set(TYPE, true, "AllCachesReady", "All caches are ready");
            }
            Some(worst) => {
                let ready = self
                    .best
                    .values()
                    .find(|artifact| state(artifact) == Some(worst))
                    .and_then(|artifact| artifact.status.as_ref())
                    .and_then(|status| {
                        status
                            .conditions
                            .iter()
                            .find(|condition| condition.r#type == "Ready")
                    });
                if let Some(ready) = ready {
                    let message = format!("One or more caches are not ready: {}", ready.message);
                    conditions.set(TYPE, false, &ready.reason, &message);
                }
            }
        }
    }

    /// Its status as far as no write is concerned, and whether the pass may write.
    pub(super) fn judged(&self) -> (AimTemplateCacheStatus, bool) {
        let mut status = self.status.clone();
        let mut conditions = Conditions(std::mem::take(&mut status.conditions));
        let verdict = judge(&mut conditions, &self.components(), |conditions| {
            self.set_artifacts_ready(conditions);
        });
        status.conditions = conditions.0;
        status.status = Some(verdict.status);
        if self.missing.is_empty() {
            status.artifacts = self.resolved();
        }
        (status, verdict.applies)
    }

    fn resolved(&self) -> BTreeMap<String, CachedArtifact> {
        let resolved = self.best.iter().map(|(model, artifact)| {
            let name = artifact.metadata.name.clone().unwrap_or_default();
            let key = ObjectKey::new(Kind::AimArtifact, &self.key.namespace, &name);
            let status = artifact.status.as_ref();
            let resolved = CachedArtifact {
                uid: self.world.uid(&key).display().to_owned(),
                name: name.clone(),
                model: (*model).to_owned(),
                status: state(artifact).map_or_else(String::new, |s| s.as_str().to_owned()),
                persistent_volume_claim: status
                    .and_then(|status| go_form::text(&status.persistent_volume_claim)),
                mount_point: None,
            };
            (name, resolved)
        });
        resolved.collect()
    }
}

fn template<'w>(
    spec: &AimTemplateCacheSpec,
    namespace: &str,
    world: &'w World,
) -> Option<Template<'w>> {
    let find = |scope| Template::find(world, scope, namespace, &spec.template_name);
    match spec.template_scope {
        ResolutionScope::Cluster => find(Scope::Cluster),
        ResolutionScope::Namespace => find(Scope::Namespace),
        ResolutionScope::Merged | ResolutionScope::Unknown => {
            find(Scope::Namespace).or_else(|| find(Scope::Cluster))
        }
    }
}

fn state(artifact: &AimArtifact) -> Option<ObjectStatus> {
    artifact.status.as_ref()?.status
}
