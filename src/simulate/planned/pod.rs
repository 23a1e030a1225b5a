//! What the pod of a service says of its engine.

use k8s_openapi::api::core::v1::{Container, PodSpec};
use serde_json::Value;

use super::super::start::{Weights, weights_of};
use crate::inventory::catalog;

/// vLLM's own limit of sequences, where nothing says another.
pub(super) const UNKNOWN_CAPACITY: (u32, &str) = (256, "vLLM's default");

fn server(pod: &PodSpec) -> Option<&Container> {
    let named = pod
        .containers
        .iter()
        .find(|container| container.name == "kserve-container");
    named.or_else(|| pod.containers.first())
}

fn env<'a>(container: &'a Container, name: &str) -> Option<&'a str> {
    let variables = container.env.as_deref()?;
    variables
        .iter()
        .rev()
        .find(|variable| variable.name == name)?
        .value
        .as_deref()
}

/// Requests that an engine serves at once, and who says so.
pub(super) fn capacity(pod: &PodSpec) -> (u32, &'static str) {
    let sequences = |args: &Value| {
        let value = args
            .get("max-num-seqs")
            .or_else(|| args.get("max_num_seqs"))?;
        u32::try_from(value.as_u64()?)
            .ok()
            .filter(|value| *value > 0)
    };
    let Some(container) = server(pod) else {
        return UNKNOWN_CAPACITY;
    };
    let args =
        env(container, "AIM_ENGINE_ARGS").and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(capacity) = args.as_ref().and_then(sequences) {
        return (capacity, "max-num-seqs in AIM_ENGINE_ARGS");
    }
    let image = container.image.as_deref().and_then(catalog::find);
    let wanted = env(container, "AIM_PROFILE_ID");
    let profile = image.and_then(|image| {
        let named = image
            .profiles
            .iter()
            .find(|profile| Some(profile.profile_id.as_str()) == wanted);
        named.or_else(|| image.profiles.first())
    });
    profile
        .and_then(|profile| sequences(&profile.engine_args))
        .map_or(UNKNOWN_CAPACITY, |capacity| {
            (capacity, "max-num-seqs of the image's profile")
        })
}

/// What a replica has to load.
pub(super) fn weights(pod: &PodSpec) -> Weights {
    let Some(container) = server(pod) else {
        return Weights::default();
    };
    let image = container.image.as_deref().and_then(catalog::find);
    let model =
        env(container, "AIM_MODEL_ID").or_else(|| image.map(|image| image.canonical_name.as_str()));
    let precision = env(container, "AIM_PRECISION");
    Weights {
        gigabytes: model.and_then(|model| weights_of(model, precision)),
        cached: pod
            .volumes
            .iter()
            .flatten()
            .any(|volume| volume.persistent_volume_claim.is_some()),
    }
}
