//! KServe's doors: the webhooks and the CRD of InferenceServices, and the webhook on Pods (KServe 0.16.0; spec 3.1).
//!
//! Order of an InferenceService's write: server-side apply's merge, the defaulting webhook, the CRD, the validating
//! webhook. The first that refuses ends it.

mod defaults;
pub mod pod;
pub mod storage;
mod structure;
mod validate;

use crate::admission::Operation;
use crate::api::kserve::InferenceService;
use crate::diag::Refusal;
use crate::inventory::{KserveConfig, World};
use crate::rules::Rule;

/// An InferenceService as it would be stored.
///
/// # Errors
/// The first refusal, in the refuser's words.
pub fn admit(
    mut isvc: InferenceService,
    old: Option<&InferenceService>,
    operation: Operation,
    world: &World,
) -> Result<InferenceService, Box<Refusal>> {
    if operation == Operation::Apply {
        structure::merge(&isvc)?;
    }
    defaults::decode(&isvc)?;
    defaults::apply(&mut isvc, &KserveConfig::of(world))?;
    structure::check(&isvc)?;
    validate::check(&isvc, old)?;
    Ok(isvc)
}

/// A refusal by the defaulting webhook.
fn defaulter(rule: &'static Rule, code: u16, reason: &'static str, cause: &str) -> Refusal {
    Refusal::new(
        rule,
        code,
        reason,
        format!(
            "admission webhook \"inferenceservice.kserve-webhook-server.defaulter\" denied the request: {cause}"
        ),
    )
}

/// A refusal by the validating webhook.
fn validator(rule: &'static Rule, cause: &str) -> Refusal {
    Refusal::new(
        rule,
        403,
        "Forbidden",
        format!(
            "admission webhook \"inferenceservice.kserve-webhook-server.validator\" denied the request: {cause}"
        ),
    )
}
