//! Which model a service runs, and the model that is made when there is none (AIM Engine 0.2.1, spec 2.2).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::health::{Category, Problem};
use super::super::view::{Model, Scope};
use super::super::{go_form, names};
use super::observe::{ModelOutcome, Observation};
use crate::api::aim::{
    AimModel, AimModelSpec, CustomModel, CustomModelSpec, ModelSource, ObjectStatus,
    ResolutionScope, Resources,
};
use crate::inventory::Object;

/// Finds the model: one that was resolved before and still serves, else by name, image or custom sources.
pub(super) fn resolve<'w>(observation: &Observation<'w>) -> ModelOutcome<'w> {
    pinned(observation).map_or_else(|| resolve_anew(observation), ModelOutcome::Found)
}

/// Finds the model as if none had been resolved before.
pub(super) fn resolve_anew<'w>(observation: &Observation<'w>) -> ModelOutcome<'w> {
    let wanted = &observation.spec.model;
    let given = |text: &'w Option<String>| text.as_deref().filter(|text| !text.is_empty());
    if let Some(name) = given(&wanted.name) {
        by_name(observation, name.trim())
    } else if let Some(image) = given(&wanted.image) {
        by_image(observation, image.trim())
    } else if let Some(custom) = &wanted.custom {
        by_sources(observation, custom)
    } else {
        ModelOutcome::Failed(Problem::new(
            Category::InvalidSpec,
            "ModelNotFound",
            "no model specified in service spec",
        ))
    }
}

/// A cluster model stays while it is ready. A namespaced one is remembered without namespace and never found again.
pub(super) fn pinned<'w>(observation: &Observation<'w>) -> Option<Model<'w>> {
    let reference = observation.status()?.resolved_model.as_ref()?;
    if reference.scope != Some(ResolutionScope::Cluster) {
        return None;
    }
    let name = reference.name.as_deref()?;
    Model::find(observation.world, Scope::Cluster, "", name)
        .filter(|model| model.state() == Some(ObjectStatus::Ready))
}

fn by_name<'w>(observation: &Observation<'w>, name: &str) -> ModelOutcome<'w> {
    let namespace = observation.namespace();
    let world = observation.world;
    let found = Model::find(world, Scope::Namespace, namespace, name)
        .or_else(|| Model::find(world, Scope::Cluster, "", name));
    found.map_or_else(
        || {
            ModelOutcome::Failed(Problem::new(
                Category::MissingUpstream,
                "ModelNotFound",
                format!("model \"{name}\" not found in namespace {namespace} or cluster scope"),
            ))
        },
        ModelOutcome::Found,
    )
}

fn by_image<'w>(observation: &Observation<'w>, image: &str) -> ModelOutcome<'w> {
    if image.is_empty() {
        return ModelOutcome::Failed(Problem::unknown("image URI is empty"));
    }
    let candidates = with_image(observation, image);
    match candidates.as_slice() {
        [] => match names::model_of_image(image) {
            Ok(name) => ModelOutcome::ToCreate(name),
            Err(error) => ModelOutcome::Failed(Problem::new(
                Category::InvalidSpec,
                "InvalidImageReference",
                format!("invalid image URI \"{image}\": {error}"),
            )),
        },
        [model] => ModelOutcome::Found(*model),
        several => {
            let names: Vec<String> = several.iter().map(describe).collect();
            ModelOutcome::Failed(Problem::unknown(format!(
                "multiple models found with the same image with image \"{image}\": {}",
                names.join(", ")
            )))
        }
    }
}

/// Every model of either scope whose image is the same text. The index trims, the operator does not.
pub(super) fn with_image<'w>(observation: &Observation<'w>, image: &str) -> Vec<Model<'w>> {
    [Scope::Namespace, Scope::Cluster]
        .into_iter()
        .flat_map(|scope| {
            Model::with_image(observation.world, scope, observation.namespace(), image)
        })
        .filter(|model| model.spec.image == image)
        .collect()
}

fn describe(model: &Model<'_>) -> String {
    match model.scope {
        Scope::Namespace => format!("{}/{} (namespace)", model.namespace(), model.name()),
        Scope::Cluster => format!("{} (cluster)", model.name()),
    }
}

/// Only models of the namespace count; of several the reference takes a random one, the tool the first by name.
fn by_sources<'w>(observation: &Observation<'w>, custom: &CustomModel) -> ModelOutcome<'w> {
    let namespace = observation.namespace();
    let image = custom.base_image.trim();
    Model::with_image(observation.world, Scope::Namespace, namespace, image)
        .into_iter()
        .find(|model| {
            model.spec.image == custom.base_image
                && same_sources(&model.spec.model_sources, &custom.model_sources)
        })
        .map_or_else(
            || ModelOutcome::ToCreate(names::model_of_custom(custom)),
            ModelOutcome::Found,
        )
}

fn same_sources(a: &[ModelSource], b: &[ModelSource]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            a.model_id == b.model_id
                && a.source_uri == b.source_uri
                && names::endpoint(a) == names::endpoint(b)
        })
}

/// The model to make for an image or custom sources. It has no owner, so that services can share it.
pub(super) fn build(observation: &Observation<'_>, name: &str) -> Object {
    let spec = observation.spec;
    let mut labels = BTreeMap::from([(aim_label("origin"), "auto-generated".to_owned())]);
    let mut model = AimModelSpec {
        runtime_config_name: go_form::text(&spec.runtime_config_name),
        image_pull_secrets: spec.image_pull_secrets.clone(),
        service_account_name: go_form::text(&spec.service_account_name),
        resources: Some(Resources::default()),
        ..AimModelSpec::default()
    };
    match &spec.model.custom {
        Some(custom) => {
            labels.insert(aim_label("custom-model"), "true".to_owned());
            labels.insert(aim_label("service"), observation.name().to_owned());
            model.image.clone_from(&custom.base_image);
            model.model_sources = go_form::sources(&custom.model_sources);
            model.custom = Some(CustomModelSpec {
                hardware: Some(go_form::hardware(&custom.hardware)),
                r#type: None,
            });
            model.env = go_form::env(&spec.env);
        }
        None => {
            let image = spec.model.image.as_deref().unwrap_or_default();
            image.trim().clone_into(&mut model.image);
        }
    }
    Object::AimModel(AimModel {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(observation.namespace().to_owned()),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(model),
        status: None,
    })
}
