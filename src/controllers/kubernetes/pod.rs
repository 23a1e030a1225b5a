//! The pods of Deployments and StatefulSets: one of each, however many replicas.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Pod, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use serde_json::{Value, json};

use crate::admission::pod_spec;
use crate::controllers::owner::controller_reference;
use crate::inventory::{ObjectKey, World};
use crate::kube::go_json;
use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// The pod of a Deployment, as its ReplicaSet sends it. Hash and random part of the name are the cluster's.
pub(super) fn of_deployment(deployment: &Deployment) -> Option<Pod> {
    let name = deployment.metadata.name.as_deref()?;
    let replica_set = format!("{name}-{KNOWN_AFTER_APPLY}");
    let owner = OwnerReference {
        api_version: "apps/v1".to_owned(),
        kind: "ReplicaSet".to_owned(),
        name: replica_set.clone(),
        uid: KNOWN_AFTER_APPLY.to_owned(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    };
    let template = &deployment.spec.as_ref()?.template;
    let mut pod = of_template(
        template,
        deployment.metadata.namespace.as_deref(),
        format!("{replica_set}-{KNOWN_AFTER_APPLY}"),
        owner,
    );
    pod.metadata
        .labels
        .get_or_insert_default()
        .insert("pod-template-hash".to_owned(), KNOWN_AFTER_APPLY.to_owned());
    Some(pod)
}

/// The first pod of a StatefulSet.
pub(super) fn of_stateful_set(set: &StatefulSet, key: &ObjectKey, world: &World) -> Option<Pod> {
    let spec = set.spec.as_ref()?;
    let name = format!("{}-0", key.name);
    let owner = controller_reference(key, world);
    let mut pod = of_template(&spec.template, Some(&key.namespace), name.clone(), owner);
    let revision = format!("{}-{}", key.name, revision_hash(&spec.template));
    pod.metadata.labels.get_or_insert_default().extend(
        [
            ("apps.kubernetes.io/pod-index", "0".to_owned()),
            ("controller-revision-hash", revision),
            ("statefulset.kubernetes.io/pod-name", name.clone()),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    );
    let pod_spec = pod.spec.get_or_insert_default();
    pod_spec.hostname = Some(name);
    pod_spec.subdomain = spec.service_name.clone().filter(|name| !name.is_empty());
    Some(pod)
}

/// A pod of a template: labels, annotations, finalizers and spec. A name in the template does not matter.
fn of_template(
    template: &PodTemplateSpec,
    namespace: Option<&str>,
    name: String,
    owner: OwnerReference,
) -> Pod {
    let given = template.metadata.clone().unwrap_or_default();
    Pod {
        metadata: ObjectMeta {
            name: Some(name),
            namespace: namespace.map(str::to_owned),
            labels: given.labels,
            annotations: given.annotations,
            finalizers: given.finalizers,
            owner_references: Some(vec![owner]),
            ..ObjectMeta::default()
        },
        spec: template.spec.clone(),
        status: None,
    }
}

/// The hash of a StatefulSet's first revision: FNV-1 over its template as a patch, and the count of collisions, in
/// Kubernetes' safe letters (1.34.4, `HashControllerRevision`).
fn revision_hash(template: &PodTemplateSpec) -> String {
    let mut template = template.clone();
    pod_spec::defaults(template.spec.get_or_insert_default());
    let mut template = serde_json::to_value(&template).unwrap_or_default();
    if let Some(map) = template.as_object_mut() {
        map.insert("$patch".to_owned(), Value::String("replace".to_owned()));
    }
    let patch = go_json::value(&json!({"spec": {"template": template}}));
    let hash = patch
        .bytes()
        .chain(*b"0")
        .fold(2_166_136_261_u32, |hash, byte| {
            hash.wrapping_mul(16_777_619) ^ u32::from(byte)
        });
    safe_letters(&hash.to_string())
}

/// Letters and digits that cannot spell a word.
fn safe_letters(text: &str) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    text.bytes()
        .filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()))
        .map(|byte| char::from(*byte))
        .collect()
}

/// Whether a stored pod was made of the same template as a new one would be: everything is the same but for what a
/// sidecar adds behind it.
pub(super) fn same_template(stored: &Pod, bare: &Pod) -> bool {
    let (Some(old), Some(new)) = (&stored.spec, &bare.spec) else {
        return stored.spec == bare.spec;
    };
    let mut without = old.clone();
    let length = |list: Option<usize>| list.unwrap_or_default();
    if let Some(init) = &mut without.init_containers {
        init.truncate(length(new.init_containers.as_ref().map(Vec::len)));
    }
    if let Some(volumes) = &mut without.volumes {
        volumes.truncate(length(new.volumes.as_ref().map(Vec::len)));
    }
    let mut new = new.clone();
    for spec in [&mut without, &mut new] {
        spec.init_containers = spec.init_containers.take().filter(|list| !list.is_empty());
        spec.volumes = spec.volumes.take().filter(|list| !list.is_empty());
    }
    let covered = |new: &Option<BTreeMap<String, String>>,
                   old: &Option<BTreeMap<String, String>>| {
        new.iter().flatten().all(|(key, value)| {
            key == INJECTED || old.as_ref().and_then(|old| old.get(key)) == Some(value)
        })
    };
    let count = |map: &Option<BTreeMap<String, String>>| {
        map.iter()
            .flatten()
            .filter(|(key, _)| *key != INJECTED)
            .count()
    };
    let (a, b) = (&stored.metadata, &bare.metadata);
    without == new
        && covered(&b.labels, &a.labels)
        && count(&a.labels) == count(&b.labels)
        && a.annotations == b.annotations
        && a.owner_references == b.owner_references
}

/// The label that the operator's pod webhook adds, over a given one.
const INJECTED: &str = "sidecar.opentelemetry.io/injected";
