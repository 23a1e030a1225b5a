//! Pods at the API server: defaults, admission plug-ins, KServe's webhook (Kubernetes 1.34.4; spec 3.4).
//!
//! A real API server's ServiceAccount plug-in also adds serviceAccountName `default` and the token volume; like in the
//! recordings, they are left out.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Pod, PodSpec, Toleration};

use super::{kserve, metadata, names, pod_spec};
use crate::controllers::otel::sidecar;
use crate::diag::{FieldError, FieldPath, Refusal, field};
use crate::inventory::{Kind, World};
use crate::kube::unknown::is_unknown;
use crate::rules::{K209, K221};

/// How long a pod stays on a node that is not ready or not reachable, in seconds.
const TOLERATED: i64 = 300;

/// A Pod as it would be stored; webhooks look at new ones only.
///
/// # Errors
/// What a webhook or the API server refuses.
pub fn admit(mut pod: Pod, new: bool, world: &World) -> Result<Pod, Box<Refusal>> {
    if new {
        before_sidecar(&mut pod, world)?;
        sidecar::mutate(&mut pod, world);
    }
    defaults(&mut pod);
    let errors = validate(&pod);
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::Pod, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(pod),
    }
}

/// What happens to a new pod before the OpenTelemetry operator's webhook, which is the last by name.
///
/// # Errors
/// What KServe's webhook refuses.
pub fn before_sidecar(pod: &mut Pod, world: &World) -> Result<(), Box<Refusal>> {
    defaults(pod);
    plug_ins(pod.spec.get_or_insert_with(PodSpec::default));
    kserve::pod::mutate(pod, world)?;
    defaults(pod);
    Ok(())
}

/// Fills in a pod: what a template gets, and what only a pod gets.
pub fn defaults(pod: &mut Pod) {
    let spec = pod.spec.get_or_insert_with(PodSpec::default);
    pod_spec::defaults(spec);
    spec.enable_service_links.get_or_insert(true);
    for container in spec
        .init_containers
        .iter_mut()
        .flatten()
        .chain(&mut spec.containers)
    {
        let Some(resources) = &mut container.resources else {
            continue;
        };
        if let Some(limits) = &resources.limits {
            let requests = resources.requests.get_or_insert_with(BTreeMap::new);
            for (name, limit) in limits {
                requests
                    .entry(name.clone())
                    .or_insert_with(|| limit.clone());
            }
        }
    }
}

/// Priority, and how long a pod outlives its node's readiness.
fn plug_ins(spec: &mut PodSpec) {
    if spec.priority_class_name.is_none() {
        spec.priority.get_or_insert(0);
        spec.preemption_policy
            .get_or_insert_with(|| "PreemptLowerPriority".to_owned());
    }
    let tolerations = spec.tolerations.get_or_insert_with(Vec::new);
    let missing: Vec<&str> = [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    .into_iter()
    .filter(|taint| !tolerations.iter().any(|given| covers(given, taint)))
    .collect();
    tolerations.extend(missing.into_iter().map(|taint| Toleration {
        key: Some(taint.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoExecute".to_owned()),
        toleration_seconds: Some(TOLERATED),
        ..Toleration::default()
    }));
}

fn covers(toleration: &Toleration, taint: &str) -> bool {
    let unset_or = |field: &Option<String>, value: &str| {
        field
            .as_deref()
            .is_none_or(|text| text.is_empty() || text == value)
    };
    unset_or(&toleration.key, taint) && unset_or(&toleration.effect, "NoExecute")
}

fn validate(pod: &Pod) -> Vec<FieldError> {
    let root = FieldPath::root();
    let mut errors = Vec::new();
    // A controller's pod has a name that only the cluster decides, and that is always fine.
    if !is_unknown(pod.metadata.name.as_deref().unwrap_or_default()) {
        errors.extend(metadata::validate(
            &pod.metadata,
            names::dns1123_subdomain,
            &root.key("metadata"),
        ));
    }
    let Some(spec) = &pod.spec else {
        return errors;
    };
    let path = root.key("spec");
    errors.extend(pod_spec::validate(spec, &path, &K209));
    for (index, container) in spec.containers.iter().enumerate() {
        let image = container.image.as_deref().unwrap_or_default();
        if image.trim() != image {
            let at = path.key("containers").index(index).key("image");
            let detail = "must not have leading or trailing whitespace";
            errors.push(FieldError::invalid_text(&K221, &at, image, detail));
        }
    }
    errors
}
