//! The controller of AIMServices (AIM Engine 0.2.1, spec 2.2 and 2.5 to 2.17).

mod advice;
mod cache;
mod choice;
mod components;
mod env;
mod first_touch;
mod inference_service;
mod model;
mod observe;
mod origin;
mod resources;
mod route;
mod status;
mod template;

use std::sync::Arc;

use super::child;
use super::health::note_refusal;
use crate::api::aim::AimService;
use crate::controllers::{
    Aspect, Conclusion, Controller, Creator, FieldOrigin, Notes, Pass, Stop, Write,
};
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};
use observe::{ModelOutcome, Observation};

/// AIM Engine's controller of AIMServices.
pub(super) struct ServiceController;

/// The objects that one pass wants to write.
#[derive(Default)]
struct Plan {
    /// Those that the service owns, in the order of apply.
    owned: Vec<Object>,
    /// Those that outlive it, likewise.
    unowned: Vec<Object>,
}

impl Plan {
    /// What a service needs; `None` where the operator panics on the way.
    fn of(observation: &Observation<'_>) -> Option<Self> {
        if observation.config.panics {
            return None;
        }
        let mut plan = Self::default();
        if let ModelOutcome::ToCreate(name) = &observation.model {
            plan.unowned.push(model::build(observation, name));
        }
        plan.owned.extend(route::build(observation));
        let ready = observation
            .found_template()
            .filter(|template| template.is_ready());
        if let Some(template) = ready {
            plan.owned.extend(template::build_derived(observation));
            let cache = cache::build(observation, &template);
            if observation.is_dedicated() {
                plan.owned.extend(cache);
            } else {
                plan.unowned.extend(cache);
            }
            if observation.isvc_name.is_ok() && inference_service::is_due(observation) {
                plan.owned
                    .push(inference_service::build(observation, &template)?);
            }
        }
        for list in [&mut plan.owned, &mut plan.unowned] {
            list.sort_by_key(|object| {
                let key = object.key();
                (
                    key.kind.api_version(),
                    key.kind.as_str(),
                    key.namespace,
                    key.name,
                )
            });
        }
        Some(plan)
    }
}

impl Controller for ServiceController {
    fn creator(&self) -> Creator {
        Creator::AimService
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::AimService]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.object(key) else {
            return pass;
        };
        if let Some(touched) = object.typed().and_then(first_touch::of) {
            pass.writes.push(Write::Touch(Arc::new(touched.into())));
            return pass;
        }
        if child::is_paused(object) {
            return pass;
        }
        let Some(observation) = Observation::of(key, world) else {
            return pass;
        };
        let Some(plan) = Plan::of(&observation) else {
            return pass;
        };
        let (_, verdict) = status::judged(&observation);
        if verdict.applies {
            let config = observation.config.spec.as_ref();
            for mut planned in plan.owned {
                child::add_labels(&mut planned, object, self.creator(), config);
                child::own(&mut planned, object, world);
                pass.writes.push(Write::Apply(Arc::new(planned)));
            }
            for mut planned in plan.unowned {
                child::add_labels(&mut planned, object, self.creator(), config);
                pass.writes.push(Write::Apply(Arc::new(planned)));
            }
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
        let Some(object) = world.object(key).filter(|object| !child::is_paused(object)) else {
            return conclusion;
        };
        let Some(service) = object.typed::<AimService>() else {
            return conclusion;
        };
        conclusion.refusal = stop.and_then(|stop| advice::reword(service, stop));
        let touching = matches!(pass.writes.as_slice(), [Write::Touch(_)]);
        if touching {
            return conclusion;
        }
        let Some(observation) = Observation::of(key, world).filter(|seen| !panics(seen)) else {
            return conclusion;
        };
        let (mut status, verdict) = status::judged(&observation);
        // The service's CRD has no such value, so that the whole status is refused.
        if status::overall(verdict.status).is_none() {
            return conclusion;
        }
        note_refusal(&mut status.conditions, stop, |written| {
            is_owned(written, pass)
        });
        if let Some(reworded) = stop.and_then(|stop| choice::reword(&observation, stop)) {
            conclusion.refusal = Some(reworded);
        }
        let service = AimService {
            status: Some(status),
            ..service.clone()
        };
        conclusion.status = Some(Box::new(service.into()));
        conclusion
    }

    fn remarks(&self, key: &ObjectKey, world: &World) -> Notes {
        let looks = |object: &&Object| {
            let untouched = object.typed().and_then(first_touch::of).is_some();
            !untouched && !child::is_paused(object)
        };
        let object = world.object(key).filter(looks);
        let Some(observation) = object.and_then(|_| Observation::of(key, world)) else {
            return Notes::default();
        };
        let mut notes = choice::notes(&observation);
        notes.findings.extend(advice::findings(&observation));
        notes
    }

    fn wakes(&self, changed: &ObjectKey, aspect: Aspect, world: &World) -> Vec<ObjectKey> {
        let service = match changed.kind {
            // Each service writes its shared cache once; the others care for its status alone.
            Kind::AimTemplateCache if aspect == Aspect::Spec => None,
            Kind::AimTemplateCache => return wakes::of_cache(changed, world),
            Kind::HorizontalPodAutoscaler => wakes::by_label(changed, world),
            Kind::Pod => wakes::by_inference_service(changed, world),
            _ => None,
        };
        service.into_iter().collect()
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin::of(made, path, world)
    }
}

/// Whether the service owns what it could not write.
fn is_owned(written: &ObjectKey, pass: &Pass) -> bool {
    pass.writes.iter().any(|write| match write {
        Write::Apply(object) => {
            object.key() == *written && object.metadata().owner_references.is_some()
        }
        _ => false,
    })
}

/// Whether the pass ends in a panic, so that it writes no status: merging `null` below an object of `AIM_ENGINE_ARGS`
/// writes into a nil map.
fn panics(seen: &Observation<'_>) -> bool {
    seen.config.panics
        || seen.found_template().is_some_and(|template| {
            template.is_ready()
                && seen.isvc_name.is_ok()
                && inference_service::is_due(seen)
                && env::panics(seen, &template)
        })
}

/// Which service to look at when something else changed.
mod wakes {
    use crate::api::aim::{AimService, AimTemplateCache};
    use crate::api::kserve::InferenceService;
    use crate::inventory::{Kind, ObjectKey, World};

    /// Services that have settled on the cache's template.
    pub(super) fn of_cache(changed: &ObjectKey, world: &World) -> Vec<ObjectKey> {
        let cache = world.get::<AimTemplateCache>(&changed.namespace, &changed.name);
        let Some(template) = cache.and_then(|cache| Some(&cache.spec.as_ref()?.template_name))
        else {
            return Vec::new();
        };
        world
            .list::<AimService>(&changed.namespace)
            .filter(|service| {
                let status = service.status.as_ref();
                status
                    .and_then(|status| status.resolved_template.as_ref()?.name.as_ref())
                    .is_some_and(|name| name == template)
            })
            .filter_map(|service| service.metadata.name.as_deref())
            .map(|name| ObjectKey::new(Kind::AimService, &changed.namespace, name))
            .collect()
    }

    /// The service that an autoscaler is labelled with.
    pub(super) fn by_label(changed: &ObjectKey, world: &World) -> Option<ObjectKey> {
        let name = world.object(changed)?.label("aim.eai.amd.com/service")?;
        Some(ObjectKey::new(Kind::AimService, &changed.namespace, name))
    }

    /// The service whose InferenceService a pod serves.
    pub(super) fn by_inference_service(changed: &ObjectKey, world: &World) -> Option<ObjectKey> {
        let name = world
            .object(changed)?
            .label("serving.kserve.io/inferenceservice")?;
        let isvc = world.get::<InferenceService>(&changed.namespace, name)?;
        let owner = isvc
            .metadata
            .owner_references
            .iter()
            .flatten()
            .find(|owner| owner.kind == "AIMService")?;
        Some(ObjectKey::new(
            Kind::AimService,
            &changed.namespace,
            &owner.name,
        ))
    }
}
