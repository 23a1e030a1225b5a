//! Owner references, as Go's `SetControllerReference` writes them.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use crate::inventory::{ObjectKey, World};

/// The reference to a controlling owner that its children hold.
pub(crate) fn controller_reference(owner: &ObjectKey, world: &World) -> OwnerReference {
    OwnerReference {
        api_version: owner.kind.api_version(),
        kind: owner.kind.as_str().to_owned(),
        name: owner.name.clone(),
        uid: world.uid(owner).display().to_owned(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    }
}
