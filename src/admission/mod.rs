//! What happens at the door on every write, the user's and the controllers': defaulting and validating.

pub mod apiserver;
mod claim;
mod custom;
mod deployment;
mod hpa;
pub mod ingress;
mod job;
mod keda;
pub mod kserve;
pub mod metadata;
pub mod names;
pub mod otel;
pub mod pod;
pub mod pod_spec;
pub mod service;
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
    Ok(match object {
        Object::InferenceService(isvc) => {
            kserve::admit(isvc, old.and_then(Object::typed), operation, world)?.into()
        }
        Object::Deployment(deployment) => {
            deployment::admit(deployment, old.and_then(Object::typed))?.into()
        }
        Object::Service(service) => service::admit(service)?.into(),
        Object::Ingress(ingress) => ingress::admit(ingress)?.into(),
        Object::Pod(pod) => {
            // One that a cluster has stored is running; no webhook looks at it any more.
            let new = old.is_none() && pod.metadata.uid.is_none();
            pod::admit(pod, new, world)?.into()
        }
        Object::HorizontalPodAutoscaler(object) => hpa::admit(object)?.into(),
        Object::ScaledObject(object) => {
            keda::admit(object, old.and_then(Object::typed), world)?.into()
        }
        Object::PersistentVolumeClaim(claim) => claim::admit(claim, world).into(),
        Object::Job(job) => job::admit(job)?.into(),
        Object::OpenTelemetryCollector(object) => {
            otel::admit(object, old.and_then(Object::typed))?.into()
        }
        Object::HttpRoute(route) => custom::admit(route.into(), old)?,
        // A new document has been through this door when it was read.
        object if operation == Operation::Apply || old.is_some() => custom::admit(object, old)?,
        object => object,
    })
}
