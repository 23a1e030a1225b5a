//! OpenTelemetry operator, `opentelemetry.io/v1beta1`: the collector.

use super::custom_resource;

custom_resource!(
    /// TODO-DOC
    OpenTelemetryCollector, NamespaceResourceScope, "opentelemetry.io", "v1beta1", "OpenTelemetryCollector", "opentelemetrycollectors", serde_json::Value, serde_json::Value
);
