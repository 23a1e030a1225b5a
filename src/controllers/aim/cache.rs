//! The controller of AIMTemplateCaches: the artifacts that hold a template's weights (AIM Engine 0.2.1, spec 2.12).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::child::{self, aim_label};
use super::health::{Category, Conditions, Health, Problem, Side, judge, rank};
use super::runtime_config::{self, Resolved};
use super::view::{Scope, Template};
use super::{go_form, names};
use crate::api::Quantity;
use crate::api::aim::{
    AimArtifact, AimArtifactSpec, AimTemplateCache, AimTemplateCacheSpec, AimTemplateCacheStatus,
    CacheMode, CachedArtifact, ModelSource, ObjectStatus, ResolutionScope,
};
use crate::controllers::{Aspect, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::FieldPath;
use crate::inventory::{Index, Kind, Object, ObjectKey, World};
use crate::kube::names::label;
use crate::kube::{env, unknown};

/// AIM Engine's controller of AIMTemplateCaches.
pub(super) struct CacheController;

/// What the operator puts on a cache before anything else.
const FINALIZER: &str = "aim.eai.amd.com/artifactcleanup";

/// What one pass over a cache sees.
struct Observation<'w> {
    world: &'w World,
    key: ObjectKey,
    spec: &'w AimTemplateCacheSpec,
    status: AimTemplateCacheStatus,
    config: Resolved,
    template: Option<Template<'w>>,
    /// By model ID, the best artifact of each source that has one.
    best: BTreeMap<&'w str, &'w AimArtifact>,
    /// Sources without an artifact that has a status.
    missing: Vec<&'w ModelSource>,
}

impl<'w> Observation<'w> {
    fn of(key: &ObjectKey, world: &'w World) -> Option<Self> {
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

    fn storage_class(&self) -> &'w str {
        self.spec.storage_class_name.as_deref().unwrap_or_default()
    }

    fn is_dedicated(&self) -> bool {
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
    fn judged(&self) -> (AimTemplateCacheStatus, bool) {
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

    /// The artifact to make for the `index`-th missing source.
    fn build(&self, index: usize, source: &ModelSource) -> Object {
        let env = go_form::env(&env::merge(&self.spec.env, &source.env));
        let scope = self.spec.template_scope.as_str();
        let mut labels = BTreeMap::from([
            ("template-created".to_owned(), "true".to_owned()),
            (aim_label("template.name"), self.spec.template_name.clone()),
            (aim_label("template.scope"), scope.to_owned()),
            (aim_label("template.index"), index.to_string()),
        ]);
        let cache = label(&self.key.name).unwrap_or_default();
        labels.insert(aim_label("template-cache.name"), cache);
        let size = source.size.as_ref().map_or("0", Quantity::as_str);
        Object::AimArtifact(AimArtifact {
            metadata: ObjectMeta {
                name: Some(self.artifact_name(source, &env)),
                namespace: Some(self.key.namespace.clone()),
                labels: Some(labels),
                ..ObjectMeta::default()
            },
            spec: Some(AimArtifactSpec {
                source_uri: source.source_uri.clone(),
                model_id: Some(source.model_id.clone()).filter(|id| !id.is_empty()),
                storage_class_name: go_form::text(&self.spec.storage_class_name),
                size: Some(Quantity(crate::kube::quantity::canonical(size))),
                env,
                model_download_image: None,
                image_pull_secrets: Vec::new(),
                runtime_config_name: go_form::text(&self.spec.runtime_config_name),
            }),
            status: None,
        })
    }

    /// Two Dedicated caches make artifacts of different names, of which nobody knows the difference: a number stands
    /// for it.
    fn artifact_name(
        &self,
        source: &ModelSource,
        env: &[k8s_openapi::api::core::v1::EnvVar],
    ) -> String {
        let dedicated_to = self.is_dedicated().then_some(self.key.name.as_str());
        let name = names::artifact(&source.source_uri, env, self.storage_class(), dedicated_to);
        if !unknown::is_unknown(&name) {
            return name;
        }
        let is_free = |name: &String| {
            let taken: Option<&AimArtifact> = self.world.get(&self.key.namespace, name);
            taken.is_none_or(|taken| child::is_owned_by(&taken.metadata, &self.key, self.world))
        };
        std::iter::once(name.clone())
            .chain((2..).map(|number| format!("{name}-{number}")))
            .find(is_free)
            .unwrap_or(name)
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

/// The cache with the operator's finalizer, which is all that its first pass writes; `None` when it has it.
fn touched(cache: &Object) -> Option<Object> {
    let finalizers = cache.metadata().finalizers.as_deref().unwrap_or_default();
    if finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        return None;
    }
    let mut touched = cache.clone();
    let metadata = touched.metadata_mut();
    metadata
        .finalizers
        .get_or_insert_default()
        .push(FINALIZER.to_owned());
    Some(touched)
}

impl Controller for CacheController {
    fn creator(&self) -> Creator {
        Creator::AimTemplateCache
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::AimTemplateCache]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.object(key).filter(|object| !child::is_paused(object)) else {
            return pass;
        };
        if let Some(touched) = touched(object) {
            pass.writes.push(Write::Touch(Arc::new(touched)));
            return pass;
        }
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return pass;
        };
        let (_, applies) = observation.judged();
        if !applies {
            return pass;
        }
        let mut artifacts: Vec<Object> = observation
            .missing
            .iter()
            .enumerate()
            .map(|(index, source)| observation.build(index, source))
            // An artifact that was made a moment ago has no status yet, so it is not found. A second cache that comes in
            // that moment writes its own labels over it; later passes see the status before they write again.
            .filter(|artifact| {
                let made = world.object(&artifact.key());
                made.is_none_or(Object::has_status) || !object.has_status()
            })
            .collect();
        artifacts.sort_by_key(Object::key);
        for mut artifact in artifacts {
            child::add_labels(
                &mut artifact,
                object,
                self.creator(),
                observation.config.spec.as_ref(),
            );
            if observation.is_dedicated() {
                child::own(&mut artifact, object, world);
            }
            pass.writes.push(Write::Apply(Arc::new(artifact)));
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        if pass
            .writes
            .iter()
            .any(|write| matches!(write, Write::Touch(_)))
        {
            return conclusion;
        }
        let Some(object) = world.object(key).filter(|object| !child::is_paused(object)) else {
            return conclusion;
        };
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return conclusion;
        };
        let (mut status, _) = observation.judged();
        if let Some(stop) = stop
            && let Some(written) = &stop.write
        {
            let mut conditions = Conditions(std::mem::take(&mut status.conditions));
            let owned = observation.is_dedicated();
            conditions.apply_failed(&child::apply_error(owned, written, &stop.refusal));
            status.conditions = conditions.0;
        }
        let mut object = object.clone();
        if let Object::AimTemplateCache(cache) = &mut object {
            cache.status = Some(status);
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn wakes(&self, changed: &ObjectKey, _: Aspect, world: &World) -> Vec<ObjectKey> {
        // Of the caches that share an artifact the reference wakes the one that the artifact is labelled with; the tool
        // takes the others as touched (spec 2.19).
        let source = match changed.kind {
            Kind::AimArtifact => world.get::<AimArtifact>(&changed.namespace, &changed.name),
            _ => None,
        };
        let Some(source) = source.and_then(|artifact| Some(&artifact.spec.as_ref()?.source_uri))
        else {
            return Vec::new();
        };
        world
            .entries(Kind::AimTemplateCache, &changed.namespace)
            .filter(|(key, _)| {
                Observation::of(key, world).is_some_and(|observation| {
                    let sources = observation.template.and_then(|template| template.status);
                    sources.is_some_and(|status| {
                        status
                            .model_sources
                            .iter()
                            .any(|own| own.source_uri == *source)
                    })
                })
            })
            .map(|(key, _)| key.clone())
            .collect()
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin_of(made, path, world)
    }
}

/// Where a field of an artifact came from: the template's model source, else the cache.
fn origin_of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
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
            crate::diag::Segment::Index(index) => Some(*index),
            crate::diag::Segment::Key(_) => None,
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
