//! An AIMService as the operator holds it in Go, for the JSONPath of path templates (AIM Engine 0.2.1, spec 2.13).

mod spec;
mod status;

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::api::aim::AimService;
use crate::kube::jsonpath::{Field, GoValue};
use crate::kube::unknown::Uid;

/// The finalizer that the operator adds before it does anything else (spec 2.17).
pub(super) const FINALIZER: &str = "aim.eai.amd.com/template-cache-cleanup";

/// The service as Go value. Fields of types that print as an address or a time are opaque.
pub(super) fn service(service: &AimService, uid: &Uid) -> GoValue {
    let kind = GoValue::Struct(vec![
        Field::new("Kind", "kind", "AIMService"),
        Field::new("APIVersion", "apiVersion", "aim.eai.amd.com/v1alpha1"),
    ]);
    let spec = service.spec.clone().unwrap_or_default();
    let status = service.status.clone().unwrap_or_default();
    GoValue::Struct(vec![
        Field::inline("TypeMeta", kind),
        Field::new("ObjectMeta", "metadata", metadata(&service.metadata, uid)),
        Field::new("Spec", "spec", spec::of(&spec)),
        Field::new("Status", "status", status::of(&status)),
    ])
}

fn metadata(metadata: &ObjectMeta, uid: &Uid) -> GoValue {
    let mut finalizers = metadata.finalizers.clone().unwrap_or_default();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    let resource_version = metadata.resource_version.clone();
    GoValue::Struct(vec![
        Field::new("Name", "name", text(metadata.name.as_deref())),
        Field::new(
            "GenerateName",
            "generateName",
            text(metadata.generate_name.as_deref()),
        ),
        Field::new(
            "Namespace",
            "namespace",
            text(metadata.namespace.as_deref()),
        ),
        Field::new("SelfLink", "selfLink", text(metadata.self_link.as_deref())),
        Field::new("UID", "uid", uid.display()),
        Field::new(
            "ResourceVersion",
            "resourceVersion",
            resource_version.map_or(GoValue::Opaque, GoValue::Text),
        ),
        Field::new(
            "Generation",
            "generation",
            metadata.generation.map_or(GoValue::Opaque, GoValue::Int),
        ),
        Field::new("CreationTimestamp", "creationTimestamp", GoValue::Opaque),
        Field::new(
            "DeletionTimestamp",
            "deletionTimestamp",
            GoValue::Pointer(None),
        ),
        Field::new(
            "DeletionGracePeriodSeconds",
            "deletionGracePeriodSeconds",
            GoValue::Pointer(None),
        ),
        Field::new("Labels", "labels", map(metadata.labels.as_ref())),
        Field::new(
            "Annotations",
            "annotations",
            map(metadata.annotations.as_ref()),
        ),
        Field::new(
            "OwnerReferences",
            "ownerReferences",
            GoValue::Slice(Vec::new()),
        ),
        Field::new("Finalizers", "finalizers", texts(&finalizers)),
        Field::new(
            "ManagedFields",
            "managedFields",
            GoValue::Slice(vec![GoValue::Opaque]),
        ),
    ])
}

fn text(text: Option<&str>) -> GoValue {
    GoValue::text(text)
}

fn texts(texts: &[String]) -> GoValue {
    GoValue::Slice(
        texts
            .iter()
            .map(|text| GoValue::Text(text.clone()))
            .collect(),
    )
}

fn map(map: Option<&BTreeMap<String, String>>) -> GoValue {
    let entries = map.into_iter().flatten();
    GoValue::Map(
        entries
            .map(|(key, value)| (key.clone(), GoValue::Text(value.clone())))
            .collect(),
    )
}
