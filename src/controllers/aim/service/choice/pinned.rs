//! What was resolved before stays although the choice would be another one now (M135; AIM Engine 0.2.1, spec 2.17).

use super::super::super::select::Selection;
use super::super::observe::{ModelOutcome, Observation, TemplateOutcome};
use super::super::{model, template};
use super::{field, model_field, template_field};
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::ObjectKey;
use crate::rules;

/// The pins of a service that differ from what it would resolve to now.
///
/// `selection`: the choice among the model's templates, if there is a model.
pub(super) fn findings(seen: &Observation<'_>, selection: Option<&Selection<'_>>) -> Vec<Finding> {
    [about_model(seen), about_template(seen, selection)]
        .into_iter()
        .flatten()
        .collect()
}

fn about_model(seen: &Observation<'_>) -> Option<Finding> {
    let pinned = model::pinned(seen)?.key();
    let now = match model::resolve_anew(seen) {
        ModelOutcome::Found(model) if model.key() == pinned => return None,
        ModelOutcome::Found(model) => format!("it would be {} now", model.key()),
        ModelOutcome::ToCreate(name) => format!("a model {name} would be made now"),
        ModelOutcome::Failed(problem) => format!("now there would be none: {}", problem.message),
        ModelOutcome::Unasked => return None,
    };
    let place = field(seen, model_field(seen));
    Some(stays(seen, place, pinned, &now, "model"))
}

/// Overrides select nothing anew, and have their own finding (M127).
fn about_template(seen: &Observation<'_>, selection: Option<&Selection<'_>>) -> Option<Finding> {
    let pinned = template::pinned(seen).filter(|_| seen.spec.overrides.is_none())?;
    let pinned = pinned.key();
    let (now, failure) = match template::explicit_name(seen) {
        Some(name) => match template::by_name(seen, name) {
            TemplateOutcome::Failed(problem) => (None, problem.message),
            TemplateOutcome::Found(template) => (Some(template), String::new()),
            TemplateOutcome::NotReady | TemplateOutcome::None => return None,
        },
        // Whatever became of the model has its own finding.
        None => (selection?.chosen, "no single one is the best".to_owned()),
    };
    let now = match now {
        Some(template) if template.key() == pinned => return None,
        Some(template) => format!("it would be {} now", template.name()),
        None => format!("now there would be none: {failure}"),
    };
    let place = field(seen, template_field(seen));
    Some(stays(seen, place, pinned, &now, "template"))
}

fn stays(
    seen: &Observation<'_>,
    place: Place,
    pinned: ObjectKey,
    now: &str,
    what: &str,
) -> Finding {
    Finding::new(
        &rules::M135,
        place,
        format!("the service keeps its {what} {}; {now}", pinned.name),
    )
    .consequence(format!(
        "a resolved {what} is kept as long as it is Ready, whatever else comes"
    ))
    .help(format!(
        "to have it resolved anew, delete the service and create it again: kubectl delete aimservice {} -n {}",
        seen.name(),
        seen.namespace()
    ))
    .related(Place::field(pinned, FieldPath::root()), "is kept")
}
