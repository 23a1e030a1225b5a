//! Deletion, with all that is owned.

use crate::inventory::{ObjectKey, World};

/// Deletes an object and, as Kubernetes' garbage collector does, everything that it owns; whether it was there.
pub(super) fn delete(world: &mut World, key: &ObjectKey) -> bool {
    if world.remove(key).is_none() {
        return false;
    }
    for child in world.owned_by(key) {
        delete(world, &child);
    }
    true
}
