//! Which line of the input a finding on a planned object belongs to.

use super::apply;
use crate::controllers::{self, FieldOrigin};
use crate::diag::{FieldPath, Place};
use crate::inventory::{Object, ObjectKey, Origin, World};

/// Steps up the chain after which the search ends; the chain itself has six links.
const MOST_STEPS: usize = 32;

/// Follows a field of a planned object up to a document of the input.
///
/// `refused` is the object itself when it was refused and is not in the World, with who made it from what.
pub(super) fn trace(place: Place, refused: Option<(&Object, &Origin)>, world: &World) -> Place {
    let Some(mut key) = place.object.clone() else {
        return place;
    };
    if place.document.is_some() {
        return place;
    }
    let mut path = place.path.clone();
    for step in 0..MOST_STEPS {
        let refused = refused.filter(|(object, _)| step == 0 && object.key() == key);
        let entry = world.entry(&key);
        let (object, origin) = match (refused, entry) {
            // A refused change of a given object is still its maker's doing.
            (Some(refused), _) => refused,
            (None, Some(entry)) => (entry.object.as_ref(), &entry.origin),
            (None, None) => return place,
        };
        match origin {
            Origin::Given(document) => {
                return Place {
                    document: Some(*document),
                    object: Some(key),
                    path,
                    target: place.target,
                    range: None,
                };
            }
            Origin::Made { by, from } => {
                let origins = controllers::by(*by)
                    .map(|c| c.origin_of(object, &path, world))
                    .unwrap_or_default();
                (key, path) = match origins.into_iter().next() {
                    Some(FieldOrigin { object, path, .. }) => (object, path),
                    None => (from.clone(), FieldPath::root()),
                };
            }
        }
    }
    place
}

/// The given object that an object was made from in the end.
pub(super) fn root(key: &ObjectKey, world: &World) -> ObjectKey {
    let mut key = key.clone();
    for _ in 0..MOST_STEPS {
        let Some(entry) = world.entry(&key) else {
            break;
        };
        match &entry.origin {
            Origin::Made { from, .. } => key = from.clone(),
            Origin::Given(_) => {
                match apply::owner(&entry.object).filter(|owner| world.entry(owner).is_some()) {
                    Some(owner) => key = owner,
                    None => break,
                }
            }
        }
    }
    key
}
