//! What a user should know about a template, and where the fields of its Job and cache come from.

use super::super::model;
use super::super::view::{Model, Scope, Template};
use super::discovery::Outcome;
use super::observe::Seen;
use crate::api::aim::{AimService, AimServiceTemplateSpec, ObjectStatus, ProfileType};
use crate::controllers::{FieldOrigin, Notes};
use crate::diag::{FieldPath, Finding, Level, Place};
use crate::inventory::catalog::{self, CatalogProfile};
use crate::inventory::{Object, Origin, World};
use crate::kube::names::MAX_LABEL;
use crate::rules;

/// Everything there is to say about a template at rest.
pub(super) fn notes(seen: &Seen<'_>, world: &World) -> Notes {
    let mut notes = Notes::default();
    let template = &seen.template;
    let spec = template.spec;
    let field = |path: &str| Place::field(template.key(), FieldPath::parse(path));
    if seen.config.is_missing() {
        let place = field("spec.runtimeConfigName");
        let finding = model::missing_config(&seen.config.name, place);
        notes.findings.push(finding);
    }
    if seen.config.spec.is_some() {
        notes.decisions.push(seen.config.decision());
    }
    let Some(model) = &seen.model else {
        let place = field("spec.modelName");
        notes.findings.push(model_missing(seen, place));
        return notes;
    };
    if seen.model_health().state != ObjectStatus::Ready {
        notes.findings.push(
            Finding::new(
                &rules::M116,
                field("spec.modelName"),
                format!("{} is {}", model.key(), status_text(model.state())),
            )
            .consequence("the template is the same, and no service can use it")
            .help("mend the model first"),
        );
        return notes;
    }
    if let Some(need) = &seen.need {
        let given = is_given(template, world);
        let health = need.health();
        if health.state == ObjectStatus::Ready {
            notes.assumptions.extend(need.assumption.clone());
        } else if given {
            let gpu = spec.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
            let path = match gpu {
                Some(gpu) if gpu.model.is_some() => "spec.hardware.gpu.model",
                Some(gpu) if gpu.min_vram.is_some() => "spec.hardware.gpu.minVram",
                _ => "spec.hardware.gpu",
            };
            let serves = |other: &Template<'_>| other.is_ready();
            let siblings =
                Template::of_model(world, template.scope, template.namespace(), model.name());
            let mut finding =
                Finding::new(&rules::M115, field(path), "the cluster has no GPU for this template")
                    .refusal(health.message)
                    .consequence("the template is NotAvailable: no service can use it")
                    .help("name a GPU that the cluster has, or say which it has: --gpu MODEL, or its Nodes among the facts");
            if siblings.iter().any(serves) {
                finding.level = Level::Note;
            }
            notes.findings.push(finding);
        }
    }
    if is_given(template, world) {
        notes.findings.extend(name_too_long(template));
        notes.findings.extend(unoptimized(template, world));
    }
    let given_status = world
        .entry(&template.key())
        .is_some_and(|entry| entry.status_given);
    if seen.is_inline() || given_status {
        return notes;
    }
    match &seen.outcome {
        Outcome::Found(_, profile) => {
            // The type of a made template is mostly the schema's default, which nobody wrote.
            if is_given(template, world) {
                notes.findings.extend(type_ignored(spec, profile, &field));
            }
        }
        Outcome::Failed(_) => {
            notes.findings.push(discovery_fails(spec, model, &field));
        }
        Outcome::NoJob | Outcome::Running(_) => {}
    }
    notes
}

fn is_given(template: &Template<'_>, world: &World) -> bool {
    world
        .entry(&template.key())
        .is_some_and(|entry| matches!(entry.origin, Origin::Given(_)))
}

/// The name is cut wherever a name is made of it, but written raw into a label of the artifacts.
fn name_too_long(template: &Template<'_>) -> Option<Finding> {
    let name = template.name();
    (name.len() > MAX_LABEL).then(|| {
        Finding::new(
            &rules::M123,
            Place::field(template.key(), FieldPath::parse("metadata.name")),
            format!(
                "the template's name has {} characters, and a label holds at most {MAX_LABEL}",
                name.len()
            ),
        )
        .consequence("its cache is made, but gets no artifacts, so no service of it ever starts")
        .help("give the template a shorter name")
    })
}

/// A user's template that services pass over, unless one of the namespace asks for it.
fn unoptimized(template: &Template<'_>, world: &World) -> Option<Finding> {
    let profile = template.status?.profile.as_ref()?.metadata.as_ref();
    let found = profile.and_then(|profile| profile.r#type);
    if !template.is_ready() || found == Some(ProfileType::Optimized) {
        return None;
    }
    let asks = |service: &AimService| {
        let choice = service
            .spec
            .as_ref()
            .and_then(|spec| spec.template.as_ref());
        choice.is_some_and(|choice| {
            choice.allow_unoptimized == Some(true)
                || choice.name.as_deref().map(str::trim) == Some(template.name())
        })
    };
    if world.list::<AimService>(template.namespace()).any(asks) {
        return None;
    }
    let what = found.map_or("has no type", |found| match found {
        ProfileType::Preview => "is a preview",
        _ => "is not optimized",
    });
    Some(
        Finding::new(
            &rules::M114,
            Place::field(template.key(), FieldPath::parse("spec.type")),
            format!("the template {what}, so services pass it over"),
        )
        .help("services take it with template: {allowUnoptimized: true}, or by its name"),
    )
}

fn status_text(state: Option<ObjectStatus>) -> &'static str {
    state.map_or("not ready", ObjectStatus::as_str)
}

fn model_missing(seen: &Seen<'_>, place: Place) -> Finding {
    let name = seen.template.spec.model_name.as_str();
    if seen.only_cluster_model {
        return Finding::new(
            &rules::M129,
            place,
            format!("`{name}` is an AIMClusterModel, and an AIMServiceTemplate looks for an AIMModel of its namespace only"),
        )
        .refusal("Upstream dependency not found")
        .consequence("the template stays Failed, so no service can use it")
        .help("make it an AIMClusterServiceTemplate, or write an AIMModel of that name");
    }
    let kind = match seen.template.scope {
        Scope::Namespace => "AIMModel",
        Scope::Cluster => "AIMClusterModel",
    };
    Finding::new(
        &rules::M101,
        place,
        format!("there is no {kind} named `{name}`"),
    )
    .refusal("Upstream dependency not found")
    .consequence("the template stays Failed, so no service can use it")
    .help(format!("write the {kind}, or name one that exists"))
}

/// The type that discovery found stands, whatever the spec says.
fn type_ignored(
    spec: &AimServiceTemplateSpec,
    profile: &CatalogProfile,
    field: &impl Fn(&str) -> Place,
) -> Option<Finding> {
    let wanted = spec.r#type.filter(|wanted| *wanted != profile.r#type)?;
    let (wanted, found) = (wanted.as_str(), profile.r#type.as_str());
    Some(
        Finding::new(
            &rules::M131,
            field("spec.type"),
            format!(
                "type `{wanted}` does not overrule what discovery found: profile {} is `{found}`",
                profile.profile_id
            ),
        )
        .consequence(format!("services take the template as `{found}`"))
        .help("leave type out, or give modelSources: then no discovery runs and type counts"),
    )
}

fn discovery_fails(
    spec: &AimServiceTemplateSpec,
    model: &Model<'_>,
    field: &impl Fn(&str) -> Place,
) -> Finding {
    let image = model.spec.image.as_str();
    let gpu = spec.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
    let path = if spec.profile_id.is_some() {
        "spec.profileId"
    } else if spec.precision.is_some() {
        "spec.precision"
    } else if spec.metric.is_some() {
        "spec.metric"
    } else if gpu.is_some() {
        "spec.hardware.gpu"
    } else {
        "spec.modelName"
    };
    let asked: Vec<String> = [
        spec.profile_id.as_ref().map(|id| format!("profile {id}")),
        gpu.and_then(|gpu| gpu.model.clone()),
        gpu.and_then(|gpu| gpu.requests)
            .map(|n| format!("{n} GPUs")),
        spec.metric.map(|metric| metric.as_str().to_owned()),
        spec.precision
            .map(|precision| precision.as_str().to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let asked = if asked.is_empty() {
        "a template without any wish".to_owned()
    } else {
        asked.join(", ")
    };
    let (message, help) = match catalog::find(image) {
        Some(known) => (
            format!("{image} has no profile for {asked}"),
            format!(
                "profiles that discovery can find: {}",
                selectable(&known.profiles)
            ),
        ),
        None => (
            format!(
                "the catalog does not know {image}, so discovery for {asked} is taken to find nothing"
            ),
            "give the template modelSources, or its status among the facts".to_owned(),
        ),
    };
    Finding::new(&rules::M138, field(path), message)
        .refusal("Job has reached the specified backoff limit")
        .consequence("the template is Failed, and its model Degraded or Failed with it: no service of that model starts, whichever template it uses")
        .help(help)
}

fn selectable(profiles: &[CatalogProfile]) -> String {
    let ids: Vec<&str> = profiles
        .iter()
        .filter(|profile| !profile.manual_selection_only)
        .map(|profile| profile.profile_id.as_str())
        .collect();
    if ids.is_empty() {
        "none, but by spec.profileId".to_owned()
    } else {
        ids.join(", ")
    }
}

/// Where a field of a discovery Job or of a template's own cache came from.
pub(super) fn origin_of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let metadata = made.metadata();
    let owner = metadata
        .owner_references
        .iter()
        .flatten()
        .find_map(|owner| {
            [Scope::Namespace, Scope::Cluster]
                .into_iter()
                .find(|scope| owner.kind == scope.template_kind().as_str())
                .map(|scope| (scope, owner.name.as_str()))
        });
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let Some(template) =
        owner.and_then(|(scope, name)| Template::find(world, scope, namespace, name))
    else {
        return Vec::new();
    };
    let text = path.to_string();
    let of_template = |path: &str| {
        vec![FieldOrigin {
            object: template.key(),
            path: FieldPath::parse(path),
            note: "AIM Engine 0.2.1 makes it for the template (spec 2.4)".to_owned(),
        }]
    };
    let model_field = if text.ends_with(".image") {
        Some("spec.image")
    } else if text.contains("imagePullSecrets") {
        Some("spec.imagePullSecrets")
    } else if text.contains("serviceAccountName") {
        Some("spec.serviceAccountName")
    } else {
        None
    };
    let model = Model::find(
        world,
        template.scope,
        template.namespace(),
        &template.spec.model_name,
    );
    match (made, model_field, model) {
        (Object::Job(_), Some(field), Some(model)) => vec![FieldOrigin {
            object: model.key(),
            path: FieldPath::parse(field),
            note: "AIM Engine 0.2.1 takes it from the model (spec 2.4)".to_owned(),
        }],
        (Object::Job(_), None, _) if text.contains(".env") => of_template("spec.env"),
        (Object::AimTemplateCache(_), _, _) if text.starts_with("spec.env") => {
            of_template("spec.caching.env")
        }
        (Object::AimTemplateCache(_), _, _) if text == "spec.runtimeConfigName" => {
            of_template("spec.runtimeConfigName")
        }
        (Object::AimTemplateCache(_), _, _) => of_template("spec.caching"),
        _ => of_template(""),
    }
}
