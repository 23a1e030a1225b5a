//! KEDA 2.18.1's validating webhook `vscaledobject.kb.io` (spec 4.1, "At the door").

use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::PodSpec;

use crate::api::keda::{ScaledObject, ScaledObjectSpec, Trigger};
use crate::controllers::keda::{ScaleTargetKind, advise, checks};
use crate::diag::{FieldPath, Refusal, Refuser};
use crate::inventory::{Index, World};
use crate::rules::{D303, D304, D307, D308, Rule, S008};

/// Annotation on an HPA that makes KEDA pass it over.
const HPA_OWNERSHIP: &str = "validations.keda.sh/hpa-ownership";
/// Annotation on a ScaledObject that takes over the HPA that it names.
const TRANSFER_OWNERSHIP: &str = "scaledobject.keda.sh/transfer-hpa-ownership";

/// What the webhook says to a create (`old` is `None`) or an update.
///
/// KEDA runs its checks in random order, the triggers last; here in a fixed one.
pub(super) fn check(
    object: &ScaledObject,
    old: Option<&ScaledObject>,
    world: &World,
) -> Result<(), Box<Refusal>> {
    let Some(spec) = &object.spec else {
        return Ok(());
    };
    check_numbers(spec)?;
    // KEDA's own updates (finalizer, label) follow the creation at once; an HPA or ScaledObject that a document brings
    // afterwards is not noticed (spec 4.1).
    let untouched = old.is_some_and(|old| {
        checks::same_spec(old, object) && old.metadata.annotations == object.metadata.annotations
    });
    if !untouched {
        check_resource_triggers(object, spec, world)?;
        check_scaled_objects(object, spec, world)?;
        check_hpas(object, spec, world)?;
        fault(checks::fallback(spec))?;
    }
    fault(checks::triggers(
        spec.triggers.as_deref().unwrap_or_default(),
    ))
}

fn refusal(rule: &'static Rule, field: &str, text: &str) -> Box<Refusal> {
    let message = format!("admission webhook \"vscaledobject.kb.io\" denied the request: {text}");
    let refusal = Refusal {
        refuser: Refuser::Keda,
        ..Refusal::new(rule, 403, "Forbidden", message)
    };
    Box::new(advise(refusal.at(&FieldPath::parse(field)).summary(text)))
}

fn fault(fault: Option<checks::Fault>) -> Result<(), Box<Refusal>> {
    match fault {
        Some(fault) => Err(refusal(fault.rule, &fault.path.to_string(), &fault.text)),
        None => Ok(()),
    }
}

/// The webhook decodes into Go types, so a count beyond int32 ends it.
fn check_numbers(spec: &ScaledObjectSpec) -> Result<(), Box<Refusal>> {
    for (name, number) in [
        ("cooldownPeriod", spec.cooldown_period),
        ("idleReplicaCount", spec.idle_replica_count),
        ("initialCooldownPeriod", spec.initial_cooldown_period),
        ("maxReplicaCount", spec.max_replica_count),
        ("minReplicaCount", spec.min_replica_count),
        ("pollingInterval", spec.polling_interval),
    ] {
        if let Some(number) = number.filter(|number| i32::try_from(*number).is_err()) {
            let text = format!(
                "json: cannot unmarshal number {number} into Go struct field ScaledObjectSpec.spec.{name} of type int32"
            );
            let mut refusal = refusal(&S008, &format!("spec.{name}"), &text);
            (refusal.code, refusal.reason) = (400, "BadRequest");
            return Err(refusal);
        }
    }
    Ok(())
}

fn target_kind(spec: &ScaledObjectSpec) -> Result<ScaleTargetKind, Box<Refusal>> {
    ScaleTargetKind::of(&spec.scale_target_ref)
        .map_err(|text| refusal(&D308, "spec.scaleTargetRef.kind", &text))
}

/// A trigger on CPU or memory needs requests, and another trigger beside it to scale to zero.
fn check_resource_triggers(
    object: &ScaledObject,
    spec: &ScaledObjectSpec,
    world: &World,
) -> Result<(), Box<Refusal>> {
    let is_resource = |trigger: &Trigger| matches!(trigger.type_.as_str(), "cpu" | "memory");
    let triggers = spec.triggers.as_deref().unwrap_or_default();
    for (index, trigger) in triggers.iter().enumerate().filter(|(_, t)| is_resource(t)) {
        let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
        let kind = target_kind(spec)?;
        let Some(pod) = kind.pod_spec(world, namespace, &spec.scale_target_ref.name) else {
            if !kind.has_known_pods() {
                return Ok(());
            }
            let text = kind.not_found(&spec.scale_target_ref.name);
            return Err(refusal(&D308, "spec.scaleTargetRef.name", &text));
        };
        let field = format!("spec.triggers[{index}]");
        if let Some(container) = without_resource(pod, trigger) {
            let resource = &trigger.type_;
            let text = format!(
                "the scaledobject has a {resource} trigger but the container {container} doesn't have the {resource} request defined"
            );
            return Err(refusal(&D307, &field, &text));
        }
        if triggers.iter().all(is_resource) && spec.min_replica_count.unwrap_or(0) == 0 {
            return Err(refusal(
                &D303,
                "spec.minReplicaCount",
                "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)",
            ));
        }
    }
    Ok(())
}

/// The first container that a resource trigger looks at and that asks for none of the resource.
fn without_resource<'a>(pod: &'a PodSpec, trigger: &Trigger) -> Option<&'a str> {
    let only = trigger
        .metadata
        .get("containerName")
        .filter(|name| !name.is_empty());
    let container = pod.containers.iter().find(|container| {
        let resources = container.resources.as_ref();
        let has = |map: Option<&BTreeMap<String, _>>| {
            map.is_some_and(|map| map.contains_key(&trigger.type_))
        };
        only.is_none_or(|only| *only == container.name)
            && !has(resources.and_then(|r| r.requests.as_ref()))
            && !has(resources.and_then(|r| r.limits.as_ref()))
    });
    container.map(|container| container.name.as_str())
}

fn check_scaled_objects(
    object: &ScaledObject,
    spec: &ScaledObjectSpec,
    world: &World,
) -> Result<(), Box<Refusal>> {
    let kind = target_kind(spec)?;
    let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
    let rivals = [
        (Index::ScaleTarget, spec.scale_target_ref.name.as_str()),
        (Index::ScalerName, &checks::hpa_name(object)),
    ];
    let rivals: BTreeMap<Option<&str>, &ScaledObject> = rivals
        .into_iter()
        .flat_map(|(index, value)| world.by_index::<ScaledObject>(namespace, index, value))
        .map(|other| (other.metadata.name.as_deref(), other))
        .collect();
    for other in rivals.into_values() {
        let (Some(other_spec), Some(other_name)) = (&other.spec, &other.metadata.name) else {
            continue;
        };
        if object.metadata.name.as_ref() == Some(other_name) {
            continue;
        }
        if ScaleTargetKind::of(&other_spec.scale_target_ref).as_ref() == Ok(&kind)
            && other_spec.scale_target_ref.name == spec.scale_target_ref.name
        {
            let text = format!(
                "the workload '{}' of type '{kind}' is already managed by the ScaledObject '{other_name}'",
                spec.scale_target_ref.name
            );
            return Err(refusal(&D304, "spec.scaleTargetRef.name", &text));
        }
        if checks::hpa_name(other) == checks::hpa_name(object) {
            let given = checks::given_hpa_name(other_spec).unwrap_or_default();
            let text =
                format!("the HPA '{given}' is already managed by the ScaledObject '{other_name}'");
            return Err(refusal(
                &D304,
                "spec.advanced.horizontalPodAutoscalerConfig.name",
                &text,
            ));
        }
    }
    Ok(())
}

fn check_hpas(
    object: &ScaledObject,
    spec: &ScaledObjectSpec,
    world: &World,
) -> Result<(), Box<Refusal>> {
    let kind = target_kind(spec)?;
    let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
    let annotation = |annotations: &Option<BTreeMap<String, String>>, key: &str, value: &str| {
        annotations
            .as_ref()
            .and_then(|map| map.get(key))
            .map(String::as_str)
            == Some(value)
    };
    let target = &spec.scale_target_ref.name;
    for hpa in world.by_index::<HorizontalPodAutoscaler>(namespace, Index::ScaleTarget, target) {
        let (Some(hpa_spec), Some(hpa_name)) = (&hpa.spec, &hpa.metadata.name) else {
            continue;
        };
        let scaled = &hpa_spec.scale_target_ref;
        let same = kind.is(scaled.api_version.as_deref(), &scaled.kind)
            && scaled.name == spec.scale_target_ref.name;
        let owned = hpa.metadata.owner_references.iter().flatten().any(|owner| {
            owner.kind == "ScaledObject" && Some(&owner.name) == object.metadata.name.as_ref()
        });
        let transferred = annotation(&object.metadata.annotations, TRANSFER_OWNERSHIP, "true")
            && checks::given_hpa_name(spec) == Some(hpa_name);
        if annotation(&hpa.metadata.annotations, HPA_OWNERSHIP, "false")
            || !same
            || owned
            || transferred
        {
            continue;
        }
        let text = format!(
            "the workload '{}' of type '{kind}' is already managed by the hpa '{hpa_name}'",
            spec.scale_target_ref.name
        );
        return Err(refusal(&D304, "spec.scaleTargetRef.name", &text));
    }
    Ok(())
}
