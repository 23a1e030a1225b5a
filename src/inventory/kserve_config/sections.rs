//! The sections that matter, one type a key; each one's `Default` is what KServe makes of an absent key.

use serde::Deserialize;

use crate::api::null_as_default;
use crate::kube::names::MAX_LABEL;

/// `deploy`. Absent: no mode at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Deploy {
    /// `Standard`, `Knative` or `ModelMesh`; empty when the key is absent.
    #[serde(deserialize_with = "null_as_default")]
    pub default_deployment_mode: String,
    /// How Deployments are rolled out.
    pub deployment_rollout_strategy: Option<RolloutStrategy>,
}

/// How Deployments are rolled out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutStrategy {
    /// Unless the InferenceService says otherwise.
    pub default_rollout: Option<Rollout>,
}

/// Bounds of a rolling update; sent as texts, so only per cent works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rollout {
    /// Pods above the wanted number.
    #[serde(deserialize_with = "null_as_default")]
    pub max_surge: String,
    /// Pods missing from the wanted number.
    #[serde(deserialize_with = "null_as_default")]
    pub max_unavailable: String,
}

/// `inferenceService`. Absent: no resource defaults, and no annotation is filtered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InferenceServiceSection {
    /// What a container gets where it says nothing.
    #[serde(deserialize_with = "null_as_default")]
    pub resource: ResourceDefaults,
    /// Annotations that are not passed on, KServe's own four included.
    #[serde(deserialize_with = "null_as_default")]
    pub service_annotation_disallowed_list: Vec<String>,
    /// Labels that an HTTPRoute does not get, KServe's own one included; no other object asks.
    #[serde(deserialize_with = "null_as_default")]
    pub service_label_disallowed_list: Vec<String>,
}

/// Four quantities; empty means none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceDefaults {
    /// `limits.cpu`.
    #[serde(deserialize_with = "null_as_default")]
    pub cpu_limit: String,
    /// `limits.memory`.
    #[serde(deserialize_with = "null_as_default")]
    pub memory_limit: String,
    /// `requests.cpu`.
    #[serde(deserialize_with = "null_as_default")]
    pub cpu_request: String,
    /// `requests.memory`.
    #[serde(deserialize_with = "null_as_default")]
    pub memory_request: String,
}

/// `security`. Absent: as `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Security {
    /// Whether pods get a token of their ServiceAccount.
    #[serde(deserialize_with = "null_as_default")]
    pub auto_mount_service_account_token: bool,
}

/// `service`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceSection {
    /// Headless Services.
    #[serde(rename = "serviceClusterIPNone", deserialize_with = "null_as_default")]
    pub service_cluster_ip_none: bool,
}

/// `autoscaler`: seconds as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Autoscaler {
    /// Stabilisation window for scaling up.
    #[serde(deserialize_with = "null_as_default")]
    pub scale_up_stabilization_window_seconds: String,
    /// Stabilisation window for scaling down.
    #[serde(deserialize_with = "null_as_default")]
    pub scale_down_stabilization_window_seconds: String,
}

/// `opentelemetryCollector`. Absent: empty texts everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CollectorSection {
    /// How often the pod's metrics are read.
    #[serde(deserialize_with = "null_as_default")]
    pub scrape_interval: String,
    /// Where the collector pushes to, `host:port`.
    #[serde(deserialize_with = "null_as_default")]
    pub metric_receiver_endpoint: String,
    /// Where KEDA asks, `host:port`.
    #[serde(deserialize_with = "null_as_default")]
    pub metric_scaler_endpoint: String,
    /// The collector's resources.
    #[serde(deserialize_with = "null_as_default")]
    pub resource: ResourceDefaults,
}

/// `ingress`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressSection {
    /// HTTPRoutes of KServe's own in place of an Ingress.
    #[serde(deserialize_with = "null_as_default")]
    pub enable_gateway_api: bool,
    /// The gateway of those HTTPRoutes, `<namespace>/<name>`.
    #[serde(deserialize_with = "null_as_default")]
    pub kserve_ingress_gateway: String,
    /// Knative's gateway; only asked for, never used in Standard mode.
    #[serde(deserialize_with = "null_as_default")]
    pub ingress_gateway: String,
    /// Class of the Ingress; absent: none.
    pub ingress_class_name: Option<String>,
    /// Domain of the hosts.
    #[serde(deserialize_with = "null_as_default")]
    pub ingress_domain: String,
    /// Further domains of an HTTPRoute; an Ingress has none of them.
    #[serde(deserialize_with = "null_as_default")]
    pub additional_ingress_domains: Vec<String>,
    /// Go template of a path below the domain, for HTTPRoutes; empty: none.
    #[serde(deserialize_with = "null_as_default")]
    pub path_template: String,
    /// Go template of a host.
    #[serde(deserialize_with = "null_as_default")]
    pub domain_template: String,
    /// Scheme of the URLs in the status.
    #[serde(deserialize_with = "null_as_default")]
    pub url_scheme: String,
    /// No Ingress at all.
    #[serde(deserialize_with = "null_as_default")]
    pub disable_ingress_creation: bool,
}

impl IngressSection {
    /// What KServe has against the section, the first thing of several.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        if self.enable_gateway_api {
            if self.kserve_ingress_gateway.is_empty() {
                return Some("kserveIngressGateway is required");
            }
            let Some((namespace, name)) = self.gateway() else {
                return Some("kserveIngressGateway should be in the format <namespace>/<name>");
            };
            if !is_dns_label(namespace) {
                return Some("kserveIngressGateway gateway namespace is invalid");
            }
            if !is_dns_label(name) {
                return Some("kserveIngressGateway gateway name is invalid");
            }
        }
        if self.ingress_gateway.is_empty() {
            return Some("ingressGateway is required");
        }
        (!self.path_template.is_empty() && self.ingress_domain.is_empty())
            .then_some("ingressDomain is required if pathTemplate is given")
    }

    /// Namespace and name of the gateway of HTTPRoutes.
    #[must_use]
    pub fn gateway(&self) -> Option<(&str, &str)> {
        let (namespace, name) = self.kserve_ingress_gateway.split_once('/')?;
        (!name.contains('/')).then_some((namespace, name))
    }
}

fn is_dns_label(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=MAX_LABEL).contains(&text.len())
        && text.chars().all(inside)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// `metricsAggregator`: texts. Absent: empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricsAggregator {
    /// Value of the pod annotation `serving.kserve.io/enable-metric-aggregation`.
    #[serde(deserialize_with = "null_as_default")]
    pub enable_metric_aggregation: String,
    /// Value of the pod annotation `serving.kserve.io/enable-prometheus-scraping`.
    #[serde(deserialize_with = "null_as_default")]
    pub enable_prometheus_scraping: String,
}

/// `storageInitializer`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StorageInitializer {
    /// Image of the init container.
    #[serde(deserialize_with = "null_as_default")]
    pub image: String,
    /// Its `requests.memory`.
    #[serde(deserialize_with = "null_as_default")]
    pub memory_request: String,
    /// Its `limits.memory`.
    #[serde(deserialize_with = "null_as_default")]
    pub memory_limit: String,
    /// Its `requests.cpu`.
    #[serde(deserialize_with = "null_as_default")]
    pub cpu_request: String,
    /// Its `limits.cpu`.
    #[serde(deserialize_with = "null_as_default")]
    pub cpu_limit: String,
    /// Whether `oci://` is served by a container that holds the model.
    #[serde(deserialize_with = "null_as_default")]
    pub enable_modelcar: bool,
    /// That container's user.
    pub uid_modelcar: Option<i64>,
    /// That container's cpu.
    #[serde(deserialize_with = "null_as_default")]
    pub cpu_modelcar: String,
    /// That container's memory.
    #[serde(deserialize_with = "null_as_default")]
    pub memory_modelcar: String,
}
