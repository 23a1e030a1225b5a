//! What a user should know about the model and the template of a service (spec 7: M101 to M107, M114 to M116, M125 to
//! M128).

use super::super::model::missing_config;
use super::super::names;
use super::super::select::{Candidate, Selection, Verdict};
use super::super::view::{Model, Scope, Template};
use super::observe::{ModelOutcome, Observation, TemplateOutcome};
use super::template;
use crate::api::aim::{AimClusterModel, AimModel, ObjectStatus};
use crate::controllers::{Considered, Decision, Notes};
use crate::diag::{FieldPath, Finding, Place, nearest};
use crate::inventory::{Gpus, Origin, World};
use crate::rules::{self, Rule};

/// What the operator says of every service that it finds no template for.
const NONE_FOUND: &str = "No template found for service";

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
    notes.decisions.extend(model_decision(seen));
    notes.findings.extend(about_model(seen));
    let selection = template::selection(seen);
    match (template::explicit_name(seen), &selection) {
        (Some(name), _) => {
            notes.decisions.push(explicit_decision(seen, name));
            notes.findings.extend(about_explicit(seen, name));
        }
        (None, Some(selection)) => {
            let model = seen.found_model().map_or("", |model| model.name());
            notes.decisions.push(selection.decision(model));
            notes.findings.extend(about_selection(seen, selection));
        }
        (None, None) => {}
    }
    notes.findings.extend(about_overrides(seen));
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

fn field(seen: &Observation<'_>, path: &str) -> Place {
    Place::field(seen.key.clone(), FieldPath::parse(path))
}

/// The field that says which model is wanted.
fn model_field(seen: &Observation<'_>) -> &'static str {
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

fn model_decision(seen: &Observation<'_>) -> Option<Decision> {
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

fn about_model(seen: &Observation<'_>) -> Option<Finding> {
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
    world
        .object(&model.key())
        .is_some_and(super::super::child::is_paused)
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
    super::model::with_image(seen, image.trim())
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

fn explicit_decision(seen: &Observation<'_>, name: &str) -> Decision {
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
fn about_explicit(seen: &Observation<'_>, name: &str) -> Option<Finding> {
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

/// The choice among the model's templates.
fn about_selection(seen: &Observation<'_>, selection: &Selection<'_>) -> Option<Finding> {
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

/// Overrides over a template that was selected: what is made of them.
fn about_overrides(seen: &Observation<'_>) -> Option<Finding> {
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
pub(super) fn reword(
    seen: &Observation<'_>,
    stop: &crate::controllers::Stop,
) -> Option<crate::diag::Refusal> {
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
