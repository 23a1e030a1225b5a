//! What CRDs say of Kubernetes' own types beyond k8s-openapi: defaults, list keys, quantities.

use k8s_openapi::api::core::v1::{EnvVar, LocalObjectReference, NodeAffinity};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::Quantity;

/// A list of environment variables.
pub(crate) fn env(generator: &mut SchemaGenerator) -> Schema {
    let mut list = Vec::<EnvVar>::json_schema(generator);
    set(
        &mut list,
        "",
        json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}),
    );
    let sources = "/items/properties/valueFrom/properties";
    for name in [
        "configMapKeyRef",
        "fieldRef",
        "fileKeyRef",
        "resourceFieldRef",
        "secretKeyRef",
    ] {
        set(
            &mut list,
            &format!("{sources}/{name}"),
            json!({"x-kubernetes-map-type": "atomic"}),
        );
    }
    for name in ["configMapKeyRef", "secretKeyRef"] {
        set(
            &mut list,
            &format!("{sources}/{name}"),
            json!({"required": ["key"]}),
        );
        set(
            &mut list,
            &format!("{sources}/{name}/properties/name"),
            json!({"default": ""}),
        );
    }
    set(
        &mut list,
        &format!("{sources}/fileKeyRef/properties/optional"),
        json!({"default": false}),
    );
    let divisor = Quantity::json_schema(generator).to_value();
    set(
        &mut list,
        &format!("{sources}/resourceFieldRef/properties/divisor"),
        divisor,
    );
    list
}

/// A list of secrets to pull images with.
pub(crate) fn secrets(generator: &mut SchemaGenerator) -> Schema {
    let mut list = Vec::<LocalObjectReference>::json_schema(generator);
    set(
        &mut list,
        "/items",
        json!({"x-kubernetes-map-type": "atomic", "required": []}),
    );
    set(&mut list, "/items/properties/name", json!({"default": ""}));
    list
}

/// A node affinity, whose lists are never merged.
pub(crate) fn node_affinity(generator: &mut SchemaGenerator) -> Schema {
    let mut affinity = NodeAffinity::json_schema(generator);
    if let Some(affinity) = affinity.as_object_mut() {
        affinity.values_mut().for_each(atomic_lists);
    }
    for selector in [
        "preferredDuringSchedulingIgnoredDuringExecution/items/properties/preference",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "requiredDuringSchedulingIgnoredDuringExecution/properties/nodeSelectorTerms/items",
    ] {
        set(
            &mut affinity,
            &format!("/properties/{selector}"),
            json!({"x-kubernetes-map-type": "atomic"}),
        );
    }
    affinity
}

fn atomic_lists(schema: &mut Value) {
    if let Value::Object(map) = schema {
        if map.get("type").and_then(Value::as_str) == Some("array") {
            map.insert("x-kubernetes-list-type".to_owned(), json!("atomic"));
        }
        map.values_mut().for_each(atomic_lists);
    }
}

/// Adds keywords to the schema at a place; a type that they speak of otherwise goes.
fn set(schema: &mut Schema, pointer: &str, keywords: Value) {
    let target = schema.pointer_mut(pointer).and_then(Value::as_object_mut);
    if let (Some(target), Value::Object(keywords)) = (target, keywords) {
        if keywords.contains_key("anyOf") {
            target.remove("type");
        }
        target.extend(keywords);
    }
}
