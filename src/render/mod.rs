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

use crate::engine::{Liveness, Planned};

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
#[must_use]
pub fn manifest(planned: &Planned) -> Manifest<'_> {
    let mut value = planned.object.to_value();
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
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
