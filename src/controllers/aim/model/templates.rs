//! The templates that a model makes (AIM Engine 0.2.1, spec 2.3).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;

use super::super::child::aim_label;
use super::super::view::{Model, Scope};
use super::super::{go_form, names};
use crate::api::aim::{
    AimClusterServiceTemplate, AimServiceTemplate, AimServiceTemplateSpec, CustomTemplate,
    GpuRequirements, Hardware, ImageMetadata, ProfileType, RecommendedDeployment, Resources,
};
use crate::diag::FieldPath;
use crate::diag::field::FieldError;
use crate::inventory::Object;
use crate::kube::env;
use crate::rules;

/// One template that a model wants.
pub(super) struct Wanted {
    pub(super) name: String,
    /// The template, or why the API server will not have it, at the fields of the model that are to blame.
    pub(super) template: Result<Box<Object>, Vec<(FieldPath, FieldError)>>,
    /// The field of the model that it is made from.
    pub(super) from: FieldPath,
}

/// Everything that a model wants to make, in the order in which it is applied; `metadata` as far as it is known.
pub(super) fn wanted(model: &Model<'_>, metadata: Option<&ImageMetadata>) -> Vec<Wanted> {
    let custom = &model.spec.custom_templates;
    let mut wanted = Vec::new();
    if model.spec.model_sources.is_empty() {
        wanted.extend(
            deployments(metadata)
                .iter()
                .enumerate()
                .map(|(i, d)| recommended(model, d, i)),
        );
        wanted.extend(
            custom
                .iter()
                .enumerate()
                .map(|(i, t)| from_custom(model, Some(t), i)),
        );
    } else if custom.is_empty() {
        wanted.push(from_custom(model, None, 0));
    } else {
        wanted.extend(
            custom
                .iter()
                .enumerate()
                .map(|(i, t)| from_custom(model, Some(t), i)),
        );
    }
    wanted.sort_by(|a, b| a.name.cmp(&b.name));
    wanted
}

fn deployments(metadata: Option<&ImageMetadata>) -> &[RecommendedDeployment] {
    metadata
        .and_then(|metadata| metadata.model.as_ref())
        .map_or(&[], |model| &model.recommended_deployments)
}

/// The specs made from recommended deployments, by template name.
pub(super) fn recommended_specs(
    model: &Model<'_>,
    metadata: Option<&ImageMetadata>,
) -> BTreeMap<String, AimServiceTemplateSpec> {
    deployments(metadata)
        .iter()
        .map(|deployment| recommended_spec(model, deployment))
        .filter_map(|(name, spec)| Some((name, spec.ok()?)))
        .collect()
}

/// What all templates of a model share.
fn common(model: &Model<'_>) -> AimServiceTemplateSpec {
    AimServiceTemplateSpec {
        model_name: model.name().to_owned(),
        image_pull_secrets: model.spec.image_pull_secrets.clone(),
        service_account_name: go_form::text(&model.spec.service_account_name),
        ..AimServiceTemplateSpec::default()
    }
}

fn object(
    model: &Model<'_>,
    name: &str,
    alias: Option<&str>,
    spec: AimServiceTemplateSpec,
) -> Object {
    let mut labels = BTreeMap::from([
        (aim_label("model"), model.name().to_owned()),
        (aim_label("origin"), "auto-generated".to_owned()),
    ]);
    if let Some(alias) = alias {
        labels.insert(aim_label("template.alias"), alias.to_owned());
    }
    let metadata = ObjectMeta {
        name: Some(name.to_owned()),
        namespace: (model.scope == Scope::Namespace).then(|| model.namespace().to_owned()),
        labels: Some(labels),
        ..ObjectMeta::default()
    };
    match model.scope {
        Scope::Namespace => AimServiceTemplate {
            metadata,
            spec: Some(spec),
            status: None,
        }
        .into(),
        Scope::Cluster => AimClusterServiceTemplate {
            metadata,
            spec: Some(spec),
            status: None,
        }
        .into(),
    }
}

/// Name and spec of a recommended deployment's template. It has no type, and hardware only with both GPU model and count.
fn recommended_spec(
    model: &Model<'_>,
    deployment: &RecommendedDeployment,
) -> (String, Result<AimServiceTemplateSpec, Vec<FieldError>>) {
    let name = names::recommended_template(model.name(), &model.spec.image, deployment);
    let mut bad = Vec::new();
    let metric = enumerated(
        "metric",
        &deployment.metric,
        &["latency", "throughput"],
        &mut bad,
    );
    let precision = enumerated(
        "precision",
        &deployment.precision,
        &["auto", "fp4", "fp8", "fp16", "fp32", "bf16", "int4", "int8"],
        &mut bad,
    );
    let count = deployment.gpu_count.filter(|count| *count > 0);
    let hardware = go_form::text(&deployment.gpu_model)
        .zip(count)
        .map(|(model, count)| Hardware {
            gpu: Some(GpuRequirements {
                requests: Some(count),
                model: Some(model),
                ..GpuRequirements::default()
            }),
            cpu: None,
        });
    if !bad.is_empty() {
        return (name, Err(bad));
    }
    let spec = AimServiceTemplateSpec {
        metric,
        precision,
        profile_id: go_form::text(&deployment.profile_id),
        hardware,
        ..common(model)
    };
    (name, Ok(spec))
}

fn recommended(model: &Model<'_>, deployment: &RecommendedDeployment, index: usize) -> Wanted {
    let listed = model.spec.image_metadata.is_some();
    let from = if listed {
        FieldPath::parse("spec.imageMetadata.model.recommendedDeployments").index(index)
    } else {
        FieldPath::parse("spec.image")
    };
    let at = |error: &FieldError| match error.path.0.last() {
        Some(segment) if listed => from.join(&FieldPath(vec![segment.clone()])),
        _ => from.clone(),
    };
    let (name, spec) = recommended_spec(model, deployment);
    let template = match spec {
        Ok(spec) => Ok(Box::new(object(model, &name, None, spec))),
        Err(bad) => Err(bad.into_iter().map(|error| (at(&error), error)).collect()),
    };
    Wanted {
        name,
        template,
        from,
    }
}

/// Metadata holds any text, a template only those of the enumeration.
fn enumerated<T: DeserializeOwned>(
    field: &str,
    value: &Option<String>,
    supported: &[&str],
    bad: &mut Vec<FieldError>,
) -> Option<T> {
    let text = go_form::text(value)?;
    let read = T::deserialize(StrDeserializer::<serde::de::value::Error>::new(&text)).ok();
    if read.is_none() {
        bad.push(FieldError::not_supported(
            &rules::S003,
            &FieldPath::parse("spec").key(field),
            &text.into(),
            supported,
        ));
    }
    read
}

/// The template of a customTemplate, or the single one of a model with sources and without customTemplates.
fn from_custom(model: &Model<'_>, template: Option<&CustomTemplate>, index: usize) -> Wanted {
    let name = names::custom_template(model.name(), template, index);
    let template_index = template.map(|_| index);
    let custom = model.spec.custom.as_ref();
    let own = template.and_then(|template| template.hardware.as_ref());
    let hardware = merge_hardware(custom.and_then(|custom| custom.hardware.as_ref()), own);
    let profile = template.and_then(|template| template.profile.as_ref());
    let r#type = template
        .and_then(|template| template.r#type)
        .or_else(|| custom.and_then(|custom| custom.r#type))
        .unwrap_or(ProfileType::Unoptimized);
    // Cluster templates have no env at all.
    let env = match (model.scope, template) {
        (Scope::Cluster, _) => Vec::new(),
        (Scope::Namespace, Some(template)) => env::merge(&model.spec.env, &template.env),
        (Scope::Namespace, None) => model.spec.env.clone(),
    };
    let resources = hardware
        .as_ref()
        .and_then(|hardware| hardware.cpu.as_ref())
        .map(|cpu| Resources {
            requests: BTreeMap::from([("cpu".to_owned(), cpu.requests.clone())]),
            limits: cpu
                .limits
                .iter()
                .map(|limits| ("cpu".to_owned(), limits.clone()))
                .collect(),
            claims: Vec::new(),
        });
    let spec = AimServiceTemplateSpec {
        model_sources: go_form::sources(&model.spec.model_sources),
        r#type: Some(r#type),
        env: go_form::env(&env),
        metric: profile.and_then(|profile| profile.metric),
        precision: profile.and_then(|profile| profile.precision),
        hardware: hardware.as_ref().map(go_form::hardware),
        resources: resources.as_ref().map(go_form::resources),
        ..common(model)
    };
    let alias = template
        .and_then(|template| template.name.as_deref())
        .filter(|alias| !alias.is_empty());
    let template = Ok(Box::new(object(model, &name, alias, spec)));
    let from = match template_index {
        Some(index) => FieldPath::parse("spec.customTemplates").index(index),
        None => FieldPath::parse("spec.modelSources"),
    };
    Wanted {
        name,
        template,
        from,
    }
}

/// The model's hardware with the template's over it.
///
/// In a GPU block the template's values count where they are not zero, and its minVram is lost when both have a block.
/// In a CPU block the model's requests stay, since to the merge they are a struct that is never empty.
fn merge_hardware(model: Option<&Hardware>, template: Option<&Hardware>) -> Option<Hardware> {
    let (model, template) = match (model, template) {
        (Some(model), Some(template)) => (model, template),
        (one, other) => return one.or(other).cloned(),
    };
    let gpu = match (&model.gpu, &template.gpu) {
        (Some(base), Some(over)) => Some(GpuRequirements {
            requests: over.requests.filter(|n| *n != 0).or(base.requests),
            model: go_form::text(&over.model).or_else(|| base.model.clone()),
            min_vram: base.min_vram.clone(),
            resource_name: go_form::text(&over.resource_name)
                .or_else(|| base.resource_name.clone()),
        }),
        (base, over) => base.clone().or_else(|| over.clone()),
    };
    let cpu = match (&model.cpu, &template.cpu) {
        (Some(base), Some(over)) => {
            let mut cpu = base.clone();
            cpu.limits = cpu.limits.or_else(|| over.limits.clone());
            Some(cpu)
        }
        (base, over) => base.clone().or_else(|| over.clone()),
    };
    Some(Hardware { gpu, cpu })
}
