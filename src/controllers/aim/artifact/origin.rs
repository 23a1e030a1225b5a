//! Where the fields of an artifact's claim and Jobs come from.

use super::super::child;
use super::objects;
use super::observe::Observation;
use crate::controllers::FieldOrigin;
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};

/// Where a field of a claim or Job came from.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let metadata = made.metadata();
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let Some(name) = made.label(&child::aim_label("artifact.name")) else {
        return Vec::new();
    };
    let key = ObjectKey::new(Kind::AimArtifact, namespace, name);
    let Some(observation) = Observation::of(&key, world) else {
        return Vec::new();
    };
    let text = path.to_string();
    let from = |field: &str| {
        vec![FieldOrigin {
            object: key.clone(),
            path: FieldPath::parse(field),
            note: "AIM Engine 0.2.1 makes it from the artifact (spec 2.12)".to_owned(),
        }]
    };
    if text.starts_with("spec.storageClassName") {
        return from("spec.storageClassName");
    }
    if text.starts_with("spec.resources") {
        return from("spec.size");
    }
    if text.ends_with("].image") {
        return from("spec.modelDownloadImage");
    }
    if text.contains("imagePullSecrets") {
        return from("spec.imagePullSecrets");
    }
    if text.contains(".args") {
        return from("spec.sourceUri");
    }
    let Some(variable) = objects::variable_at(made, path) else {
        return from("");
    };
    let own = observation
        .spec
        .env
        .iter()
        .position(|env| env.name == variable);
    let in_config = || {
        let object = observation
            .config
            .namespaced
            .clone()
            .or(observation.config.cluster.clone())?;
        let index = observation
            .config_env()
            .iter()
            .position(|env| env.name == variable)?;
        Some(FieldOrigin {
            object,
            path: FieldPath::parse("spec.env").index(index),
            note: "AIM Engine 0.2.1 puts the runtime config's env into its Jobs (spec 2.12)"
                .to_owned(),
        })
    };
    match (own, in_config()) {
        (Some(index), _) => from(&format!("spec.env[{index}]")),
        (None, Some(origin)) => vec![origin],
        (None, None) => from(""),
    }
}
