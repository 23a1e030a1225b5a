//! The doors that a collector passes (operator 0.140.0, spec 5.1): the operator's defaulting webhook, the CRD's rules,
//! the operator's validating webhook.

mod v1alpha1;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Map, Value};

pub use v1alpha1::upgrade;

use super::{names, structure};
use crate::api::otel::{CollectorSpec, Components, OpenTelemetryCollector};
use crate::controllers::otel::components::{self, Of};
use crate::controllers::otel::{port_name, telemetry};
use crate::diag::{FieldError, FieldPath, Refusal, Refuser, field};
use crate::inventory::Kind;
use crate::kube::quantity;
use crate::rules::O414;

const DEFAULTING: &str = "mopentelemetrycollectorbeta.kb.io";
const VALIDATING: &str = "vopentelemetrycollectorcreateupdatebeta.kb.io";

/// The collector as stored.
///
/// # Errors
/// The refusal of the first door that says no.
pub(super) fn admit(
    mut object: OpenTelemetryCollector,
    old: Option<&OpenTelemetryCollector>,
) -> Result<OpenTelemetryCollector, Box<Refusal>> {
    if let Some(spec) = &mut object.spec {
        default(spec).map_err(|text| denied(DEFAULTING, "spec.config", &text))?;
    }
    let mut object = structure::conform(Kind::OpenTelemetryCollector, object)?;
    let Some(spec) = &mut object.spec else {
        return Ok(object);
    };
    canonical(spec);
    if let Some(pipelines) = &mut spec.config.service.pipelines {
        // A null pipeline is dropped when the object is stored.
        pipelines.retain(|_, pipeline| pipeline.is_some());
    }
    let name = object.metadata.name.as_deref().unwrap_or_default();
    if let Some(refusal) = field::refusal(Kind::OpenTelemetryCollector, name, &broken_rules(spec)) {
        return Err(Box::new(refusal));
    }
    let old_mode = old.and_then(|old| old.spec.as_ref()?.mode.as_deref());
    if let Some(old_mode) = old_mode.filter(|old| spec.mode.as_deref() != Some(old)) {
        let text = format!(
            "the OpenTelemetry Collector mode is set to {old_mode}, which does not support modification"
        );
        return Err(denied(VALIDATING, "spec.mode", &text));
    }
    validate(spec).map_err(|(field, text)| denied(VALIDATING, field, &text))?;
    Ok(object)
}

/// What the operator's defaulting webhook makes of a document before its schema is looked at.
///
/// # Errors
/// The webhook cannot decode it.
pub(super) fn through_webhook(document: Value) -> Result<Value, Box<Refusal>> {
    let kind = match document.pointer("/spec/config") {
        None | Some(Value::Null | Value::Object(_)) => None,
        Some(Value::String(_)) => Some("string"),
        Some(Value::Number(_)) => Some("number"),
        Some(Value::Bool(_)) => Some("bool"),
        Some(Value::Array(_)) => Some("array"),
    };
    if let Some(kind) = kind {
        let text = format!(
            "json: cannot unmarshal {kind} into Go struct field OpenTelemetryCollectorSpec.spec.config of type v1beta1.Config"
        );
        let mut refusal = denied(DEFAULTING, "spec.config", &text);
        (refusal.code, refusal.reason) = (400, "BadRequest");
        return Err(refusal);
    }
    let Ok(mut object) = serde_json::from_value::<OpenTelemetryCollector>(document.clone()) else {
        // A wrong type elsewhere: the schema names it better.
        return Ok(document);
    };
    if let Some(spec) = &mut object.spec {
        default(spec).map_err(|text| denied(DEFAULTING, "spec.config", &text))?;
    }
    let mut document = document;
    if let (Some(map), Ok(spec)) = (document.as_object_mut(), serde_json::to_value(&object.spec)) {
        map.insert("spec".to_owned(), spec);
    }
    Ok(document)
}

fn denied(webhook: &str, field: &str, text: &str) -> Box<Refusal> {
    let message = format!("admission webhook \"{webhook}\" denied the request: {text}");
    Box::new(Refusal {
        refuser: Refuser::OtelOperator,
        ..Refusal::new(&O414, 403, "Forbidden", message).at(&FieldPath::parse(field))
    })
}

/// The operator's defaults. Empty texts are what a writer built against an older type sends for absent ones.
fn default(spec: &mut CollectorSpec) -> Result<(), String> {
    fill(&mut spec.mode, "deployment");
    fill(&mut spec.upgrade_strategy, "automatic");
    fill(&mut spec.management_state, "managed");
    spec.replicas.get_or_insert(1);
    if spec.target_allocator.enabled == Some(true) {
        spec.target_allocator.replicas.get_or_insert(1);
    }
    if let Some(autoscaler) = &mut spec.autoscaler
        && autoscaler.max_replicas.is_some()
    {
        autoscaler.min_replicas = autoscaler.min_replicas.or(spec.replicas);
        if autoscaler.target_memory_utilization.is_none() {
            autoscaler.target_cpu_utilization.get_or_insert(90);
        }
    }
    match spec.ingress.type_.as_deref() {
        Some("route") => fill(&mut spec.ingress.route.termination, "edge"),
        Some("ingress") => fill(&mut spec.ingress.rule_type, "path"),
        _ => {}
    }
    telemetry::fill_in(&mut spec.config.service);
    components::default_addresses(&mut spec.config)?;
    omit_empty(spec);
    Ok(())
}

fn fill(field: &mut Option<String>, value: &str) {
    if field.as_deref().unwrap_or_default().is_empty() {
        *field = Some(value.to_owned());
    }
}

/// Empty texts, zeros and `false` that Go's `omitempty` does not write.
fn omit_empty(spec: &mut CollectorSpec) {
    let texts = [
        &mut spec.service_account,
        &mut spec.image,
        &mut spec.image_pull_policy,
        &mut spec.priority_class_name,
        &mut spec.service_name,
        &mut spec.ingress.type_,
        &mut spec.ingress.rule_type,
        &mut spec.ingress.hostname,
        &mut spec.ingress.route.termination,
    ];
    for text in texts {
        *text = text.take().filter(|text| !text.is_empty());
    }
    for flag in [
        &mut spec.host_network,
        &mut spec.share_process_namespace,
        &mut spec.target_allocator.enabled,
        &mut spec.observability.metrics.enable_metrics,
        &mut spec.observability.metrics.disable_prometheus_annotations,
    ] {
        *flag = flag.take().filter(|flag| *flag);
    }
    spec.config_versions = spec.config_versions.filter(|versions| *versions != 0);
    for port in spec.ports.iter_mut().flatten() {
        // A plain struct in Go: it goes out even when it holds nothing.
        port.target_port.get_or_insert(IntOrString::Int(0));
    }
}

/// Quantities in Kubernetes' own form, as every Go program writes them.
fn canonical(spec: &mut CollectorSpec) {
    let resources: [&mut ResourceRequirements; 2] =
        [&mut spec.resources, &mut spec.target_allocator.resources];
    for resources in resources {
        for map in [&mut resources.limits, &mut resources.requests] {
            for Quantity(text) in map.iter_mut().flat_map(|map| map.values_mut()) {
                *text = quantity::canonical(text);
            }
            *map = map.take().filter(|map| !map.is_empty());
        }
    }
}

/// The CRD's CEL rules: what a sidecar cannot have.
fn broken_rules(spec: &CollectorSpec) -> Vec<FieldError> {
    if spec.mode.as_deref() != Some("sidecar") {
        return Vec::new();
    }
    let filled = |length: Option<usize>| length.is_some_and(|length| length > 0);
    [
        (
            "tolerations",
            filled(spec.tolerations.as_ref().map(Vec::len)),
        ),
        ("priorityClassName", spec.priority_class_name.is_some()),
        ("affinity", spec.affinity.is_some()),
        (
            "additionalContainers",
            filled(spec.additional_containers.as_ref().map(Vec::len)),
        ),
    ]
    .into_iter()
    .filter(|(_, broken)| *broken)
    .map(|(attribute, _)| {
        let text = unsupported("sidecar", &format!("the attribute '{attribute}'"));
        FieldError::invalid_text(&O414, &FieldPath::parse("spec"), "object", &text)
    })
    .collect()
}

fn unsupported(mode: &str, what: &str) -> String {
    format!("the OpenTelemetry Collector mode is set to {mode}, which does not support {what}")
}

/// The validating webhook's checks, in its order: the field, and its text.
fn validate(spec: &CollectorSpec) -> Result<(), (&'static str, String)> {
    let mode = spec.mode.as_deref().unwrap_or_default();
    let no = |field: &'static str, attribute: &str| {
        Err((
            field,
            unsupported(mode, &format!("the attribute '{attribute}'")),
        ))
    };
    if mode != "statefulset" {
        if spec
            .volume_claim_templates
            .as_ref()
            .is_some_and(|list| !list.is_empty())
        {
            return no("spec.volumeClaimTemplates", "volumeClaimTemplates");
        }
        if spec.persistent_volume_claim_retention_policy.is_some() {
            return no(
                "spec.persistentVolumeClaimRetentionPolicy",
                "persistentVolumeClaimRetentionPolicy",
            );
        }
    }
    if spec.target_allocator.enabled == Some(true) && !matches!(mode, "statefulset" | "daemonset") {
        return Err((
            "spec.targetAllocator.enabled",
            unsupported(mode, "the target allocation deployment"),
        ));
    }
    validate_ports(spec)?;
    if spec.ingress.type_.as_deref() == Some("ingress") && mode == "sidecar" {
        return Err((
            "spec.ingress.type",
            "the OpenTelemetry Spec Ingress configuration is incorrect. Ingress can only be used in combination with the modes: deployment, daemonset, statefulset".to_owned(),
        ));
    }
    if spec.ingress.rule_type.as_deref() == Some("subdomain")
        && matches!(spec.ingress.hostname.as_deref(), None | Some("*"))
    {
        return Err((
            "spec.ingress.hostname",
            "a valid Ingress hostname has to be defined for subdomain ruleType".to_owned(),
        ));
    }
    let given = |type_: &Option<String>| type_.as_deref().is_some_and(|text| !text.is_empty());
    if mode != "daemonset" && given(&spec.daemon_set_update_strategy.type_) {
        return no("spec.daemonSetUpdateStrategy.type", "updateStrategy");
    }
    if mode != "deployment" && given(&spec.deployment_update_strategy.type_) {
        return no(
            "spec.deploymentUpdateStrategy.type",
            "deploymentUpdateStrategy",
        );
    }
    Ok(())
}

fn validate_ports(spec: &CollectorSpec) -> Result<(), (&'static str, String)> {
    for port in spec.ports.iter().flatten() {
        let name = port.name.as_deref().unwrap_or_default();
        let errors = (names::port_name(name), names::port_number(port.port));
        if let (Some(name_errors), Some(number_errors)) = bracketed(&errors) {
            return Err((
                "spec.ports",
                format!(
                    "the OpenTelemetry Spec Ports configuration is incorrect, port name '{name}' errors: {name_errors}, num '{}' errors: {number_errors}",
                    port.port
                ),
            ));
        }
    }
    let ports = components::ports(&spec.config, Of::All).map_err(|text| {
        (
            "spec.config",
            format!("the OpenTelemetry config is incorrect. The port numbers are invalid: {text}"),
        )
    })?;
    for port in ports {
        let errors = (
            names::port_name(&port_name(&port.name)),
            names::port_number(port.number),
        );
        if let (Some(name_errors), Some(number_errors)) = bracketed(&errors) {
            return Err((
                "spec.config",
                format!(
                    "the OpenTelemetry config is incorrect. The port name '{}' errors: {name_errors}, num '{}' errors: {number_errors}",
                    port.name, port.number
                ),
            ));
        }
    }
    Ok(())
}

/// Both lists as Go prints them, when one of them has something.
fn bracketed((names, numbers): &(Vec<String>, Vec<String>)) -> (Option<String>, Option<String>) {
    if names.is_empty() && numbers.is_empty() {
        return (None, None);
    }
    let list = |list: &[String]| Some(format!("[{}]", list.join(" ")));
    (list(names), list(numbers))
}

/// The keys of the configuration that hold null, as the operator's warning lists them.
#[must_use]
pub fn null_objects(spec: &CollectorSpec) -> Vec<String> {
    let config = &spec.config;
    let mut keys = Vec::new();
    for (prefix, components) in [
        ("receivers", config.receivers.as_ref()),
        ("exporters", config.exporters.as_ref()),
        ("processors", config.processors.as_ref()),
        ("extensions", config.extensions.as_ref()),
        ("connectors", config.connectors.as_ref()),
    ] {
        let map: Map<String, Value> = components
            .cloned()
            .unwrap_or_else(Components::new)
            .into_iter()
            .collect();
        collect_nulls(prefix, &map, &mut keys);
    }
    keys.sort();
    keys
}

fn collect_nulls(prefix: &str, map: &Map<String, Value>, keys: &mut Vec<String>) {
    for (key, value) in map {
        let path = format!("{prefix}.{key}");
        match value {
            Value::Null => keys.push(format!("{path}:")),
            Value::Object(map) => collect_nulls(&path, map, keys),
            _ => {}
        }
    }
}
