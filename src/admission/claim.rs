//! PersistentVolumeClaims at the API server: defaults (Kubernetes 1.34.4, `pkg/apis/core`, admission plug-in
//! DefaultStorageClass).

use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::api::storage::v1::StorageClass;

use crate::inventory::World;

/// Marks the class of claims that name none.
const IS_DEFAULT: [&str; 2] = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
];

/// A claim as it would be stored.
pub(super) fn admit(mut claim: PersistentVolumeClaim, world: &World) -> PersistentVolumeClaim {
    if let Some(spec) = &mut claim.spec {
        spec.volume_mode
            .get_or_insert_with(|| "Filesystem".to_owned());
        if spec.storage_class_name.is_none() {
            spec.storage_class_name = default_class(world);
        }
    }
    claim
}

/// Of several default classes the newest counts, of those of one age the first by name.
fn default_class(world: &World) -> Option<String> {
    world
        .list::<StorageClass>("")
        .filter(|class| {
            let annotations = class.metadata.annotations.as_ref();
            IS_DEFAULT
                .iter()
                .filter_map(|key| annotations?.get(*key))
                .any(|value| value == "true")
        })
        .max_by(|a, b| {
            let age = |class: &StorageClass| class.metadata.creation_timestamp.clone();
            let name = |class: &StorageClass| class.metadata.name.clone();
            age(a).cmp(&age(b)).then_with(|| name(b).cmp(&name(a)))
        })?
        .metadata
        .name
        .clone()
}
