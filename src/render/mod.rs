//! The Plan as manifests (spec 8.2, 8.3): which objects, in which order, in which form.

mod directory;
mod header;
mod order;
mod select;
mod status;
mod text;
pub mod yaml;

pub use directory::{File, MARK, directory};
pub use header::{header, scale};
pub use select::{Group, Selection, select};
pub use status::statuses;
pub use text::{Expected, Format, Look, print};

use serde_json::Value;

use crate::controllers::Creator;
use crate::engine::{Liveness, Planned};
use crate::inventory::{Kind, Origin};

/// One object as it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest<'a> {
    /// The planned object.
    pub planned: &'a Planned,
    /// Its JSON, without what only a cluster writes.
    pub value: Value,
}

/// What a cluster writes into metadata; it never belongs into a manifest.
const CLUSTER_METADATA: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
];

/// An object in the form in which it is printed: without status and the cluster's metadata, and a live one without
/// owners that will not exist.
///
/// A live Deployment that is scaled says no number of replicas, as KServe sends it (spec 3.4): applied once more, it
/// would undo what the autoscaler did.
#[must_use]
pub fn manifest(planned: &Planned) -> Manifest<'_> {
    let mut value = planned.object.to_value();
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
        if is_scaled(planned)
            && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
        {
            spec.remove("replicas");
        }
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            for field in CLUSTER_METADATA {
                metadata.remove(field);
            }
            if planned.liveness == Liveness::Live {
                metadata.remove("uid");
                metadata.remove("ownerReferences");
            }
        }
    }
    Manifest { planned, value }
}

/// Whether it is a live Deployment of KServe's whose replicas an autoscaler sets.
fn is_scaled(planned: &Planned) -> bool {
    let made_by_kserve = matches!(
        planned.origin,
        Origin::Made {
            by: Creator::Kserve,
            ..
        }
    );
    let annotations = planned.object.metadata().annotations.as_ref();
    let class = annotations.and_then(|all| all.get("serving.kserve.io/autoscalerClass"));
    planned.liveness == Liveness::Live
        && planned.key.kind == Kind::Deployment
        && made_by_kserve
        && class.is_none_or(|class| class != "none")
}
