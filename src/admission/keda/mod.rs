//! The doors that a ScaledObject passes (spec 4.1): the CRD's schema, the add-on chart's policy, KEDA's webhook.

mod policy;
mod webhook;

use super::structure;
use crate::api::keda::ScaledObject;
use crate::controllers::keda::advise;
use crate::diag::{Refusal, RefusalCause};
use crate::inventory::{Kind, World};
use crate::rules::D301;

/// The ScaledObject as stored.
///
/// # Errors
/// The refusal of the first door that says no.
pub(super) fn admit(
    object: ScaledObject,
    old: Option<&ScaledObject>,
    world: &World,
) -> Result<ScaledObject, Box<Refusal>> {
    let object = structure::conform(Kind::ScaledObject, object).map_err(|mut refusal| {
        let of_triggers = |cause: &RefusalCause| cause.field == "spec.triggers";
        if refusal.causes.iter().any(of_triggers) {
            refusal.rule = &D301;
        }
        Box::new(advise(*refusal))
    })?;
    if world.facts().add_on_policy || policy::is_installed(world) {
        policy::check(&object)?;
    }
    webhook::check(&object, old, world)?;
    Ok(object)
}
