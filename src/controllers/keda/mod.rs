//! KEDA 2.18.1: a ScaledObject becomes a HorizontalPodAutoscaler (spec 4.1, 4.2).

mod advice;
mod assess;
pub mod checks;
mod findings;
mod hpa;
mod origin;
mod pause;
mod scaler;
mod status;
mod target;

use std::sync::Arc;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;

pub use advice::advise;
pub use target::ScaleTargetKind;

use super::owner::controller_reference;
use super::{Assumption, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::api::keda::ScaledObject;
use crate::diag::{FieldPath, Refusal, Refuser};
use crate::inventory::{Kind, Object, ObjectKey, World};
use assess::{Assessment, Course};

/// Label that KEDA puts on every ScaledObject, and the selector of its external metrics.
const NAME_LABEL: &str = "scaledobject.keda.sh/name";
/// KEDA's finalizer.
const FINALIZER: &str = "finalizer.keda.sh";
/// Reason of every failed check.
const CHECK_FAILED: &str = "ScaledObjectCheckFailed";

/// KEDA's controller of ScaledObjects.
pub struct Keda;

impl Controller for Keda {
    fn creator(&self) -> Creator {
        Creator::Keda
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ScaledObject]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.get::<ScaledObject>(&key.namespace, &key.name) else {
            return pass;
        };
        let assessment = Assessment::of(object, world);
        let mut touched = with_finalizer(object);
        pass.writes.push(touch(&touched));
        if assessment.reaches_label() {
            add_label(&mut touched);
            pass.writes.push(touch(&touched));
        }
        let found = found_hpa(object, world);
        match &assessment.course {
            Course::Paused => {
                pass.writes
                    .extend(found.map(|hpa| Write::Delete(hpa_key(hpa))));
            }
            Course::Fails(failure) => {
                let refusal = Refusal {
                    refuser: Refuser::Keda,
                    ..Refusal::new(failure.rule, 0, CHECK_FAILED, failure.message())
                };
                let refusal = refusal.at(&failure.path).summary(failure.text.clone());
                pass.failure = Some(advise(refusal));
            }
            Course::Foreign => {
                pass.notes.assumptions.push(Assumption {
                    text: format!(
                        "the triggers of ScaledObject {} are none of the OTel add-on, so its HorizontalPodAutoscaler is not planned",
                        key.name
                    ),
                    settle: None,
                });
            }
            Course::Scales(plan) => {
                let wanted = hpa::build(
                    &touched,
                    plan.spec,
                    &plan.kind,
                    plan.metrics.clone(),
                    &assessment.pause,
                    controller_reference(key, world),
                );
                pass.writes.extend(hpa_writes(wanted, found));
            }
        }
        pass.notes.findings = findings::find(key, object, &assessment, world);
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let Some(object) = world.get::<ScaledObject>(&key.namespace, &key.name) else {
            return Conclusion::default();
        };
        let assessment = Assessment::of(object, world);
        status::conclude(object, &assessment, stop)
    }

    fn wakes(
        &self,
        changed: &ObjectKey,
        _: crate::controllers::Aspect,
        world: &World,
    ) -> Vec<ObjectKey> {
        // A workload that appears heals a failed check; an HPA that somebody deletes is made again; the rest is what
        // the findings look at.
        let concerns = matches!(
            changed.kind,
            Kind::Deployment
                | Kind::StatefulSet
                | Kind::HorizontalPodAutoscaler
                | Kind::InferenceService
        );
        if !concerns {
            return Vec::new();
        }
        world.readers(changed, Kind::ScaledObject)
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin::of(made, path, world)
    }
}

fn touch(object: &ScaledObject) -> Write {
    Write::Touch(Arc::new(object.clone().into()))
}

/// The ScaledObject with KEDA's finalizer.
fn with_finalizer(object: &ScaledObject) -> ScaledObject {
    let mut object = checks::through_go(object.clone());
    let finalizers = object.metadata.finalizers.get_or_insert_default();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    object
}

fn add_label(object: &mut ScaledObject) {
    let name = object.metadata.name.clone().unwrap_or_default();
    object
        .metadata
        .labels
        .get_or_insert_default()
        .insert(NAME_LABEL.to_owned(), name);
}

/// The HPA that KEDA takes for the ScaledObject's: by the name in its status, else by the name it would have.
fn found_hpa<'a>(object: &ScaledObject, world: &'a World) -> Option<&'a HorizontalPodAutoscaler> {
    let known = object
        .status
        .as_ref()
        .and_then(|status| status.hpa_name.clone())
        .filter(|name| !name.is_empty());
    let name = known.unwrap_or_else(|| checks::hpa_name(object));
    world.get(
        object.metadata.namespace.as_deref().unwrap_or_default(),
        &name,
    )
}

fn hpa_key(hpa: &HorizontalPodAutoscaler) -> ObjectKey {
    ObjectKey::new(
        Kind::HorizontalPodAutoscaler,
        hpa.metadata.namespace.as_deref().unwrap_or_default(),
        hpa.metadata.name.as_deref().unwrap_or_default(),
    )
}

/// Creates, replaces or renames the HPA.
fn hpa_writes(
    wanted: HorizontalPodAutoscaler,
    found: Option<&HorizontalPodAutoscaler>,
) -> Vec<Write> {
    let mut writes = Vec::new();
    match found {
        Some(found) if found.metadata.name != wanted.metadata.name => {
            writes.push(Write::Delete(hpa_key(found)));
        }
        Some(found) if !hpa::differs(&wanted, found) => return writes,
        _ => {}
    }
    writes.push(Write::Put(Arc::new(wanted.into())));
    writes
}
