//! Where the fields of a planned pod came from: its template, or the collector that was injected.

use k8s_openapi::api::core::v1::Pod;

use crate::controllers::FieldOrigin;
use crate::controllers::otel::sidecar;
use crate::diag::{FieldPath, Segment};
use crate::inventory::{Kind, Object, ObjectKey, World};
use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// The origin of a field of a pod.
pub(super) fn of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let Object::Pod(pod) = made else {
        return Vec::new();
    };
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    if let Some(rest) = in_sidecar(pod, path) {
        return sidecar::origin(pod, namespace, &rest, world);
    }
    let Some(workload) = workload(pod, namespace) else {
        return Vec::new();
    };
    vec![FieldOrigin {
        object: workload,
        path: FieldPath::parse("spec.template").join(path),
        note: "Kubernetes 1.34 makes the pod of the template".to_owned(),
    }]
}

/// What follows the sidecar's container in a path.
fn in_sidecar(pod: &Pod, path: &FieldPath) -> Option<FieldPath> {
    let rest = path.strip_prefix(&FieldPath::parse("spec.initContainers"))?;
    let (first, after) = rest.0.split_first()?;
    let Segment::Index(index) = first else {
        return None;
    };
    let container = pod.spec.as_ref()?.init_containers.as_ref()?.get(*index)?;
    (container.name == sidecar::CONTAINER).then(|| FieldPath(after.to_vec()))
}

fn workload(pod: &Pod, namespace: &str) -> Option<ObjectKey> {
    let owner = pod
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.controller == Some(true))?;
    let (kind, name) = match owner.kind.as_str() {
        "StatefulSet" => (Kind::StatefulSet, owner.name.as_str()),
        _ => {
            let name = owner.name.strip_suffix(KNOWN_AFTER_APPLY)?;
            (Kind::Deployment, name.strip_suffix('-')?)
        }
    };
    Some(ObjectKey::new(kind, namespace, name))
}
