//! Deletion, with all that is owned.

use crate::inventory::{Kind, ObjectKey, Origin, World};

/// Deletes an object and, as Kubernetes' garbage collector does, everything that it owns; whether it was there.
pub(super) fn delete(world: &mut World, key: &ObjectKey) -> bool {
    if world.remove(key).is_none() {
        return false;
    }
    let mut children = world.owned_by(key);
    if key.kind == Kind::Deployment {
        children.extend(pods_of(world, key));
    }
    for child in children {
        delete(world, &child);
    }
    true
}

/// The pods of a Deployment: their owner is a ReplicaSet, which is not planned.
fn pods_of(world: &World, deployment: &ObjectKey) -> Vec<ObjectKey> {
    world
        .entries(Kind::Pod, &deployment.namespace)
        .filter(
            |(_, entry)| matches!(&entry.origin, Origin::Made { from, .. } if from == deployment),
        )
        .map(|(key, _)| key.clone())
        .collect()
}
