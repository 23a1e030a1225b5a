//! Objects without what only a cluster writes, so that a fresh dump of what was rendered shows no difference.

use serde_json::{Map, Value};

use crate::inventory::Kind;
use crate::kube::duration::GoDuration;
use crate::kube::quantity;

/// Annotations that controllers of the cluster keep for themselves.
const CLUSTER_ANNOTATIONS: [&str; 3] = [
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
    "config.kubernetes.io/local-config",
];

/// The object as it is compared: no status, no assigned values, no UIDs.
#[must_use]
pub fn normal(kind: Kind, mut value: Value) -> Value {
    let Some(object) = value.as_object_mut() else {
        return value;
    };
    object.remove("status");
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        normal_metadata(metadata);
    }
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        normal_spec(kind, spec);
    }
    sort_devices(&mut value);
    canonical(&mut value);
    value
}

/// A controller in Go that updates an object writes its quantities and durations in their canonical form.
fn canonical(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (field, value) in map {
                match (field.as_str(), value) {
                    ("limits" | "requests", Value::Object(amounts)) => {
                        for amount in amounts.values_mut() {
                            let text = match &*amount {
                                Value::String(text) => text.clone(),
                                Value::Number(number) => number.to_string(),
                                _ => continue,
                            };
                            *amount = quantity::canonical(&text).into();
                        }
                    }
                    // The Go type of AIM Engine's timeout writes itself in full.
                    ("requestTimeout", Value::String(text)) => {
                        if let Ok(duration) = GoDuration::parse(text) {
                            *text = duration.to_string();
                        }
                    }
                    (_, value) => canonical(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(canonical),
        _ => {}
    }
}

/// AIM Engine 0.2.1 walks a map for the device ids that a pod may run on, so their order says nothing.
fn sort_devices(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let of_devices = map
                .get("key")
                .and_then(Value::as_str)
                .is_some_and(|key| key.ends_with("gpu.device-id"));
            match map.get_mut("values") {
                Some(Value::Array(values)) if of_devices => {
                    values.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                }
                _ => map.values_mut().for_each(sort_devices),
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sort_devices),
        _ => {}
    }
}

fn normal_metadata(metadata: &mut Map<String, Value>) {
    metadata.retain(|field, _| {
        matches!(
            field.as_str(),
            "name" | "namespace" | "labels" | "annotations" | "ownerReferences"
        )
    });
    for owner in metadata
        .get_mut("ownerReferences")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(owner) = owner.as_object_mut() {
            owner.remove("uid");
        }
    }
    if let Some(annotations) = metadata
        .get_mut("annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.retain(|key, _| {
            !CLUSTER_ANNOTATIONS.contains(&key.as_str()) && !key.starts_with("pv.kubernetes.io/")
        });
    }
    metadata.retain(|_, value| !value.as_object().is_some_and(Map::is_empty));
}

fn normal_spec(kind: Kind, spec: &mut Map<String, Value>) {
    match kind {
        Kind::Service => {
            // `None` is chosen by the writer; every other address is assigned.
            let headless = spec.get("clusterIP").is_some_and(|ip| ip == "None");
            if !headless {
                spec.remove("clusterIP");
                spec.remove("clusterIPs");
            }
            spec.remove("ipFamilies");
            spec.remove("ipFamilyPolicy");
        }
        Kind::PersistentVolumeClaim => {
            spec.remove("volumeName");
        }
        Kind::Job => {
            spec.remove("selector");
            if let Some(labels) = spec
                .get_mut("template")
                .and_then(|template| template.pointer_mut("/metadata/labels"))
                .and_then(Value::as_object_mut)
            {
                labels.retain(|key, _| {
                    !key.ends_with("controller-uid") && !key.ends_with("job-name")
                });
            }
        }
        Kind::Pod => {
            spec.remove("nodeName");
        }
        _ => {}
    }
}
