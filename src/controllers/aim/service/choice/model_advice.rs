//! The model of a service: why it is that one, and what is wrong with it (M101 to M103, M115, M116).

use super::super::super::child;
use super::super::super::view::Model;
use super::super::observe::{ModelOutcome, Observation};
use super::super::{model, template};
use super::{field, gpu_help, table};
use crate::api::aim::{AimClusterModel, AimModel, ObjectStatus};
use crate::controllers::{Considered, Decision};
use crate::diag::{FieldPath, Finding, Place, nearest};
use crate::inventory::{Origin, World};
use crate::rules;

/// The field that says which model is wanted.
pub(in super::super) fn model_field(seen: &Observation<'_>) -> &'static str {
    let model = &seen.spec.model;
    if model.name.is_some() {
        "spec.model.name"
    } else if model.image.is_some() {
        "spec.model.image"
    } else if model.custom.is_some() {
        "spec.model.custom"
    } else {
        "spec.model"
    }
}

pub(super) fn model_decision(seen: &Observation<'_>) -> Option<Decision> {
    let outcome = match &seen.model {
        ModelOutcome::Found(model) => format!("{} is used", model.key()),
        ModelOutcome::ToCreate(name) => format!("AIMModel {name} is made"),
        ModelOutcome::Failed(problem) => problem.message.clone(),
        ModelOutcome::Unasked => return None,
    };
    Some(Decision {
        topic: "model",
        outcome,
        considered: vec![Considered {
            what: "the service".to_owned(),
            object: Some(seen.key.clone()),
            path: FieldPath::parse(model_field(seen)),
            verdict: "says which model".to_owned(),
        }],
        rule: "AIM Engine 0.2.1: by name in the namespace, then in the cluster; by image the only model that has it, else a new one; custom sources in the namespace only (spec 2.2)",
    })
}

pub(super) fn about_model(seen: &Observation<'_>) -> Option<Finding> {
    let place = field(seen, model_field(seen));
    match &seen.model {
        ModelOutcome::Failed(problem) => {
            let (rule, finding) = match problem.reason.as_str() {
                "InvalidImageReference" => (&rules::M103, image_unreadable(seen)),
                "ModelNotFound" => (&rules::M101, model_missing(seen)),
                _ if problem.message.starts_with("multiple") => {
                    (&rules::M102, several_models(seen))
                }
                _ => (&rules::M103, image_unreadable(seen)),
            };
            let (message, then, help) = finding;
            let mut finding = Finding::new(rule, place, message)
                .refusal(&problem.message)
                .consequence(then)
                .help(help);
            if rule.code == rules::M102.code {
                for model in models_of_image(seen) {
                    let place = Place::field(model.key(), FieldPath::parse("spec.image"));
                    finding = finding.related(place, format!("{} has it", model.key()));
                }
            }
            Some(finding)
        }
        // What is wrong with a model that was made for the service is said of the service anyway.
        ModelOutcome::Found(model) if is_made(model, seen.world) => None,
        ModelOutcome::Found(model) => about_state(seen, model, place),
        ModelOutcome::ToCreate(_) | ModelOutcome::Unasked => None,
    }
}

/// A model that is there and holds the service back.
fn about_state(seen: &Observation<'_>, model: &Model<'_>, place: Place) -> Option<Finding> {
    let key = model.key();
    match model.state() {
        Some(ObjectStatus::Ready | ObjectStatus::Pending | ObjectStatus::Progressing) => None,
        Some(state @ (ObjectStatus::Failed | ObjectStatus::Degraded)) => {
            let why = model.status.and_then(|status| {
                let ready = status.conditions.iter().find(|c| c.r#type == "Ready")?;
                (!ready.message.is_empty()).then(|| format!(": {}", ready.message))
            });
            let message = format!("{key} is {}{}", state.as_str(), why.unwrap_or_default());
            Some(
                Finding::new(&rules::M116, place, message)
                    .refusal(format!("{} {} is in failed state", key.kind, key.name))
                    .consequence(
                        "the service is Failed (ModelNotReady), and no InferenceService is made",
                    )
                    .help("mend the model first")
                    .related(Place::field(key, FieldPath::root()), "the model"),
            )
        }
        Some(ObjectStatus::NotAvailable) => {
            let message = format!("no template of {key} finds its GPU in the cluster");
            Some(
                Finding::new(&rules::M115, place, message)
                    .refusal(format!("{} {} status: NotAvailable", key.kind, key.name))
                    .consequence(format!(
                        "the service waits for ever, without an InferenceService{}",
                        table(&template::selection(seen)?)
                    ))
                    .help(gpu_help(seen.world)),
            )
        }
        None if is_paused(model, seen.world) => Some(
            Finding::new(
                &rules::M116,
                place,
                format!("{key} is paused and has no status"),
            )
            .consequence("AIM Engine leaves it alone, so the service waits for ever")
            .help("take the annotation aim.eai.amd.com/reconciliation-paused away"),
        ),
        None => None,
    }
}

fn is_made(model: &Model<'_>, world: &World) -> bool {
    world
        .entry(&model.key())
        .is_some_and(|entry| matches!(entry.origin, Origin::Made { .. }))
}

fn is_paused(model: &Model<'_>, world: &World) -> bool {
    world.object(&model.key()).is_some_and(child::is_paused)
}

fn image_unreadable(seen: &Observation<'_>) -> (String, String, String) {
    let image = seen.spec.model.image.as_deref().unwrap_or_default();
    (
        format!("AIM Engine cannot read `{image}` as an image"),
        "nothing is applied, and the service is Failed or Degraded".to_owned(),
        "write repository:tag or repository@sha256:<64 hex digits>".to_owned(),
    )
}

fn model_missing(seen: &Observation<'_>) -> (String, String, String) {
    let then = "nothing of the service is applied, and it is Failed".to_owned();
    let Some(name) = seen.spec.model.name.as_deref().map(str::trim) else {
        let message = "the service says no model".to_owned();
        return (message, then, "write spec.model.image".to_owned());
    };
    let names: Vec<&str> = seen
        .world
        .list::<AimModel>(seen.namespace())
        .map(|model| &model.metadata)
        .chain(
            seen.world
                .list::<AimClusterModel>("")
                .map(|model| &model.metadata),
        )
        .filter_map(|metadata| metadata.name.as_deref())
        .collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => {
            "write spec.model.image, then the model is made; or add the model to the facts"
                .to_owned()
        }
        None => format!("known: {}", names.join(", ")),
    };
    let message = if name.is_empty() {
        "the model's name is empty".to_owned()
    } else {
        format!(
            "there is no model `{name}` in namespace {} or in the cluster",
            seen.namespace()
        )
    };
    (message, then, help)
}

fn models_of_image<'w>(seen: &Observation<'w>) -> Vec<Model<'w>> {
    let image = seen.spec.model.image.as_deref().unwrap_or_default();
    model::with_image(seen, image.trim())
}

fn several_models(seen: &Observation<'_>) -> (String, String, String) {
    let models = models_of_image(seen);
    let names: Vec<String> = models.iter().map(|model| model.key().to_string()).collect();
    let first = models.first().map_or("", |model| model.name());
    (
        format!(
            "{} models have this image: {}",
            models.len(),
            names.join(", ")
        ),
        "the service is Degraded and retried for ever; nothing of it is applied".to_owned(),
        format!("name one of them: model: {{name: {first}}}"),
    )
}
