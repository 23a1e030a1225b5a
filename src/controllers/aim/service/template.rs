//! Which template a service runs with, and the one derived from it by overrides (AIM Engine 0.2.1, spec 2.5, 2.6, 2.17).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::health::{Category, Problem};
use super::super::runtime_config::DEFAULT_NAME;
use super::super::view::{Scope, Template};
use super::super::{go_form, names, select};
use super::observe::{Observation, TemplateOutcome};
use crate::api::aim::{
    AimServiceTemplate, AimServiceTemplateSpec, ResolutionScope, ServiceOverrides, TemplateCaching,
};
use crate::inventory::Object;

/// Finds the template: one that was resolved before and is still ready, else the explicit one, else the model's best.
pub(super) fn resolve<'w>(observation: &Observation<'w>) -> TemplateOutcome<'w> {
    if let Some(template) = pinned(observation) {
        return TemplateOutcome::Found(template);
    }
    if let Some(name) = explicit_name(observation) {
        return by_name(observation, name);
    }
    let Some(selection) = selection(observation) else {
        return TemplateOutcome::None;
    };
    match selection.chosen {
        Some(template) => TemplateOutcome::Found(template),
        None if selection.none_ready => TemplateOutcome::NotReady,
        None => TemplateOutcome::None,
    }
}

/// The template that the service names, trimmed.
pub(super) fn explicit_name<'w>(observation: &Observation<'w>) -> Option<&'w str> {
    let name = observation.spec.template.as_ref()?.name.as_deref()?;
    (!name.is_empty()).then(|| name.trim())
}

/// The choice among the templates of the service's model; `None` without a model.
pub(super) fn selection<'w>(observation: &Observation<'w>) -> Option<select::Selection<'w>> {
    let model = observation.found_model()?;
    let template = observation.spec.template.as_ref();
    Some(select::select(
        observation.world,
        observation.namespace(),
        model.name(),
        observation.spec.overrides.as_ref(),
        template.and_then(|template| template.allow_unoptimized) == Some(true),
    ))
}

/// The template that was resolved before, while it is ready.
pub(super) fn pinned<'w>(observation: &Observation<'w>) -> Option<Template<'w>> {
    let reference = observation.status()?.resolved_template.as_ref()?;
    let scope = match reference.scope? {
        ResolutionScope::Namespace => Scope::Namespace,
        ResolutionScope::Cluster => Scope::Cluster,
        ResolutionScope::Merged | ResolutionScope::Unknown => return None,
    };
    let namespace = reference.namespace.as_deref().unwrap_or_default();
    let name = reference.name.as_deref()?;
    Template::find(observation.world, scope, namespace, name).filter(Template::is_ready)
}

/// The template of a name, whatever its state: the namespaced one, else the cluster's.
pub(super) fn by_name<'w>(observation: &Observation<'w>, name: &str) -> TemplateOutcome<'w> {
    let world = observation.world;
    let wanted = observation
        .spec
        .overrides
        .as_ref()
        .map_or_else(|| name.to_owned(), |o| names::derived_template(name, o));
    Template::find(world, Scope::Namespace, observation.namespace(), &wanted)
        .or_else(|| Template::find(world, Scope::Cluster, "", name))
        .map_or_else(
            || {
                TemplateOutcome::Failed(Problem::new(
                    Category::MissingUpstream,
                    "TemplateNotFound",
                    format!("template \"{wanted}\" not found"),
                ))
            },
            TemplateOutcome::Found,
        )
}

/// The template derived from a ready namespaced one; `None` when nothing is to be derived.
pub(super) fn build_derived(observation: &Observation<'_>) -> Option<Object> {
    let overrides = observation.spec.overrides.as_ref()?;
    let base = observation
        .found_template()
        .filter(|template| template.scope == Scope::Namespace && template.is_ready())?;
    let origin = aim_label("origin");
    let labels = base.metadata.labels.as_ref();
    if labels
        .and_then(|labels| labels.get(&origin))
        .map(String::as_str)
        == Some("derived")
    {
        return None;
    }
    let labels = BTreeMap::from([
        (
            "app.kubernetes.io/managed-by".to_owned(),
            "aim-engine".to_owned(),
        ),
        (origin, "derived".to_owned()),
    ]);
    Some(Object::AimServiceTemplate(AimServiceTemplate {
        metadata: ObjectMeta {
            name: Some(names::derived_template(base.name(), overrides)),
            namespace: Some(observation.namespace().to_owned()),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(derived_spec(observation, base.spec, overrides)),
        status: None,
    }))
}

fn derived_spec(
    observation: &Observation<'_>,
    base: &AimServiceTemplateSpec,
    overrides: &ServiceOverrides,
) -> AimServiceTemplateSpec {
    let service = observation.spec;
    let model_name = if base.model_name.is_empty() {
        observation.found_model().map_or("", |model| model.name())
    } else {
        &base.model_name
    };
    let config_name = [&service.runtime_config_name, &base.runtime_config_name]
        .into_iter()
        .flatten()
        .map(|name| name.trim())
        .find(|name| !name.is_empty())
        .unwrap_or(DEFAULT_NAME);
    let pull_secrets = if service.image_pull_secrets.is_empty() {
        &base.image_pull_secrets
    } else {
        &service.image_pull_secrets
    };
    let hardware = overrides.hardware.as_ref().or(base.hardware.as_ref());
    let resources = service.resources.as_ref().or(base.resources.as_ref());
    let caching = if observation.is_dedicated() {
        base.caching.as_ref().map(|caching| TemplateCaching {
            enabled: caching.enabled.filter(|enabled| *enabled),
            env: go_form::env(&caching.env),
        })
    } else {
        Some(TemplateCaching {
            enabled: Some(true),
            env: Vec::new(),
        })
    };
    AimServiceTemplateSpec {
        model_name: model_name.to_owned(),
        metric: overrides.metric.or(base.metric),
        precision: overrides.precision.or(base.precision),
        hardware: hardware.map(go_form::hardware),
        runtime_config_name: Some(config_name.to_owned()),
        image_pull_secrets: pull_secrets.clone(),
        service_account_name: go_form::text(&base.service_account_name),
        resources: resources.map(go_form::resources),
        model_sources: go_form::sources(&base.model_sources),
        profile_id: go_form::text(&base.profile_id),
        r#type: base.r#type,
        env: go_form::env(&base.env),
        caching,
    }
}
