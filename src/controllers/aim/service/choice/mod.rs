//! What a user should know about the model and the template of a service (spec 7: M101 to M107, M114 to M116, M125 to
//! M128).

mod env_layers;
mod model_advice;
mod pinned;
mod template_advice;

use super::super::model::missing_config;
use super::super::select::Selection;
use super::observe::Observation;
use super::template;
use crate::controllers::Notes;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Gpus, World};
use crate::rules;
pub(super) use model_advice::model_field;
pub(super) use template_advice::reword;

/// Everything there is to say about the choices of a service.
pub(super) fn notes(seen: &Observation<'_>) -> Notes {
    let mut notes = Notes::default();
    if seen.config.is_missing() {
        let place = field(seen, "spec.runtimeConfigName");
        notes
            .findings
            .push(missing_config(&seen.config.name, place));
    }
    if seen.config.spec.is_some() {
        notes.decisions.push(seen.config.decision());
    }
    notes.decisions.extend(model_advice::model_decision(seen));
    notes.findings.extend(model_advice::about_model(seen));
    let selection = template::selection(seen);
    match (template::explicit_name(seen), &selection) {
        (Some(name), _) => {
            notes
                .decisions
                .push(template_advice::explicit_decision(seen, name));
            notes
                .findings
                .extend(template_advice::about_explicit(seen, name));
        }
        (None, Some(selection)) => {
            let model = seen.found_model().map_or("", |model| model.name());
            notes.decisions.push(selection.decision(model));
            notes
                .findings
                .extend(template_advice::about_selection(seen, selection));
        }
        (None, None) => {}
    }
    notes.decisions.extend(env_layers::decision(seen));
    notes
        .findings
        .extend(template_advice::about_overrides(seen));
    notes
        .findings
        .extend(pinned::findings(seen, selection.as_ref()));
    notes.findings.extend(ignored_settings(seen));
    let named_is_missing = |finding: &Finding| finding.rule.code == rules::M128.code;
    if notes.findings.iter().any(named_is_missing) {
        // That the model is not available either adds nothing.
        notes
            .findings
            .retain(|finding| finding.rule.code != rules::M115.code);
    }
    notes
}

/// Settings that AIM Engine reads nowhere, or that cannot override.
fn ignored_settings(seen: &Observation<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The schema writes 10 into every storage block, so 10 may be nobody's wish.
    let headroom = seen
        .spec
        .storage
        .as_ref()
        .and_then(|storage| storage.pvc_headroom_percent);
    if let Some(percent) = headroom.filter(|percent| *percent != 10) {
        findings.push(
            Finding::new(
                &rules::M131,
                field(seen, "spec.storage.pvcHeadroomPercent"),
                format!(
                    "AIM Engine never passes a service's headroom of {percent} % on to its cache"
                ),
            )
            .consequence("the claim is sized with the runtime config's headroom, or 10 %")
            .help("set storage.pvcHeadroomPercent in the AIMRuntimeConfig"),
        );
    }
    let resources = seen.spec.resources.as_ref();
    if resources.is_some_and(|resources| !resources.claims.is_empty()) {
        findings.push(
            Finding::new(
                &rules::M131,
                field(seen, "spec.resources.claims"),
                "AIM Engine drops resource claims",
            )
            .consequence("the container is made without them")
            .help("leave claims out"),
        );
    }
    let routing = seen.spec.routing.as_ref();
    if routing.is_some_and(|routing| !routing.annotations.is_empty()) {
        findings.push(
            Finding::new(
                &rules::M131,
                field(seen, "spec.routing.annotations"),
                "AIM Engine never passes a service's routing annotations on to its HTTPRoute",
            )
            .consequence("the HTTPRoute has the runtime config's annotations only")
            .help("set routing.annotations in the AIMRuntimeConfig"),
        );
    }
    if let Some(config) = &seen.config.namespaced {
        findings.extend(seen.config.ignored.iter().map(|path| {
            Finding::new(
                &rules::M131,
                Place::field(config.clone(), path.clone()),
                format!("{path} is zero, so it does not override the cluster's value"),
            )
            .consequence("the value of the AIMClusterRuntimeConfig stays in force")
            .help("use a config of another name: it does not inherit from this one")
        }));
    }
    findings
}

/// The field that decides which template is used.
pub(super) fn template_field(seen: &Observation<'_>) -> &'static str {
    match template::explicit_name(seen) {
        Some(_) => "spec.template.name",
        None => model_field(seen),
    }
}

fn field(seen: &Observation<'_>, path: &str) -> Place {
    Place::field(seen.key.clone(), FieldPath::parse(path))
}

fn gpu_help(world: &World) -> String {
    match Gpus::of(world).models().as_slice() {
        [] => {
            "say which GPUs the cluster has: --gpu MODEL, or its Nodes among the facts".to_owned()
        }
        models => format!(
            "the cluster has {}: use a template for one of them",
            models.join(", ")
        ),
    }
}

/// The candidates with their reasons, as lines.
fn table(selection: &Selection<'_>) -> String {
    let width = selection
        .candidates
        .iter()
        .map(|candidate| candidate.template.name().len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for (index, candidate) in selection.candidates.iter().enumerate() {
        let start = if index == 0 { ":\n" } else { "\n" };
        text.push_str(&format!(
            "{start}  {:width$}  {}: {}",
            candidate.template.name(),
            candidate.summary(),
            candidate.verdict.reason(),
        ));
    }
    text
}
