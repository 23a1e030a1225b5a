//! Kubernetes' own controllers: the pods of Deployments; and kubelet, storage, gateway taken as doing well (spec 2.19).

mod claim;
mod deployment;
mod findings;
mod job;
mod origin;
mod pod;
mod route;

use std::sync::Arc;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::Pod;

use super::{Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::admission;
use crate::diag::FieldPath;
use crate::inventory::{Kind, Object, ObjectKey, World};

pub use claim::Volumes;
pub use job::Jobs;
pub use route::Gateways;

/// The controllers of Deployments and StatefulSets: their pods.
pub struct Workloads;

impl Controller for Workloads {
    fn creator(&self) -> Creator {
        Creator::Kubernetes
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Deployment, Kind::StatefulSet]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let pod = match key.kind {
            Kind::StatefulSet => world
                .get::<StatefulSet>(&key.namespace, &key.name)
                .and_then(|set| pod::of_stateful_set(set, key, world)),
            _ => of_deployment(key, world).and_then(pod::of_deployment),
        };
        let wanted =
            of_deployment(key, world).is_none_or(|deployment| deployment::replicas(deployment) > 0);
        let mut pass = Pass::default();
        if let Some(pod) = pod {
            pass.notes
                .findings
                .extend(findings::sidecar(key, &pod, world));
            pass.writes = if wanted {
                writes(pod, world)
            } else {
                removal(&pod, world)
            };
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let Some(deployment) = of_deployment(key, world) else {
            return Conclusion::default();
        };
        let mut after = deployment.clone();
        after.status = Some(deployment::status(deployment, stop));
        Conclusion {
            status: Some(Box::new(after.into())),
            refusal: stop.and_then(deployment::reworded),
            ..Conclusion::default()
        }
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin::of(made, path, world)
    }
}

fn of_deployment<'a>(key: &ObjectKey, world: &'a World) -> Option<&'a Deployment> {
    world.object(key)?.typed()
}

/// Without replicas there is no pod.
fn removal(pod: &Pod, world: &World) -> Vec<Write> {
    let key = Object::from(pod.clone()).key();
    let there = world.object(&key).is_some();
    there.then_some(Write::Delete(key)).into_iter().collect()
}

/// A running pod stays as it is until its template changes; then there is a new one.
fn writes(pod: Pod, world: &World) -> Vec<Write> {
    let put = Write::Put(Arc::new(pod.clone().into()));
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let Some(stored) = world.get::<Pod>(namespace, name) else {
        return vec![put];
    };
    let mut bare = pod.clone();
    let same = admission::pod::before_sidecar(&mut bare, world).is_ok()
        && pod::same_template(stored, &bare);
    if same {
        return Vec::new();
    }
    vec![
        Write::Delete(ObjectKey::new(Kind::Pod, namespace, name)),
        put,
    ]
}
