//! Pods that ask for a sidecar and get none (O415, spec 5.2).

use k8s_openapi::api::core::v1::Pod;

use crate::controllers::otel::sidecar::{self, Choice};
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, ObjectKey, World};
use crate::rules::O415;

/// The operator's log line; the pod itself shows nothing.
const LOG: &str = "failed to select an OpenTelemetry Collector instance for this pod's sidecar";

/// What there is to say about the sidecar of a workload's pods.
pub(super) fn sidecar(workload: &ObjectKey, pod: &Pod, world: &World) -> Option<Finding> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let (message, refusal) = match sidecar::choose(pod, namespace, world) {
        Choice::Missing(key) if world.entry(&key).is_some() => (
            format!("the pods are there before the collector {} is", key.name),
            None,
        ),
        // KServe's Deployment names a collector that is only made with metricNames; O405 says so.
        Choice::Missing(key) if key.name == workload.name && of_kserve(workload, world) => {
            return None;
        }
        Choice::Missing(key) => (
            format!(
                "the pods ask for a sidecar of the collector {}/{}, which does not exist",
                key.namespace, key.name
            ),
            None,
        ),
        Choice::NoSidecar(key) => (
            format!("the collector {} is not in mode sidecar", key.name),
            Some("the OpenTelemetry Collector's mode is not set to sidecar"),
        ),
        Choice::NoneAvailable => (
            "the pods ask for any sidecar, and the namespace has no collector in mode sidecar"
                .to_owned(),
            Some("no OpenTelemetry Collector instances available"),
        ),
        Choice::Several(keys) => {
            let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            (
                format!(
                    "the pods ask for any sidecar, and there are several collectors: {}",
                    names.join(", ")
                ),
                Some(
                    "multiple OpenTelemetry Collector instances available, cannot determine which one to select",
                ),
            )
        }
        Choice::None | Choice::Unwanted | Choice::Present | Choice::Collector(_) => return None,
    };
    let path = FieldPath::parse("spec.template.metadata.annotations").key(sidecar::INJECT);
    let annotated = pod
        .metadata
        .annotations
        .as_ref()
        .is_some_and(|map| map.contains_key(sidecar::INJECT));
    let place = if annotated {
        Place::field(workload.clone(), path)
    } else {
        Place::field(workload.clone(), FieldPath::parse("spec.template"))
    };
    let finding = Finding::new(&O415, place, message)
        .consequence("the pods start without a sidecar, and nothing but the operator's log says so; no metric of theirs arrives")
        .help("apply a collector of that name in mode sidecar before the pods are made; running pods never get one");
    Some(match refusal {
        Some(text) => finding.refusal(format!("{LOG}: {text}")),
        None => finding,
    })
}

fn of_kserve(workload: &ObjectKey, world: &World) -> bool {
    world.object(workload).is_some_and(|object| {
        object
            .metadata()
            .owner_references
            .iter()
            .flatten()
            .any(|owner| owner.kind == Kind::InferenceService.as_str())
    })
}
