//! Objects without what only a cluster writes, so that a fresh dump of what was rendered shows no difference.

use serde_json::{Map, Value};

use crate::inventory::Kind;

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
    value
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
