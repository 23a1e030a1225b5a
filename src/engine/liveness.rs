//! Which objects whoever applies the output must create, and which a controller in the cluster will (spec 8.2).

use crate::controllers::Creator;
use crate::inventory::{Entry, Installed, Kind, Object, Origin};

/// Who brings an object into the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Liveness {
    /// Whoever applies the output.
    Live,
    /// A controller that runs in the cluster.
    Expected,
    /// Nobody: a fact of the cluster already, or an object of a controller that does not run there.
    Absent,
}

/// Who brings an object into a cluster where these controllers run.
#[must_use]
pub(super) fn of(entry: &Entry, fact: bool, installed: Installed) -> Liveness {
    let kind = entry.object.kind();
    match &entry.origin {
        Origin::Given(_) if fact => Liveness::Absent,
        // In the dump of a cluster a controller's object is the controller's, although it was given.
        Origin::Given(_) if let Some(by) = maker(&entry.object) => made(by, kind, installed),
        Origin::Given(_) => given(kind, installed),
        Origin::Made { by, .. } => made(*by, kind, installed),
    }
}

fn given(kind: Kind, installed: Installed) -> Liveness {
    let live = match kind.group() {
        "aim.eai.amd.com" => installed == Installed::AimEngine,
        "serving.kserve.io" => installed != Installed::Keda,
        "keda.sh" | "opentelemetry.io" | "apps" => true,
        // A pod of the user's own; whatever else the core group has is a fact.
        "" => kind == Kind::Pod,
        _ => false,
    };
    if live {
        Liveness::Live
    } else {
        Liveness::Absent
    }
}

fn made(by: Creator, kind: Kind, installed: Installed) -> Liveness {
    // What AIM Engine makes and the cluster needs even where AIM Engine does not run.
    let needed = matches!(
        kind,
        Kind::HttpRoute | Kind::PersistentVolumeClaim | Kind::Job
    );
    match (by, installed) {
        (Creator::Keda | Creator::OtelOperator | Creator::Kubernetes, _) => Liveness::Expected,
        (Creator::Kserve, Installed::Keda) if matches!(kind, Kind::Ingress | Kind::HttpRoute) => {
            Liveness::Absent
        }
        (Creator::Kserve, Installed::Keda) => Liveness::Live,
        (Creator::Kserve, _) | (_, Installed::AimEngine) => Liveness::Expected,
        (Creator::AimArtifact, _) if needed => Liveness::Live,
        (Creator::AimService, Installed::Kserve) if needed || kind == Kind::InferenceService => {
            Liveness::Live
        }
        (Creator::AimService, Installed::Keda) if needed => Liveness::Live,
        _ => Liveness::Absent,
    }
}

/// Which controller made an object of a dump, as far as its owner or its labels tell.
pub(super) fn maker(object: &Object) -> Option<Creator> {
    let owners = object.metadata().owner_references.iter().flatten();
    let owner = owners
        .filter(|owner| owner.controller == Some(true))
        .find_map(|owner| {
            Some(match owner.kind.as_str() {
                "AIMService" => Creator::AimService,
                "AIMModel" => Creator::AimModel,
                "AIMClusterModel" => Creator::AimClusterModel,
                "AIMServiceTemplate" => Creator::AimServiceTemplate,
                "AIMClusterServiceTemplate" => Creator::AimClusterServiceTemplate,
                "AIMTemplateCache" => Creator::AimTemplateCache,
                "AIMArtifact" => Creator::AimArtifact,
                "InferenceService" => Creator::Kserve,
                "ScaledObject" => Creator::Keda,
                "OpenTelemetryCollector" => Creator::OtelOperator,
                "ReplicaSet" | "Deployment" | "StatefulSet" | "Job" => Creator::Kubernetes,
                _ => return None,
            })
        });
    // Shared caches, artifacts and auto-made models have no owner. Only what a cluster gave an UID was ever made.
    let label = || match object.label("app.kubernetes.io/managed-by")? {
        "aim-service-controller" => Some(Creator::AimService),
        "aim-template-cache-controller" => Some(Creator::AimTemplateCache),
        "aim-artifact-controller" => Some(Creator::AimArtifact),
        _ => None,
    };
    owner.or_else(|| label().filter(|_| object.metadata().uid.is_some()))
}
