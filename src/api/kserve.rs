//! KServe, `serving.kserve.io/v1beta1`: the InferenceService as far as AIM Engine sets it and KServe reads it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodSpec;
use serde::{Deserialize, Serialize};

use super::custom_resource;

custom_resource!(
    /// A model server: KServe 0.16.0 makes a Deployment, a Service and an autoscaler of it.
    InferenceService, NamespaceResourceScope, "serving.kserve.io", "v1beta1", "InferenceService", "inferenceservices", InferenceServiceSpec, InferenceServiceStatus
);

/// What is to be served.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InferenceServiceSpec {
    /// The component that answers requests.
    pub predictor: Predictor,
}

/// A pod specification with the fields of KServe's component extension.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Predictor {
    /// The pod; the container that serves is named `kserve-container`.
    #[serde(flatten)]
    pub pod: PodSpec,
    /// Fewest replicas; absent: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_replicas: Option<i32>,
    /// Most replicas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_replicas: Option<i32>,
    /// What to scale on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<serde_json::Value>,
}

/// What KServe reports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InferenceServiceStatus {
    /// Everything not typed yet.
    #[serde(flatten)]
    pub rest: BTreeMap<String, serde_json::Value>,
}
