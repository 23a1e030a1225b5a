//! Volumes of a pod (`ValidateVolumes`).

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::Volume;
use serde_json::Value;

use crate::admission::names;
use crate::diag::{FieldError, FieldPath};
use crate::rules::Rule;

/// The names that mounts may refer to, and the errors.
pub(super) fn validate(
    volumes: &[Volume],
    path: &FieldPath,
    rule: &'static Rule,
) -> (BTreeSet<String>, Vec<FieldError>) {
    let mut known = BTreeSet::new();
    let mut errors = Vec::new();
    for (index, volume) in volumes.iter().enumerate() {
        let path = path.index(index);
        let mut own = source(volume, &path, rule);
        let at = path.key("name");
        if volume.name.is_empty() {
            own.push(FieldError::required(rule, &at, ""));
        } else {
            own.extend(
                names::dns1123_label(&volume.name)
                    .iter()
                    .map(|c| FieldError::invalid_text(rule, &at, &volume.name, c)),
            );
        }
        if known.contains(&volume.name) {
            own.push(FieldError::duplicate(
                rule,
                &at,
                &Value::String(volume.name.clone()),
            ));
        }
        if own.is_empty() {
            known.insert(volume.name.clone());
        }
        errors.extend(own);
    }
    (known, errors)
}

/// Exactly one source, and in it the name without which it means nothing.
fn source(volume: &Volume, path: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let value = serde_json::to_value(volume).unwrap_or_default();
    let sources: Vec<&String> = value
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .filter(|key| *key != "name")
        .collect();
    for extra in sources.iter().skip(1) {
        let detail = "may not specify more than 1 volume type";
        errors.push(FieldError::forbidden(rule, &path.key(extra), detail));
    }
    if sources.is_empty() {
        errors.push(FieldError::required(
            rule,
            path,
            "must specify a volume type",
        ));
    }
    let mut needs = |source: &str, key: &str, text: &str| {
        if text.is_empty() {
            errors.push(FieldError::required(rule, &path.key(source).key(key), ""));
        }
    };
    if let Some(claim) = &volume.persistent_volume_claim {
        needs("persistentVolumeClaim", "claimName", &claim.claim_name);
    }
    if let Some(secret) = &volume.secret {
        let name = secret.secret_name.as_deref().unwrap_or_default();
        needs("secret", "secretName", name);
    }
    if let Some(map) = &volume.config_map {
        needs("configMap", "name", &map.name);
    }
    if let Some(host) = &volume.host_path {
        needs("hostPath", "path", &host.path);
    }
    errors
}
