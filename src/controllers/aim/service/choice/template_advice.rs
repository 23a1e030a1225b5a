//! The template of a service: why it is that one, why there is none, and what overrides make of it (M104 to M106, M115,
//! M116, M125 to M128).

use super::super::super::names;
use super::super::super::select::{Candidate, Selection, Verdict};
use super::super::super::view::{Model, Scope, Template};
use super::super::observe::{Observation, TemplateOutcome};
use super::super::template;
use super::{field, gpu_help, model_field, table};
use crate::api::aim::ObjectStatus;
use crate::controllers::{Considered, Decision, Stop};
use crate::diag::{FieldPath, Finding, Place, Refusal, nearest};
use crate::rules::{self, Rule};

/// What the operator says of every service that it finds no template for.
const NONE_FOUND: &str = "No template found for service";

pub(super) fn explicit_decision(seen: &Observation<'_>, name: &str) -> Decision {
    let outcome = match &seen.template {
        TemplateOutcome::Found(template) => format!("{} is used", template.key()),
        TemplateOutcome::Failed(problem) => problem.message.clone(),
        TemplateOutcome::NotReady | TemplateOutcome::None => format!("{name} is not used"),
    };
    Decision {
        topic: "template",
        outcome,
        considered: vec![Considered {
            what: name.to_owned(),
            object: Some(seen.key.clone()),
            path: FieldPath::parse("spec.template.name"),
            verdict: "named by the service".to_owned(),
        }],
        rule: "AIM Engine 0.2.1: a named template is taken whatever its model and type, in the namespace under its derived name, in the cluster under its own (spec 2.5)",
    }
}

/// A template that the service names.
pub(super) fn about_explicit(seen: &Observation<'_>, name: &str) -> Option<Finding> {
    let place = field(seen, "spec.template.name");
    match &seen.template {
        TemplateOutcome::Failed(problem) => {
            let base = Template::find(seen.world, Scope::Namespace, seen.namespace(), name);
            if let (Some(base), true) = (base, seen.spec.overrides.is_some()) {
                let message = format!(
                    "overrides together with the template `{name}`: AIM Engine looks for their derived template, and never makes it"
                );
                return Some(
                    Finding::new(&rules::M125, field(seen, "spec.overrides"), message)
                        .refusal(&problem.message)
                        .consequence("the service is Failed for ever (TemplateNotFound)")
                        .help("leave the overrides out, or write a template that has them")
                        .related(place, "the template is named here")
                        .related(Place::field(base.key(), FieldPath::root()), "and exists"),
                );
            }
            let help = match nearest(name, template_names(seen)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => {
                    "leave template.name out: then AIM Engine selects among the model's templates"
                        .to_owned()
                }
            };
            let message = format!(
                "there is no template `{name}` in namespace {} or in the cluster",
                seen.namespace()
            );
            Some(
                Finding::new(&rules::M104, place, message)
                    .refusal(&problem.message)
                    .consequence("nothing of the service is applied, and it is Failed")
                    .help(help),
            )
        }
        TemplateOutcome::Found(template) => about_template_state(seen, template, place),
        TemplateOutcome::NotReady | TemplateOutcome::None => None,
    }
}

fn template_names<'w>(seen: &Observation<'w>) -> Vec<&'w str> {
    let world = seen.world;
    world
        .entries(Scope::Namespace.template_kind(), seen.namespace())
        .chain(world.entries(Scope::Cluster.template_kind(), ""))
        .map(|(key, _)| key.name.as_str())
        .collect()
}

fn about_template_state(
    seen: &Observation<'_>,
    template: &Template<'_>,
    place: Place,
) -> Option<Finding> {
    let key = template.key();
    let related = Place::field(key.clone(), FieldPath::root());
    match template.state()? {
        ObjectStatus::NotAvailable => Some(
            Finding::new(
                &rules::M128,
                place,
                format!("{key} is not available: its GPU is not in the cluster"),
            )
            .refusal(format!(
                "{} {} is not available (no matching GPUs)",
                key.kind, key.name
            ))
            .consequence(
                "AIM Engine cannot even write the service's status, since its schema lacks NotAvailable",
            )
            .help(gpu_help(seen.world))
            .related(related, "the template"),
        ),
        state @ (ObjectStatus::Failed | ObjectStatus::Degraded) => Some(
            Finding::new(&rules::M116, place, format!("{key} is {}", state.as_str()))
                .refusal(format!("{} {} is in failed state", key.kind, key.name))
                .consequence("the service is Failed, and no InferenceService is made")
                .help("mend the template first")
                .related(related, "the template"),
        ),
        _ => None,
    }
}

/// The choice among the model's templates.
pub(super) fn about_selection(
    seen: &Observation<'_>,
    selection: &Selection<'_>,
) -> Option<Finding> {
    let model = seen.found_model();
    let ready = model.is_some_and(|model| model.state() == Some(ObjectStatus::Ready));
    if selection.chosen.is_some() || matches!(seen.template, TemplateOutcome::Found(_)) || !ready {
        // A choice was made, now or earlier, or the model has its own finding.
        return None;
    }
    let place = field(seen, model_field(seen));
    let name = model.map_or("", |model| model.name());
    let tied = selection.tied();
    let finding = if selection.candidates.is_empty() {
        let model = model.filter(makes_none)?;
        no_template(&rules::M104, place, format!("no template names the model `{name}`"))
            .help("write an AIMServiceTemplate for it, or let it make its own: discovery.createServiceTemplates")
            .related(
                Place::field(
                    model.key(),
                    FieldPath::parse("spec.discovery.createServiceTemplates"),
                ),
                "the model makes none",
            )
    } else if selection.none_ready {
        let failed = |c: &Candidate<'_>| c.template.state() != Some(ObjectStatus::NotAvailable);
        let rule = if selection.candidates.iter().any(failed) {
            &rules::M116
        } else {
            &rules::M115
        };
        Finding::new(rule, place, format!("no template of `{name}` is ready"))
            .refusal("Templates exist but are not ready yet")
            .consequence(format!(
                "the service waits without an InferenceService{}",
                table(selection)
            ))
            .help(gpu_help(seen.world))
    } else if let Some(first) = tied.first() {
        let message = format!(
            "{} templates of `{name}` rank equal, so none is taken",
            tied.len()
        );
        let mut finding = ambiguous(place, message, selection, first.name());
        for template in &tied {
            let place = Place::field(template.key(), FieldPath::root());
            finding = finding.related(place, "one of the equals");
        }
        finding
    } else {
        let only = |verdict| {
            let fell: Vec<_> = selection
                .candidates
                .iter()
                .filter(|c| !matches!(c.verdict, Verdict::NotReady(_)))
                .collect();
            fell.iter().all(|candidate| candidate.verdict == verdict)
        };
        let (message, help, at) = if only(Verdict::Unoptimized) {
            (
                format!("the templates of `{name}` are not optimized, so they are passed over"),
                "write template: {allowUnoptimized: true}".to_owned(),
                place,
            )
        } else if only(Verdict::OverridesNotMatched) {
            (
                format!("no template of `{name}` is as the overrides want it"),
                "ask for what a template has; a template without metric or precision matches no override of it".to_owned(),
                field(seen, "spec.overrides"),
            )
        } else {
            (
                format!("no template of `{name}` passes the selection"),
                "see what became of each of them".to_owned(),
                place,
            )
        };
        no_template(&rules::M106, at, message)
            .consequence(format!(
                "the service stays Pending without an InferenceService{}",
                table(selection)
            ))
            .help(help)
    };
    Some(finding)
}

fn ambiguous(place: Place, message: String, selection: &Selection<'_>, first: &str) -> Finding {
    no_template(&rules::M105, place, message)
        .consequence(format!(
            "the service stays Pending without an InferenceService; the number of GPUs does not count{}",
            table(selection)
        ))
        .help(format!("name one of them: template: {{name: {first}}}"))
}

fn no_template(rule: &'static Rule, place: Place, message: String) -> Finding {
    Finding::new(rule, place, message)
        .refusal(NONE_FOUND)
        .consequence("the service stays Pending without an InferenceService")
}

/// The model is told to make no templates; otherwise it has its own finding.
fn makes_none(model: &Model<'_>) -> bool {
    let discovery = model.spec.discovery.as_ref();
    discovery.is_some_and(|discovery| discovery.create_service_templates == Some(false))
}

/// Overrides over a template that was selected: what is made of them.
pub(super) fn about_overrides(seen: &Observation<'_>) -> Option<Finding> {
    let overrides = seen.spec.overrides.as_ref()?;
    let template = seen.found_template()?;
    let name = names::derived_template(template.name(), overrides);
    let taken_over = name == template.name() && is_owned(&template, seen);
    if template.scope == Scope::Cluster || !(taken_over || template::build_derived(seen).is_some())
    {
        return None;
    }
    let place = field(seen, "spec.overrides");
    let related = Place::field(template.key(), FieldPath::root());
    if name != template.name() {
        return Some(
            Finding::new(
                &rules::M127,
                place,
                format!("template {name} is made from the overrides, but this service keeps running on {}", template.name()),
            )
            .consequence("the derived template only exists, and with a shared cache downloads the weights again; the next service of this model finds it equal to its base and gets neither")
            .help("write a template of its own with these values, and name it in the service")
            .related(related, "the template in use"),
        );
    }
    // Hardware that changes is refused; whoever is refused says so.
    if overrides.hardware.is_some() {
        return None;
    }
    Some(
        Finding::new(
            &rules::M126,
            place,
            format!("overrides without metric, precision, GPU model or count: the service takes {} over", template.name()),
        )
        .consequence("the template gets the service as its owner and is deleted with it, its labels and caching change")
        .help("leave the overrides out")
        .related(related, "this template"),
    )
}

fn is_owned(template: &Template<'_>, seen: &Observation<'_>) -> bool {
    let owners = template.metadata.owner_references.iter().flatten();
    let kind = seen.key.kind.as_str();
    owners
        .into_iter()
        .any(|owner| owner.kind == kind && owner.name == seen.key.name)
}

/// A refusal that overrides without a name part brought about, in words that fit.
pub(in super::super) fn reword(seen: &Observation<'_>, stop: &Stop) -> Option<Refusal> {
    let overrides = seen.spec.overrides.as_ref()?;
    let template = seen.found_template()?;
    let written = stop.write.as_ref()?;
    let same = names::derived_template(template.name(), overrides) == template.name();
    if !same || written.name != template.name() || written.kind != template.key().kind {
        return None;
    }
    let mut refusal = stop.refusal.clone();
    refusal.rule = &rules::M126;
    refusal.advice.summary = Some(format!(
        "overrides without a name part are applied to {} itself, and its hardware cannot change",
        template.name()
    ));
    refusal.advice.consequence =
        Some("nothing else of the service is applied: no cache, no InferenceService".to_owned());
    refusal.advice.help = Some(
        "leave the overrides out, or write a template of its own with this hardware".to_owned(),
    );
    Some(refusal)
}
