//! KEDA, `keda.sh/v1alpha1`: the ScaledObject.

use super::custom_resource;

custom_resource!(
    /// TODO-DOC
    ScaledObject, NamespaceResourceScope, "keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", serde_json::Value, serde_json::Value
);
