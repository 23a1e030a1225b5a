//! What AIM Engine adds to every object that it plans: labels and an owner (AIM Engine 0.2.1, spec 2.14).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

use crate::api::aim::AimRuntimeConfigSpec;
use crate::controllers::Creator;
use crate::diag::Refusal;
use crate::inventory::{Object, ObjectKey, World};
use crate::kube::glob;

/// AIM Engine's own domain; with the slash, the prefix of its labels.
pub(super) const DOMAIN: &str = "aim.eai.amd.com/";

/// A label under AIM Engine's domain.
pub(super) fn aim_label(name: &str) -> String {
    format!("{DOMAIN}{name}")
}

/// The annotation that makes a controller leave an object alone.
pub(super) fn is_paused(object: &Object) -> bool {
    object.annotation("aim.eai.amd.com/reconciliation-paused") == Some("true")
}

/// The controller's name in labels; `aim-<name>-controller` is also its field manager.
pub(super) fn controller_name(creator: Creator) -> &'static str {
    match creator {
        Creator::AimModel => "model",
        Creator::AimClusterModel => "cluster-model",
        Creator::AimServiceTemplate => "service-template",
        Creator::AimClusterServiceTemplate => "cluster-service-template",
        Creator::AimTemplateCache => "template-cache",
        Creator::AimArtifact => "artifact",
        _ => "service",
    }
}

/// Adds the framework's labels to a planned child, never over one that it has.
///
/// First the parent's labels under AIM's domain and, if the config says so, those whose key matches a pattern; then
/// managed-by and the parent's name. A Job's pod template gets all of them but managed-by.
pub(super) fn add_labels(
    child: &mut Object,
    parent: &Object,
    controller: Creator,
    config: Option<&AimRuntimeConfigSpec>,
) {
    let patterns: &[String] = config
        .and_then(|config| config.label_propagation.as_ref())
        .filter(|propagation| propagation.enabled == Some(true))
        .map_or(&[], |propagation| &propagation.matches);
    let propagates = |key: &str| {
        key.starts_with(DOMAIN) || patterns.iter().any(|pattern| glob::matches(pattern, key))
    };
    let propagated: BTreeMap<String, String> = parent
        .metadata()
        .labels
        .iter()
        .flatten()
        .filter(|(key, _)| propagates(key) && child.label(key).is_none())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let name = controller_name(controller);
    let parent_name = parent.metadata().name.clone().unwrap_or_default();
    let parent_label = (aim_label(&format!("{name}.name")), parent_name);
    let managed_by = (
        "app.kubernetes.io/managed-by".to_owned(),
        format!("aim-{name}-controller"),
    );

    let labels = child.metadata_mut().labels.get_or_insert_default();
    labels.extend(propagated.clone());
    for (key, value) in [managed_by, parent_label.clone()] {
        labels.entry(key).or_insert(value);
    }
    if let Object::Job(job) = child
        && let Some(spec) = &mut job.spec
    {
        let metadata = spec.template.metadata.get_or_insert_default();
        let labels = metadata.labels.get_or_insert_default();
        for (key, value) in propagated.into_iter().chain([parent_label]) {
            labels.entry(key).or_insert(value);
        }
    }
}

/// Makes the parent the controlling owner of a child.
pub(super) fn own(child: &mut Object, parent: &Object, world: &World) {
    let key = parent.key();
    let owner = OwnerReference {
        api_version: key.kind.api_version(),
        kind: key.kind.as_str().to_owned(),
        uid: world.uid(&key).display().to_owned(),
        name: key.name,
        controller: Some(true),
        block_owner_deletion: None,
    };
    let owners = child
        .metadata_mut()
        .owner_references
        .get_or_insert_default();
    if !owners
        .iter()
        .any(|old| old.kind == owner.kind && old.name == owner.name)
    {
        owners.push(owner);
    }
}

/// The operator's text for a write that was refused.
pub(super) fn apply_error(owned: bool, write: &ObjectKey, refusal: &Refusal) -> String {
    let owned = if owned { "owned" } else { "unowned" };
    format!(
        "failed to apply {owned} resources: failed to apply {} {}: {}",
        write.kind, write.name, refusal.message
    )
}

/// Whether an object is owned by another, by UID. Where nobody knows UIDs, kind and name stand for them.
pub(super) fn is_owned_by(metadata: &ObjectMeta, owner: &ObjectKey, world: &World) -> bool {
    let uid = world.uid(owner);
    metadata.owner_references.iter().flatten().any(|reference| {
        reference.uid == uid.display()
            && reference.kind == owner.kind.as_str()
            && reference.name == owner.name
    })
}
