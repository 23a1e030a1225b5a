//! What a change of a field does in the cluster, decided from the field.

use serde::Serialize;
use serde_json::Value;

use super::compare::{FieldChange, Steps};
use crate::diag::FieldPath;
use crate::inventory::Kind;
use crate::schema::{self, transition};

/// What a change does, from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing that a user of the service notices.
    Harmless,
    /// How many replicas run, or what decides it.
    Scales,
    /// Where requests go.
    Reroutes,
    /// Pods are replaced, one after the other.
    RollsPods,
    /// A new object.
    Creates,
    /// The object is deleted and made again under the same or another name.
    Replaces,
    /// The object goes, with what it owns.
    Deletes,
    /// The API server refuses it: delete and create instead.
    Refused,
}

impl Effect {
    /// In words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Scales => "scales",
            Self::Reroutes => "reroutes",
            Self::RollsPods => "rolls pods",
            Self::Creates => "created",
            Self::Replaces => "replaced",
            Self::Deletes => "deleted",
            Self::Refused => "refused: immutable, needs delete and create",
        }
    }
}

/// What the change of one field of an existing object does.
pub(super) fn of_field(kind: Kind, change: &FieldChange) -> Effect {
    let at = &change.at;
    match kind {
        Kind::Deployment | Kind::StatefulSet => workload(at),
        Kind::InferenceService => inference_service(at),
        Kind::ScaledObject | Kind::HorizontalPodAutoscaler if at.begins_with(&["spec"]) => {
            Effect::Scales
        }
        Kind::HttpRoute | Kind::Ingress | Kind::Service if at.begins_with(&["spec"]) => {
            Effect::Reroutes
        }
        // Kubernetes 1.34: a bound claim's size may grow; everything else of it cannot change.
        Kind::PersistentVolumeClaim if at.begins_with(&["spec", "resources"]) => Effect::Harmless,
        Kind::PersistentVolumeClaim if at.begins_with(&["spec"]) => Effect::Refused,
        Kind::Job if at.begins_with(&["spec", "template"]) => Effect::Refused,
        Kind::RoleBinding if at.begins_with(&["roleRef"]) => Effect::Refused,
        Kind::AimService => aim_service(at),
        // Pods are never changed: new ones take their place.
        Kind::Pod => Effect::Replaces,
        _ => Effect::Harmless,
    }
}

fn workload(at: &Steps) -> Effect {
    if at.begins_with(&["spec", "selector"]) {
        Effect::Refused
    } else if at.begins_with(&["spec", "template"]) {
        Effect::RollsPods
    } else if at.begins_with(&["spec", "replicas"]) {
        Effect::Scales
    } else {
        Effect::Harmless
    }
}

/// KServe 0.16.0 (spec 3.10): bounds and metrics touch the autoscaler alone; any label, annotation or other field of the
/// predictor changes the pod template.
fn inference_service(at: &Steps) -> Effect {
    let scaling = [
        "minReplicas",
        "maxReplicas",
        "autoScaling",
        "scaleTarget",
        "scaleMetric",
    ];
    if scaling
        .iter()
        .any(|field| at.begins_with(&["spec", "predictor", field]))
    {
        Effect::Scales
    } else if at.begins_with(&["spec"])
        || at.begins_with(&["metadata", "labels"])
        || at.begins_with(&["metadata", "annotations"])
    {
        Effect::RollsPods
    } else {
        Effect::Harmless
    }
}

/// AIM Engine 0.2.1 (spec 2.12): what of a service decides how many replicas run.
fn aim_service(at: &Steps) -> Effect {
    let scaling = ["replicas", "minReplicas", "maxReplicas", "autoScaling"];
    if scaling.iter().any(|field| at.begins_with(&["spec", field])) {
        Effect::Scales
    } else {
        Effect::Harmless
    }
}

/// The fields whose change the rules of the kind's CRD refuse; what is added or removed there is none.
pub(super) fn refused(kind: Kind, old: &Value, new: &Value) -> Vec<FieldPath> {
    let Some(schema) = schema::of(kind).filter(|schema| schema.has_rules()) else {
        return Vec::new();
    };
    transition::broken(schema, new, old)
        .into_iter()
        .map(|broken| broken.path)
        .collect()
}
