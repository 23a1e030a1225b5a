//! What a user should know about a service's names, replicas, route, environment and cache (spec 7: M108 to M113, M117,
//! M118, M121, M122, M130, M132, M135, M137, M139, M140, M142, L502, L505). Model and template are `choice`'s.

mod capacity;
mod engine_args;
mod refused;
mod replicas;
mod routing;
mod storage;

use super::observe::Observation;
use crate::api::aim::{AimClusterRuntimeConfig, AimRuntimeConfig, AimRuntimeConfigSpec};
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::ObjectKey;
use crate::rules;
pub(super) use refused::reword;

/// Everything there is to say about a service beside its model and template.
pub(super) fn findings(seen: &Observation<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(namespace_too_long(seen));
    findings.extend(replicas::ignored(seen));
    findings.extend(replicas::none(seen));
    findings.extend(capacity::not_enough_gpus(seen));
    findings.extend(routing::gateway_missing(seen));
    findings.extend(routing::path_lost(seen));
    findings.extend(routing::route_stays(seen));
    findings.extend(engine_args::of(seen));
    findings.extend(storage::of(seen));
    findings
}

fn field(seen: &Observation<'_>, path: &str) -> Place {
    Place::field(seen.key.clone(), FieldPath::parse(path))
}

/// The runtime configs that take part, the namespaced one first.
fn configs<'w>(
    seen: &Observation<'w>,
) -> impl Iterator<Item = (ObjectKey, &'w AimRuntimeConfigSpec)> + use<'w> {
    let world = seen.world;
    let namespaced = seen.config.namespaced.clone().and_then(|key| {
        let config: &AimRuntimeConfig = world.get(&key.namespace, &key.name)?;
        Some((key, config.spec.as_ref()?))
    });
    let cluster = seen.config.cluster.clone().and_then(|key| {
        let config: &AimClusterRuntimeConfig = world.get("", &key.name)?;
        Some((key, config.spec.as_ref()?))
    });
    namespaced.into_iter().chain(cluster)
}

fn namespace_too_long(seen: &Observation<'_>) -> Option<Finding> {
    let error = seen.isvc_name.as_ref().err()?;
    let namespace = seen.namespace();
    let message = format!(
        "the namespace {namespace} has {} characters, which leaves no room for the name of an InferenceService",
        namespace.len()
    );
    Some(
        Finding::new(&rules::M108, field(seen, "metadata.namespace"), message)
            .refusal(error.to_string())
            .consequence("nothing of the service is applied, and it stays Degraded")
            .help("use a namespace of at most 42 characters"),
    )
}
