//! How the items of a list find each other: Kubernetes' merge keys.

use serde_json::Value;

/// The field that identifies the items of the list under this key; `None` when only their position does.
///
/// Kubernetes 1.34: `x-kubernetes-list-map-keys` and `patchMergeKey` of the built-in kinds; Gateway API 1.3 and AIM
/// Engine 0.2.1 use the same names. KEDA's triggers have no key: their position is part of the metric's name.
#[must_use]
pub fn merge_key(list: &str) -> Option<&'static [&'static str]> {
    Some(match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "hostAliases" => &["name"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "ports" => &["containerPort", "port"],
        "conditions" => &["type"],
        "ownerReferences" => &["kind", "name"],
        "resourceClaims" | "claims" => &["name"],
        _ => return None,
    })
}

/// The key of an item: the text of the first key field that it has (all of them for owner references).
#[must_use]
pub fn item_key(item: &Value, fields: &[&'static str]) -> Option<(&'static str, String)> {
    let text = |field: &str| match item.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if fields == ["kind", "name"] {
        return Some(("name", format!("{} {}", text("kind")?, text("name")?)));
    }
    fields.iter().find_map(|field| Some((*field, text(field)?)))
}
