//! The controllers of AIMModel and AIMClusterModel (AIM Engine 0.2.1, spec 2.2 and 2.3).

mod advice;
mod metadata;
mod templates;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::child;
use super::go_form;
use super::health::{Conditions, Health, Problem, Side, judge};
use super::runtime_config::{self, Resolved};
use super::view::{Model, Scope, Template};
use crate::api::aim::{AimModelStatus, AimServiceTemplateSpec, ModelSourceType, ObjectStatus};
use crate::controllers::{Aspect, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::{FieldPath, Refusal, RefusalCause, field};
use crate::inventory::{Kind, Object, ObjectKey, World};
pub(super) use advice::missing_config;
use metadata::Fetched;

/// AIM Engine's controller of models of one scope.
pub(super) struct ModelController(pub(super) Scope);

impl Controller for ModelController {
    fn creator(&self) -> Creator {
        match self.0 {
            Scope::Namespace => Creator::AimModel,
            Scope::Cluster => Creator::AimClusterModel,
        }
    }

    fn kinds(&self) -> &'static [Kind] {
        match self.0 {
            Scope::Namespace => &[Kind::AimModel],
            Scope::Cluster => &[Kind::AimClusterModel],
        }
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.object(key).filter(|object| !child::is_paused(object)) else {
            return pass;
        };
        let Some(model) = Model::of(object) else {
            return pass;
        };
        let seen = Seen::of(model, world);
        pass.notes = advice::notes(&seen, world);
        let mut conditions = seen.conditions();
        let verdict = judge(&mut conditions, &seen.health(), |_| {});
        if !verdict.applies
            || seen.config.panics
            || metadata::expects_templates(&model) != Some(true)
        {
            return pass;
        }
        for wanted in templates::wanted(&model, metadata::effective(&model)) {
            match wanted.template {
                Ok(mut template) => {
                    child::own(&mut template, object, world);
                    let config = seen.config.spec.as_ref();
                    child::add_labels(&mut template, object, self.creator(), config);
                    pass.writes.push(Write::Apply(Arc::from(template)));
                }
                Err(errors) => {
                    pass.failure = refused(self.0.template_kind(), &wanted.name, &errors);
                    break;
                }
            }
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
        let Some(object) = world.object(key).filter(|object| !child::is_paused(object)) else {
            return conclusion;
        };
        let Some(model) = Model::of(object) else {
            return conclusion;
        };
        let seen = Seen::of(model, world);
        if seen.config.panics {
            return conclusion;
        }
        let status = seen.status(stop);
        conclusion.refusal = stop.and_then(|stop| advice::reword(stop, &model));
        let mut object = object.clone();
        match &mut object {
            Object::AimModel(model) => model.status = Some(status),
            Object::AimClusterModel(model) => model.status = Some(status),
            _ => {}
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn wakes(&self, changed: &ObjectKey, _: Aspect, world: &World) -> Vec<ObjectKey> {
        // A model looks at all templates that name it, whoever made them.
        let template = world.object(changed).and_then(Template::of);
        template
            .filter(|template| template.scope == self.0)
            .map(|template| {
                let kind = self.0.model_kind();
                vec![ObjectKey::new(
                    kind,
                    template.namespace(),
                    &template.spec.model_name,
                )]
            })
            .unwrap_or_default()
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        advice::origin_of(made, path, world, self.creator())
    }
}

/// The templates that a model makes from its image's recommended deployments, by name.
pub(super) fn recommended(model: &Model<'_>) -> BTreeMap<String, AimServiceTemplateSpec> {
    if metadata::expects_templates(model) != Some(true) {
        return BTreeMap::new();
    }
    templates::recommended_specs(model, metadata::effective(model))
}

/// What one pass sees of a model's surroundings.
struct Seen<'a> {
    model: Model<'a>,
    config: Resolved,
    fetched: Fetched<'a>,
    templates: Vec<Template<'a>>,
}

impl<'a> Seen<'a> {
    fn of(model: Model<'a>, world: &'a World) -> Self {
        let name = model.spec.runtime_config_name.as_deref();
        Self {
            config: runtime_config::resolve(name, model.namespace(), world),
            fetched: metadata::fetch(&model, world),
            templates: Template::of_model(world, model.scope, model.namespace(), model.name()),
            model,
        }
    }

    fn conditions(&self) -> Conditions {
        let conditions = self.model.status.map(|status| status.conditions.clone());
        Conditions(conditions.unwrap_or_default())
    }

    /// Only for cluster models are the components upstream dependencies.
    fn side(&self) -> Side {
        match self.model.scope {
            Scope::Namespace => Side::Downstream,
            Scope::Cluster => Side::Upstream,
        }
    }

    fn health(&self) -> Vec<Health> {
        vec![
            self.config.health(self.side()),
            self.image_health(),
            self.templates_health(),
        ]
    }

    fn image_health(&self) -> Health {
        const COMPONENT: &str = "ImageMetadata";
        if let Fetched::Unreadable(text) = &self.fetched {
            return Health::failing(COMPONENT, self.side(), Problem::unknown(text));
        }
        let named = self
            .fetched
            .value()
            .and_then(|metadata| metadata.model.as_ref()?.canonical_name.as_deref())
            .is_some_and(|name| !name.is_empty());
        let reason = if named {
            "ImageMetadataFound"
        } else {
            "ImageFound"
        };
        Health::new(COMPONENT, self.side(), ObjectStatus::Ready, reason, "")
    }

    fn templates_health(&self) -> Health {
        let component = match self.model.scope {
            Scope::Namespace => "ServiceTemplates",
            Scope::Cluster => "ClusterServiceTemplates",
        };
        let states: Vec<Option<ObjectStatus>> =
            self.templates.iter().map(Template::state).collect();
        let expected = metadata::expects_templates(&self.model);
        let (state, reason, message) = summary(&states, expected);
        Health::new(component, self.side(), state, reason, message)
    }

    /// The template whose write ended the pass.
    fn stopped(&self, stop: &Stop) -> ObjectKey {
        stop.write.clone().unwrap_or_else(|| {
            let name = templates::wanted(&self.model, metadata::effective(&self.model))
                .into_iter()
                .find(|wanted| wanted.template.is_err())
                .map(|wanted| wanted.name)
                .unwrap_or_default();
            let kind = self.model.scope.template_kind();
            ObjectKey::new(kind, self.model.namespace(), &name)
        })
    }

    fn status(&self, stop: Option<&Stop>) -> AimModelStatus {
        let mut status = self.model.status.cloned().unwrap_or_default();
        let mut conditions = self.conditions();
        let verdict = judge(&mut conditions, &self.health(), |_| {});
        if let Some(stop) = stop {
            conditions.apply_failed(&child::apply_error(
                true,
                &self.stopped(stop),
                &stop.refusal,
            ));
        }
        status.status = Some(verdict.status);
        status.conditions = conditions.0;
        status.source_type = Some(if self.model.spec.model_sources.is_empty() {
            ModelSourceType::Image
        } else {
            ModelSourceType::Custom
        });
        if let Some(metadata) = self.fetched.value() {
            status.image_metadata = Some(go_form::image_metadata(metadata));
        }
        status
    }
}

/// The state of all templates together (the table of spec 2.2).
fn summary(
    states: &[Option<ObjectStatus>],
    expected: Option<bool>,
) -> (ObjectStatus, &'static str, &'static str) {
    let count = |wanted: &[ObjectStatus]| {
        states
            .iter()
            .flatten()
            .filter(|state| wanted.contains(state))
            .count()
    };
    let total = states.len();
    let ready = count(&[ObjectStatus::Ready]);
    let failed = count(&[ObjectStatus::Failed, ObjectStatus::Degraded]);
    let unavailable = count(&[ObjectStatus::NotAvailable]);
    let moving = count(&[ObjectStatus::Pending, ObjectStatus::Progressing]);
    if total == 0 {
        match expected {
            None => (
                ObjectStatus::Progressing,
                "AwaitingMetadata",
                "Waiting for the model to fetch metadata",
            ),
            Some(true) => (
                ObjectStatus::Progressing,
                "CreatingTemplates",
                "Creating templates for the model",
            ),
            Some(false) => (
                ObjectStatus::Ready,
                "NoTemplatesExpected",
                "The model does not have any recommended templates",
            ),
        }
    } else if ready == total {
        (
            ObjectStatus::Ready,
            "AllTemplatesReady",
            "All templates are ready",
        )
    } else if failed == total {
        (
            ObjectStatus::Failed,
            "AllTemplatesFailed",
            "All templates are degraded or failed",
        )
    } else if unavailable == total {
        (
            ObjectStatus::NotAvailable,
            "NoTemplatesAvailable",
            "None of the model's templates are available (no matching GPUs in the cluster)",
        )
    } else if failed > 0 {
        (
            ObjectStatus::Degraded,
            "SomeTemplatesDegraded",
            "Some templates are degraded or failed",
        )
    } else if moving > 0 {
        (
            ObjectStatus::Progressing,
            "TemplatesProgressing",
            "Templates are progressing",
        )
    } else if ready > 0 && unavailable > 0 {
        (
            ObjectStatus::Ready,
            "SomeTemplatesReady",
            "All templates have finished processing (some are not available)",
        )
    } else {
        (
            ObjectStatus::Progressing,
            "TemplatesProgressing",
            "Unknown status",
        )
    }
}

/// The API server's refusal of a template, with the fields of the model that are to blame.
fn refused(kind: Kind, name: &str, errors: &[(FieldPath, field::FieldError)]) -> Option<Refusal> {
    let own: Vec<field::FieldError> = errors.iter().map(|(_, error)| error.clone()).collect();
    let mut refusal = field::refusal(kind, name, &own)?;
    refusal.causes = errors
        .iter()
        .map(|(path, error)| RefusalCause {
            field: path.to_string(),
            reason: error.reason.code(),
            message: error.message.clone(),
        })
        .collect();
    Some(refusal)
}
