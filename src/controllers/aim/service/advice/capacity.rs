//! More GPUs than the given Nodes offer (L502).

use k8s_openapi::api::core::v1::Node;

use super::super::observe::Observation;
use super::super::resources;
use super::field;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, ObjectKey, gpu_of_labels};
use crate::kube::gpu_model;
use crate::kube::quantity::Quantity;
use crate::rules;

/// The most replicas that the service may have, times its GPUs, against the Nodes of the input.
pub(super) fn not_enough_gpus(seen: &Observation<'_>) -> Option<Finding> {
    let template = seen
        .found_template()
        .filter(|template| template.is_ready())?;
    let gpu = template.status?.resolved_hardware.as_ref()?.gpu.as_ref()?;
    let resource = gpu
        .resource_name
        .as_deref()
        .filter(|name| !name.is_empty())
        .unwrap_or("amd.com/gpu");
    let wanted = resources::of(&template, seen.spec.resources.as_ref()).requests?;
    let each = whole(&wanted.get(resource)?.0).filter(|each| *each > 0)?;
    let (name, replicas) = most_replicas(seen);
    let needed = i64::from(replicas).checked_mul(each)?;
    let model = gpu
        .model
        .as_deref()
        .filter(|model| !model.trim().is_empty());
    // A GPU that a flag adds comes without a number.
    if seen
        .world
        .facts()
        .gpus
        .as_ref()
        .is_some_and(|gpus| !gpus.is_empty())
    {
        return None;
    }
    let offers: Vec<(&Node, i64)> = seen
        .world
        .list::<Node>("")
        .filter(|node| model.is_none_or(|model| carries(node, model)))
        .map(|node| Some((node, offer(node, resource)?)))
        .collect::<Option<_>>()?;
    let offered: i64 = offers.iter().map(|(_, offer)| offer).sum();
    if offers.is_empty() || needed <= offered {
        return None;
    }
    let gpus = model.map_or_else(|| "GPUs".to_owned(), |model| format!("{model} GPUs"));
    let most = offered / each;
    let message = format!(
        "{name}: {replicas} needs {needed} {gpus} ({each} for each replica), and the nodes offer {offered}"
    );
    let mut finding = Finding::new(&rules::L502, field(seen, &format!("spec.{name}")), message)
        .consequence(format!(
            "{most} of the replicas fit at most; the pods beyond stay Pending"
        ))
        .help(format!("write {name}: {most}, or add nodes"));
    for (node, offer) in offers.iter().take(3) {
        let name = node.metadata.name.as_deref().unwrap_or_default();
        let place = Place::field(
            ObjectKey::new(Kind::Node, "", name),
            FieldPath::parse("status"),
        );
        finding = finding.related(place, format!("{offer} here"));
    }
    Some(finding)
}

/// The field that bounds the replicas from above, and its value.
fn most_replicas(seen: &Observation<'_>) -> (&'static str, i32) {
    let spec = seen.spec;
    match (spec.max_replicas, spec.min_replicas) {
        (Some(max), _) => ("maxReplicas", max),
        (None, Some(min)) => ("minReplicas", min),
        (None, None) if seen.is_autoscaled() => ("autoScaling", 1),
        (None, None) => ("replicas", spec.replicas.unwrap_or(1)),
    }
}

fn carries(node: &Node, model: &str) -> bool {
    let labels = node.metadata.labels.as_ref();
    labels
        .and_then(gpu_of_labels)
        .is_some_and(|found| found == gpu_model::normalize(model))
}

/// How much of a resource a Node says that it has: what pods may use, else everything.
fn offer(node: &Node, resource: &str) -> Option<i64> {
    let status = node.status.as_ref()?;
    let list = status.allocatable.as_ref().or(status.capacity.as_ref())?;
    list.get(resource)
        .map_or(Some(0), |quantity| whole(&quantity.0))
}

fn whole(quantity: &str) -> Option<i64> {
    Some(Quantity::parse(quantity).ok()?.value())
}
