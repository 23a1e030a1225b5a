//! Volumes: a claim finds one and is bound, as if storage did well (spec 2.19).

use k8s_openapi::api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimStatus};

use crate::controllers::{Conclusion, Controller, Creator, Pass, Stop};
use crate::inventory::{Kind, ObjectKey, World};

/// Whoever provides volumes.
pub struct Volumes;

impl Controller for Volumes {
    fn creator(&self) -> Creator {
        Creator::Kubernetes
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::PersistentVolumeClaim]
    }

    fn reconcile(&self, _key: &ObjectKey, _world: &World) -> Pass {
        Pass::default()
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        _stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let claim: Option<&PersistentVolumeClaim> = world.get(&key.namespace, &key.name);
        if let Some(mut claim) = claim.cloned() {
            let spec = claim.spec.as_ref();
            claim.status = Some(PersistentVolumeClaimStatus {
                phase: Some("Bound".to_owned()),
                access_modes: spec.and_then(|spec| spec.access_modes.clone()),
                capacity: spec.and_then(|spec| spec.resources.as_ref()?.requests.clone()),
                ..PersistentVolumeClaimStatus::default()
            });
            conclusion.status = Some(Box::new(claim.into()));
        }
        conclusion
    }
}
