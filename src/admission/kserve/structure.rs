//! The CRD of InferenceServices: enumerations and list-maps, and what server-side apply says of the latter
//! (KServe 0.16.0, `serving.kserve.io_inferenceservices.yaml`; spec 3.1.1).

use std::collections::HashSet;
use std::fmt::Write as _;

use k8s_openapi::api::core::v1::Container;
use serde_json::{Value, json};

use crate::admission::{metadata, names};
use crate::api::kserve::{InferenceService, MetricTarget, MetricsSpec, Predictor};
use crate::diag::field::go_value;
use crate::diag::{FieldError, FieldPath, Refusal, RefusalCause, field};
use crate::inventory::Kind;
use crate::rules::{A061, K202, K203, K212, K218, Rule};

/// An entry of a list-map that has the key of an earlier one.
struct Twice {
    /// The list.
    list: FieldPath,
    /// Position of the later entry.
    index: usize,
    /// The keys with their values, in the CRD's order.
    key: Vec<(&'static str, Value)>,
    rule: &'static Rule,
}

fn twice(predictor: &Predictor) -> Vec<Twice> {
    let path = FieldPath::parse("spec.predictor");
    let lists = [
        ("containers", Some(&predictor.pod.containers)),
        ("initContainers", predictor.pod.init_containers.as_ref()),
    ];
    let mut found = Vec::new();
    for (list, containers) in lists {
        for (index, container) in containers.into_iter().flatten().enumerate() {
            twice_in(container, &path.key(list).index(index), &mut found);
        }
    }
    found
}

fn twice_in(container: &Container, path: &FieldPath, found: &mut Vec<Twice>) {
    let mut look = |key: &str, entries: Vec<Vec<(&'static str, Value)>>, rule: &'static Rule| {
        let mut seen = HashSet::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            if !seen.insert(entry) {
                found.push(Twice {
                    list: path.key(key),
                    index,
                    key: entry.clone(),
                    rule,
                });
            }
        }
    };
    let variables = container.env.iter().flatten();
    let names = variables.map(|v| vec![("name", json!(v.name))]);
    look("env", names.collect(), &A061);
    let ports = container.ports.iter().flatten().map(|port| {
        let protocol = port.protocol.as_deref().unwrap_or("TCP");
        vec![
            ("containerPort", json!(port.container_port)),
            ("protocol", json!(protocol)),
        ]
    });
    look("ports", ports.collect(), &A061);
    let devices = container.volume_devices.iter().flatten();
    let paths = devices.map(|d| vec![("devicePath", json!(d.device_path))]);
    look("volumeDevices", paths.collect(), &A061);
    let mounts = container.volume_mounts.iter().flatten();
    let paths = mounts.map(|m| vec![("mountPath", json!(m.mount_path))]);
    look("volumeMounts", paths.collect(), &K212);
}

/// Whether server-side apply can merge the object.
///
/// # Errors
/// A list-map holds a key twice: HTTP 500.
pub(super) fn merge(isvc: &InferenceService) -> Result<(), Box<Refusal>> {
    let Some(spec) = &isvc.spec else {
        return Ok(());
    };
    let found = twice(&spec.predictor);
    let Some(first) = found.first() else {
        return Ok(());
    };
    let mut texts: Vec<String> = Vec::new();
    for entry in &found {
        let key: Vec<String> = entry
            .key
            .iter()
            .map(|(name, value)| format!("{name}={}", go_value(value)))
            .collect();
        let text = format!(
            ".{}: duplicate entries for key [{}]",
            field::dotted(&entry.list),
            key.join(",")
        );
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let list = match texts.as_slice() {
        [one] => one.clone(),
        many => many.iter().fold("errors:".to_owned(), |mut out, text| {
            let _ = write!(out, "\n  {text}");
            out
        }),
    };
    let meta = &isvc.metadata;
    let message = format!(
        "failed to create typed patch object ({}/{}; serving.kserve.io/v1beta1, Kind=InferenceService): {list}",
        meta.namespace.as_deref().unwrap_or_default(),
        meta.name.as_deref().unwrap_or_default(),
    );
    let mut refusal = Refusal::new(first.rule, 500, "", message);
    refusal.refuser = crate::diag::Refuser::KubeApiserver;
    refusal.causes = found
        .iter()
        .map(|entry| RefusalCause {
            field: entry.list.index(entry.index).to_string(),
            reason: "",
            message: "duplicate entries".to_owned(),
        })
        .collect();
    Err(Box::new(refusal))
}

/// Whether the CRD takes the object.
///
/// # Errors
/// All that it does not take, as one 422.
pub(super) fn check(isvc: &InferenceService) -> Result<(), Box<Refusal>> {
    let mut errors = metadata::validate(
        &isvc.metadata,
        names::dns1123_subdomain,
        &FieldPath::root().key("metadata"),
    );
    if let Some(spec) = &isvc.spec {
        let predictor = &spec.predictor;
        let path = FieldPath::parse("spec.predictor");
        let metrics = predictor.auto_scaling.iter().flat_map(|a| &a.metrics);
        for (index, spec) in metrics.enumerate() {
            let path = path.key("autoScaling").key("metrics").index(index);
            errors.extend(metric(spec, &path));
        }
        for (key, text, supported) in [
            (
                "scaleMetric",
                &predictor.scale_metric,
                ["cpu", "memory", "concurrency", "rps"].as_slice(),
            ),
            (
                "scaleMetricType",
                &predictor.scale_metric_type,
                &TARGET_TYPES,
            ),
        ] {
            if let Some(text) = text {
                errors.extend(one_of(text, supported, &path.key(key), &K218));
            }
        }
        errors.extend(twice(predictor).into_iter().map(|entry| {
            let key: serde_json::Map<String, Value> = entry
                .key
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            let at = entry.list.index(entry.index);
            FieldError::duplicate(entry.rule, &at, &Value::Object(key))
        }));
    } else {
        let path = FieldPath::root().key("spec").key("predictor");
        errors.push(FieldError::required(&K218, &path, ""));
    }
    let name = isvc.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::InferenceService, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(()),
    }
}

const TARGET_TYPES: [&str; 3] = ["Utilization", "Value", "AverageValue"];

fn one_of(
    text: &str,
    supported: &[&str],
    path: &FieldPath,
    rule: &'static Rule,
) -> Option<FieldError> {
    (!supported.contains(&text))
        .then(|| FieldError::not_supported(rule, path, &json!(text), supported))
}

fn metric(metric: &MetricsSpec, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Some(source) = &metric.external {
        let path = path.key("external");
        let at = path.key("metric").key("backend");
        let known = ["prometheus", "graphite"];
        errors.extend(one_of(&source.metric.backend, &known, &at, &K202));
        errors.extend(target(&source.target, &path));
    }
    if let Some(source) = &metric.podmetric {
        let path = path.key("podmetric");
        let at = path.key("metric").key("backend");
        errors.extend(one_of(
            &source.metric.backend,
            &["opentelemetry"],
            &at,
            &K202,
        ));
        errors.extend(target(&source.target, &path));
    }
    if let Some(source) = &metric.resource {
        let path = path.key("resource");
        let at = path.key("name");
        errors.extend(one_of(&source.name, &["cpu", "memory"], &at, &K202));
        errors.extend(target(&source.target, &path));
    }
    let known = ["Resource", "External", "PodMetric"];
    errors.extend(one_of(&metric.type_, &known, &path.key("type"), &K202));
    errors
}

fn target(target: &MetricTarget, source: &FieldPath) -> Option<FieldError> {
    let at = source.key("target").key("type");
    one_of(&target.type_, &TARGET_TYPES, &at, &K203)
}
