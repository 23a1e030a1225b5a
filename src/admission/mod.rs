//! What happens at the door on every write, the user's and the controllers': defaulting and validating.

pub mod apiserver;
mod hpa;
mod keda;
pub mod metadata;
pub mod names;
mod structure;

use crate::diag::Refusal;
use crate::inventory::{Object, World};

/// How an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A plain create or update.
    Write,
    /// Server-side apply.
    Apply,
}

/// Takes a write through the doors of its kind: the object as stored, or the first refusal.
///
/// `old` is the stored object when there is one (then it is an update).
///
/// # Errors
/// The refusal, in the refuser's words.
pub fn admit(
    object: Object,
    old: Option<&Object>,
    operation: Operation,
    world: &World,
) -> Result<Object, Box<Refusal>> {
    let _ = operation;
    match object {
        Object::HorizontalPodAutoscaler(object) => hpa::admit(object).map(Into::into),
        Object::ScaledObject(object) => {
            keda::admit(object, old.and_then(Object::typed), world).map(Into::into)
        }
        object => Ok(object),
    }
}
