//! Health of what a service refers to: its model and template.

use super::super::super::health::{Health, Side};
use super::super::super::view::{Model, Template};
use super::super::observe::{ModelOutcome, Observation, TemplateOutcome};
use crate::api::aim::{ObjectStatus, ResolvedReference};

/// The model, resolved or to be made.
pub(super) fn model(observation: &Observation<'_>) -> Health {
    let pending = |side, reason: &str, message: String| {
        Health::new("Model", side, ObjectStatus::Pending, reason, message)
    };
    match &observation.model {
        ModelOutcome::ToCreate(_) => {
            let wanted = &observation.spec.model;
            let message = match &wanted.custom {
                Some(custom) => {
                    let first = custom.model_sources.first();
                    let id = first.map_or("", |source| source.model_id.as_str());
                    format!("Custom model will be created for {id}")
                }
                None => format!(
                    "Model will be created for image {}",
                    wanted.image.as_deref().unwrap_or_default().trim()
                ),
            };
            pending(Side::Downstream, "CreatingModel", message)
        }
        ModelOutcome::Failed(problem) => {
            Health::failing("Model", Side::Upstream, problem.clone()).state(ObjectStatus::Failed)
        }
        ModelOutcome::Found(found) => of_model(found),
        ModelOutcome::Unasked => pending(
            Side::Upstream,
            "ModelNotFound",
            "No model found for service".to_owned(),
        ),
    }
}

fn of_model(model: &Model<'_>) -> Health {
    let who = format!("{} {}", model.scope.model_kind(), model.name());
    let (state, reason, message) = match model.state() {
        Some(ObjectStatus::Ready) => (
            ObjectStatus::Ready,
            "ModelResolved",
            format!("{who} is ready"),
        ),
        Some(ObjectStatus::Pending | ObjectStatus::Progressing) => (
            ObjectStatus::Progressing,
            "ModelNotReady",
            format!("{who} is not ready yet"),
        ),
        Some(ObjectStatus::Failed | ObjectStatus::Degraded) => (
            ObjectStatus::Failed,
            "ModelNotReady",
            format!("{who} is in failed state"),
        ),
        other => (
            ObjectStatus::Progressing,
            "ModelNotReady",
            format!("{who} status: {}", other.map_or("", |state| state.as_str())),
        ),
    };
    Health::new("Model", Side::Upstream, state, reason, message)
}

/// The template that was chosen, or why there is none.
pub(super) fn template(observation: &Observation<'_>) -> Health {
    let health = |state, reason: &str, message: String| {
        Health::new("Template", Side::Upstream, state, reason, message)
    };
    match &observation.template {
        TemplateOutcome::Failed(problem) => {
            Health::failing("Template", Side::Upstream, problem.clone()).state(ObjectStatus::Failed)
        }
        TemplateOutcome::Found(found) => of_template(found),
        TemplateOutcome::NotReady => health(
            ObjectStatus::Progressing,
            "TemplateNotReady",
            "Templates exist but are not ready yet".to_owned(),
        ),
        TemplateOutcome::None => match remembered(observation) {
            Some(reference) => health(
                ObjectStatus::Ready,
                "Resolved",
                format!(
                    "{} {} is ready",
                    reference.scope.map_or("", |scope| scope.as_str()),
                    reference.name.as_deref().unwrap_or_default()
                ),
            ),
            None => health(
                ObjectStatus::Pending,
                "TemplateNotFound",
                "No template found for service".to_owned(),
            ),
        },
    }
}

/// A service that already runs trusts the template that it once had.
fn remembered<'o>(observation: &'o Observation<'_>) -> Option<&'o ResolvedReference> {
    observation.isvc?;
    observation.status()?.resolved_template.as_ref()
}

fn of_template(template: &Template<'_>) -> Health {
    let who = format!("{} {}", template.scope.template_kind(), template.name());
    let (state, reason, message) = match template.state() {
        Some(ObjectStatus::Ready) => (ObjectStatus::Ready, "Resolved", format!("{who} is ready")),
        Some(ObjectStatus::Pending | ObjectStatus::Progressing) => (
            ObjectStatus::Progressing,
            "TemplateNotReady",
            format!("{who} is not ready yet"),
        ),
        Some(ObjectStatus::NotAvailable) => (
            ObjectStatus::NotAvailable,
            "TemplateNotReady",
            format!("{who} is not available (no matching GPUs)"),
        ),
        Some(ObjectStatus::Failed | ObjectStatus::Degraded) => (
            ObjectStatus::Failed,
            "TemplateNotReady",
            format!("{who} is in failed state"),
        ),
        None => (
            ObjectStatus::Progressing,
            "TemplateNotReady",
            format!("{who} status: "),
        ),
    };
    Health::new("Template", Side::Upstream, state, reason, message)
}
