//! The collector's own configuration, as far as the operator knows its shape.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::null_as_default;

/// Components of one sort by name; what stands under a name is the component's own.
pub type Components = BTreeMap<String, Value>;

/// The collector's configuration. Unknown keys at this level are dropped by the operator's types.
///
/// `receivers` and `exporters` are required; `None` goes out as null, which the CRD then refuses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorConfig {
    /// Where data comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Components", required)]
    pub receivers: Option<Components>,
    /// Where data goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Components", required)]
    pub exporters: Option<Components>,
    /// What happens to data in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processors: Option<Components>,
    /// Exporters that are receivers of another pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connectors: Option<Components>,
    /// What runs beside the pipelines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Components>,
    /// Which components run, and how they are connected.
    #[serde(default, deserialize_with = "null_as_default")]
    #[schemars(required)]
    pub service: CollectorService,
}

/// Which components run, and how they are connected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorService {
    /// Extensions in use.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub extensions: Vec<String>,
    /// The collector's own metrics, logs and traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<Components>,
    /// Pipelines by `<signal>[/<name>]`. `None` goes out as null; a null pipeline is dropped when it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "BTreeMap<String, Pipeline>", required)]
    pub pipelines: Option<BTreeMap<String, Option<Pipeline>>>,
}

/// One pipeline: names of components.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pipeline {
    /// Where its data goes.
    #[serde(default)]
    #[schemars(with = "Vec<String>", required)]
    pub exporters: Option<Vec<String>>,
    /// What happens in between, in order.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub processors: Vec<String>,
    /// Where its data comes from.
    #[serde(default)]
    #[schemars(with = "Vec<String>", required)]
    pub receivers: Option<Vec<String>>,
}
