//! The order of objects: each follows what it needs.

use crate::controllers::Stage;
use crate::engine::{Liveness, Planned};
use crate::inventory::{Kind, Origin};

/// Where a kind stands among the objects of a stage: what others need comes first.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Namespace => 0,
        Kind::StorageClass | Kind::Node => 1,
        Kind::AimClusterRuntimeConfig | Kind::AimRuntimeConfig => 2,
        Kind::AimClusterModelSource | Kind::AimClusterModel | Kind::AimModel => 3,
        Kind::AimClusterServiceTemplate | Kind::AimServiceTemplate => 4,
        Kind::AimTemplateCache => 5,
        Kind::AimArtifact => 6,
        Kind::AimService => 7,
        Kind::ServiceAccount | Kind::Secret | Kind::ConfigMap => 8,
        Kind::RoleBinding => 9,
        Kind::PersistentVolumeClaim => 10,
        Kind::Job => 11,
        // The sidecar is injected when a pod is created, so its collector must be there before.
        Kind::OpenTelemetryCollector => 12,
        Kind::InferenceService => 13,
        Kind::Deployment | Kind::StatefulSet | Kind::ReplicaSet => 14,
        Kind::Service => 15,
        Kind::ScaledObject | Kind::PodDisruptionBudget => 16,
        Kind::HorizontalPodAutoscaler => 17,
        Kind::Ingress | Kind::Gateway => 18,
        Kind::HttpRoute => 19,
        Kind::Pod => 20,
        Kind::ValidatingAdmissionPolicy | Kind::ValidatingAdmissionPolicyBinding => 21,
    }
}

/// Live before expected, then along the chain, then so that each object follows what it needs, then by key.
pub(super) fn sort(objects: &mut [&Planned]) {
    objects.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.key.cmp(&b.key)));
}

fn key(planned: &Planned) -> (Liveness, Option<Stage>, u8) {
    // Live objects are applied in one go, so only what they need counts; expected ones are told by who makes them.
    let stage = match (&planned.origin, planned.liveness) {
        (Origin::Made { by, .. }, Liveness::Expected) => Some(by.stage()),
        _ => None,
    };
    (planned.liveness, stage, rank(planned.key.kind))
}
