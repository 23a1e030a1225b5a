//! The controllers of AIMServiceTemplate and AIMClusterServiceTemplate (AIM Engine 0.2.1, spec 2.4).

mod advice;
mod discovery;
mod gpu;
mod health;
mod observe;
mod status;

use std::sync::Arc;

use super::child;
use super::health::judge;
use super::view::{Model, Scope, Template};
use crate::controllers::{Aspect, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};
use observe::Seen;

/// AIM Engine's controller of templates of one scope.
pub(super) struct TemplateController(pub(super) Scope);

impl Controller for TemplateController {
    fn creator(&self) -> Creator {
        match self.0 {
            Scope::Namespace => Creator::AimServiceTemplate,
            Scope::Cluster => Creator::AimClusterServiceTemplate,
        }
    }

    fn kinds(&self) -> &'static [Kind] {
        match self.0 {
            Scope::Namespace => &[Kind::AimServiceTemplate],
            Scope::Cluster => &[Kind::AimClusterServiceTemplate],
        }
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some((object, template)) = seen_object(key, world) else {
            return pass;
        };
        let seen = Seen::of(template, world);
        pass.notes = advice::notes(&seen, world);
        let verdict = judge(&mut seen.conditions(), &seen.health(), |_| {});
        if !verdict.applies || seen.config.panics {
            return pass;
        }
        if let Some(mut planned) = seen.plan(world) {
            child::own(&mut planned, object, world);
            let config = seen.config.spec.as_ref();
            child::add_labels(&mut planned, object, self.creator(), config);
            pass.writes.push(Write::Apply(Arc::new(planned)));
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let Some((object, template)) = seen_object(key, world) else {
            return conclusion;
        };
        let seen = Seen::of(template, world);
        if seen.config.panics {
            return conclusion;
        }
        let status = seen.status(stop);
        let mut object = object.clone();
        match &mut object {
            Object::AimServiceTemplate(template) => template.status = Some(status),
            Object::AimClusterServiceTemplate(template) => template.status = Some(status),
            _ => {}
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn wakes(&self, changed: &ObjectKey, _: Aspect, world: &World) -> Vec<ObjectKey> {
        let model = world.object(changed).and_then(Model::of);
        model
            .filter(|model| model.scope == self.0)
            .map(|model| {
                Template::of_model(world, self.0, model.namespace(), model.name())
                    .iter()
                    .map(Template::key)
                    .collect()
            })
            .unwrap_or_default()
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        advice::origin_of(made, path, world)
    }
}

/// The template of a key, unless the operator leaves it alone.
fn seen_object<'w>(key: &ObjectKey, world: &'w World) -> Option<(&'w Object, Template<'w>)> {
    let object = world
        .object(key)
        .filter(|object| !child::is_paused(object))?;
    Some((object, Template::of(object)?))
}
