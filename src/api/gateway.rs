//! Gateway API, `gateway.networking.k8s.io/v1`: the HTTPRoute.

use super::custom_resource;

custom_resource!(
    /// TODO-DOC
    HttpRoute, NamespaceResourceScope, "gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", serde_json::Value, serde_json::Value
);
