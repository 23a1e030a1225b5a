//! What a user should know about a model, and where the fields of its templates come from.

use super::super::view::{Model, Scope};
use super::{Seen, metadata, templates};
use crate::controllers::{Assumption, Creator, FieldOrigin, Notes, Stop};
use crate::diag::{FieldPath, Finding, Place, Refusal};
use crate::inventory::{Object, World, catalog};
use crate::kube::{image, names};
use crate::rules;

/// Everything there is to say about a model at rest.
pub(super) fn notes(seen: &Seen<'_>, world: &World) -> Notes {
    let mut notes = Notes::default();
    let model = &seen.model;
    let field = |path: &str| Place::field(model.key(), FieldPath::parse(path));
    if seen.config.is_missing() {
        notes.findings.push(missing_config(
            &seen.config.name,
            field("spec.runtimeConfigName"),
        ));
    }
    if seen.config.spec.is_some() {
        notes.decisions.push(seen.config.decision());
    }
    ignored_settings(model, &field, &mut notes.findings);
    if let Some(text) = metadata::unreadable(&model.spec.image)
        && asks_registry(model)
    {
        let message = format!(
            "`{}` is no reference that a registry can be asked for",
            model.spec.image
        );
        notes.findings.push(
            Finding::new(&rules::M103, field("spec.image"), message)
                .refusal(text)
                .consequence("the model stays Degraded, and no service of it ever starts")
                .help("write repository:tag or repository@sha256:<64 hex digits>, in lower case"),
        );
        return notes;
    }
    let wants_templates = metadata::expects_templates(model) != Some(false) || !opted_out(model);
    let known = world.facts().catalog && catalog::find(&model.spec.image).is_some();
    let given = world
        .entry(&model.key())
        .is_some_and(|entry| entry.status_given);
    if asks_registry(model) && !given {
        if known {
            notes.assumptions.push(Assumption {
                text: format!(
                    "the image {} is as the built-in catalog knows it",
                    model.spec.image
                ),
                settle: Some(
                    "say otherwise with an AIMModel that has spec.imageMetadata or a status"
                        .to_owned(),
                ),
            });
        } else if !model.spec.model_sources.is_empty() {
            notes.assumptions.push(Assumption {
                text: format!("the base image {} can be read", model.spec.image),
                settle: None,
            });
        } else if wants_templates {
            notes
                .findings
                .push(image_unknown(model, field("spec.image")));
            return notes;
        }
    }
    if opted_out(model) || !model.spec.model_sources.is_empty() {
        return notes;
    }
    match metadata::effective(model) {
        None if !asks_registry(model) && model.spec.image_metadata.is_none() => {
            notes.findings.push(
                Finding::new(
                    &rules::M133,
                    field("spec.discovery.extractMetadata"),
                    "the model wants templates made from its image's metadata, and is told not to read it",
                )
                .consequence("it waits for the metadata for ever, and no service of it ever starts")
                .help("set createServiceTemplates to false as well, or give spec.imageMetadata"),
            );
        }
        Some(_)
            if metadata::expects_templates(model) == Some(false) && seen.templates.is_empty() =>
        {
            let path = match model.spec.image_metadata {
                Some(_) => "spec.imageMetadata",
                None => "spec.image",
            };
            notes.findings.push(
                Finding::new(
                    &rules::M134,
                    field(path),
                    format!(
                        "{} has no recommended deployments, so the model gets no templates",
                        model.spec.image
                    ),
                )
                .consequence("services of it say `No template found for service` for ever")
                .help("write an AIMServiceTemplate for the model, or give it customTemplates"),
            );
        }
        _ => {}
    }
    notes
}

/// Templates are switched off on purpose.
fn opted_out(model: &Model<'_>) -> bool {
    let discovery = model.spec.discovery.as_ref();
    discovery.is_some_and(|discovery| discovery.create_service_templates == Some(false))
}

/// Neither the spec answers for the image, nor is the registry left alone.
fn asks_registry(model: &Model<'_>) -> bool {
    let discovery = model.spec.discovery.as_ref();
    model.spec.image_metadata.is_none()
        && discovery.is_none_or(|discovery| discovery.extract_metadata != Some(false))
}

/// A runtime config that exists in neither scope.
pub(in super::super) fn missing_config(name: &str, place: Place) -> Finding {
    let message = format!("there is no AIMRuntimeConfig or AIMClusterRuntimeConfig named `{name}`");
    Finding::new(&rules::M107, place, message)
        .refusal(format!("RuntimeConfig {name} not found"))
        .consequence("AIM Engine applies nothing for this object, and it stays Failed")
        .help("create the config, or leave runtimeConfigName out: a missing `default` is fine")
}

fn image_unknown(model: &Model<'_>, place: Place) -> Finding {
    let image = model.spec.image.as_str();
    let mut finding = Finding::new(
        &rules::M136,
        place,
        format!("neither the catalog nor a fact says what {image} holds"),
    )
    .consequence("it is taken as readable and without recommended deployments, so no templates are planned for it")
    .help("add the AIMModel with its status, or with spec.imageMetadata, to the facts");
    let name = |reference: &str| image::image_parts(reference).map(|parts| parts.name).ok();
    let same = catalog::images().find(|known| name(known).is_some() && name(known) == name(image));
    if let Some(known) = same {
        finding = finding.label(format!("the catalog knows {known}"));
    }
    finding
}

fn ignored_settings(
    model: &Model<'_>,
    field: &impl Fn(&str) -> Place,
    findings: &mut Vec<Finding>,
) {
    let set = model
        .spec
        .default_service_template
        .as_deref()
        .is_some_and(|name| !name.is_empty());
    if set {
        findings.push(
            Finding::new(
                &rules::M131,
                field("spec.defaultServiceTemplate"),
                "AIM Engine never reads a model's defaultServiceTemplate",
            )
            .consequence("services choose among all templates of the model")
            .help("name the template in the AIMService: spec.template.name"),
        );
    }
    let resources = model.spec.resources.as_ref();
    if resources.is_some_and(|r| !r.limits.is_empty() || !r.requests.is_empty()) {
        findings.push(
            Finding::new(
                &rules::M131,
                field("spec.resources"),
                "AIM Engine never reads a model's resources",
            )
            .consequence("the container gets the resources of its template and service only")
            .help("set resources in the template or in the AIMService"),
        );
    }
}

/// A refusal of a template, with the rule that fits.
pub(super) fn reword(stop: &Stop, model: &Model<'_>) -> Option<Refusal> {
    let bad = model.spec.custom_templates.iter().find_map(|template| {
        let alias = template.name.as_deref()?;
        let written = names::label(alias).as_deref() == Some(alias);
        (!alias.is_empty() && !written && stop.refusal.message.contains(alias)).then_some(alias)
    })?;
    let mut refusal = stop.refusal.clone();
    refusal.rule = &rules::M124;
    refusal.advice.summary = Some(format!(
        "the custom template's name `{bad}` becomes a label value, and it is none"
    ));
    refusal.advice.consequence = Some(
        "this template and all that follow it in the order of their names are never made"
            .to_owned(),
    );
    refusal.advice.help = Some(match names::label(bad) {
        Some(label) => format!("write `{label}`"),
        None => "use letters, digits, `-`, `_` and `.`".to_owned(),
    });
    Some(refusal)
}

/// Where a field of a template came from.
pub(super) fn origin_of(
    made: &Object,
    path: &FieldPath,
    world: &World,
    by: Creator,
) -> Vec<FieldOrigin> {
    let scope = match by {
        Creator::AimClusterModel => Scope::Cluster,
        _ => Scope::Namespace,
    };
    let metadata = made.metadata();
    let owner = metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == scope.model_kind().as_str());
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let Some(model) = owner.and_then(|owner| Model::find(world, scope, namespace, &owner.name))
    else {
        return Vec::new();
    };
    let name = metadata.name.as_deref().unwrap_or_default();
    let Some(wanted) = templates::wanted(&model, metadata::effective(&model))
        .into_iter()
        .find(|wanted| wanted.name == name)
    else {
        return Vec::new();
    };
    vec![FieldOrigin {
        object: model.key(),
        path: source_of(path, &wanted.from, &model),
        note: "AIM Engine 0.2.1 makes the template from the model (spec 2.3)".to_owned(),
    }]
}

/// The field of the model behind a field of the template that is made from `from`.
fn source_of(path: &FieldPath, from: &FieldPath, model: &Model<'_>) -> FieldPath {
    let text = path.to_string();
    let is_custom = from.to_string().starts_with("spec.customTemplates");
    let is_listed = from.to_string().starts_with("spec.imageMetadata");
    let is = |field: &str| text == field || text.starts_with(&format!("{field}."));
    for shared in [
        "spec.modelSources",
        "spec.imagePullSecrets",
        "spec.serviceAccountName",
    ] {
        if text.starts_with(shared) {
            return path.clone();
        }
    }
    if is_custom {
        if text.contains("template.alias") {
            return from.key("name");
        }
        for profile in ["metric", "precision"] {
            if is(&format!("spec.{profile}")) {
                return from.key("profile").key(profile);
            }
        }
        if is("spec.type") {
            return from.key("type");
        }
        let custom = &model.spec.custom_templates;
        let has_hardware = custom.iter().any(|template| template.hardware.is_some());
        if let Some(rest) = path.strip_prefix(&FieldPath::parse("spec.hardware"))
            && has_hardware
        {
            return from.key("hardware").join(&rest);
        }
    } else if let Some(rest) = path.strip_prefix(&FieldPath::parse("spec.hardware"))
        && !model.spec.model_sources.is_empty()
    {
        return FieldPath::parse("spec.custom.hardware").join(&rest);
    } else if is_listed {
        let field = match text.as_str() {
            "spec.metric" => "metric",
            "spec.precision" => "precision",
            "spec.profileId" => "profileId",
            "spec.hardware.gpu.model" => "gpuModel",
            "spec.hardware.gpu.requests" => "gpuCount",
            _ => return from.clone(),
        };
        return from.key(field);
    }
    from.clone()
}
