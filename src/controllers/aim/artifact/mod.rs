//! The controller of AIMArtifacts: the volume for one source of weights and the Jobs that fill it (AIM Engine 0.2.1,
//! spec 2.12).

mod objects;
mod observe;
mod origin;
mod status;

use std::sync::Arc;

use super::child::{self, is_paused};
use super::health::note_refusal;
use crate::controllers::{Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};
use observe::Observation;

/// AIM Engine's controller of AIMArtifacts.
pub(super) struct ArtifactController;

impl Controller for ArtifactController {
    fn creator(&self) -> Creator {
        Creator::AimArtifact
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::AimArtifact]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.object(key).filter(|object| !is_paused(object)) else {
            return pass;
        };
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return pass;
        };
        if observation.has_no_volume() {
            pass.notes.assumptions.push(observation.assumption());
        }
        let (_, applies) = observation.judged();
        if !applies {
            return pass;
        }
        let (owned, unowned) = observation.plan();
        let config = observation.config.spec.as_ref();
        for (planned, is_owned) in [(owned, true), (unowned, false)] {
            let Some(mut planned) = planned else { continue };
            child::add_labels(&mut planned, object, self.creator(), config);
            if is_owned {
                child::own(&mut planned, object, world);
            }
            pass.writes.push(Write::Apply(Arc::new(planned)));
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
        let Some(object) = world.object(key).filter(|object| !is_paused(object)) else {
            return conclusion;
        };
        if !object.has_status() && !pass.writes.is_empty() && stop.is_none() {
            return conclusion;
        }
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return conclusion;
        };
        let (mut status, _) = observation.judged();
        note_refusal(&mut status.conditions, stop, |written| {
            written.kind != Kind::RoleBinding
        });
        let mut object = object.clone();
        if let Object::AimArtifact(artifact) = &mut object {
            artifact.status = Some(status);
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin::of(made, path, world)
    }
}
