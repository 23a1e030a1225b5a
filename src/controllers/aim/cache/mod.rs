//! The controller of AIMTemplateCaches: the artifacts that hold a template's weights (AIM Engine 0.2.1, spec 2.12).

mod artifact;
mod observe;
mod origin;

use std::sync::Arc;

use super::child;
use super::health::note_refusal;
use crate::api::aim::AimArtifact;
use crate::controllers::{Aspect, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};
use observe::Observation;

/// AIM Engine's controller of AIMTemplateCaches.
pub(super) struct CacheController;

/// What the operator puts on a cache before anything else.
const FINALIZER: &str = "aim.eai.amd.com/artifactcleanup";

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
            .map(|(index, source)| artifact::build(&observation, index, source))
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
        note_refusal(&mut status.conditions, stop, |_| observation.is_dedicated());
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
        origin::of(made, path, world)
    }
}
