//! What a user should know of an InferenceService that KServe takes, and what a refusal of its child means.

use k8s_openapi::api::core::v1::Service;

use super::component::{APP_LABEL, CLASS, Component};
use super::{collector, is_ours};
use crate::api::kserve::InferenceService;
use crate::controllers::Stop;
use crate::diag::{FieldPath, Finding, Place, Refusal, RefusalCause};
use crate::inventory::{Kind, Object, ObjectKey, World};
use crate::rules::{D301, K204, K208, K209, K211, K214, K215, K216, K217};

/// What is accepted and not what was meant.
pub(super) fn of(isvc: &InferenceService, component: &Component, world: &World) -> Vec<Finding> {
    let meta = &isvc.metadata;
    let key = ObjectKey::new(
        Kind::InferenceService,
        meta.namespace.as_deref().unwrap_or_default(),
        meta.name.as_deref().unwrap_or_default(),
    );
    let mut findings = ignored_targets(component, &key);
    findings.extend(storage_uri(component, &key));
    findings.extend(left_behind(component, &key, world));
    findings.extend(stale_metadata(component, &key, world));
    findings
}

fn metrics_path() -> FieldPath {
    FieldPath::parse("spec.predictor.autoScaling.metrics")
}

/// K204: of a PodMetric's target only `value` counts.
fn ignored_targets(component: &Component, key: &ObjectKey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, source) in component.pod_metrics() {
        let target = &source.target;
        let path = metrics_path().index(index).key("podmetric").key("target");
        let Some(value) = &target.value else { continue };
        let (field, what) = if target.type_ != "Value" {
            ("type", format!("target type {} is ignored", target.type_))
        } else if target.average_value.is_some() {
            ("averageValue", "averageValue is ignored".to_owned())
        } else if target.average_utilization.is_some() {
            (
                "averageUtilization",
                "averageUtilization is ignored".to_owned(),
            )
        } else {
            continue;
        };
        let message = format!(
            "{what}: only `value` counts, and {value} is compared with the average per pod"
        );
        findings.push(
            Finding::new(&K204, Place::field(key.clone(), path.key(field)), message)
                .related(
                    Place::field(key.clone(), path.key("value")),
                    "this is what counts",
                )
                .consequence(format!(
                    "the HPA adds pods while the metric, summed over all pods, is more than {value} a pod"
                ))
                .help("write type Value, and as value the number that one pod should have"),
        );
    }
    findings
}

/// K211: env STORAGE_URI means more to KServe than a variable.
fn storage_uri(component: &Component, key: &ObjectKey) -> Option<Finding> {
    if component.storage_complaint().is_some() {
        return None;
    }
    let path = component.storage_uri_path()?;
    Some(
        Finding::new(
            &K211,
            Place::field(key.clone(), path),
            "env STORAGE_URI is taken as the predictor's storage URI",
        )
        .consequence("KServe's webhook adds a volume and, unless it is a claim, a container that downloads into it, and the server sees another value")
        .help("give the variable another name if the server itself is to read it"),
    )
}

/// K214, K215, K216: objects that KServe made before and does not take away.
fn left_behind(component: &Component, key: &ObjectKey, world: &World) -> Vec<Finding> {
    let child = |kind| {
        let child = ObjectKey::new(kind, &key.namespace, component.name());
        let object = world.object(&child)?;
        is_ours(object, key).then_some(child)
    };
    let scaled = child(Kind::ScaledObject);
    let collector_key = child(Kind::OpenTelemetryCollector);
    let scaling = FieldPath::parse("spec.predictor.autoScaling");
    let at = |path| Place::field(key.clone(), path);
    let mut findings = Vec::new();
    if component.class() != "keda" {
        if scaled.is_some() {
            let class = FieldPath::parse("metadata.annotations").key(CLASS);
            let (name, namespace) = (component.name(), &key.namespace);
            findings.push(
                Finding::new(
                    &K214,
                    at(class),
                    format!("autoscaling is off, but ScaledObject {name}, its HPA and the collector stay"),
                )
                .consequence("KServe sets the Deployment's replicas while the HPA goes on scaling it between its old bounds")
                .help(format!(
                    "delete them by hand: kubectl -n {namespace} delete scaledobject,opentelemetrycollector {name}"
                )),
            );
        }
        return findings;
    }
    if component.metrics().is_empty() && scaled.is_some() {
        findings.push(
            Finding::new(
                &K215,
                at(scaling.clone()),
                "no metric is given any more, but the ScaledObject keeps its old triggers and bounds",
            )
            .consequence("KServe reports InternalError for ever: its new ScaledObject has no triggers")
            .help("give a metric, or switch autoscaling off and delete the ScaledObject by hand"),
        );
    } else if collector::metric_names(component).is_empty() && collector_key.is_some() {
        findings.push(
            Finding::new(
                &K216,
                at(scaling.key("metrics")),
                "no metricNames are given any more, but the collector stays as it was",
            )
            .consequence("the sidecars go on passing the old metrics")
            .help(format!(
                "delete it by hand if that is meant: kubectl -n {} delete opentelemetrycollector {}",
                key.namespace,
                component.name()
            )),
        );
    }
    findings
}

/// K217: labels and annotations never follow into a Service that exists.
fn stale_metadata(component: &Component, key: &ObjectKey, world: &World) -> Option<Finding> {
    let stored = world.get::<Service>(&key.namespace, component.name())?;
    let wanted = &component.meta;
    let (field, changed) = if stored.metadata.labels != wanted.labels {
        ("labels", "labels")
    } else if stored.metadata.annotations != wanted.annotations {
        ("annotations", "annotations")
    } else {
        return None;
    };
    let ours = is_ours(&Object::from(stored.clone()), key);
    ours.then(|| {
        Finding::new(
            &K217,
            Place::field(key.clone(), FieldPath::root().key("metadata").key(field)),
            format!("changed {changed} reach the pods, but not the Service"),
        )
        .consequence("all pods are replaced, one after the other; the Service keeps what it had")
        .help("delete the Service if its metadata matters: KServe makes it anew")
    })
}

/// The refusal of a child with the rule and the advice that fit.
pub(super) fn reworded(stop: &Stop, isvc: &InferenceService) -> Option<Refusal> {
    let refusal = &stop.refusal;
    let name = isvc.metadata.name.as_deref().unwrap_or_default();
    let first = refusal.causes.first();
    match stop.write.as_ref()?.kind {
        Kind::ScaledObject if names_triggers(first) => Some(
            Refusal {
                rule: &D301,
                ..refusal.clone()
            }
            .summary("autoscaling is on, but no metric says what to scale on")
            .related(
                FieldPath::parse("spec.minReplicaCount"),
                "switches autoscaling on",
            )
            .related(
                FieldPath::parse("spec.maxReplicaCount"),
                "but nothing says what to scale on",
            )
            .consequence("no ScaledObject, so no HPA and no sidecar: the service keeps one replica for ever and is reported as Failed")
            .help(METRIC),
        ),
        Kind::Deployment if refusal.rule.code == K208.code => Some(
            Refusal {
                // The API server names the whole set of labels; the one at fault is made of the name.
                causes: vec![RefusalCause {
                    field: format!("metadata.labels.{APP_LABEL}"),
                    ..first?.clone()
                }],
                ..refusal.clone()
            }
                .summary(format!(
                    "the InferenceService's name `{name}` has {} characters; KServe's label `isvc.{name}-predictor` leaves room for 48",
                    name.len()
                ))
                .consequence(NOTHING_MADE)
                .help("choose a shorter name; AIM Engine allows more than KServe in namespaces of one to three characters"),
        ),
        Kind::Deployment if refusal.rule.code == K209.code => {
            let cause = first?;
            Some(
                named_resource(refusal.clone(), cause)
                    .summary(format!("the Deployment is refused: {}", cause.message))
                    .consequence(NOTHING_MADE)
                    .help(advice(&cause.message, &cause.field)),
            )
        }
        _ => None,
    }
}

/// The API server names the map of requests; which of them is over its limit stands in its words.
fn named_resource(refusal: Refusal, cause: &RefusalCause) -> Refusal {
    let name = cause
        .message
        .split_once("must be less than or equal to ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .filter(|_| cause.field.ends_with(".requests"));
    match name {
        Some(name) => Refusal {
            causes: vec![RefusalCause {
                field: FieldPath::parse(&cause.field).key(name).to_string(),
                ..cause.clone()
            }],
            ..refusal
        },
        None => refusal,
    }
}

const NOTHING_MADE: &str =
    "KServe makes no Deployment and tries again for ever; the service never runs";

const METRIC: &str = "add a metric:\n  autoScaling:\n    metrics:\n      - type: PodMetric\n        podmetric:\n          metric: {metricNames: [\"vllm:num_requests_running\"], query: \"vllm:num_requests_running\"}\n          target: {type: Value, value: \"10\"}";

fn names_triggers(cause: Option<&RefusalCause>) -> bool {
    cause.is_some_and(|cause| cause.field == "spec.triggers")
}

/// What to write instead, by the API server's words.
fn advice(message: &str, field: &str) -> &'static str {
    const BY_WORDS: [(&str, &str); 9] = [
        (
            "must be equal to",
            "give request and limit of a device the same number",
        ),
        (
            "must be less than or equal to",
            "raise the limit, or lower the request",
        ),
        (
            "Limit must be set",
            "give a device's limit, equal to its request",
        ),
        ("must be an integer", "devices are counted in whole numbers"),
        (
            "must be a standard resource",
            "write the resource's full name, such as amd.com/gpu",
        ),
        ("must be greater than or equal to 0", "write 0 or more"),
        (
            "may not be specified when `value`",
            "keep either value or valueFrom",
        ),
        (
            "must specify one of",
            "say where the value comes from, or give a value",
        ),
        (
            "environment variable name",
            "use letters, digits and `_` in the variable's name",
        ),
    ];
    BY_WORDS
        .iter()
        .find(|(words, _)| message.contains(words))
        .map_or_else(
            || {
                if field.ends_with(".image") {
                    "give the image of the model server"
                } else if field.ends_with("serviceAccountName") {
                    "write the name of a ServiceAccount"
                } else {
                    "change the field that the API server names"
                }
            },
            |(_, help)| help,
        )
}
